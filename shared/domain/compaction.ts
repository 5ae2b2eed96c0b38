/** Which landed objects are compacted together, and which parts of an event day become one. */

import { utcDate, type Instant } from './window.ts';

/** An object that landed, as compaction sees it. */
export interface CompactableObject {
  readonly key: string;
  readonly bytes: number;
}

/** Rows of one event day in one file; nothing changes it once it is there. */
export interface Part {
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
}

/** The UTC date of events, `YYYY-MM-DD`; `unknown` for rows without an event time. */
export type EventDay = string;

/** The day of rows whose event time is NULL. */
export const unknownDay: EventDay = 'unknown';

/** The objects that have rows of an event day. */
export interface DayOfObjects {
  readonly day: EventDay;
  readonly objects: readonly CompactableObject[];
}

/** The event day of a row. */
export const eventDayOf = (eventTime: Instant | null): EventDay => (eventTime === null ? unknownDay : utcDate(eventTime));

/** How much is compacted in one step, and when parts of a day become one. */
export interface CompactionLimits {
  /** Objects in one step. */
  readonly maxObjects: number;
  /** Bytes of the objects in one step, unless the first alone has more. */
  readonly maxBytes: number;
  /** A day with so many small parts gets one in their place. */
  readonly partsToMerge: number;
  /** A part with at least so many bytes is never rewritten. */
  readonly fullPartBytes: number;
}

/**
 * What one machine uses. An hourly step adds a part to today; every eighth merges them, so that a row is rewritten about three times on its
 * day, and a day of any age is a few files.
 */
export const compactionLimits: CompactionLimits = {
  maxObjects: 500,
  maxBytes: 64 * 1024 * 1024,
  partsToMerge: 8,
  fullPartBytes: 128 * 1024 * 1024,
};

/** The objects in steps, their order kept: each within the limits, none empty, every object in exactly one. */
export function compactionSteps(objects: readonly CompactableObject[], limits: CompactionLimits): CompactableObject[][] {
  const steps: CompactableObject[][] = [];
  let bytes = 0;
  for (const object of objects) {
    const step = steps.at(-1);
    if (!step || step.length >= limits.maxObjects || bytes + object.bytes > limits.maxBytes) {
      steps.push([object]);
      bytes = object.bytes;
    } else {
      step.push(object);
      bytes += object.bytes;
    }
  }
  return steps;
}

/** Of a day's parts, those that are written anew together with the rows that come now: the small ones, once there are many. */
export function partsToMerge(parts: readonly Part[], limits: CompactionLimits): Part[] {
  const small = parts.filter(({ bytes }) => bytes < limits.fullPartBytes);
  return small.length + 1 >= limits.partsToMerge ? small : [];
}
