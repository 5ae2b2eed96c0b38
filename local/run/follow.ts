/** Collects for ever: every source on its schedule, the sweep on its own, the workers all the time. */

import { hours, seconds, type Instant } from '../../shared/domain/window.ts';
import { firstRuns, listEveryMs, type Collector, type Source } from '../collector.ts';
import type { Ground } from '../connect.ts';

const sweepEveryMs = seconds(30);
const forgetEveryMs = hours(24);
const tickMs = seconds(1);

/**
 * Runs until it is stopped, then lets what has begun end. A list or a sweep that fails is tried again at its next time.
 *
 * @param onTick Called about once a second.
 */
export async function follow(
  ground: Ground,
  collector: Collector,
  isStopped: () => boolean,
  onTick: (now: Instant) => void,
): Promise<void> {
  const { clock, log, ledger } = ground;
  await collector.sweep('all');
  const working = collector.work(isStopped);
  const schedule = firstRuns(collector.sources, clock.now());
  const running = new Map<Source, Promise<unknown>>();
  let [sweepAt, forgetAt] = [clock.now() + sweepEveryMs, clock.now()];

  const attempt = (what: string, work: Promise<unknown>): Promise<unknown> =>
    work.catch((error: unknown) => {
      log.error(`${what} failed and is tried again`, { error: String(error) });
    });
  while (!isStopped()) {
    const now = clock.now();
    for (const [source, at] of schedule) {
      if (at > now || running.has(source)) continue;
      schedule.set(source, now + listEveryMs);
      running.set(
        source,
        attempt('a list', collector.list(source)).finally(() => running.delete(source)),
      );
    }
    if (sweepAt <= now) {
      sweepAt = now + sweepEveryMs;
      await attempt('the sweep', collector.sweep('due'));
    }
    if (forgetAt <= now) {
      forgetAt = now + forgetEveryMs;
      await ledger.forget(now);
    }
    onTick(now);
    await clock.sleep(tickMs);
  }
  await Promise.all([working, ...running.values()]);
}
