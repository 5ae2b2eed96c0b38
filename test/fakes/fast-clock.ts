import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../shared/ports.ts';

/** The machine's clock, running `factor` times as fast: Microsoft's limits and our pauses are kept, and a test need not sit them out. */
export function fastClock(factor: number): Clock {
  const start = Date.now();
  return {
    now: () => Math.round(start + (Date.now() - start) * factor),
    sleep: async (ms) => {
      await setTimeout(ms / factor);
    },
  };
}
