import type { Instant } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';

const tickMs = 2;
/** A turn of the event loop that took longer has not been longer on this clock: a busy machine makes no deadline pass. */
const longestTickMs = 20;

/**
 * A clock that runs `factor` times as fast as the machine's while this process gets its turns, and slower while it does not: Microsoft's
 * limits and our pauses are kept, and a test need not sit them out.
 *
 * @param from What it shows at first; the time it is when absent.
 */
export function fastClock(factor: number, from: Instant = Date.now()): Clock {
  let [time, seen] = [from, performance.now()];
  let sleepers: { readonly until: Instant; readonly wake: () => void }[] = [];
  setInterval(() => {
    const real = performance.now();
    time += Math.min(real - seen, longestTickMs) * factor;
    seen = real;
    const due = sleepers.filter(({ until }) => until <= time);
    sleepers = sleepers.filter(({ until }) => until > time);
    for (const { wake } of due) wake();
  }, tickMs).unref();
  return {
    now: () => Math.round(time),
    sleep: (ms) =>
      new Promise((wake) => {
        sleepers.push({ until: time + ms, wake });
      }),
  };
}
