/** Routes a request to the host that has to answer, or to the fault that comes in between. */

import { clouds } from '../shared/clouds.ts';
import type { RequestRecorder } from './request-log.ts';
import { json, type HostKind, type Route, type SimulatedAnswer, type SimulatedRequest } from './http-message.ts';
import { captivePortalHost, faultAnswer, htmlPage } from './fault-answers.ts';
import type { FaultName } from './fault-names.ts';
import { faultSchedule } from './fault-schedule.ts';
import type { Faults } from './faults.ts';
import type { GraphApi } from './graph-call.ts';
import { answerGraph, graphRoute } from './graph.ts';
import { answerManagement, managementRoute } from './management-activity.ts';
import type { ManagementApi } from './management-api.ts';
import { reshaped } from './management-errors.ts';
import { isConditional, pageFaultAnswer, type PageFaultContext } from './page-faults.ts';
import type { Quirks } from './quirks.ts';
import { limiter, type Throttle } from './throttle.ts';
import { answerTokenRequest } from './token-endpoint.ts';
import type { World } from './world.ts';

/** What the simulated Microsoft is made of. */
export interface DispatchOptions {
  readonly world: World;
  readonly faults: Faults;
  readonly quirks: Quirks;
  readonly throttle: Throttle;
  readonly tokenLifetimeSeconds: number;
  readonly recorder: RequestRecorder;
}

/** An answer, and the fault that made it what it is. */
export interface DispatchedAnswer {
  readonly answer: SimulatedAnswer;
  /** What still has to be done to the answer on its way. */
  readonly fault?: FaultName;
}

/** Answers one request. Requests are counted: faults and limits go by their order. */
export type Dispatch = (request: SimulatedRequest) => DispatchedAnswer;

/** The simulated Microsoft without a socket: requests in, answers out. */
export function dispatchTo(options: DispatchOptions): Dispatch {
  const { world, faults, quirks, throttle, tokenLifetimeSeconds, recorder } = options;
  const schedule = faultSchedule(faults, world);
  const shared = { world, quirks, throttle, limiter: limiter(), pagesExpiredAt: () => schedule.pagesExpiredAt() };
  const management: ManagementApi = { ...shared, startedAt: new Map() };
  const graph: GraphApi = shared;
  let errors = 0;

  const answer = (request: SimulatedRequest, kind: HostKind): SimulatedAnswer => {
    if (kind === 'authority') return answerTokenRequest(request, world.tenants, tokenLifetimeSeconds);
    return kind === 'management-activity' ? answerManagement(request, management) : answerGraph(request, graph);
  };

  return (asked) => {
    const request = { ...asked, host: aliases[asked.host] ?? asked.host };
    if (request.host === captivePortalHost) return { answer: htmlPage('<p>Sign in to this network.</p>') };
    const kind = hostKinds.get(request.host);
    if (!kind) {
      recorder.recordUnknownHost(request.host);
      return { answer: unknownHost(request.host) };
    }
    const route = routeOf(request, kind);
    const right = once((asked: SimulatedRequest) => answer(asked, kind));
    const contentId = route === 'content-fetch' ? contentIdOf(request.path) : undefined;
    const window = () => right(request).facts?.window;
    const decided = schedule.decide({ route, contentId, window, now: request.now });
    const instead = decided && answerInstead(decided, { request, kind, faults, quirks, answer: right });
    const fault = decided !== undefined && instead === undefined && isConditional(decided) ? undefined : decided;
    const found = instead ?? right(request);
    const answered = kind === 'management-activity' ? reshaped(found, faults.errorShape, (errors += 1)) : found;
    recorder.record(route, request, answered, fault);
    return fault === undefined ? { answer: answered } : { answer: answered, fault };
  };
}

function answerInstead(fault: FaultName, context: PageFaultContext): SimulatedAnswer | undefined {
  return faultAnswer(fault, context.request, context.kind, context.faults) ?? pageFaultAnswer(fault, context);
}

/** Carries a request out once, however often its answer is asked for. */
function once(answer: (request: SimulatedRequest) => SimulatedAnswer): (request: SimulatedRequest) => SimulatedAnswer {
  const answers = new Map<SimulatedRequest, SimulatedAnswer>();
  return (request) => {
    const known = answers.get(request) ?? answer(request);
    answers.set(request, known);
    return known;
  };
}

const hostKinds = new Map<string, HostKind>(
  clouds.flatMap((cloud) => [[cloud.authority, 'authority'] as const, [cloud.host, cloud.api] as const]),
);

/** Older names of the token endpoint, which clients still ask. */
const aliases: Readonly<Record<string, string>> = {
  'login.windows.net': 'login.microsoftonline.com',
  'login.microsoft.com': 'login.microsoftonline.com',
};

function routeOf(request: SimulatedRequest, kind: HostKind): Route {
  if (kind === 'authority') return /^\/[^/]+\/oauth2\/(v2\.0\/)?token$/.test(request.path) ? 'token' : 'other';
  return kind === 'management-activity' ? managementRoute(request.path) : graphRoute(request.path);
}

function contentIdOf(path: string): string {
  return decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
}

function unknownHost(host: string): SimulatedAnswer {
  const hosts = [...hostKinds.keys()].join(', ');
  return json(404, { error: `the simulator does not play '${host}'; the first segment of the path must be one of ${hosts}` });
}
