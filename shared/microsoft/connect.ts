import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Answer, Microsoft } from '../ports/microsoft.ts';
import type { Tenants } from '../ports/tenants.ts';
import type { Instant, Window } from '../domain/window.ts';
import type { LogType } from '../log-types/log-type.ts';
import type { Tenant } from '../domain/tenant.ts';
import { apiCalls, type Session } from './api-call.ts';
import { fetchWindow, newestRow, probeWindow } from './graph.ts';
import type { HostOverride } from './host-override.ts';
import { connectHttp, type Http } from './http.ts';
import { instantOf } from './instant-of.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { fetchBlob, listBlobs, listSubscriptions, startSubscription } from './management-activity.ts';
import { isForeign } from './wrong-body.ts';
import { slidingWindowPacing, type Pacing } from './pacing.ts';
import { proxyFrom, type Proxy } from './proxy.ts';
import { connectTokens } from './token.ts';

/** What a client needs. */
export interface MicrosoftDeps {
  readonly tenants: Pick<Tenants, 'credential'>;
  readonly clock: Clock;
  readonly log: Log;
  /** For the simulator only. */
  readonly hostOverride?: HostOverride;
  readonly limits?: Partial<Limits>;
  /** Where HTTPS_PROXY and NO_PROXY are looked for; the process's own when absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** Shared by several clients, or `unpaced` for measuring; the client's own when absent. */
  readonly pacing?: Pacing;
}

/** What a token contains: whose it is, and which application permissions were granted on the log type's API. */
interface Identity {
  readonly tenantId: string;
  readonly roles: readonly string[];
}

/** The port, and what only a check of the connection asks. */
export interface ConnectedMicrosoft extends Microsoft {
  /** Whose the token is; asks for one where none is kept. */
  identify(tenant: Tenant, logType: LogType): Promise<Answer<Identity>>;
  /** Of a log type that is read by windows: the time of the newest row; undefined when the window has no row. */
  newestRow(tenant: Tenant, logType: LogType, window: Window): Promise<Answer<Instant | undefined>>;
}

/**
 * Microsoft's two APIs for all tenants. One client a process: its calls share tokens, connections and the pace.
 *
 * @throws At once when the host override is not plain http on this machine, or HTTPS_PROXY cannot be used.
 */
export function connectMicrosoft(given: MicrosoftDeps): ConnectedMicrosoft {
  const { tenants, clock, log } = given;
  const limits = { ...defaultLimits, ...given.limits };
  const { http, clockLeadMs } = watchingClock(connectHttp(clock, limits, wayOf(given)));
  const tokens = connectTokens({ tenants, http, clock, limits });
  const calls = apiCalls({ http, tokens, clock, log, limits, pacing: given.pacing ?? slidingWindowPacing(clock) });
  const deps = { calls, log, limits, clock };

  const within = async <T, R>(
    tenant: Tenant,
    logType: LogType,
    work: (session: Session) => Promise<Answer<T> | R>,
  ): Promise<Answer<T> | R> => {
    const session = await calls.open(tenant, logType);
    return session.kind === 'ok' ? work(session.value) : session;
  };
  return {
    identify: (...of) => within(...of, ({ tenantId, roles }) => Promise.resolve({ kind: 'ok', value: { tenantId, roles } })),
    listSubscriptions: (...of) => within(...of, (session) => listSubscriptions(session, deps)),
    startSubscription: (...of) => within(...of, (session) => startSubscription(session, deps)),
    listBlobs: (tenant, logType, window) => within(tenant, logType, (session) => listBlobs(session, window, deps)),
    fetchBlob: (tenant, logType, member, file, keptBytes) =>
      within(tenant, logType, (session) => fetchBlob(session, member, { file, keptBytes }, deps)),
    probeWindow: (tenant, logType, window) => within(tenant, logType, (session) => probeWindow(session, window, deps)),
    fetchWindow: (tenant, logType, window, folder, maxPages, until) =>
      within(tenant, logType, (session) => fetchWindow(session, window, folder, { maxPages, until }, deps)),
    newestRow: (tenant, logType, window) => within(tenant, logType, (session) => newestRow(session, window, deps)),
    clockLeadMs,
  };
}

/** The simulator is on this machine: no proxy stands before it. */
function wayOf({ hostOverride, env = process.env }: MicrosoftDeps): { readonly override?: HostOverride; readonly proxy?: Proxy } {
  if (hostOverride) return { override: hostOverride };
  const proxy = proxyFrom(env);
  return proxy ? { proxy } : {};
}

/** Every answer of Microsoft's carries its time. A page for people, or a redirect, is somebody else's, whose clock may be anywhere. */
function watchingClock(http: Http): { readonly http: Http; readonly clockLeadMs: () => number | undefined } {
  let leadMs: number | undefined;
  const send: Http['send'] = async (request) => {
    const answer = await http.send(request);
    if (answer.kind !== 'ok') return answer;
    const date = instantOf(answer.value.headers.date ?? '');
    if (date !== undefined && !isForeign(answer.value)) leadMs = answer.value.receivedAt - date;
    return answer;
  };
  return { http: { send }, clockLeadMs: () => leadMs };
}
