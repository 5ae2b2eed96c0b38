/** Draws what a single rule is about: deep lists, suspensions, and where a stream begins. */

import { days, hours, minutes, type Instant, type Window } from '../../shared/domain/window.ts';
import { windowWithin } from './draw-outage.ts';
import type { BlobPlan, Outage, Plan } from './plan.ts';
import type { Random } from './random.ts';

/** The plan of a mode that is about one rule, from what any seed of its kind has. Nothing else goes wrong in the calm. */
export function aboutRules(plan: Plan, random: Random): Plan {
  const { mode, outages, isCalm, brokenHour: _broken, tenantGone: _gone, tenantElsewhere: _elsewhere, ...rest } = plan;
  const base: Plan = { ...rest, mode, isCalm, outages: isCalm ? [] : outages, throttled: isCalm ? 0 : plan.throttled };
  if (mode === 'late') return late(base, random);
  return mode === 'begin' || mode === 'graph-begin' ? begin(base, random) : refused(base, random);
}

/** Half of all content is listed hours to days after it became available. */
function late(plan: Plan, random: Random): Plan {
  const faultsUntil = plan.publishUntil + hours(26);
  const latestMs = random.pick([hours(3), hours(20), days(5)]);
  return {
    ...plan,
    // Old enough for a daily deep list to take several runs.
    begunEarlier: plan.start - days(8),
    ...{ faultsUntil, end: faultsUntil + days(9), listEveryMs: minutes(15) },
    ...(plan.blobs && { blobs: { ...plain(plan.blobs), lateShare: 0.5, latestMs } }),
  };
}

/** The credential or its permissions are refused, up to three times, for minutes up to six hours. */
function refused(plan: Plan, random: Random): Plan {
  const refusals = Array.from({ length: random.whole(1, 3) }, (): Outage => ({
    ...windowWithin(random, plan.start + minutes(20), plan.publishUntil, random.pick([minutes(20), hours(2), hours(6)])),
    ...{ kind: 'refused', of: random.pick(['everything', 'listing', 'listing']) },
  }));
  const [last = plan.publishUntil] = refusals.map(({ end }) => end).sort((a, b) => b - a);
  const faultsUntil = Math.max(plan.faultsUntil, last);
  return {
    ...plan,
    ...{ faultsUntil, end: plan.end + faultsUntil - plan.faultsUntil, outages: [...plan.outages, ...refusals] },
    ...(plan.blobs && { blobs: { ...plain(plan.blobs), ...offMeanwhile(refusals, random) } }),
    ...(plan.rows && { rows: { ...plan.rows, logType: 'sign-ins-interactive' } }),
  };
}

/** The subscription may end while nobody sees it. */
function offMeanwhile([refusal]: readonly Outage[], random: Random): Pick<BlobPlan, 'off'> {
  return refusal && random.chance(0.4) ? { off: { start: random.between(refusal.start, refusal.end), end: refusal.end } } : {};
}

/** Microsoft has published for longer than it serves anything when the stream begins. */
function begin(plan: Plan, random: Random): Plan {
  const servedMs = plan.blobs ? days(7) : days(30);
  const begunEarlier = plan.start - servedMs - days(1);
  return {
    ...plan,
    begunEarlier,
    ...(plan.blobs && { blobs: { ...plain(plan.blobs), busy: busyBefore(plan, servedMs, begunEarlier) } }),
    ...(plan.rows && {
      rows: { ...plan.rows, logType: 'sign-ins-interactive', count: random.whole(60, 120), burstShare: 0, correctedShare: 0 },
    }),
  };
}

/** Much of it about to expire. */
function busyBefore({ start, publishUntil }: Plan, servedMs: number, begunEarlier: Instant): Window[] {
  return [
    { start: begunEarlier, end: publishUntil },
    { start: start - servedMs, end: start - servedMs + hours(3) },
  ];
}

/** Content that can be read, from a subscription that is never off. */
function plain({ off: _off, ...blobs }: BlobPlan): BlobPlan {
  return { ...blobs, malformedShare: 0, driftShare: 0 };
}
