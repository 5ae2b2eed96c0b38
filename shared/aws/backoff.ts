import { createHash } from 'node:crypto';
import type { Clock } from '../ports/clock.ts';

/** Attempts before a store that only throttles is given up for this call; together they wait about 15 seconds. */
export const maxAttempts = 10;

/**
 * Sleeps before the next attempt: 25 ms doubled up to 3 s, half of it spread.
 *
 * @param salt Makes the spread differ between those that collide.
 */
export async function backOff(clock: Clock, attempt: number, salt: string): Promise<void> {
  const fullMs = Math.min(25 * 2 ** attempt, 3_000);
  await clock.sleep(Math.round(fullMs / 2 + (fullMs / 2) * fraction(`${salt}#${String(attempt)}`)));
}

function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
