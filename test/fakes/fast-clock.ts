import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../shared/ports/clock.ts';

/**
 * The machine's clock, running `factor` times as fast: Microsoft's limits and our pauses are kept, and a test need not sit them out.
 *
 * @param from What it shows at first; the time it is when absent.
 */
export function fastClock(factor: number, from = Date.now()): Clock {
  const start = Date.now();
  return {
    now: () => Math.round(from + (Date.now() - start) * factor),
    sleep: async (ms) => {
      await setTimeout(ms / factor);
    },
  };
}
