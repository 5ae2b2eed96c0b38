/** Time, as the stations know it. */

import type { Instant } from '../domain/window.ts';

/** The time, and waiting. Stations take both from here, so that a simulation can decide them. */
export interface Clock {
  now(): Instant;
  sleep(ms: number): Promise<void>;
}
