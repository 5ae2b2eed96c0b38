/** What stateful rules remember: a cache of the lake, which `lake detect --rebuild-state` can make again. */

import type { Day } from '../detections/evaluate/first-seen.ts';
import type { Hit } from '../detections/evaluate/hit.ts';
import { hours, type Instant } from '../domain/window.ts';

/** Whose timeline: one rule of one version, one tenant, one group. */
export interface GroupRef {
  /** Id and version, so that a changed rule begins anew. */
  readonly rule: string;
  readonly tenantId: string;
  readonly group: string;
  /**
   * All groups of the rule that one object has in an hour are kept as one: many times fewer writes, and a read brings the whole rule's hour. For
   * rules that look back no further than {@link togetherMs}; the same for every put and read of a rule.
   */
  readonly isTogether?: boolean;
}

/** Reading what an hour has of all groups is cheap for so long, and for longer each group is kept by itself. */
export const togetherMs = hours(1);

/** What one object has of a group. */
export interface SightedGroup extends GroupRef {
  readonly hits: readonly Hit[];
  /** From then on it may be forgotten. */
  readonly keepUntil: Instant;
}

/** A part of a timeline: `from <= t < to`. */
export interface TimelineRange extends GroupRef {
  readonly from: Instant;
  readonly to: Instant;
}

/** The days of a value of an entity; `group` holds both. */
export interface SightedDays extends GroupRef {
  readonly days: readonly Day[];
  readonly keepUntil: Instant;
}

/** Days `from <= d <= to`. */
export interface DayRange extends GroupRef {
  readonly from: Day;
  readonly to: Day;
}

/**
 * Every put can be repeated and changes nothing then. A read that begins after a put has ended sees it: of two workers who both put and then
 * read, the later one sees both. Everything rests on that.
 */
export interface Sightings {
  /** Adds what one object has of each group. @param object What names it: the job's id. */
  put(object: string, groups: readonly SightedGroup[]): Promise<void>;
  /** The hits of each range, in the order asked for; hits of several objects may repeat. May give more than the range. */
  timelines(ranges: readonly TimelineRange[]): Promise<readonly (readonly Hit[])[]>;
  remember(entities: readonly SightedDays[]): Promise<void>;
  /** The days of each range, in the order asked for. */
  days(ranges: readonly DayRange[]): Promise<readonly (readonly Day[])[]>;
  /** Which of these findings lie in an object of a final job. */
  known(findingIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Only of findings that lie in an object whose job is final: whoever asks lands them no more. */
  noteKnown(findingIds: readonly string[], keepUntil: Instant): Promise<void>;
}
