/** Routes a request to the host that has to answer, or to the fault that comes in between. */

import { clouds } from '../shared/clouds.ts';
import type { RequestRecorder } from './request-log.ts';
import { json, type Route, type SimulatedAnswer, type SimulatedRequest } from './http-message.ts';
import { faultAnswer } from './fault-answers.ts';
import { faultSchedule } from './fault-schedule.ts';
import type { FaultName, Faults } from './faults.ts';
import { answerGraph, graphRoute, type GraphApi } from './graph.ts';
import { answerManagement, managementRoute } from './management-activity.ts';
import type { ManagementApi } from './management-api.ts';
import type { Quirks } from './quirks.ts';
import { limiter, type Throttle } from './throttle.ts';
import { answerTokenRequest } from './token-endpoint.ts';
import type { World } from './world.ts';

export interface DispatchOptions {
  readonly world: World;
  readonly faults: Faults;
  readonly quirks: Quirks;
  readonly throttle: Throttle;
  readonly tokenLifeSeconds: number;
  readonly recorder: RequestRecorder;
}

export interface DispatchedAnswer {
  readonly answer: SimulatedAnswer;
  /** What still has to be done to the answer on its way. */
  readonly fault?: FaultName;
}

export type Dispatch = (request: SimulatedRequest) => DispatchedAnswer;

export function dispatchTo(options: DispatchOptions): Dispatch {
  const { world, faults, quirks, throttle, tokenLifeSeconds, recorder } = options;
  const schedule = faultSchedule(faults, world);
  const shared = { world, quirks, throttle, limiter: limiter(), pagesExpiredAt: () => schedule.pagesExpiredAt() };
  const management: ManagementApi = { ...shared, startedAt: new Map() };
  const graph: GraphApi = shared;

  const answer = (request: SimulatedRequest, kind: HostKind): SimulatedAnswer => {
    if (kind === 'authority') return answerTokenRequest(request, world.tenants, tokenLifeSeconds);
    return kind === 'management-activity' ? answerManagement(request, management) : answerGraph(request, graph);
  };

  return (request) => {
    const kind = hostKinds.get(request.host);
    if (!kind) {
      recorder.recordUnknownHost(request.host);
      return { answer: unknownHost(request.host) };
    }
    const route = routeOf(request, kind);
    const fault = schedule.decide(route, route === 'content-fetch' ? contentIdOf(request.path) : undefined, request.now);
    const answered = (fault === undefined ? undefined : faultAnswer(fault, request, kind, faults)) ?? answer(request, kind);
    recorder.record(route, request, answered, fault);
    return fault === undefined ? { answer: answered } : { answer: answered, fault };
  };
}

export type HostKind = 'authority' | 'management-activity' | 'graph';

const hostKinds = new Map<string, HostKind>(
  clouds.flatMap((cloud) => [[cloud.authority, 'authority'] as const, [cloud.host, cloud.api] as const]),
);

function routeOf(request: SimulatedRequest, kind: HostKind): Route {
  if (kind === 'authority') return /^\/[^/]+\/oauth2\/v2\.0\/token$/.test(request.path) ? 'token' : 'other';
  return kind === 'management-activity' ? managementRoute(request.path) : graphRoute(request.path);
}

function contentIdOf(path: string): string {
  return decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
}

function unknownHost(host: string): SimulatedAnswer {
  const hosts = [...hostKinds.keys()].join(', ');
  return json(404, { error: `the simulator does not play '${host}'; the first segment of the path must be one of ${hosts}` });
}
