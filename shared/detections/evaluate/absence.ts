/** Absence: nothing of a kind, in a stream that is complete to then. */

import type { Instant } from '../../domain/window.ts';

/** What a stream had. */
export interface Presence {
  /** Hours (their first instants) with a record that matches, in any order. */
  readonly hours: readonly Instant[];
  /** Everything before it has landed: the ledger says so. */
  readonly completeTo: Instant;
}

const hourMs = 3_600_000;

/**
 * The first hours of silences: each follows an hour with a record, lasts `quietMs`, and lies before what is complete. A stream that never had
 * a record is not silent but not in use.
 */
export function silences({ hours, completeTo }: Presence, quietMs: number): readonly Instant[] {
  const sorted = [...new Set(hours)].sort((a, b) => a - b);
  return sorted.flatMap((hour, index) => {
    const begins = hour + hourMs;
    const next = sorted[index + 1] ?? Number.POSITIVE_INFINITY;
    return Math.min(next, completeTo) >= begins + quietMs ? [begins] : [];
  });
}
