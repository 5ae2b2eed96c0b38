/** How everything stands that is collected: the tenants as configured, each log type as the ledger knows it. */

import type { Tenant } from '../../shared/domain/tenant.ts';
import { streamKey, type Stream } from '../../shared/domain/stream.ts';
import { iso, type Instant } from '../../shared/domain/window.ts';
import { meaningOf } from '../../shared/microsoft/meanings.ts';
import type { TokenFailure } from '../../shared/ports/ledger.ts';
import type { PendingStream, StreamState, StreamStates } from '../../shared/ports/stream-states.ts';
import { isOverdue, rowsSince, streamStatus, type StreamStatus } from './stream-status.ts';

/** The state of everything that is collected, at one time. */
export interface LakeStatus {
  readonly at: Instant;
  readonly tenants: readonly TenantStatus[];
  /** What a person has to do, a sentence each; empty when all is well. */
  readonly needs: readonly string[];
  /** What fails and is tried again without anybody's help, a sentence each. */
  readonly retrying: readonly string[];
}

/** The state of one tenant and of its log types. */
export interface TenantStatus {
  readonly name: string;
  /** Absent before the first token. */
  readonly tenantId?: string;
  readonly state: 'enabled' | 'disabled' | 'broken';
  readonly faults: readonly string[];
  readonly streams: readonly StreamStatus[];
}

/** A tenant to be reported. */
export type Watched =
  | {
      readonly kind: 'tenant';
      readonly tenant: Tenant;
      readonly isEnabled: boolean;
      readonly waiting: readonly string[];
      /** Of a simulated lake: there is no configuration to change, and nobody goes on collecting. */
      readonly isSimulated?: true;
    }
  | { readonly kind: 'broken'; readonly name: string; readonly faults: readonly string[] };

/**
 * Reads the state of every log type of these tenants, and which other tenants have jobs that nobody fetches.
 *
 * @param sameTenants The options that lead a command of `lake tenant` to these tenants, after a space.
 * @param only Of one tenant alone: others are not reported.
 */
export async function lakeStatus(
  watched: readonly Watched[],
  states: StreamStates,
  now: Instant,
  sameTenants: string,
  only?: string,
): Promise<LakeStatus> {
  const known = await Promise.all(
    watched.map(async (one) => ({ one, tenantId: await tenantIdOf(one, states), noToken: await noTokenOf(one, states) })),
  );
  const streams = known.flatMap(({ one, tenantId }) => (tenantId === undefined ? [] : streamsOf(one, tenantId)));
  const read = new Map((await states.read(streams, rowsSince(now))).map((state) => [streamKey(state.stream), state]));
  const tenants = known.map(({ one, tenantId, noToken }) => tenantStatus(one, { tenantId, noToken }, read, now, sameTenants));
  const pending = (await states.pendingStreams()).filter(({ tenantName }) => only === undefined || tenantName === only);
  return {
    at: now,
    tenants,
    needs: [
      ...known.flatMap(({ one, noToken }) => (noToken && isUrgent(noToken, now) ? [noTokenWords(nameOf(one), noToken)] : [])),
      ...tenants.flatMap(needsOf),
      ...stoppedNeeds(pending, watched, sameTenants),
    ],
    retrying: [
      ...known.flatMap(({ one, noToken }) => (noToken && !isUrgent(noToken, now) ? [noTokenWords(nameOf(one), noToken)] : [])),
      ...tenants.flatMap(({ name, streams }) => streams.flatMap(({ retrying }) => retrying.map((line) => `${name} ${line}`))),
    ],
  };
}

/** Jobs of a tenant that was disabled or removed wait until Microsoft has nothing to serve any more: silence would be loss. */
function stoppedNeeds(pending: readonly PendingStream[], watched: readonly Watched[], sameTenants: string): string[] {
  const enabled = new Set(watched.flatMap((one) => (one.kind === 'broken' || one.isEnabled ? [nameOf(one)] : [])));
  const disabled = new Set(watched.map(nameOf));
  const stopped = Map.groupBy(
    pending.filter(({ tenantName }) => !enabled.has(tenantName)),
    ({ tenantName }) => tenantName,
  );
  return [...stopped].map(([name, streams]) => {
    const jobs = streams.reduce((sum, { jobs }) => sum + jobs, 0);
    const [state, cure] = disabled.has(name)
      ? [
          'is disabled',
          `'lake tenant enable ${name}${sameTenants}' fetches them, 'lake tenant remove ${name}${sameTenants} --purge' deletes them`,
        ]
      : ['is not configured any more', 'add the tenant again to fetch them, or to delete them by removing it with --purge'];
    return `${name} ${state}, and ${String(jobs)} jobs of ${streams.map(({ stream }) => stream.logType).join(', ')} wait; ${cure}`;
  });
}

const nameOf = (one: Watched): string => (one.kind === 'broken' ? one.name : one.tenant.name);

/** Why a tenant that is collected has never had a token; none of its streams can say so. */
async function noTokenOf(watched: Watched, states: StreamStates): Promise<TokenFailure | undefined> {
  return watched.kind === 'tenant' && watched.isEnabled ? states.tokenFailure(watched.tenant.name) : undefined;
}

/** What is refused does not pass by itself; anything else may, and needs a person after hours. */
const isUrgent = ({ isRefused, since }: TokenFailure, now: Instant): boolean => isRefused || isOverdue(since, now);

/** @example 'contoso: Microsoft has never issued a token (AADSTS7000222: the client secret has expired); Create a new client secret …' */
function noTokenWords(name: string, { since, cause: { code, message, cure } }: TokenFailure): string {
  const lasting = meaningOf(code)?.cure ?? '';
  const next = cure === '' ? `it is tried again every few minutes${lasting === '' ? '' : `. ${lasting}`}` : cure;
  return `${name}: no token has come since ${iso(since)} (${code}: ${message}); ${next}`;
}

/** A tenant that is configured by its GUID is known before its first token. */
async function tenantIdOf(watched: Watched, states: StreamStates): Promise<string | undefined> {
  if (watched.kind === 'broken') return undefined;
  const { name, tenantDomain } = watched.tenant;
  const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(tenantDomain);
  return isGuid ? tenantDomain : states.tenantId(name);
}

function streamsOf(watched: Watched, tenantId: string): Stream[] {
  if (watched.kind === 'broken') return [];
  const { managementActivity, graph } = watched.tenant;
  return [managementActivity, graph].flatMap((choice) =>
    choice ? choice.logTypes.map((logType) => ({ cloud: choice.cloud, tenantId, logType })) : [],
  );
}

function tenantStatus(
  watched: Watched,
  { tenantId, noToken }: { readonly tenantId: string | undefined; readonly noToken: TokenFailure | undefined },
  read: ReadonlyMap<string, StreamState>,
  now: Instant,
  sameTenants: string,
): TenantStatus {
  if (watched.kind === 'broken') return { name: watched.name, state: 'broken', faults: watched.faults, streams: [] };
  const { tenant, isEnabled, waiting, isSimulated } = watched;
  const streams = streamsOf(watched, tenantId ?? '').map((stream) => {
    const switched = waiting.includes(stream.logType) ? 'waiting' : isSimulated ? 'simulated' : 'on';
    const state = read.get(streamKey(stream)) ?? neverListed(stream);
    const status = streamStatus(state, now, isEnabled ? switched : 'off', `${tenant.name}${sameTenants}`);
    return noToken && status.state === 'enabled' ? { ...status, because: `no token yet (${noToken.cause.code})` } : status;
  });
  return { name: tenant.name, ...(tenantId !== undefined && { tenantId }), state: isEnabled ? 'enabled' : 'disabled', faults: [], streams };
}

const neverListed = (stream: Stream): StreamState => ({ stream, pending: 0, landed: [], losses: [], gaps: [] });

function needsOf({ name, faults, streams }: TenantStatus): string[] {
  return [...faults.map((fault) => `${name}: ${fault}`), ...streams.flatMap(({ needs }) => needs.map((need) => `${name} ${need}`))];
}
