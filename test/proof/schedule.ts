/** The schedule: a tick is missed now and then, or comes twice; while nothing is expected for long, it comes seldom. */

import { days, hours, minutes, seconds, type Instant } from '../../shared/domain/window.ts';
import type { Ground } from './ground.ts';
import { Random } from './random.ts';
import type { Stations } from './stations.ts';

export function keepSchedule(ground: Ground, stations: Stations): void {
  const { plan } = ground;
  const random = new Random(plan.seed, 'schedule');
  tick(ground, random, plan.start, plan.listEveryMs, () => {
    stations.list();
  });
  tick(ground, random, plan.start + minutes(2), plan.sweepEveryMs, () => {
    if (plan.healing !== 'off' || !ground.isFaulty) stations.sweep();
  });
  forget(ground, plan.start + hours(6));
}

function tick(ground: Ground, random: Random, at: Instant, everyMs: number, start: () => void): void {
  const { plan, scheduler } = ground;
  scheduler.at(at, () => {
    tick(ground, random, at + pace(ground, at, everyMs), everyMs, start);
    if (ground.isOff) return;
    if (ground.isFaulty && random.chance(plan.missedTick)) return;
    start();
    if (!ground.isFaulty || !random.chance(plan.doubleTick)) return;
    scheduler.after(random.between(0, random.chance(0.5) ? seconds(1) : minutes(4)), () => {
      if (!ground.isOff) start();
    });
  });
}

function pace({ plan }: Ground, now: Instant, everyMs: number): number {
  const isDown = plan.outages.some(({ start, end }) => end - start > days(1) && now >= start && now < end - hours(6));
  const isLongHealed = now > plan.faultsUntil + hours(12);
  const seldomMs = plan.rows ? hours(1) : hours(5);
  return Math.max(everyMs, isDown ? hours(5) : isLongHealed ? seldomMs : 0);
}

/** Times to live go by. */
function forget(ground: Ground, at: Instant): void {
  ground.scheduler.at(at, () => {
    ground.archive();
    void ground.ledger.forget(ground.scheduler.now);
    forget(ground, at + hours(6));
  });
}
