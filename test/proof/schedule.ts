/** The schedule: a tick is missed now and then, or comes twice; while nothing is expected for long, it comes seldom. */

import { days, hours, minutes, seconds, type Instant } from '../../shared/domain/window.ts';
import type { Harness } from './harness.ts';
import { Random } from './random.ts';
import type { Stations } from './stations.ts';

/** Starts list and sweep as often as the plan says, for as long as the seed lasts. */
export function keepSchedule(harness: Harness, stations: Stations): void {
  const { plan } = harness;
  const random = new Random(plan.seed, 'schedule');
  tick(harness, random, plan.start, plan.listEveryMs, () => {
    stations.list();
  });
  tick(harness, random, plan.start + minutes(2), plan.sweepEveryMs, () => {
    if (plan.healing !== 'off' || !harness.isFaulty) stations.sweep();
  });
  forget(harness, plan.start + hours(6));
}

function tick(harness: Harness, random: Random, at: Instant, everyMs: number, start: () => void): void {
  const { plan, scheduler } = harness;
  scheduler.at(at, () => {
    tick(harness, random, at + pace(harness, at, everyMs), everyMs, start);
    if (harness.isOff) return;
    if (harness.isFaulty && random.chance(plan.missedTick)) return;
    start();
    if (!harness.isFaulty || !random.chance(plan.doubleTick)) return;
    scheduler.after(random.between(0, random.chance(0.5) ? seconds(1) : minutes(4)), () => {
      if (!harness.isOff) start();
    });
  });
}

function pace({ plan }: Harness, now: Instant, everyMs: number): number {
  const isDown = plan.outages.some(({ start, end }) => end - start > days(1) && now >= start && now < end - hours(6));
  const isLongHealed = now > plan.faultsUntil + hours(12);
  const seldomMs = plan.rows ? hours(1) : hours(2);
  return Math.max(everyMs, isDown ? hours(5) : isLongHealed ? seldomMs : 0);
}

/** Times to live go by. */
function forget(harness: Harness, at: Instant): void {
  harness.scheduler.at(at, () => {
    harness.archive();
    void harness.ledger.forget(harness.scheduler.now);
    forget(harness, at + hours(6));
  });
}
