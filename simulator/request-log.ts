/** What was asked and answered while the simulator ran. The verdict on the lake does not need it: see verdict.ts. */

import type { Instant, Window } from '../shared/domain/window.ts';
import type { FaultName } from './fault-names.ts';
import type { Route, SimulatedAnswer, SimulatedRequest } from './http-message.ts';

/** Counts since the simulator started. */
export interface RequestLog {
  /** Requests by route and status (or fault, where no status was sent). */
  readonly requests: ReadonlyMap<Route, ReadonlyMap<string, number>>;
  readonly faults: ReadonlyMap<FaultName, number>;
  /** Requests that were over a limit, by route. */
  readonly throttled: ReadonlyMap<Route, number>;
  readonly tokensIssued: number;
  /** How often each content blob was served whole. */
  readonly blobFetches: ReadonlyMap<string, number>;
  /** The last windows read, oldest first; at most {@link windowsKept}. */
  readonly windowsRead: readonly WindowRead[];
  /** Hosts that were asked for and are not played. */
  readonly unknownHosts: ReadonlyMap<string, number>;
  toJSON(): RequestLogSummary;
}

interface WindowRead {
  readonly route: Route;
  readonly tenantId: string;
  readonly logTypeIds: readonly string[];
  readonly window: Window;
  readonly at: Instant;
  readonly rows: number;
}

interface RequestLogSummary {
  readonly requests: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly throttled: Readonly<Record<string, number>>;
  readonly tokensIssued: number;
  readonly blobsFetched: number;
  readonly blobsFetchedMoreThanOnce: number;
  readonly unknownHosts: Readonly<Record<string, number>>;
}

/** The request log, and the only one who writes to it. */
export interface RequestRecorder {
  readonly requestLog: RequestLog;
  record(route: Route, request: SimulatedRequest, answer: SimulatedAnswer, fault: FaultName | undefined): void;
  recordUnknownHost(host: string): void;
}

/** A request log with nothing in it. */
export function openRequestLog(): RequestRecorder {
  const requests = new Map<Route, Map<string, number>>();
  const [faults, throttled] = [new Map<FaultName, number>(), new Map<Route, number>()];
  const [blobFetches, unknownHosts] = [new Map<string, number>(), new Map<string, number>()];
  const windowsRead: WindowRead[] = [];
  const tokensIssued = { count: 0 };

  const requestLog: RequestLog = {
    requests,
    faults,
    throttled,
    blobFetches,
    windowsRead,
    unknownHosts,
    get tokensIssued() {
      return tokensIssued.count;
    },
    toJSON: () => summary(requestLog),
  };
  return {
    requestLog,
    record(route, request, answer, fault) {
      const byStatus = requests.get(route) ?? new Map<string, number>();
      requests.set(route, byStatus);
      add(byStatus, fault === undefined ? String(answer.status) : `${String(answer.status)} (${fault})`);
      if (fault !== undefined) add(faults, fault);
      if (answer.facts?.isThrottled) add(throttled, route);
      if (answer.status !== 200 || fault !== undefined) return;
      if (route === 'token') tokensIssued.count++;
      if (route === 'content-fetch' && answer.facts?.contentId !== undefined) add(blobFetches, answer.facts.contentId);
      const read = windowRead(route, request, answer);
      if (read) windowsRead.push(read);
      if (windowsRead.length > windowsKept) windowsRead.shift();
    },
    recordUnknownHost: (host) => {
      add(unknownHosts, host);
    },
  };
}

/** More would be a leak in a simulator that runs for days. */
const windowsKept = 10_000;

function windowRead(route: Route, request: SimulatedRequest, { facts }: SimulatedAnswer): WindowRead | undefined {
  if (!facts?.window || facts.tenantId === undefined) return undefined;
  const { tenantId, window, logTypeIds = [], rows = 0 } = facts;
  return { route, tenantId, logTypeIds, window, at: request.now, rows };
}

function summary(requestLog: RequestLog): RequestLogSummary {
  return {
    requests: Object.fromEntries([...requestLog.requests].map(([route, byStatus]) => [route, Object.fromEntries(byStatus)])),
    faults: Object.fromEntries(requestLog.faults),
    throttled: Object.fromEntries(requestLog.throttled),
    tokensIssued: requestLog.tokensIssued,
    blobsFetched: requestLog.blobFetches.size,
    blobsFetchedMoreThanOnce: [...requestLog.blobFetches.values()].filter((times) => times > 1).length,
    unknownHosts: Object.fromEntries(requestLog.unknownHosts),
  };
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
