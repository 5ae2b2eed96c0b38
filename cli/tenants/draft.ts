/** A tenant's configuration, made of what was given on a command line. */

import { cloudIdsOf, pairedCloud, type ApiId, type CloudId } from '../../shared/clouds.ts';
import { logTypeById, logTypes } from '../../shared/log-types/index.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import { logTypeIdFault } from '../../shared/tenant-config.ts';
import { UsageError } from '../../local/exit.ts';
import type { SignInsApi } from '../../shared/domain/tenant.ts';
import { isObject, type TenantJson } from './tenant-store.ts';

/** The kinds of credential that a tenant can have. */
export const credentialKinds = ['secret', 'certificate', 'federated'] as const;
/** One of {@link credentialKinds}. */
export type CredentialKind = (typeof credentialKinds)[number];

/** What may be given; what is absent is asked for, left as it was, or the usual. */
export interface TenantFields {
  readonly domain?: string;
  readonly clientId?: string;
  /** Ids of the catalog. */
  readonly logTypes?: readonly string[];
  readonly managementCloud?: string;
  readonly graphCloud?: string;
  readonly credential?: CredentialKind;
  readonly publisherId?: string;
  readonly collectFrom?: string;
  /** Days that data is kept; as long as the lake's or deployment's where absent. */
  readonly rawDays?: number;
  readonly compactedDays?: number;
  readonly signInsApi?: SignInsApi;
}

/** The configuration of a new tenant, switched off. It is not checked yet. */
export function draftTenant(fields: TenantFields): TenantJson {
  return { enabled: false, ...changeTenant({ credential: { kind: fields.credential ?? 'secret' } }, fields) };
}

/** The configuration with what was given in place of what it had. */
export function changeTenant(config: TenantJson, fields: TenantFields): TenantJson {
  const { domain, clientId, credential, publisherId, collectFrom, rawDays, compactedDays } = fields;
  const { managementActivity: _management, graph: _graph, ...rest } = config;
  return {
    ...rest,
    ...(domain !== undefined && { tenantDomain: domain }),
    ...(clientId !== undefined && { clientId }),
    ...(credential !== undefined && kindOf(config) !== credential && { credential: { kind: credential } }),
    ...(publisherId !== undefined && { publisherId }),
    ...(collectFrom !== undefined && { collectFrom }),
    ...(rawDays !== undefined && { rawDays }),
    ...(compactedDays !== undefined && { compactedDays }),
    ...withSignInsApi(choicesOf(config, fields), fields),
  };
}

/** @throws UsageError when nothing of Graph is chosen: the setting would have no place. */
function withSignInsApi(choices: TenantJson, { signInsApi }: TenantFields): TenantJson {
  if (signInsApi === undefined) return choices;
  if (!isObject(choices.graph))
    throw new UsageError('--sign-ins-api: no log type of Microsoft Graph is chosen; choose sign-ins-interactive');
  return { ...choices, graph: { ...choices.graph, signInsApi } };
}

/** The kind of credential that a configuration names, whether known or not; undefined when it names none. */
export function kindOf({ credential }: TenantJson): unknown {
  return isObject(credential) ? credential.kind : undefined;
}

/** Every log type that the configuration chooses, waiting ones included, as far as it can be read. */
export function chosenIds(config: TenantJson): string[] {
  return apis.flatMap(({ key }) => idsIn(config[key]));
}

/** The API of a log type, as the configuration names it. */
export function keyOf(logType: LogType): 'managementActivity' | 'graph' {
  return logType.source.kind === 'content' ? 'managementActivity' : 'graph';
}

/** @throws UsageError for an id that the catalog lacks, with the nearest one. */
export function knownIds(ids: readonly string[], flag: string): readonly string[] {
  const faults = ids.flatMap((id) => logTypeIdFault(id) ?? []);
  if (faults.length > 0) throw new UsageError(faults.map((fault) => `${flag}: ${fault}`).join('\n'));
  return ids;
}

/** What most people want: everything that Microsoft serves by an API that is there to stay. */
export function usualLogTypes(isFedramp: boolean): string[] {
  return logTypes
    .filter((logType) => logType.retired === undefined && !isBetaOnly(logType) && (!isFedramp || logType.isOfferedInFedramp))
    .map(({ id }) => id);
}

function isBetaOnly({ source }: LogType): boolean {
  return source.kind === 'windows' && source.path.startsWith('/beta/');
}

const apis = [
  { api: 'management-activity', key: 'managementActivity', other: 'graph', cloudField: 'managementCloud' },
  { api: 'graph', key: 'graph', other: 'managementActivity', cloudField: 'graphCloud' },
] as const satisfies readonly {
  readonly api: ApiId;
  readonly key: string;
  readonly other: string;
  readonly cloudField: keyof TenantFields;
}[];

function choicesOf(config: TenantJson, fields: TenantFields): TenantJson {
  const choices = apis.map(({ api, key, other, cloudField }) => {
    const before = config[key];
    const ids = fields.logTypes?.filter((id) => keyOf(logTypeById(id)) === key);
    if (ids === undefined && fields[cloudField] === undefined) return before === undefined ? {} : { [key]: before };
    if (ids?.length === 0) return {};
    const otherField = apis.find((one) => one.key === other)?.cloudField ?? cloudField;
    const cloud = fields[cloudField] ?? cloudIn(before) ?? matchingCloud(api, fields[otherField] ?? cloudIn(config[other]));
    return { [key]: { ...(isObject(before) && ids === undefined ? before : { ...ownIn(before), logTypes: ids ?? [] }), cloud } };
  });
  return Object.assign({}, ...choices.map(inOrder)) as TenantJson;
}

/** What a choice says besides cloud and log types, and keeps when others are chosen. */
function ownIn(choice: unknown): TenantJson {
  return isObject(choice) && choice.signInsApi !== undefined ? { signInsApi: choice.signInsApi } : {};
}

/** The cloud first, for who reads the file. */
function inOrder(choices: TenantJson): TenantJson {
  return Object.fromEntries(
    Object.entries(choices).map(([key, choice]) => [key, isObject(choice) ? { cloud: choice.cloud, ...choice } : choice]),
  );
}

/**
 * The cloud of one API that goes with a cloud of the other; the usual one where that is not chosen.
 *
 * @throws When the other is no cloud, or the API does not exist there.
 */
export function matchingCloud(api: ApiId, other: string | undefined): CloudId {
  const [usual] = cloudIdsOf(api);
  if (other === undefined && usual !== undefined) return usual;
  try {
    return pairedCloud(api, other ?? '');
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function idsIn(choice: unknown): string[] {
  if (!isObject(choice)) return [];
  return [choice.logTypes, choice.waiting].flatMap((ids) => (Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []));
}

function cloudIn(choice: unknown): string | undefined {
  return isObject(choice) && typeof choice.cloud === 'string' ? choice.cloud : undefined;
}
