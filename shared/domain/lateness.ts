/** How late Microsoft lists content, as far as our own lists prove it. */

import { hours, minutes, type Instant } from './window.ts';

/** Counts of content blobs since a moment, by how long after their creation a list still did not have them. */
export interface Lateness {
  /** Only what became available since is counted: the past was listed late by us, not by Microsoft. */
  readonly since: Instant;
  /** One a bound of {@link latenessBounds}, and one for everything above. */
  readonly counts: readonly number[];
}

/** Upper bounds, in ms. The first is for blobs that the first list after their creation had. */
export const latenessBounds: readonly number[] = [
  0,
  minutes(5),
  minutes(15),
  minutes(30),
  hours(1),
  hours(2),
  hours(6),
  hours(12),
  hours(24),
  hours(72),
];

/** Nothing counted yet, of a stream whose counting begins at `since`. */
export const noLateness = (since: Instant): Lateness => ({ since, counts: Array<number>(latenessBounds.length + 1).fill(0) });

/** A list that covered everything created since `from`, as of `at`. */
export interface EarlierList {
  readonly from: Instant;
  readonly at: Instant;
}

/**
 * How late a blob is that is listed for the first time: from its creation to the last list that covered its time and did not have it.
 * Our own outages add nothing to it.
 */
export function provenLatenessMs(created: Instant, earlier: readonly EarlierList[]): number {
  const missed = earlier.filter(({ from, at }) => from <= created && created < at);
  return missed.reduce((late, { at }) => Math.max(late, at - created), 0);
}

/**
 * The counts with blobs that were listed now for the first time.
 *
 * @param created When each became available, by Microsoft's word.
 * @param earlier Lists that did not have them.
 */
export function noteLateness(lateness: Lateness, created: readonly Instant[], earlier: readonly EarlierList[]): Lateness {
  const counts = [...lateness.counts];
  for (const time of created) {
    if (time < lateness.since) continue;
    const late = provenLatenessMs(time, earlier);
    const bound = latenessBounds.findIndex((most) => late <= most);
    const index = bound < 0 ? latenessBounds.length : bound;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return { since: lateness.since, counts };
}
