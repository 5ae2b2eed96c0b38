/** What a tenant's administrator has to grant, and where. */

import { cloudById, type ApiId, type Cloud } from '../../shared/clouds.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { logTypeById } from '../../shared/log-types/index.ts';

/** The permissions of a tenant, and where to grant them. */
export interface NeededPermissions {
  /** Of Entra, for the tenant's cloud. */
  readonly portal: string;
  readonly consentUrl: string;
  readonly apis: readonly NeededApi[];
}

interface NeededApi {
  readonly api: ApiId;
  readonly title: string;
  /** The API's own application id, which every tenant knows it by. */
  readonly appId: string;
  readonly permissions: readonly NeededPermission[];
}

/** An application permission, never a delegated one. */
interface NeededPermission {
  readonly name: string;
  /** The collection works without, and lacks something. */
  readonly isOptional: boolean;
  readonly why?: string;
  readonly logTypes: readonly string[];
}

/** As Entra lists them. @see https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in */
const apis = [
  { api: 'management-activity', title: 'Office 365 Management APIs', appId: 'c5393580-f805-4401-95e8-94b7a6ef2fc2' },
  { api: 'graph', title: 'Microsoft Graph', appId: '00000003-0000-0000-c000-000000000000' },
] as const;

/** Exactly what the tenant's choice of log types needs, in its own cloud's Entra. */
export function neededPermissions(tenant: Tenant): NeededPermissions {
  const { authority, portal } = entraOf(tenant);
  const query = new URLSearchParams({ client_id: tenant.clientId });
  return {
    portal,
    consentUrl: `https://${authority}/${tenant.tenantDomain}/adminconsent?${query.toString()}`,
    apis: apis.flatMap((api) => {
      const permissions = permissionsOf(tenant, api.api);
      return permissions.length === 0 ? [] : [{ ...api, permissions }];
    }),
  };
}

/** A tenant lives in one Entra, whichever of its clouds names it. */
export function entraOf({ name, managementActivity, graph }: Tenant): Pick<Cloud, 'authority' | 'portal' | 'federationAudience'> {
  const cloud = managementActivity?.cloud ?? graph?.cloud;
  if (cloud === undefined) throw new Error(`tenant '${name}' collects nothing`);
  return cloudById(cloud);
}

function permissionsOf({ managementActivity, graph }: Tenant, api: ApiId): NeededPermission[] {
  const chosen = (api === 'graph' ? graph : managementActivity)?.logTypes ?? [];
  const all = chosen.map(logTypeById).flatMap(({ id, permissions }) => permissions.map((permission) => ({ ...permission, logType: id })));
  return [...Map.groupBy(all, ({ name }) => name)].map(([name, asked]) => {
    const why = asked.find((one) => one.why !== undefined)?.why;
    const isOptional = asked.every((one) => one.isOptional === true);
    return { name, isOptional, ...(why !== undefined && { why }), logTypes: asked.map(({ logType }) => logType) };
  });
}

/**
 * The way through the Entra console, a step each.
 *
 * @param sameTenants The options that lead `lake tenant test` to this tenant, as its store has them.
 */
export function consentSteps(tenant: Tenant, { portal, consentUrl, apis: needed }: NeededPermissions, sameTenants: string): string[] {
  const page = `${portal}/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/CallAnAPI/appId/${tenant.clientId}`;
  return [
    `Open ${page} (Entra ID > App registrations > the app with client id ${tenant.clientId} > API permissions)`,
    ...needed.map(({ api, title, permissions }) => {
      const tab = api === 'graph' ? 'Microsoft APIs' : 'APIs my organization uses';
      const names = permissions.map(({ name, isOptional }) => (isOptional ? `${name} (optional)` : name));
      return `Add a permission > ${tab} > ${title} > Application permissions (not delegated ones): ${names.join(', ')}`;
    }),
    `Grant admin consent, there or as an administrator by ${consentUrl}`,
    `'lake tenant test ${tenant.name}${sameTenants}' shows what is still missing; consent takes a few minutes to take effect`,
  ];
}

/** How the app gets the credential that the tenant is configured with. */
export function credentialSteps({ credentialKind }: Tenant): string[] {
  switch (credentialKind) {
    case 'secret':
      return ['Certificates & secrets > Client secrets > New client secret: copy its Value (not its Secret ID); note when it expires'];
    case 'certificate':
      return ['Certificates & secrets > Certificates > Upload certificate: the certificate alone, without its private key'];
    case 'federated':
      return [
        'Certificates & secrets > Federated credentials > Add credential > Other issuer: enter what stands under "Federated credential"',
      ];
  }
}
