import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../shared/ports/clock.ts';

/** The machine's clock. */
export const systemClock: Clock = {
  /** Milliseconds since 1970. */
  now: () => Date.now(),
  /** Ends no earlier than so many ms from now. */
  sleep: async (ms) => {
    await setTimeout(ms);
  },
};
