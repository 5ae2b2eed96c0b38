/** A tenant's configuration: outside data, checked once, whole, and with words for the person who wrote it. */

import { z } from 'zod';
import { cloudById, clouds, cloudIdsOf, homes, homesOf, type ApiId, type CloudId, type HomeId } from './clouds.ts';
import { daysKeptFault, keepingFields, type TenantKeeping } from './domain/keeping.ts';
import { unknownWord } from './domain/nearest.ts';
import { signInsApis, type GraphChoice, type LogTypeChoice, type SignInsApi, type Tenant } from './domain/tenant.ts';
import { isLogTypeId, logTypes } from './log-types/index.ts';
import type { LogType } from './log-types/log-type.ts';

/** What a configuration came to. */
export type TenantConfig =
  | { readonly kind: 'tenant'; readonly tenant: Tenant }
  /** `enabled` is false: nothing else is looked at. */
  | { readonly kind: 'disabled'; readonly name: string }
  | { readonly kind: 'broken'; readonly name: string; readonly faults: readonly string[] };

/** What the place of deployment allows. */
export interface Deployment {
  readonly isFedramp: boolean;
}

/**
 * Reads a tenant's configuration; every fault is named at once, with its path, the value got, and what is allowed.
 *
 * @param name The tenant's name: part of paths and keys, so letters, digits, `-` and `_` only.
 */
export function parseTenantConfig(name: string, json: unknown, deployment: Deployment = { isFedramp: false }): TenantConfig {
  if (isDisabled(json)) return { kind: 'disabled', name };
  const parsed = tenantJson(deployment).safeParse(json, { error: wordsOf });
  const faults = [...tenantNameFaults(name), ...(parsed.success ? [] : parsed.error.issues.flatMap(faultsOf))];
  if (!parsed.success || faults.length > 0) return { kind: 'broken', name, faults };
  return { kind: 'tenant', tenant: asTenant(name, parsed.data) };
}

/** The configuration as if the tenant and every log type that waits were switched on: they are tested before they are. */
export function asEnabled(json: unknown): unknown {
  if (!isObject(json)) return json;
  const choices = Object.values(apiKeys).flatMap((key) => (key in json ? [[key, withoutWaiting(json[key])] as const] : []));
  return { ...json, ...(isDisabled(json) && { enabled: true }), ...Object.fromEntries(choices) };
}

/** What does not look like a choice is left to the checks. */
function withoutWaiting(json: unknown): unknown {
  if (!isObject(json) || !Array.isArray(json.waiting) || !Array.isArray(json.logTypes)) return json;
  const { waiting, logTypes: ids, ...rest } = json;
  return { ...rest, logTypes: [...(ids as unknown[]), ...(waiting as unknown[])] };
}

/** How long a tenant's data is kept by its configuration, enabled or not; `unknown` where that cannot be read. */
export function keepingOf(json: unknown): TenantKeeping {
  if (!isObject(json)) return 'unknown';
  const set = keepingFields.filter((field) => json[field] !== undefined);
  if (set.some((field) => daysKeptFault(json[field]) !== undefined)) return 'unknown';
  return Object.fromEntries(set.map((field) => [field, Number(json[field])]));
}

/** What is odd about a configuration that works, a sentence each. */
export function tenantWarnings(tenant: Tenant): string[] {
  const chosen = chosenLogTypes(tenant);
  const own = chosen.flatMap(({ id, warning }) => (warning === undefined ? [] : [`${id}: ${warning}`]));
  return [...own, ...betaWarnings(chosen), ...movedWarnings(chosen, tenant), ...overlapWarnings(chosen)];
}

function chosenLogTypes(tenant: Tenant): LogType[] {
  const ids = [...(tenant.managementActivity?.logTypes ?? []), ...(tenant.graph?.logTypes ?? [])];
  return logTypes.filter((logType) => ids.includes(logType.id));
}

function betaWarnings(chosen: readonly LogType[]): string[] {
  return chosen.flatMap(({ id, source }) =>
    source.kind === 'windows' && source.path.startsWith('/beta/')
      ? [`${id}: Microsoft has it in its beta API only (${source.path}), which may change without notice`]
      : [],
  );
}

/** The API that knows all kinds of a thing serves every kind of it, once one is chosen that only it knows. */
function movedWarnings(chosen: readonly LogType[], { graph }: Tenant): string[] {
  return chosen.flatMap(({ id, source }) => {
    if (source.kind !== 'windows' || !source.beta) return [];
    const because = source.beta.whenAlso.filter((other) => chosen.some((logType) => logType.id === other));
    const why =
      because.length > 0 ? `${because.join(', ')} is chosen too` : graph?.signInsApi === 'beta' ? 'signInsApi is beta' : undefined;
    return why === undefined ? [] : [`${id}: read from Microsoft's beta API (${source.beta.path}), because ${why}`];
  });
}

function overlapWarnings(chosen: readonly LogType[]): string[] {
  const signIns = chosen.filter((logType) => logType.source.kind === 'windows' && logType.dataset === 'msft_azure_ad_raw');
  const audit = chosen.find((logType) => logType.id === 'audit-azure-active-directory');
  if (!audit || signIns.length === 0) return [];
  const others = signIns.map(({ id }) => id).join(', ');
  return [`${audit.id}: holds sign-ins as well, so those of ${others} are there twice, in two datasets and two shapes`];
}

/** What is wrong with a name: it becomes part of paths and keys. Empty for a good one. */
export function tenantNameFaults(name: string): string[] {
  if (/^[a-z0-9][a-z0-9_-]{0,62}$/i.test(name)) return [];
  return [`name '${name}' cannot be part of a path; use at most 63 letters, digits, '-' and '_', the first a letter or digit`];
}

function isDisabled(json: unknown): boolean {
  return isObject(json) && json.enabled === false;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const domainPattern = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/i;

const guid = z
  .string()
  .regex(guidPattern, {
    error: ({ input }) => `'${String(input)}' is not a GUID; write it without braces, such as 00000000-0000-0000-0000-000000000000`,
  })
  .transform((text) => text.toLowerCase());

const tenantDomain = z
  .string()
  .refine((text) => guidPattern.test(text) || domainPattern.test(text), {
    error: ({ input }) =>
      `'${String(input)}' is not a domain or a tenant's GUID; write it without scheme, slash or braces, such as contoso.onmicrosoft.com`,
  })
  .transform((text) => text.toLowerCase());

const collectFrom = z
  .string()
  .refine((text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(text) && !Number.isNaN(Date.parse(text)), {
    error: ({ input }) => `'${String(input)}' is not a time; write UTC with a Z, such as 2026-11-22T00:00:00Z`,
  })
  .transform((text) => Date.parse(text));

const credentialKinds = ['secret', 'certificate', 'federated'] as const;

const daysKept = z.custom<number>((got) => daysKeptFault(got) === undefined, { error: ({ input }) => daysKeptFault(input) });

/** @see DESIGN: one vocabulary, log types have the catalog's ids everywhere. */
function tenantJson(deployment: Deployment) {
  return z
    .strictObject({
      enabled: z.boolean().optional(),
      tenantDomain,
      clientId: guid,
      credential: z.strictObject({ kind: word('credential kind', credentialKinds) }),
      managementActivity: choice('management-activity', deployment).optional(),
      graph: choice('graph', deployment).optional(),
      publisherId: guid.optional(),
      collectFrom: collectFrom.optional(),
      rawDays: daysKept.optional(),
      compactedDays: daysKept.optional(),
    })
    .refine(({ managementActivity, graph }) => (managementActivity?.logTypes.length ?? 0) + (graph?.logTypes.length ?? 0) > 0, {
      error: 'no log type is chosen; choose at least one under managementActivity.logTypes or graph.logTypes',
    })
    .superRefine(({ managementActivity, graph }, context) => {
      const areBothChosen = [managementActivity, graph].every(
        (chosen) => (chosen?.logTypes.length ?? 0) + (chosen?.waiting?.length ?? 0) > 0,
      );
      const fault = areBothChosen && managementActivity && graph ? pairFault(managementActivity.cloud, graph.cloud) : undefined;
      if (fault !== undefined) context.addIssue({ code: 'custom', path: ['graph', 'cloud'], message: fault });
    });
}

/** A tenant is in one cloud of each API, and the two belong together. */
function pairFault(managementCloud: CloudId, graphCloud: CloudId): string | undefined {
  const fitting = cloudById(managementCloud).pairedWith;
  if (fitting.some((id) => id === graphCloud)) return undefined;
  return `cloud '${graphCloud}' has no tenant of managementActivity.cloud '${managementCloud}'; with that one goes ${fitting.join(' or ')}`;
}

/**
 * Where the tenant of a configuration is at home: its parameters are at a path with the home in it, and functions read those of their own homes alone.
 * The cloud of Management Activity; of a configuration that only names a cloud of Graph, the one it is paired with first.
 *
 * @returns Undefined where no cloud that is known is named.
 */
export function homeOf(json: unknown): HomeId | undefined {
  const [management, graph] = ['managementActivity', 'graph'].map((key) => cloudAt(json, key));
  const own = homes.find((home) => home === management);
  const ofGraph = clouds.flatMap(({ id, api }) => (api === 'graph' && id === graph ? homesOf(id) : []));
  if (own !== undefined && (ofGraph.length === 0 || ofGraph.includes(own))) return own;
  return ofGraph[0];
}

function cloudAt(json: unknown, key: string): unknown {
  const choice = isObject(json) ? json[key] : undefined;
  return isObject(choice) ? choice.cloud : undefined;
}

const apiKeys: Readonly<Record<ApiId, string>> = { 'management-activity': 'managementActivity', graph: 'graph' };

function choice(api: ApiId, deployment: Deployment) {
  return z
    .strictObject({
      cloud: cloudOf(api),
      logTypes: z.array(logTypeOf(api, deployment)),
      // Chosen, and not collected before a test has passed: `lake tenant enable` moves them.
      waiting: z.array(logTypeOf(api, deployment)).optional(),
      signInsApi: word('API of sign-ins', signInsApis).optional(),
    })
    .superRefine(({ cloud, logTypes: ids, waiting = [], signInsApi }, context) => {
      if (signInsApi !== undefined && api !== 'graph')
        context.addIssue({ code: 'custom', path: ['signInsApi'], message: 'belongs under graph' });
      const all = [...ids, ...waiting];
      all.forEach((id, index) => {
        const fault = choiceFault(id, api, cloud, all.indexOf(id) !== index);
        const path = index < ids.length ? ['logTypes', index] : ['waiting', index - ids.length];
        if (fault !== undefined) context.addIssue({ code: 'custom', path, message: fault });
      });
    });
}

/** What is wrong with an id that is right by itself. */
function choiceFault(id: string, api: ApiId, cloud: CloudId, isRepeated: boolean): string | undefined {
  if (isRepeated) return `'${id}' is listed twice; leave one out`;
  const logType = logTypes.find((known) => known.id === id && apiOf(known) === api);
  if (!logType || logType.clouds.includes(cloud)) return undefined;
  return `'${id}' is not offered in cloud '${cloud}'; it is in ${logType.clouds.join(', ')}`;
}

function cloudOf(api: ApiId) {
  const known = cloudIdsOf(api);
  return z.custom<CloudId>((got) => typeof got === 'string' && known.some((id) => id === got), {
    error: ({ input }) => cloudFault(input, api, known),
  });
}

function cloudFault(got: unknown, api: ApiId, known: readonly string[]): string {
  if (typeof got !== 'string') return `is missing or not text; known are ${known.join(', ')}`;
  const other = clouds.find((cloud) => cloud.id === got);
  return other
    ? `cloud '${got}' belongs to ${apiKeys[other.api]}; here are ${known.join(', ')}`
    : unknownWord(`cloud of ${apiKeys[api]}`, got, known);
}

function logTypeOf(api: ApiId, deployment: Deployment) {
  return z.string().superRefine((id, context) => {
    const fault = logTypeFault(id, api, deployment);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  });
}

/** What is wrong with an id, whichever API it is chosen for; undefined for one of the catalog's. */
export function logTypeIdFault(id: string): string | undefined {
  if (id === 'emails') return emailsFault;
  const known = logTypes.map((logType) => logType.id);
  return isLogTypeId(id) ? undefined : unknownWord('log type', id, known);
}

const emailsFault = "log type 'emails' is not collected here; use a dedicated mail collector for mailbox contents";

function logTypeFault(id: string, api: ApiId, deployment: Deployment): string | undefined {
  if (id === 'emails') return emailsFault;
  const logType = logTypes.find((known) => known.id === id);
  const known = logTypes.filter((candidate) => apiOf(candidate) === api).map((candidate) => candidate.id);
  if (!logType) return unknownWord('log type', id, known);
  if (apiOf(logType) !== api) return `log type '${id}' belongs under ${apiKeys[apiOf(logType)]}.logTypes; here are ${known.join(', ')}`;
  if (deployment.isFedramp && !logType.isOfferedInFedramp) {
    return `log type '${id}' is not offered in a FedRAMP deployment; leave it out, or collect it from another deployment`;
  }
  return undefined;
}

function apiOf(logType: LogType): ApiId {
  return logType.source.kind === 'content' ? 'management-activity' : 'graph';
}

function word<const Words extends readonly [string, ...string[]]>(what: string, known: Words) {
  return z.enum(known, {
    error: ({ input }) => (typeof input === 'string' ? unknownWord(what, input, known) : `is missing; known are ${known.join(', ')}`),
  });
}

const keysAt: Readonly<Record<string, readonly string[]>> = {
  '': ['enabled', 'tenantDomain', 'clientId', 'credential', 'managementActivity', 'graph', 'publisherId', 'collectFrom', ...keepingFields],
  credential: ['kind'],
  managementActivity: ['cloud', 'logTypes', 'waiting'],
  graph: ['cloud', 'logTypes', 'waiting', 'signInsApi'],
};

/** Words for what zod finds by itself; faults of our own rules have theirs. */
function wordsOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  return issue.input === undefined ? 'is missing' : `is not ${issue.expected === 'array' ? 'a list' : `of type ${issue.expected}`}`;
}

function faultsOf(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map(String).join('.');
  if (issue.code !== 'unrecognized_keys') return [path === '' ? issue.message : `${path}: ${issue.message}`];
  return issue.keys.map((key) => `${path === '' ? '' : `${path}: `}${unknownWord('key', key, keysAt[path] ?? [])}`);
}

function asTenant(name: string, json: z.output<ReturnType<typeof tenantJson>>): Tenant {
  return {
    name,
    tenantDomain: json.tenantDomain,
    clientId: json.clientId,
    credentialKind: json.credential.kind,
    ...withLogTypes('managementActivity', json.managementActivity),
    ...withLogTypes('graph', json.graph),
    ...(json.publisherId === undefined ? {} : { publisherId: json.publisherId }),
    ...(json.collectFrom === undefined ? {} : { collectFrom: json.collectFrom }),
    ...(json.rawDays === undefined ? {} : { rawDays: json.rawDays }),
    ...(json.compactedDays === undefined ? {} : { compactedDays: json.compactedDays }),
  };
}

/** An API of which nothing is chosen is not chosen. */
function withLogTypes<Key extends 'managementActivity' | 'graph'>(
  key: Key,
  chosen: (LogTypeChoice & { readonly signInsApi?: SignInsApi | undefined }) | undefined,
): Partial<Record<Key, GraphChoice>> {
  if (!chosen || chosen.logTypes.length === 0) return {};
  const { cloud, logTypes: ids, signInsApi } = chosen;
  return { [key]: { cloud, logTypes: ids, ...(signInsApi && { signInsApi }) } } as Partial<Record<Key, GraphChoice>>;
}
