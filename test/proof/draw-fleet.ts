/** Draws a seed of several tenants with several streams each, and what runs them. */

import { hours, minutes, type Window } from '../../shared/domain/window.ts';
import { outagesOf } from './draw-outage.ts';
import type { BlobPlan, FaultRates, Mode, Plan } from './plan.ts';
import { Random } from './random.ts';

/** Two tenants, and of each one stream of content and one of windows. */
const kinds: readonly Mode[] = ['mixed', 'graph-mixed', 'mixed', 'graph-mixed'];

/** @param base Draws a stream of its own; its times are moved to those of the seed. */
export function fleetPlan(seed: number, runner: 'functions' | 'follow' | 'drain', base: (seed: number, kind: Mode) => Plan): Plan {
  const random = new Random(seed, `fleet ${runner}`);
  const start = Date.UTC(2026, 10, 20) + random.between(0, hours(24));
  const publishUntil = start + random.between(hours(1), hours(2.5));
  const span = { start, end: publishUntil };
  const common = base(seed, 'mixed');
  const isCalm = common.isCalm && runner === 'functions';
  const shared: Partial<Plan> = {
    ...span,
    ...{ mode: runner, isCalm, publishUntil, faultsUntil: publishUntil + hours(1), end: publishUntil + hours(80), clockJumps: [] },
    ...(runner === 'functions' ? { faults: common.faults, ofCall: common.ofCall } : { faults: gentle(random), ofCall: {} }),
    ...{ listEveryMs: random.pick([minutes(5), minutes(10)]), fetchTimeoutMs: minutes(5), listTimeoutMs: minutes(5) },
    ...{ slowestReadMs: common.slowestReadMs, workers: 4, skewMs: common.skewMs, messagesPerWorker: common.messagesPerWorker },
  };
  const drawn = (kind: Mode, index: number): Plan => {
    const own = seed * kinds.length + index;
    return isCalm ? firstCalm(own, kind, base) : base(own, kind);
  };
  const streams = kinds.map((kind, index) => streamPlan(drawn(kind, index), shared, span, random, isCalm));
  const [first] = streams;
  if (!first) throw new Error('a fleet has no stream');
  return { ...first, seed, fleet: { runner, streams } };
}

/** Where the whole is calm, Microsoft refuses nothing in any stream. */
function firstCalm(seed: number, kind: Mode, base: (seed: number, kind: Mode) => Plan): Plan {
  for (let own = seed; ; own += 7919) {
    const plan = base(own, kind);
    if (plan.isCalm) return plan;
  }
}

/** A process that does everything dies of one call in hundreds, not in dozens. */
function gentle(random: Random): FaultRates {
  const deaths = (): number => random.pick([0, 0.0005, 0.002]);
  const failures = (): number => random.pick([0, 0.005, 0.02]);
  return {
    ...{ before: failures(), after: failures(), crashBefore: deaths(), crashAfter: deaths(), crashLate: deaths() },
    stall: random.pick([0, 0.002]),
  };
}

function streamPlan(drawn: Plan, shared: Partial<Plan>, span: Window, random: Random, isCalm: boolean): Plan {
  const { tenantGone: _gone, tenantElsewhere: _elsewhere, off: _off, blobs, rows, ...rest } = drawn;
  return {
    ...rest,
    ...shared,
    outages: outagesOf(random, span.start, span.end + hours(1), isCalm),
    ...(blobs && { blobs: { ...withoutOff(blobs), count: Math.min(blobs.count, 20), malformedShare: 0, busy: [span] } }),
    ...(rows && { rows: { ...rows, logType: 'sign-ins-interactive', count: Math.min(rows.count, 30) } }),
  };
}

function withoutOff({ off: _off, ...blobs }: BlobPlan): BlobPlan {
  return blobs;
}
