import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../shared/ports/clock.ts';

/** The sandbox's clock. */
export const lambdaClock: Clock = {
  /** Milliseconds since 1970, of the sandbox. */
  now: () => Date.now(),
  /** @param ms Milliseconds; the function is paid while it sleeps. */
  sleep: async (ms) => {
    await setTimeout(ms);
  },
};
