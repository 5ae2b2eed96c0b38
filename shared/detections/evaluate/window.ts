/**
 * Windows: at least so many within so long.
 *
 * An anchor is a hit at which the window before it, (t - within, t], holds enough. A finding is a bucket that has an anchor. More hits make
 * more anchors and take none away: so neither order, repetition nor lateness of what lands can lose or repeat a finding.
 */

import type { WindowKind } from '../detection.ts';
import type { Instant } from '../../domain/window.ts';
import { eachOnce, type Hit } from './hit.ts';

/** One bucket that has an anchor, and what its anchors saw. */
export interface Occurrence {
  /** The bucket's first instant: the finding's key within its group. */
  readonly bucket: Instant;
  /** Every hit that an anchor of the bucket counted, in the order of their times. */
  readonly hits: readonly Hit[];
  /** The most that any anchor counted. */
  readonly count: number;
}

/** The buckets of a timeline that have an anchor, in the order of time. @param timeline In any order; repeated hits count once. */
export function windowOccurrences(timeline: readonly Hit[], { counts, least, withinMs, bucketMs }: WindowKind): readonly Occurrence[] {
  const hits = eachOnce(timeline);
  const tally = tallies[counts]();
  const found = new Map<Instant, { count: number; from: number; to: number; ranges: (readonly [number, number])[] }>();
  let first = 0;
  for (const [index, hit] of hits.entries()) {
    tally.add(hit);
    for (let oldest = hits[first]; oldest && oldest.time <= hit.time - withinMs; oldest = hits[first]) {
      tally.remove(oldest);
      first += 1;
    }
    if (tally.count() < least) continue;
    const bucket = floorTo(hit.time, bucketMs);
    const entry = found.get(bucket) ?? { count: 0, from: first, to: index, ranges: [] };
    found.set(bucket, entry);
    entry.count = Math.max(entry.count, tally.count());
    if (first <= entry.to) entry.to = index;
    else {
      entry.ranges.push([entry.from, entry.to]);
      [entry.from, entry.to] = [first, index];
    }
  }
  return [...found].map(([bucket, { count, from, to, ranges }]) => ({
    bucket,
    count,
    hits: [...ranges, [from, to] as const].flatMap(([start, end]) => hits.slice(start, end + 1)),
  }));
}

/** Down to a whole number of steps since 1970. */
export const floorTo = (time: Instant, stepMs: number): Instant => Math.floor(time / stepMs) * stepMs;

interface Tally {
  add(hit: Hit): void;
  remove(hit: Hit): void;
  count(): number;
}

const tallies: Readonly<Record<WindowKind['counts'], () => Tally>> = { events: countEvents, values: countValues, sum: sumValues };

function countEvents(): Tally {
  let events = 0;
  return {
    add: () => {
      events += 1;
    },
    remove: () => {
      events -= 1;
    },
    count: () => events,
  };
}

/** A hit without a value counts for none. */
function countValues(): Tally {
  const values = new Map<string, number>();
  return {
    add: ({ value }) => {
      if (value !== undefined) values.set(value, (values.get(value) ?? 0) + 1);
    },
    remove: ({ value }) => {
      if (value === undefined) return;
      const left = (values.get(value) ?? 0) - 1;
      if (left > 0) values.set(value, left);
      else values.delete(value);
    },
    count: () => values.size,
  };
}

/** Of whole numbers from 0 up: others would make a sum that falls, or that depends on the order. */
function sumValues(): Tally {
  let sum = 0;
  return {
    add: (hit) => {
      sum += amountOf(hit);
    },
    remove: (hit) => {
      sum -= amountOf(hit);
    },
    count: () => sum,
  };
}

/** What a hit adds to a sum. */
export function amountOf({ value }: Hit): number {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : 0;
}
