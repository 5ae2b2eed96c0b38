/** Time, as the stations know it. */

import type { Instant } from '../domain/window.ts';

export interface Clock {
  now(): Instant;
  sleep(ms: number): Promise<void>;
}
