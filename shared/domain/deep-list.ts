/** Re-listing the past: content that Microsoft listed late is found by the deep lists, hourly over a day and daily over a week. */

import { days, gridFloor, hours, type Instant } from './window.ts';

/** The name of the deep list over the last day. */
export const lastDay = 'hourly';

/** Every deep list: how often it is due, and how far back it goes; the longest first. */
export const deepLists = [
  { name: 'daily', everyMs: days(1), spanMs: days(7) },
  { name: lastDay, everyMs: hours(1), spanMs: hours(24) },
] as const;

/** A deep list on its way: everything from its start to `position` is listed, `end` is where it is done. */
export interface DeepPosition {
  readonly name: string;
  readonly position: Instant;
  readonly end: Instant;
}

/**
 * The deep list in progress, or the one that is due; the longest first, for it does the others' work as well.
 *
 * @param spread 0 to 1, the same for a stream at all times: streams that began together are not due together. A deep list is due
 * once in each hour or day, at the stream's own time of it.
 */
export function dueDeepList(
  running: DeepPosition | undefined,
  doneAt: Readonly<Record<string, Instant>>,
  now: Instant,
  oldest: Instant,
  spread: number,
): DeepPosition | undefined {
  if (running) return { ...running, position: Math.max(running.position, oldest) };
  const turnsSince = (deep: (typeof deepLists)[number], instant: Instant): number => Math.floor(instant / deep.everyMs + spread);
  const due = deepLists.find((deep) => turnsSince(deep, now) > turnsSince(deep, doneAt[deep.name] ?? 0));
  return due && { name: due.name, position: Math.max(now - due.spanMs, oldest), end: gridFloor(now, hours(1)) };
}

/** When each deep list was last completed, once this one is: the daily one covers the hourly one's span. */
export function deepListDone(name: string, doneAt: Readonly<Record<string, Instant>>, now: Instant): Record<string, Instant> {
  return name === 'daily' ? everyDeepListDone(now) : { ...doneAt, [name]: now };
}

/** All deep lists as completed at `now`: of a stream that begins, or once the longest is done. */
export function everyDeepListDone(now: Instant): Record<string, Instant> {
  return Object.fromEntries(deepLists.map((deep) => [deep.name, now]));
}
