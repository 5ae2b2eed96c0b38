/** Landed hours whose objects have been replaced: their compacted rows are deleted and merged again, without the view lacking or repeating one. */

import { hourLater, type HourRange, type LandingHour } from './landing-hour.ts';
import type { Instant } from './window.ts';

/** Hours whose objects are not what was merged of them. */
export interface ChangedHours {
  readonly hours: HourRange;
  /** Nothing is done before: whoever replaces objects notes them first, and again at the end with the time of the end. */
  readonly from: Instant;
}

/** Hours at once: each is a condition of the view's text until it is merged again. */
const mostAtOnce = 12;

/** The hours that come next, of those that are merged; none where nothing has changed. */
export function nextChanged(
  changed: readonly ChangedHours[] | undefined,
  asOf: Instant,
  watermark: LandingHour | undefined,
): readonly LandingHour[] {
  const due = changed?.find(({ from, hours }) => from <= asOf && isMerged(hours.from, watermark));
  if (!due) return [];
  const all = Array.from({ length: mostAtOnce }, (_, index) => hourLater(due.hours.from, index));
  return all.filter((hour) => hour <= due.hours.to && isMerged(hour, watermark));
}

const isMerged = (hour: LandingHour, watermark: LandingHour | undefined): boolean => watermark !== undefined && hour <= watermark;

/** What is left when the rows of some hours are deleted. What was noted again since is another note, and stays. */
export function withoutChanged(changed: readonly ChangedHours[] | undefined, { from, to }: HourRange): readonly ChangedHours[] {
  const [first, ...rest] = changed ?? [];
  if (!first) return [];
  if (first.hours.from !== from) return [first, ...withoutChanged(rest, { from, to })];
  return first.hours.to <= to ? rest : [{ ...first, hours: { from: hourLater(to), to: first.hours.to } }, ...rest];
}

/**
 * With more hours: those that a note has, or that come right after one's, become a part of it, so that a year is not nine thousand notes. The
 * new time holds for all of them: a second writer of the same hours notes them again at its own end.
 */
export function withChanged(changed: readonly ChangedHours[] | undefined, more: ChangedHours): readonly ChangedHours[] {
  const notes = changed ?? [];
  const one = notes.find(({ hours: { from, to } }) => from <= more.hours.from && more.hours.to <= hourLater(to));
  if (!one) return [...notes, more];
  const to = more.hours.to > one.hours.to ? more.hours.to : one.hours.to;
  const joined = { hours: { from: one.hours.from, to }, from: more.from };
  return notes.map((note) => (note === one ? joined : note));
}
