/** How little of a group's timeline has to be kept so that it gives the same findings. */

import type { DetectionKind } from '../detection.ts';
import { inOrder, type Hit } from './hit.ts';
import { amountOf } from './window.ts';

/** Kinds that are not cut by a rule of theirs keep so many hits of one object and group; more are no use to anybody. */
const mostHits = 5000;

/**
 * Of each slice of time, the first and the last hits that matter: as many as the rule counts. A slice is no longer than the window, and a
 * bucket is a whole number of slices, so that whatever anchor is lost, another one in its bucket sees as much.
 *
 * The kept hits of several objects together hold those that would be kept of all: it may be done object by object.
 */
export function capped(hits: readonly Hit[], how: DetectionKind): readonly Hit[] {
  const keep = keeperOf(how);
  if (!keep || !('bucketMs' in how)) return inOrder(hits).slice(0, mostHits);
  const sliceMs = how.bucketMs / Math.ceil(how.bucketMs / how.withinMs);
  const slices = Map.groupBy(inOrder(hits), ({ time }) => Math.floor(time / sliceMs));
  const kept = new Set<Hit>();
  for (const slice of slices.values()) for (const hit of [...keep(slice), ...keep(slice.toReversed())]) kept.add(hit);
  return inOrder([...kept]);
}

type Keeper = (slice: readonly Hit[]) => readonly Hit[];

function keeperOf(how: DetectionKind): Keeper | undefined {
  if (how.kind === 'sequence') return how.isOrdered ? undefined : (slice) => firstOfEach(slice, ({ part }) => String(part), how.parts);
  if (how.kind !== 'window') return undefined;
  if (how.counts === 'events') return (slice) => slice.slice(0, how.least);
  if (how.counts === 'values') return (slice) => firstOfEach(slice, ({ value }) => value, how.least);
  return (slice) => untilSum(slice, how.least);
}

/** The first hit of each different value, until there are enough. */
function firstOfEach(slice: readonly Hit[], of: (hit: Hit) => string | undefined, enough: number): readonly Hit[] {
  const seen = new Map<string, Hit>();
  for (const hit of slice) {
    const value = of(hit);
    if (value !== undefined && !seen.has(value)) seen.set(value, hit);
    if (seen.size >= enough) break;
  }
  return [...seen.values()];
}

function untilSum(slice: readonly Hit[], enough: number): readonly Hit[] {
  let sum = 0;
  const end = slice.findIndex((hit) => (sum += amountOf(hit)) >= enough);
  return slice.slice(0, end < 0 ? slice.length : end + 1);
}
