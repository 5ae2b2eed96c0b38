/** What a seed does: how long, how often each fault, what Microsoft has. Rates are drawn per seed, so that seeds differ in kind. */

import { days, hours, minutes, seconds, type Instant, type Window } from '../../shared/domain/window.ts';
import { Random } from './random.ts';

export const contentModes = ['mixed', 'race', 'long', 'stuck'] as const;
export const windowModes = ['graph-mixed', 'graph-race', 'graph-target', 'graph-long', 'graph-zombie'] as const;
export type Mode = (typeof contentModes)[number] | (typeof windowModes)[number];
export const modes: readonly Mode[] = [...contentModes, ...windowModes];

/** Shares of port calls that go wrong in each way. */
export interface FaultRates {
  /** Fails and has done nothing. */
  readonly before: number;
  /** Is done, and the answer is lost. */
  readonly after: number;
  readonly crashBefore: number;
  readonly crashAfter: number;
  /** The caller dies now, the call takes effect up to 15 minutes later. */
  readonly crashLate: number;
  /** Takes 5 to 400 seconds. */
  readonly stall: number;
}

/** A time in which Microsoft does not serve. */
export interface Outage extends Window {
  readonly kind: 'throttled' | 'unavailable' | 'refused';
  readonly of: 'everything' | 'listing' | 'fetching';
}

/**
 * What mends what went wrong, and hides it from whoever looks at the outcome alone: the overlap, the deep lists (both switched off by
 * the runner, while Microsoft lists nothing late), and the sweep, which rests until the faults are over unless it is `sweep-only`.
 */
export type Healing = 'on' | 'sweep-only' | 'off';

export interface BlobPlan {
  readonly count: number;
  readonly lateShare: number;
  readonly latestMs: number;
  readonly sameInstantShare: number;
  readonly repeatShare: number;
  /** Content that can never be read, is never there, kills its worker when it is fetched or when it is landed. */
  readonly malformedShare: number;
  readonly missingShare: number;
  readonly deadlyShare: number;
  /** contentCreated differs between two listings. */
  readonly driftShare: number;
  /** When most is published. */
  readonly busy: readonly Window[];
  /** The subscription is off then. */
  readonly off?: Window;
}

export interface RowPlan {
  readonly logType: 'sign-ins-interactive' | 'alerts';
  readonly count: number;
  readonly lateShare: number;
  readonly latestMs: number;
  readonly correctedShare: number;
  readonly rowsPerPage: number;
  /** Rows that are served only after an outage, while everything that it held up is read. */
  readonly heldBack?: { readonly until: Window; readonly share: number };
  /** Rows that fall together into a few minutes, so that a window has too many pages. */
  readonly burstShare: number;
}

export interface Plan {
  readonly seed: number;
  readonly mode: Mode;
  /** No fault at all: what is asserted of the calm holds then as well. */
  readonly isCalm: boolean;
  readonly start: Instant;
  /** Microsoft publishes until then. */
  readonly publishUntil: Instant;
  readonly faultsUntil: Instant;
  /** Everything has to be in order by then. */
  readonly end: Instant;
  /** The pipeline is switched off then: no tick, no delivery. */
  readonly off?: Window;
  readonly faults: FaultRates;
  readonly putFaults: FaultRates;
  readonly doubleDelivery: number;
  readonly doubleWithinMs: number;
  readonly lateDelivery: number;
  readonly doubleTick: number;
  readonly missedTick: number;
  /** A read of a window takes at most that long. */
  readonly slowestReadMs: number;
  readonly listEveryMs: number;
  readonly sweepEveryMs: number;
  /** Claims that an eventually consistent read misses. */
  readonly staleClaims: number;
  readonly staleIndexMs: number;
  readonly listTimeoutMs: number;
  readonly fetchTimeoutMs: number;
  readonly messagesPerWorker: number;
  readonly workers: number;
  readonly maxReceives: number;
  readonly skewMs: number;
  readonly maxBlobsPerJob: number;
  readonly throttled: number;
  readonly longRetryAfter: number;
  readonly flaky: number;
  readonly truncated: number;
  /** The tenant is not configured then. */
  readonly tenantGone?: Window;
  /** Throttling and flakiness do not end with the other faults. */
  readonly isMicrosoftNeverWell: boolean;
  readonly healing: Healing;
  readonly outages: readonly Outage[];
  readonly blobs?: BlobPlan;
  readonly rows?: RowPlan;
}

/** The mode of a seed when none is asked for: most seeds are content, every mode comes often. */
export function modeOf(seed: number): Mode {
  const mix: readonly Mode[] = [
    ...['mixed', 'race', 'mixed', 'long', 'mixed', 'race', 'stuck', 'mixed', 'race', 'mixed', 'long', 'mixed'],
    ...['graph-mixed', 'graph-race', 'graph-target', 'graph-long', 'graph-zombie'],
  ] as Mode[];
  return mix[seed % mix.length] ?? 'mixed';
}

export function planOf(seed: number, mode: Mode, healing: Healing = 'on'): Plan {
  const random = new Random(seed, `plan ${mode}`);
  const isCalm = random.chance(0.08);
  const isWindows = windowModes.includes(mode as (typeof windowModes)[number]);
  const base = isWindows ? windowPlan(seed, mode, random, isCalm) : contentPlan(seed, mode, random, isCalm);
  // Without overlap, a clock that is ahead closes an hour before it is over.
  return { ...base, healing, ...(healing === 'on' ? {} : { skewMs: 0 }) };
}

function contentPlan(seed: number, mode: Mode, random: Random, isCalm: boolean): Plan {
  const start = Date.UTC(2026, 10, 20) + (random.chance(0.6) ? random.between(hours(20), hours(24)) : random.between(0, hours(24)));
  const publishFor = random.between(hours(2), hours(4));
  const long = mode === 'long' ? longOutage(random, start, publishFor) : { lastsMs: 0, outages: [], busy: [] };
  const publishUntil = start + publishFor + long.lastsMs;
  const faultsUntil = publishUntil + hours(1);
  return {
    ...common(seed, mode, random, isCalm),
    start,
    publishUntil,
    faultsUntil,
    end: faultsUntil + (mode === 'stuck' ? days(12) : hours(14)),
    ...(long.off ? { off: long.off } : {}),
    outages: [...outagesOf(random, start, publishUntil, isCalm), ...long.outages],
    ...(!isCalm && random.chance(0.05) ? { tenantGone: windowWithin(random, start, publishUntil, hours(2)) } : {}),
    blobs: {
      count: random.whole(10, 40),
      lateShare: 0.25,
      latestMs: random.pick([minutes(20), minutes(120)]),
      sameInstantShare: 0.3,
      repeatShare: 0.05,
      malformedShare: random.pick([0, 0, 0.03, 0.1]),
      missingShare: mode === 'stuck' ? random.pick([0, 0.05, 0.15]) : 0,
      deadlyShare: mode === 'stuck' ? random.pick([0, 0.05, 0.1]) : 0,
      driftShare: random.chance(0.1) ? 0.2 : 0,
      busy: long.busy.length > 0 ? long.busy : [{ start, end: publishUntil }],
      ...(random.chance(0.15) ? { off: windowWithin(random, start, publishUntil, hours(1)) } : {}),
    },
  };
}

function windowPlan(seed: number, mode: Mode, random: Random, isCalm: boolean): Plan {
  const start = Date.UTC(2026, 10, 20) + random.between(0, hours(24));
  const publishFor = random.between(hours(5), hours(9));
  const outageFor =
    mode === 'graph-long'
      ? random.between(days(27), days(33))
      : mode === 'graph-target' || mode === 'graph-zombie'
        ? random.between(hours(2), hours(40))
        : 0;
  const offStart = start + random.between(hours(1), publishFor);
  const off = outageFor > 0 ? { start: offStart, end: offStart + outageFor } : undefined;
  const faultsUntil = start + publishFor + outageFor + random.pick([hours(2), hours(20), hours(27)]);
  return {
    ...common(seed, mode, random, isCalm),
    start,
    publishUntil: start + publishFor,
    faultsUntil,
    end: faultsUntil + hours(80),
    ...(off && random.chance(0.7) ? { off } : {}),
    outages: [
      ...outagesOf(random, start, faultsUntil, isCalm),
      ...(off ? [{ ...off, kind: 'unavailable', of: 'everything' } as const] : []),
    ],
    ...(mode === 'graph-target' ? { doubleTick: 0.4 } : {}),
    listEveryMs: random.pick([minutes(5), minutes(15), minutes(30)]),
    sweepEveryMs: random.pick([minutes(5), minutes(15)]),
    fetchTimeoutMs: mode === 'graph-zombie' ? minutes(5) : minutes(1),
    rows: {
      logType: random.chance(0.25) ? 'alerts' : 'sign-ins-interactive',
      count: random.whole(15, 70),
      lateShare: random.pick([0.05, 0.2, 0.4]),
      latestMs: random.pick([minutes(40), hours(4), hours(23)]),
      correctedShare: random.pick([0, 0.1, 0.3]),
      rowsPerPage: random.pick([1, 1, 2, 50]),
      burstShare: random.pick([0, 0.5]),
      ...(off && mode !== 'graph-long'
        ? { heldBack: { until: { start: off.end, end: off.end + hours(1) }, share: random.pick([0.03, 0.1, 0.4]) } }
        : {}),
    },
  };
}

interface LongOutage {
  readonly lastsMs: number;
  readonly outages: readonly Outage[];
  readonly busy: readonly Window[];
  /** Nothing of ours runs; else it runs, and Microsoft does not answer. */
  readonly off?: Window;
}

function longOutage(random: Random, start: Instant, publishFor: number): LongOutage {
  const kind = random.next();
  if (kind < 0.5) return expiringOutage(random, start, publishFor);
  const from = start + publishFor / 2;
  const lastsMs =
    kind < 0.7 ? days(7) - random.between(0, hours(3)) : kind < 0.9 ? random.between(days(5), days(9)) : random.between(days(36), days(40));
  const off = { start: from, end: from + lastsMs };
  const whole = { start, end: start + publishFor + lastsMs };
  const busy = [{ start, end: start + publishFor }, { start: whole.end - hours(4), end: whole.end }, whole];
  const outages: Outage[] = [{ ...off, kind: 'unavailable', of: 'everything' }];
  return { lastsMs, outages, busy, ...(random.chance(0.7) ? { off } : {}) };
}

/** Everything is listed and nothing fetched, until some of it has expired and the rest is about to. */
function expiringOutage(random: Random, start: Instant, publishFor: number): LongOutage {
  const end = start + days(7) + random.between(-minutes(10), minutes(40));
  return {
    lastsMs: days(7) - publishFor + hours(2),
    outages: [{ start, end, kind: 'unavailable', of: 'fetching' }],
    busy: [{ start, end: start + hours(1) }],
  };
}

type Common = Omit<Plan, 'start' | 'publishUntil' | 'faultsUntil' | 'end' | 'off' | 'outages' | 'blobs' | 'rows'>;

function common(seed: number, mode: Mode, random: Random, isCalm: boolean): Common {
  const isRace = mode === 'race' || mode === 'graph-race' || (mode === 'long' && random.chance(0.7));
  const isZombie = mode === 'graph-zombie';
  const faults = isCalm ? noFaults : drawRates(random, [0, 0.002, 0.01, 0.02, 0.04]);
  const unless = (value: number): number => (isCalm ? 0 : value);
  return {
    seed,
    mode,
    isCalm,
    faults: { ...faults, ...(isZombie && !isCalm ? { crashLate: 0.03 } : {}) },
    putFaults:
      (isRace || isZombie) && !isCalm
        ? { before: 0.05, after: 0.1, crashBefore: 0.03, crashAfter: 0.1, crashLate: 0.1, stall: 0.2 }
        : faults,
    doubleDelivery: unless(isRace || isZombie ? 0.7 : random.pick([0, 0.03, 0.1, 0.3])),
    doubleWithinMs: isRace && mode !== 'long' ? 300 : isZombie ? seconds(60) : minutes(10),
    lateDelivery: unless(random.pick([0, 0.05, 0.2])),
    doubleTick: unless(0.08),
    missedTick: unless(0.05),
    slowestReadMs: isZombie ? seconds(200) : seconds(20),
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
    isMicrosoftNeverWell: mode === 'stuck',
    healing: 'on',
  };
}

export const noFaults: FaultRates = { before: 0, after: 0, crashBefore: 0, crashAfter: 0, crashLate: 0, stall: 0 };

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

function outagesOf(random: Random, from: Instant, to: Instant, isCalm: boolean): Outage[] {
  const count = random.whole(0, 2);
  return Array.from({ length: count }, () => ({
    ...windowWithin(random, from, to, hours(2)),
    // Throttling is Microsoft's calm.
    kind: isCalm ? 'throttled' : random.pick(['throttled', 'unavailable', 'unavailable', 'refused'] as const),
    of: random.pick(['everything', 'listing', 'fetching', 'fetching'] as const),
  }));
}

function windowWithin(random: Random, from: Instant, to: Instant, longestMs: number): Window {
  const start = random.between(from, to);
  return { start, end: start + random.between(minutes(5), longestMs) };
}
