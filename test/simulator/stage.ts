/** Microsoft without a socket: requests in, answers out. */

import type { Instant } from '../../shared/domain/window.ts';
import { openRequestLog, type RequestLog } from '../../simulator/request-log.ts';
import type { SimulatedAnswer } from '../../simulator/http-message.ts';
import type { FaultName } from '../../simulator/fault-names.ts';
import { parseFaults } from '../../simulator/faults.ts';
import { dispatchTo } from '../../simulator/dispatch.ts';
import { usualQuirks, type Quirks } from '../../simulator/quirks.ts';
import { simulatedTenant } from '../../simulator/tenants.ts';
import { faithfulThrottle, type Throttle } from '../../simulator/throttle.ts';
import type { AppRegistration, Blob, SimulatedTenant, Version, World } from '../../simulator/world.ts';

export const startAt = Date.parse('2026-11-22T12:00:00Z');
export const at = (time: string): Instant => Date.parse(`2026-11-22T${time}Z`);

export interface Stage {
  readonly tenant: SimulatedTenant;
  readonly app: AppRegistration;
  readonly requestLog: RequestLog;
  /** The time of every request that follows. */
  now: Instant;
  /** @param url `https://host/path?query`, as Microsoft would be asked. */
  ask(url: string, options?: AskOptions): Asked;
  /** A request with a token of the host's own API. */
  askAs(url: string, options?: AskOptions): Asked;
  /** The form of a token request, with a good secret unless something else is asked for. */
  tokenForm(host: string, form?: Readonly<Record<string, string>>): string;
}

interface AskOptions {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Asked {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Undefined for what is no JSON. */
  readonly json: unknown;
  /** `error.code` of both APIs; the AADSTS number of the token endpoint. */
  readonly code: string | undefined;
  readonly fault: FaultName | undefined;
}

export interface StageOptions {
  readonly world?: Partial<World>;
  readonly tenant?: SimulatedTenant;
  readonly throttle?: Partial<Throttle>;
  readonly quirks?: Partial<Quirks>;
  readonly faults?: unknown;
  readonly tokenLifetimeSeconds?: number;
}

export function stage(options: StageOptions = {}): Stage {
  const tenant = options.tenant ?? simulatedTenant({ name: 'contoso', subscribed: ['Audit.Exchange', 'DLP.All'] });
  const [app] = tenant.apps;
  if (!app) throw new Error('stage() got a tenant without an app');
  const recorder = openRequestLog();
  const dispatch = dispatchTo({
    world: { ...emptyWorld, tenants: [tenant], ...options.world },
    faults: parseFaults(options.faults ?? {}),
    quirks: { ...usualQuirks, emptyPageEvery: 0, ...options.quirks },
    throttle: { ...faithfulThrottle, ...options.throttle },
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 3_599,
    recorder,
  });

  const self: Stage = {
    tenant,
    app,
    requestLog: recorder.requestLog,
    now: startAt,
    ask(url, { method = 'GET', body = '', headers = {} } = {}) {
      const { hostname, pathname, searchParams } = new URL(url);
      const played = dispatch({ host: hostname, method, path: pathname, query: searchParams, headers, body, now: self.now });
      return { ...asked(played.answer), fault: played.fault };
    },
    askAs(url, how = {}) {
      return self.ask(url, { ...how, headers: { authorization: `Bearer ${tokenFor(self, new URL(url).hostname)}`, ...how.headers } });
    },
    tokenForm: (host, form = {}) =>
      new URLSearchParams({
        client_id: app.clientId,
        client_secret: app.secrets[0]?.value ?? '',
        grant_type: 'client_credentials',
        scope: `https://${host}/.default`,
        ...form,
      }).toString(),
  };
  return self;
}

/** @throws When the token endpoint refuses. */
export function tokenFor(on: Stage, host: string): string {
  const answer = on.ask(`https://login.microsoftonline.com/${on.tenant.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: on.tokenForm(host),
  });
  const { access_token: token } = answer.json as { access_token?: string };
  if (token === undefined) throw new Error(`no token: ${String(answer.code)}`);
  return token;
}

function asked(answer: SimulatedAnswer): Omit<Asked, 'fault'> {
  const text = (answer.content?.() ?? answer.body).toString();
  const body: unknown = /^[[{](?!')/.test(text) ? JSON.parse(text) : undefined;
  const { error, error_codes: codes } = (body ?? {}) as { error?: { code?: string } | string; error_codes?: number[] };
  const code = codes?.[0] === undefined ? (typeof error === 'object' ? error.code : undefined) : String(codes[0]);
  return { status: answer.status, headers: answer.headers ?? {}, text, json: body, code };
}

const emptyWorld: World = { startAt, tenants: [], records: 'seeded', blobs: () => [], blob: () => undefined, versions: () => [] };

/** A world of these blobs, all of Audit.Exchange. */
export function worldOfBlobs(blobs: readonly Blob[]): Partial<World> {
  return {
    blobs: (_tenant, logTypeId, { start, end }) =>
      logTypeId === 'audit-exchange' ? blobs.filter((blob) => blob.created >= start && blob.created < end) : [],
    blob: (_tenant, contentId) => blobs.find((blob) => blob.contentId === contentId),
  };
}

export function blob(created: Instant, more: Partial<Blob> = {}): Blob {
  const contentId = more.contentId ?? `${String(created)}$1$audit_exchange$Audit_Exchange$emea0036`;
  const records = () => ['{"Id":"a","CreationTime":"2026-11-22T10:00:00"}', '{"Id":"b","CreationTime":"2026-11-22T10:00:00"}'];
  return { logTypeId: 'audit-exchange', created, visibleAt: created, expires: created + 7 * 86_400_000, records, ...more, contentId };
}

/** A world of these versions, by log type. */
export function worldOfVersions(byLogType: Readonly<Record<string, readonly Version[]>>): Partial<World> {
  return { versions: (_tenant, id, { start, end }) => (byLogType[id] ?? []).filter((one) => one.time >= start && one.time < end) };
}

export function version(
  id: string,
  time: Instant,
  more: Partial<Version> & { readonly record?: Readonly<Record<string, unknown>> } = {},
): Version {
  const { record = {}, ...rest } = more;
  const text = JSON.stringify({ id, createdDateTime: new Date(time).toISOString(), ...record });
  return { id, time, visibleFrom: time, visibleUntil: Number.POSITIVE_INFINITY, text, ...rest };
}
