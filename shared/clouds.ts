/** The cloud table: every host that a token may ever be sent to, and the authority and scope that issue it. */

/** One of the two Microsoft APIs that records come from. */
export type ApiId = 'management-activity' | 'graph';
/** The id of a row of the cloud table. */
export type CloudId = (typeof clouds)[number]['id'];

/** One cloud of one API. */
export interface Cloud {
  readonly id: string;
  readonly title: string;
  readonly api: ApiId;
  /** The only host that this cloud's tokens are sent to. */
  readonly host: string;
  /** The host that issues tokens for it. */
  readonly authority: string;
  /** Where an administrator of its tenants signs in: Entra's admin center. */
  readonly portal: string;
  /** Its Entra in words, for messages. */
  readonly nationalCloud: string;
  /** What the first domain of every tenant ends with. */
  readonly tenantDomain: string;
  /** Clouds of the other API that a tenant of this one is in, the usual one first; empty where the other API does not exist. */
  readonly pairedWith: readonly string[];
  /** Audience of a federated credential in this cloud's Entra. */
  readonly federationAudience: string;
}

const worldwide = {
  authority: 'login.microsoftonline.com',
  portal: 'https://entra.microsoft.com',
  nationalCloud: 'the worldwide cloud',
  tenantDomain: 'onmicrosoft.com',
  federationAudience: 'api://AzureADTokenExchange',
} as const;
const usGovernment = {
  authority: 'login.microsoftonline.us',
  portal: 'https://entra.microsoft.us',
  nationalCloud: 'the US government clouds',
  tenantDomain: 'onmicrosoft.us',
  federationAudience: 'api://AzureADTokenExchangeUSGov',
} as const;

/**
 * Every cloud of both APIs.
 *
 * GCC tenants live in the worldwide Entra; only GCC High and DoD have the government's authority.
 *
 * @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference
 * @see https://learn.microsoft.com/graph/deployments
 */
export const clouds = [
  {
    id: 'enterprise',
    title: 'Microsoft 365 Enterprise',
    api: 'management-activity',
    host: 'manage.office.com',
    pairedWith: ['global'],
    ...worldwide,
  },
  {
    id: 'gcc',
    title: 'Microsoft 365 GCC',
    api: 'management-activity',
    host: 'manage-gcc.office.com',
    pairedWith: ['global'],
    ...worldwide,
  },
  {
    id: 'gcc-high',
    title: 'Microsoft 365 GCC High',
    api: 'management-activity',
    host: 'manage.office365.us',
    pairedWith: ['us-gov-l4'],
    ...usGovernment,
  },
  {
    id: 'dod',
    title: 'Microsoft 365 DoD',
    api: 'management-activity',
    host: 'manage.protection.apps.mil',
    pairedWith: ['us-gov-l5'],
    ...usGovernment,
  },
  {
    id: 'global',
    title: 'Microsoft Graph global (and GCC)',
    api: 'graph',
    host: 'graph.microsoft.com',
    pairedWith: ['enterprise', 'gcc'],
    ...worldwide,
  },
  {
    id: 'us-gov-l4',
    title: 'Microsoft Graph US Government L4 (GCC High)',
    api: 'graph',
    host: 'graph.microsoft.us',
    pairedWith: ['gcc-high'],
    ...usGovernment,
  },
  {
    id: 'us-gov-l5',
    title: 'Microsoft Graph US Government L5 (DoD)',
    api: 'graph',
    host: 'dod-graph.microsoft.us',
    pairedWith: ['dod'],
    ...usGovernment,
  },
] as const satisfies readonly Cloud[];

/** @throws When the id is not in the table; ids from outside are checked by `parseTenant` before. */
export function cloudById(id: CloudId): Cloud {
  const cloud = clouds.find((one) => one.id === id);
  if (!cloud) throw new Error(`unknown cloud '${id}'; known are ${clouds.map((one) => one.id).join(', ')}`);
  return cloud;
}

/** The ids of one API's clouds, in the table's order. */
export function cloudIdsOf(api: ApiId): CloudId[] {
  return clouds.filter((cloud) => cloud.api === api).map((cloud) => cloud.id);
}

/** What a token for this cloud's API is requested for (OAuth 2.0 v2 endpoint). */
export function tokenScope(cloud: Cloud): string {
  return `https://${cloud.host}/.default`;
}

/**
 * Where a tenant of one API's cloud is found in the other API: a tenant is in one Entra. Its own cloud where both are of one API.
 *
 * @param other Id of a cloud, of either API.
 * @throws When there is no such cloud, or the API does not exist there.
 */
export function pairedCloud(api: ApiId, other: string): CloudId {
  const cloud = cloudById(other as CloudId);
  const found = cloud.api === api ? cloud.id : cloud.pairedWith[0];
  const paired = clouds.find(({ id }) => id === found);
  if (!paired) throw new Error(`cloud '${other}' has no ${api} API; choose the tenant's cloud of it among ${cloudIdsOf(api).join(', ')}`);
  return paired.id;
}

/** A cloud of the Management Activity API. Every tenant is at home in one, whichever APIs it is collected from. */
export type HomeId = Extract<(typeof clouds)[number], { readonly api: 'management-activity' }>['id'];
/** Every home, in the table's order. */
export const homes: readonly HomeId[] = clouds.flatMap((cloud) => (cloud.api === 'management-activity' ? [cloud.id] : []));

/** Homes of the tenants that a cloud may have: a cloud of Graph has those of all clouds it is paired with. */
export function homesOf(...ids: readonly CloudId[]): HomeId[] {
  return homes.filter((home) => ids.some((id) => id === home || cloudById(home).pairedWith.some((paired) => paired === id)));
}
