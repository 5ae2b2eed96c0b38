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
   * Days of others, on which the value was new before the object came: what was found there is no more true. May name days on which
   * nothing was found, and never leaves one out.
   */
  readonly superseded: readonly Day[];
}

/**
 * @param own Days of the object at hand.
 * @param known Days of all objects, these included, from `within` before to `within` after.
 */
export function firstSeen(own: readonly Day[], known: readonly Day[], withinDays: number): FirstSeen {
  const days = new Set([...own, ...known]);
  const others = new Set(known.filter((day) => !own.includes(day)));
  return {
    found: own.filter((day) => isNew(day, days, withinDays)),
    // Whether somebody found a day between our put and our read is not known, so every day that depends on ours is named.
    superseded: [...others].filter((day) => !isNew(day, days, withinDays) && isNew(day, others, withinDays)),
  };
}

/** Whether none of the days lies within so many before it. */
export function isNew(day: Day, days: ReadonlySet<Day>, withinDays: number): boolean {
  for (let before = 1; before <= withinDays; before += 1) if (days.has(day - before)) return false;
  return true;
}
