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

/** Ends after so many ms, for which alone the process does not go on. */
export async function unlessEnded(ms: number): Promise<void> {
  await setTimeout(ms, undefined, { ref: false });
}
