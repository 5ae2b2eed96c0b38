/** Microsoft is away for hours, in virtual time: how soon everything is there once it is back, and at what price. */

import { hours, minutes } from '../../shared/domain/window.ts';
import { planOf } from './draw-plan.ts';
import type { Harness } from './harness.ts';
import { noFaults, type FaultRates, type Outage, type Plan } from './plan.ts';
import { simulate } from './simulation.ts';

/** One outage to be run, and what is expected after it. */
export interface OutageScenario {
  readonly name: string;
  readonly plan: Plan;
  readonly goals: OutageGoals;
}

/** Both times are counted from when Microsoft is back. */
interface OutageGoals {
  readonly listedMs: number;
  readonly landedMs: number;
  readonly fetchesPerBlob: number;
}

/** What was measured, beside what is expected. */
export interface OutageResult extends OutageGoals {
  readonly deadLetters: number;
  /** Requests that a process sent though Microsoft had asked it to wait. */
  readonly early: number;
  /** What is not as it should be, in words. */
  readonly faults: readonly string[];
}

/** How much is published, and how long Microsoft is away. */
export interface OutageSize {
  readonly blobs: number;
  readonly lastsMs: number;
}

/** A busy tenant: 100 blobs a minute. */
export const sixHours: OutageSize = { blobs: 36_000, lastsMs: hours(6) };

const calm: OutageGoals = { listedMs: minutes(10), landedMs: minutes(45), fetchesPerBlob: 1.1 };
const rough: OutageGoals = { ...calm, fetchesPerBlob: 1.5 };
/** A park of up to 36 minutes may be followed by two workers that die: a job whose next two workers die, each of which is noticed 15 to 20 minutes later. */
const roughAfterParks: OutageGoals = { ...rough, landedMs: minutes(80) };

/** Nothing is served, or what there is is listed and none of it served, or everybody has to wait. */
export function outageScenarios(size: OutageSize): OutageScenario[] {
  return [
    scenario('Microsoft is away', size, { of: 'everything', kind: 'unavailable' }, noFaults, calm),
    scenario('Microsoft is away, calls fail and workers die', size, { of: 'everything', kind: 'unavailable' }, oneIn1000, rough),
    scenario('content is away', size, { of: 'fetching', kind: 'unavailable' }, noFaults, calm),
    scenario('content is away, calls fail and workers die', size, { of: 'fetching', kind: 'unavailable' }, oneIn1000, roughAfterParks),
    scenario('Microsoft throttles everything', size, { of: 'everything', kind: 'throttled' }, noFaults, calm),
  ];
}

/** Of requests to Microsoft one in fifty goes wrong, of all other calls one in a thousand; of two hundred workers one dies. */
const oneIn50: FaultRates = { ...ratesOf(0.000_01), before: 0.009, after: 0.006 };
const oneIn1000: FaultRates = { ...ratesOf(0.000_1), before: 0.000_3, after: 0.000_3 };
const requests = ['listSubscriptions', 'listBlobs', 'fetchBlob'].map((name) => `microsoft.${name}`);

function ratesOf(deaths: number): FaultRates {
  return { before: 0, after: 0, crashBefore: deaths, crashAfter: deaths, crashLate: deaths, stall: deaths };
}

function scenario(
  name: string,
  { blobs, lastsMs }: OutageSize,
  { of, kind }: Pick<Outage, 'of' | 'kind'>,
  faults: FaultRates,
  goals: OutageGoals,
): OutageScenario {
  const { rows: _rows, off: _off, tenantGone: _gone, ...plan } = planOf(1, 'mixed');
  const start = Date.UTC(2026, 10, 22, 23, 20);
  const outage = { start: start + minutes(20), end: start + minutes(20) + lastsMs };
  const isCalm = faults === noFaults;
  const whole: Plan = {
    ...plan,
    ...{ isCalm: false, start, publishUntil: outage.end, faultsUntil: outage.end + hours(2), end: outage.end + hours(12) },
    outages: [{ ...outage, kind, of }],
    ...{ faults, ofCall: isCalm ? {} : Object.fromEntries(requests.map((call) => [call, oneIn50])) },
    ...{ throttled: 0, flaky: isCalm ? 0 : 0.0025, truncated: isCalm ? 0 : 0.0025, longRetryAfter: 0.5 },
    ...{ staleClaims: 0, staleIndexMs: 0, skewMs: 0, doubleDelivery: isCalm ? 0 : 0.02, doubleWithinMs: minutes(1), lateDelivery: 0 },
    ...{ doubleTick: 0, missedTick: 0, isMicrosoftNeverWell: false },
    ...asDeployed,
    blobs: {
      ...{ count: blobs, lateShare: 0, latestMs: 0, sameInstantShare: 0, repeatShare: 0, busy: [outage] },
      ...{ malformedShare: 0, missingShare: 0, poisonShare: 0, throwingShare: 0, mislabelledShare: 0, driftShare: 0 },
    },
  };
  return { name, plan: whole, goals };
}

/** As the stack is deployed, and what Microsoft allows a tenant. */
const asDeployed = {
  ...{ listEveryMs: minutes(5), sweepEveryMs: minutes(5), listTimeoutMs: minutes(5), fetchTimeoutMs: minutes(5) },
  ...{ messagesPerWorker: 1, workers: 10, maxReceives: 5, maxBlobsPerJob: 90 },
  traffic: { listMs: 400, fetchMs: 500, requestsPerMinute: 2_000, processes: 10 },
} as const;

/** Runs one outage to its end. */
export async function runOutage({ plan, goals }: OutageScenario): Promise<OutageResult> {
  let seen: Harness | undefined;
  const { failures, sums } = await simulate(plan.seed, plan.mode, { plan, look: (harness) => (seen = harness) });
  const healedAt = plan.publishUntil;
  const result = {
    listedMs: (seen?.claimedAt ?? Infinity) - healedAt,
    landedMs: Math.max(0, ...(seen?.putAt.values() ?? [])) - healedAt,
    fetchesPerBlob: sums.fetches / sums.blobs,
    deadLetters: sums.deadLetters,
    early: (seen?.processes.shared ?? []).reduce((sum, { early }) => sum + early, 0),
  };
  return { ...result, faults: [...failures, ...shortcomings(result, goals)] };
}

function shortcomings(result: Omit<OutageResult, 'faults'>, goals: OutageGoals): string[] {
  const faults: string[] = [];
  const late = (what: string, ms: number, goalMs: number): void => {
    if (ms > goalMs) faults.push(`${what} after ${(ms / 60_000).toFixed(1)} minutes; the goal is ${String(goalMs / 60_000)}`);
  };
  late('everything is listed', result.listedMs, goals.listedMs);
  late('everything has landed', result.landedMs, goals.landedMs);
  if (result.fetchesPerBlob > goals.fetchesPerBlob)
    faults.push(`${result.fetchesPerBlob.toFixed(2)} fetches a blob; the goal is ${String(goals.fetchesPerBlob)}`);
  if (result.deadLetters > 0) faults.push(`${String(result.deadLetters)} dead letters`);
  return faults;
}
