import type { Instant } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';

/** A clock on which every sleep is over at once, and was as long as it was asked to be. */
export function leapingClock(start: Instant): Clock {
  let time = start;
  return {
    now: () => time,
    sleep: (ms) => {
      time += ms;
      return Promise.resolve();
    },
  };
}
