/** A tenant's parameters, parsed: its configuration, or every fault of it. */

import type { Parameter } from '@aws-sdk/client-ssm';
import { homes, type HomeId } from '../clouds.ts';
import { unknownWord } from '../domain/nearest.ts';
import type { TenantEntry } from '../ports/tenants.ts';
import { asEnabled, homeOf, parseTenantConfig, type Deployment, type TenantConfig } from '../tenant-config.ts';

/** Paths of tenants' parameters, each without a slash at the end. */
export interface TenantPaths {
  /** @example '/m365-audit-lake/tenants' */
  readonly prefix: string;
  /** @example '/m365-audit-lake/credentials' */
  readonly credentialsPrefix: string;
}

/** The full name of the parameter with a tenant's configuration, a String of JSON. */
export const configPath = ({ prefix }: Pick<TenantPaths, 'prefix'>, home: HomeId, name: string): string =>
  `${prefix}/${home}/${name}/config`;

/** The full name of the parameter with a tenant's credential, a SecureString. */
export const credentialPath = ({ credentialsPrefix }: Pick<TenantPaths, 'credentialsPrefix'>, home: HomeId, name: string): string =>
  `${credentialsPrefix}/${home}/${name}`;

/** The parameters that a tenant had before 0.2.0, when all homes had one path; no function reads them. */
export const earlierPaths = (
  { prefix }: Pick<TenantPaths, 'prefix'>,
  name: string,
): { readonly config: string; readonly credential: string } => ({
  config: `${prefix}/${name}/config`,
  credential: `${prefix}/${name}/credential`,
});

/** What was found of one tenant in one home; values of SecureStrings are not decrypted and not looked at. */
export interface TenantParameters {
  readonly home: HomeId;
  /** Undefined when there is no such parameter. */
  readonly config: Parameter | undefined;
  /** `unread` where credentials are not looked at. */
  readonly credential: Parameter | undefined | 'unread';
  /** Last parts of what lies beside the configuration, where nothing belongs: whoever reads configurations can read it. */
  readonly others: readonly string[];
}

/** By name, in the order of the names; a name that is in two homes has two. */
export type ByTenant = ReadonlyMap<string, readonly TenantParameters[]>;

/** @param credentials Undefined where they are not looked at. What lies elsewhere below the paths belongs to nobody. */
export function byTenant(paths: TenantPaths, configs: readonly Parameter[], credentials?: readonly Parameter[]): ByTenant {
  const found = new Map<string, { readonly name: string } & { -readonly [Key in keyof TenantParameters]: TenantParameters[Key] }>();
  const at = (home: HomeId, name: string) => {
    const own = found.get(`${home}/${name}`) ?? {
      name,
      home,
      config: undefined,
      credential: credentials ? undefined : ('unread' as const),
      others: [],
    };
    found.set(`${home}/${name}`, own);
    return own;
  };
  for (const parameter of configs) {
    const [home, name, leaf = '', ...deeper] = partsBelow(paths.prefix, parameter);
    if (home === undefined || name === undefined || leaf === '' || deeper.length > 0) continue;
    if (leaf === 'config') at(home, name).config = parameter;
    else at(home, name).others = [...at(home, name).others, leaf];
  }
  for (const parameter of credentials ?? []) {
    const [home, name, ...deeper] = partsBelow(paths.credentialsPrefix, parameter);
    if (home !== undefined && name !== undefined && deeper.length === 0) at(home, name).credential = parameter;
  }
  return Map.groupBy(found.values(), ({ name }) => name);
}

function partsBelow(prefix: string, { Name = '' }: Parameter): [HomeId | undefined, string | undefined, ...string[]] {
  const [first = '', name = '', ...rest] = Name.startsWith(`${prefix}/`) ? Name.slice(prefix.length + 1).split('/') : [];
  return [homes.find((home) => home === first), name === '' ? undefined : name, ...rest];
}

/** Names of tenants whose configuration is at the path that was used before 0.2.0. */
export function tenantsAtEarlierPath({ prefix }: Pick<TenantPaths, 'prefix'>, configs: readonly Parameter[]): string[] {
  return configs.flatMap(({ Name = '' }) => {
    const [name = '', leaf, ...deeper] = Name.slice(prefix.length + 1).split('/');
    return name !== '' && leaf === 'config' && deeper.length === 0 ? [name] : [];
  });
}

/** `every`: tenants that are switched off are read as if they were on. */
export type TenantScope = 'enabled' | 'every';

/** Undefined for a tenant that is switched off. @param found Of one name; more than one where it is in several homes. */
export function entryOf(
  name: string,
  found: readonly TenantParameters[],
  deployment: Deployment,
  scope: TenantScope = 'enabled',
): TenantEntry | undefined {
  const [own, ...others] = found;
  if (!own) return undefined;
  if (others.length > 0) return { kind: 'broken', name, faults: [twice(found)] };
  const config = configOf(name, own, deployment, scope);
  if (config.kind === 'disabled') return undefined;
  const faults = [
    ...own.others.map((leaf) => `${unknownWord('parameter', leaf, ['config'])}; delete it: a credential belongs at ${credentialPlace}`),
    ...(config.kind === 'broken' ? config.faults : []),
    ...credentialFaults(config, own.credential),
  ];
  return config.kind === 'tenant' && faults.length === 0 ? config : { kind: 'broken', name, faults };
}

const credentialPlace = 'the path of credentials, where who reads configurations reads nothing';

const twice = (found: readonly TenantParameters[]): string =>
  `there are two of this name, at ${found.map(({ home }) => home).join(' and ')}: jobs name a tenant by its name alone; remove one, or add it again by another name`;

/** The configuration of one tenant, in the home whose path it lies at. */
export function configOf(
  name: string,
  { home, config: parameter }: Pick<TenantParameters, 'home' | 'config'>,
  deployment: Deployment,
  scope: TenantScope = 'enabled',
): TenantConfig {
  const broken = (fault: string): TenantConfig => ({ kind: 'broken', name, faults: [`config: ${fault}`] });
  if (!parameter) return broken('the parameter is missing; put the configuration there, as a String of JSON');
  if (parameter.Type !== 'String') return broken(`the parameter is a ${String(parameter.Type)}; put it as a String, it holds no secret`);
  try {
    const json: unknown = JSON.parse(parameter.Value ?? '');
    const named = homeOf(json);
    const read = parseTenantConfig(name, scope === 'every' ? asEnabled(json) : json, deployment);
    // Whoever may write into one home's path makes no tenant of another.
    return read.kind === 'tenant' && named !== home
      ? broken(`it is at the path of ${home}, and its cloud belongs to ${String(named)}; put it and its credential at that one's`)
      : read;
  } catch (error) {
    // Of the parser's message only the position is kept: the rest quotes the text.
    const place = /line \d+ column \d+/.exec(String(error))?.[0];
    return broken(`is no JSON: look for a comma, quote or bracket${place ? ` at ${place}` : ''}`);
  }
}

/** Whether the credential is there at all; it is decrypted and parsed when a token is asked for. */
function credentialFaults(config: TenantConfig, parameter: TenantParameters['credential']): string[] {
  if (parameter === 'unread' || (config.kind === 'tenant' && config.tenant.credentialKind === 'federated')) return [];
  if (parameter) return parameter.Type === 'SecureString' ? [] : [secureFault(String(parameter.Type))];
  return config.kind === 'tenant' ? ['credential: the parameter is missing; put the secret or certificate there, as a SecureString'] : [];
}

/** The fault of a credential that is readable. @param type The type it has in place of SecureString. */
export function secureFault(type: string): string {
  return `credential: the parameter is a ${type}; delete it, put it as a SecureString, and make a new secret, for this one could be read`;
}
