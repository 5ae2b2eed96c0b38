/** Draws the plan of a seed. */

import { days, hours, minutes, seconds } from '../../shared/domain/window.ts';
import { outageOf, outagesOf, throttling, windowOutage, windowWithin } from './draw-outage.ts';
import { brokenHourOf, clockJumpsOf, landingTrouble, leftAheadOf, proxies, silences } from './draw-trouble.ts';
import { fleetPlan } from './draw-fleet.ts';
import { aboutRules } from './draw-rules.ts';
import {
  fleetModes,
  isAboutRules,
  isLate,
  noFaults,
  windowModes,
  type FaultRates,
  type Healing,
  type Mode,
  type Plan,
  type RowPlan,
  type Traffic,
} from './plan.ts';
import { Random } from './random.ts';

/** The same seed, mode and healing give the same plan. */
export function planOf(seed: number, mode: Mode, healing: Healing = 'on'): Plan {
  const plan = drawnPlan(seed, mode, healing);
  // A rebuild of the ledger lands no findings of objects that nobody had finished: `lake detect` does, and no seed runs it.
  return plan.restore === undefined && new Random(seed, 'detections').chance(shareWithRules) ? { ...plan, areRulesOn: true } : plan;
}

/** A seed with rules takes about a quarter longer. */
const shareWithRules = 0.5;

function drawnPlan(seed: number, mode: Mode, healing: Healing): Plan {
  if (isFleet(mode)) return fleetPlan(seed, mode, (of, kind) => planOf(of, kind, healing));
  const random = new Random(seed, `plan ${mode}`);
  const isCalm = random.chance(isAboutRules(mode) ? 0.5 : 0.08);
  const isWindows = windowModes.includes(mode as (typeof windowModes)[number]);
  const drawn = isWindows ? windowPlan(seed, mode, random, isCalm) : contentPlan(seed, mode, random, isCalm);
  const base = isAboutRules(mode) ? aboutRules(drawn, new Random(seed, `rules ${mode}`)) : drawn;
  // Without overlap, a clock that is ahead closes an hour before it is over.
  if (healing === 'on') return { ...base, healing };
  // What an earlier version has left is mended by the deep lists.
  const { leftAhead: _left, ...rest } = base;
  return { ...rest, healing, skewMs: 0 };
}

const isFleet = (mode: Mode): mode is (typeof fleetModes)[number] => fleetModes.some((one) => one === mode);

function contentPlan(seed: number, mode: Mode, random: Random, isCalm: boolean): Plan {
  const start = Date.UTC(2026, 10, 20) + (random.chance(0.6) ? random.between(hours(20), hours(24)) : random.between(0, hours(24)));
  const publishFor = random.between(hours(2), hours(4));
  const long = outageOf(mode, random, start, publishFor);
  const publishUntil = start + publishFor + long.lastsMs;
  const faultsUntil = publishUntil + hours(1);
  const malformedShare = random.pick([0, 0, 0.03, 0.1]);
  const trouble = new Random(seed, `trouble ${mode}`);
  const span = { start, end: publishUntil };
  const clockJumps = mode === 'clock' && !isCalm ? clockJumpsOf(trouble, span) : [];
  const hasLastingBlobs = malformedShare > 0 || mode === 'landing' || mode === 'proxy';
  return {
    ...common(seed, mode, random, isCalm),
    start,
    publishUntil,
    faultsUntil,
    // What can never be read, or kills its worker, is given up only when Microsoft is about to delete it.
    end: faultsUntil + (mode === 'stuck' ? days(12) : hasLastingBlobs ? days(8) : hours(mode === 'broken' ? 40 : 14)),
    ...(long.off ? { off: long.off } : {}),
    ...(mode === 'clock' && !isCalm ? { clockJumps, ...leftAheadOf(trouble, span) } : {}),
    ...(mode === 'landing' && !isCalm ? landingTrouble(trouble, span) : {}),
    ...(mode === 'broken' ? brokenHourOf(trouble, span, faultsUntil) : {}),
    ...(!isCalm && trouble.chance(0.05)
      ? { tenantElsewhere: { ...windowWithin(trouble, start, publishUntil, hours(2)), how: trouble.pick(['tenant', 'cloud'] as const) } }
      : {}),
    ...(mode === 'restore' ? restored(random, start, publishUntil) : {}),
    ...(mode === 'throttled' ? { traffic: trafficOf(random), longRetryAfter: 0.5 } : {}),
    outages: [
      ...outagesOf(random, start, publishUntil, isCalm),
      ...long.outages,
      ...(mode === 'throttled' ? throttling(random, start, publishUntil) : []),
      ...(mode === 'proxy' ? proxies(trouble, span) : []),
      ...silences(trouble, clockJumps),
    ],
    ...(!isCalm && random.chance(0.05) ? { tenantGone: windowWithin(random, start, publishUntil, hours(2)) } : {}),
    blobs: {
      count: random.whole(10, 40),
      lateShare: long.lateShare ?? 0.25,
      latestMs: random.pick([minutes(20), minutes(120)]),
      sameInstantShare: 0.3,
      repeatShare: 0.05,
      malformedShare,
      missingShare: mode === 'stuck' ? random.pick([0, 0.05, 0.15]) : 0,
      poisonShare: mode === 'stuck' ? random.pick([0, 0.05, 0.1]) : 0,
      throwingShare: mode === 'landing' && !isCalm ? trouble.pick([0, 0.05, 0.1]) : 0,
      mislabelledShare: mode === 'proxy' ? 0.05 : 0,
      driftShare: random.chance(0.1) && mode !== 'broken' ? 0.2 : 0,
      busy: long.busy.length > 0 ? long.busy : [{ start, end: publishUntil }],
      // A gap row that was written after the point of a restore is lost with it: see docs/exactly-once.md.
      ...(random.chance(0.2) && mode !== 'restore' && mode !== 'broken'
        ? { off: windowWithin(random, start, publishUntil, hours(1)) }
        : {}),
    },
  };
}

function windowPlan(seed: number, mode: Mode, random: Random, isCalm: boolean): Plan {
  const start = Date.UTC(2026, 10, 20) + random.between(0, hours(24));
  const publishFor = random.between(hours(5), hours(9));
  const offStart = start + random.between(hours(1), publishFor);
  const off = windowOutage(mode, random, { start, end: start + publishFor }, offStart);
  const outageFor = off ? off.end - off.start : 0;
  const faultsUntil = start + publishFor + outageFor + random.pick([hours(2), hours(20), hours(27)]);
  const trouble = new Random(seed, `trouble ${mode}`);
  const clockJumps = mode === 'graph-clock' && !isCalm ? clockJumpsOf(trouble, { start, end: faultsUntil }) : [];
  return {
    ...common(seed, mode, random, isCalm),
    start,
    publishUntil: start + publishFor,
    faultsUntil,
    end: faultsUntil + (mode === 'graph-stuck' ? days(9) : hours(80)),
    ...(off && random.chance(0.7) ? { off } : {}),
    outages: [
      ...outagesOf(random, start, faultsUntil, isCalm),
      ...(mode === 'graph-stuck' && !isCalm ? proxies(trouble, { start, end: faultsUntil }) : []),
      ...(off ? [{ ...off, kind: 'unavailable', of: 'everything' } as const] : []),
      ...silences(trouble, clockJumps),
    ],
    clockJumps,
    ...(mode === 'graph-clock' && !isCalm && trouble.chance(0.5) ? { ofCall: { 'lake.putOnce': latePuts } } : {}),
    ...(mode === 'graph-stuck' && !isCalm ? { landingThrows: windowWithin(trouble, start, faultsUntil, hours(3)) } : {}),
    ...(mode === 'graph-target' ? { doubleTick: 0.4 } : {}),
    listEveryMs: random.pick([minutes(5), minutes(15), minutes(30)]),
    sweepEveryMs: random.pick([minutes(5), minutes(15)]),
    ...(mode === 'graph-long' ? { throttled: random.pick([0.02, 0.1, 0.3]) } : {}),
    fetchTimeoutMs: mode === 'graph-zombie' ? minutes(5) : minutes(1),
    rows: {
      logType: random.chance(0.25) ? 'alerts' : 'sign-ins-interactive',
      count: random.whole(15, 70),
      lateShare: random.pick([0.05, 0.2, 0.4]),
      latestMs: random.pick([minutes(40), hours(4), hours(23)]),
      correctedShare: random.pick([0, 0.1, 0.3]),
      rowsPerPage: random.pick([1, 1, 2, 50]),
      ...(mode === 'graph-stuck'
        ? {
            fragile: fragileOf(trouble),
          }
        : {}),
      burstShare: random.pick([0, 0.5]),
      ...(off && mode !== 'graph-long'
        ? { heldBack: { until: { start: off.end, end: off.end + hours(1) }, share: random.pick([0.03, 0.1, 0.4]) } }
        : {}),
    },
  };
}

/** Windows of an hour are made for ever; only of longer ones, which a backlog makes, even one row is not to be had. */
function fragileOf(trouble: Random): NonNullable<RowPlan['fragile']> {
  const overMs = trouble.pick([minutes(45), minutes(45), hours(3)]);
  const how = trouble.pick(['times out', 'kills', 'garbled'] as const);
  return { overMs, how, isProbeToo: overMs > hours(1) && trouble.chance(0.7) };
}

/** As the runbook has it: nobody starts anything, and 20 minutes later nothing is under way any more, for no worker lives longer than five. */
function restored(random: Random, start: number, publishUntil: number): Pick<Plan, 'restore' | 'listTimeoutMs' | 'fetchTimeoutMs'> {
  const stoppedAt = random.between(start + minutes(30), publishUntil);
  const asOf = random.chance(0.1) ? 0 : stoppedAt - random.between(minutes(1), hours(3));
  const restoredAt = stoppedAt + minutes(20) + random.between(seconds(1), minutes(30));
  return { restore: { asOf, stoppedAt, restoredAt }, listTimeoutMs: minutes(5), fetchTimeoutMs: minutes(5) };
}

/** A tenant that is allowed few requests, or many; workers in one process, or in several that do not know of each other. */
function trafficOf(random: Random): Traffic {
  return { listMs: 400, fetchMs: 500, requestsPerMinute: random.pick([40, 2_000]), processes: random.pick([1, 1, 3]) };
}

type Common = Omit<Plan, 'start' | 'publishUntil' | 'faultsUntil' | 'end' | 'off' | 'outages' | 'blobs' | 'rows'>;

function common(seed: number, mode: Mode, random: Random, isCalm: boolean): Common {
  const isRace =
    mode === 'race' || mode === 'graph-race' || mode === 'restore' || mode === 'expiring' || (mode === 'long' && random.chance(0.7));
  const isZombie = mode === 'graph-zombie';
  const faults = isCalm ? noFaults : drawRates(random, [0, 0.002, 0.01, 0.02, 0.04]);
  const unless = (value: number): number => (isCalm ? 0 : value);
  return {
    seed,
    mode,
    isCalm,
    faults: { ...faults, ...(isZombie && !isCalm ? { crashLate: 0.03 } : {}) },
    ofCall: isCalm ? {} : { ...rareCalls, ...(isRace ? { 'lake.putOnce': racingPuts } : isZombie ? { 'lake.putOnce': latePuts } : {}) },
    doubleDelivery: unless(isRace ? 0.7 : isZombie ? 0.9 : random.pick([0, 0.03, 0.1, 0.3])),
    doubleWithinMs: isRace && !isLate(mode) ? 300 : isZombie ? seconds(60) : minutes(10),
    lateDelivery: unless(random.pick([0, 0.05, 0.2])),
    doubleTick: unless(0.08),
    missedTick: unless(0.05),
    slowestReadMs: isZombie ? seconds(250) : seconds(20),
    listEveryMs: random.pick([minutes(5), minutes(5), minutes(10)]),
    sweepEveryMs: minutes(5),
    staleClaims: unless(random.pick([0, 0.03, 0.2])),
    staleIndexMs: unless(random.pick([0, seconds(5), minutes(2)])),
    listTimeoutMs: random.pick([minutes(1), minutes(5), minutes(15)]),
    fetchTimeoutMs: random.pick([minutes(1), minutes(5), minutes(15)]),
    messagesPerWorker: random.pick([1, 1, 3]),
    workers: 3,
    maxReceives: random.pick([5, 10]),
    skewMs: random.pick([0, 0, 0, seconds(30), minutes(5)]),
    maxBlobsPerJob: random.pick([2, 3, 5, 40]),
    throttled: mode === 'stuck' ? random.pick([0, 0.1, 0.3]) : random.pick([0, 0.02, 0.1]),
    longRetryAfter: random.pick([0, 0.3]),
    flaky: unless(random.pick([0, 0.03, isRace ? 0.2 : 0.05])),
    truncated: unless(random.pick([0, 0.02, 0.05])),
    clockJumps: [],
    isMicrosoftNeverWell: mode === 'stuck',
    healing: 'on',
  };
}

const racingPuts: FaultRates = { before: 0.05, after: 0.1, crashBefore: 0.03, crashAfter: 0.1, crashLate: 0.1, stall: 0.2 };
const latePuts: FaultRates = { before: 0.02, after: 0.05, crashBefore: 0.02, crashAfter: 0.2, crashLate: 0.3, stall: 0.1 };
/** What is called once a seed would hardly ever fail. */
const rareCalls: Plan['ofCall'] = {
  'microsoft.startSubscription': { before: 0.1, after: 0.1, crashBefore: 0.05, crashAfter: 0.05, crashLate: 0.2, stall: 0.1 },
};

function drawRates(random: Random, choices: readonly number[]): FaultRates {
  return {
    before: random.pick(choices),
    after: random.pick(choices),
    crashBefore: random.pick(choices),
    crashAfter: random.pick(choices),
    crashLate: random.pick(choices),
    stall: random.pick(choices),
  };
}
