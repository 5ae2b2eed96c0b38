/** First seen: a value that an entity had on none of the days before. */

/** Days since 1970 (UTC). */
export type Day = number;

/** The day of an instant. */
export const dayOf = (time: number): Day => Math.floor(time / 86_400_000);

/** What a set of days comes to, of which some are of the object at hand. */
export interface FirstSeen {
  /** Days of the object on which the value is new. */
  readonly found: readonly Day[];
  /**
   * Days on which the value may have been found new before the object came, in other objects. Whether somebody found it there between our put and our
   * read is not known, and several objects may come in between: the one with the last day before says it, for its read sees the day. May name
   * days on which nothing was found, and never leaves one out.
   */
  readonly superseded: readonly Day[];
}

/**
 * @param own Days of the object at hand.
 * @param known Days of all objects, these included, from `within` before to `within` after.
 */
export function firstSeen(own: readonly Day[], known: readonly Day[], withinDays: number): FirstSeen {
  const days = new Set([...own, ...known]);
  const mine = new Set(own);
  return {
    found: own.filter((day) => isNew(day, days, withinDays)),
    superseded: [...days].filter((day) => isAnyOf(mine, lastBefore(day, days, withinDays))),
  };
}

const isAnyOf = (days: ReadonlySet<Day>, day: Day | undefined): boolean => day !== undefined && days.has(day);

/** The last of the days that lies within so many before it. */
function lastBefore(day: Day, days: ReadonlySet<Day>, withinDays: number): Day | undefined {
  for (let before = 1; before <= withinDays; before += 1) if (days.has(day - before)) return day - before;
  return undefined;
}

/** Whether none of the days lies within so many before it. */
export function isNew(day: Day, days: ReadonlySet<Day>, withinDays: number): boolean {
  for (let before = 1; before <= withinDays; before += 1) if (days.has(day - before)) return false;
  return true;
}
