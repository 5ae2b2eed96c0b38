/** Five small, fixed pieces of work, for trying every place where something can go wrong. */

import { days, hours, minutes, seconds } from '../../shared/domain/window.ts';
import { planOf } from './draw-plan.ts';
import { noFaults, type BlobPlan, type Plan, type RowPlan } from './plan.ts';

/** A fixed plan without chance, small enough to be crashed at every call. */
export interface Workload {
  readonly name: string;
  readonly plan: Plan;
}

/** Nothing fails unless it is asked for; faults that are asked for may come at any time. */
function calm(seed: number, mode: Plan['mode'], publishForMs: number): Plan {
  const start = Date.UTC(2026, 10, 22, 23, 20);
  const { blobs: _blobs, rows: _rows, off: _off, tenantGone: _gone, ...plan } = planOf(seed, mode);
  return {
    ...plan,
    isCalm: false,
    start,
    publishUntil: start + publishForMs,
    faultsUntil: start + publishForMs + minutes(30),
    end: start + publishForMs + days(8),
    ...{
      faults: noFaults,
      ofCall: {},
      outages: [],
      staleClaims: 0,
      staleIndexMs: 0,
      skewMs: 0,
      throttled: 0,
      flaky: 0,
      truncated: 0,
    },
    ...{ doubleDelivery: 0, lateDelivery: 0, doubleTick: 0, missedTick: 0, messagesPerWorker: 1, isMicrosoftNeverWell: false },
    ...{
      listTimeoutMs: minutes(5),
      fetchTimeoutMs: minutes(5),
      listEveryMs: minutes(10),
      sweepEveryMs: minutes(15),
      maxReceives: 10,
      maxBlobsPerJob: 3,
    },
  };
}

const blobs: BlobPlan = {
  ...{ count: 24, lateShare: 0.25, latestMs: minutes(40), sameInstantShare: 0.3, repeatShare: 0.1 },
  ...{ malformedShare: 0, missingShare: 0, poisonShare: 0, throwingShare: 0, mislabelledShare: 0, driftShare: 0, busy: [] },
};
const rows: RowPlan = {
  ...{
    logType: 'sign-ins-interactive',
    count: 32,
    lateShare: 0.3,
    latestMs: hours(3),
    correctedShare: 0.2,
    rowsPerPage: 1,
    burstShare: 0.6,
  },
};

function content(name: string, seed: number, own: Partial<BlobPlan>, more: Partial<Plan>): Workload {
  const plan = calm(seed, 'mixed', minutes(112));
  return { name, plan: { ...plan, ...more, blobs: { ...blobs, ...own, busy: [{ start: plan.start, end: plan.publishUntil }] } } };
}

function windows(name: string, seed: number, own: Partial<RowPlan>, more: Partial<Plan>): Workload {
  const plan = { ...calm(seed, 'graph-mixed', hours(4)), listEveryMs: minutes(30), fetchTimeoutMs: minutes(1), slowestReadMs: seconds(5) };
  return { name, plan: { ...plan, faultsUntil: plan.publishUntil + hours(26), ...more, rows: { ...rows, ...own } } };
}

/** The workloads of `npm run proof:crashpoints`. */
export const workloads: readonly Workload[] = [
  content('content over midnight', 1, { count: 32 }, { listEveryMs: minutes(5) }),
  content('content, every message twice', 2, { count: 26 }, { doubleDelivery: 1, doubleWithinMs: 300 }),
  content(
    'content that is malformed, throttled and set aside',
    3,
    { count: 20, malformedShare: 0.15 },
    { throttled: 0.05, truncated: 0.1, listEveryMs: minutes(5) },
  ),
  windows('windows that are split', 4, {}, {}),
  windows(
    'alerts that move, every message twice',
    5,
    { logType: 'alerts', correctedShare: 0.6, count: 6, rowsPerPage: 2 },
    { doubleDelivery: 1, doubleWithinMs: 300, listEveryMs: minutes(60) },
  ),
];
