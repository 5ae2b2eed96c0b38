/** Which windows of a Graph source are due, and for which passes. Graph has no blob identity: reading again is how late records are found. */

import { isInTheFuture } from './clock.ts';
import type { JobRecord } from './fetch-job.ts';
import { gridFloor, hours, minutes, type Instant, type Window } from './window.ts';

/** When the passes of a source are due, in ms. */
export interface PassRules {
  readonly latencyMs: number;
  /** Distance of each pass from a window's end, beside the latency; the first is 0. */
  readonly offsetsMs: readonly number[];
}

/** A window that a pass has to read now. */
export interface DueWindow {
  readonly pass: number;
  readonly window: Window;
  /** The watermarks once this window is read. */
  readonly watermarks: readonly Instant[];
}

/** The grid a pass's windows end on: 5 minutes, then an hour. */
export const gridMs = (pass: number): number => (pass === 0 ? minutes(5) : hours(1));
/** No window is longer, however long the backlog. */
export const longestWindowMs = hours(24);

/**
 * The windows due now, pass by pass, oldest first.
 *
 * A window runs from the watermark to the last grid line that is due, so that a backlog is read in few
 * requests (Microsoft allows 5 per 10 s for everything). A span that no pass has read, and that is due for later passes
 * as well, is read once for all of them: the read happens late enough for each.
 * Watermark n never passes watermark n-1; nothing of a later pass is due before the earlier one has been there.
 */
export function dueWindows(from: readonly Instant[], now: Instant, rules: PassRules): DueWindow[] {
  const due = rules.offsetsMs.map((offsetMs, pass) => gridFloor(now - rules.latencyMs - offsetMs, gridMs(pass)));
  const watermarks = [...from];
  const windows: DueWindow[] = [];
  for (let pass = 0; pass < due.length; pass += 1) {
    for (let next = nextWindow(pass, watermarks, due); next; next = nextWindow(pass, watermarks, due)) {
      for (let reads = pass; reads <= next.last; reads += 1) watermarks[reads] = next.window.end;
      windows.push({ pass, window: next.window, watermarks: [...watermarks] });
    }
  }
  return windows;
}

function nextWindow(pass: number, watermarks: readonly Instant[], due: readonly Instant[]): { window: Window; last: number } | undefined {
  const start = at(watermarks, pass);
  let last = pass;
  while (last + 1 < due.length && at(watermarks, last + 1) === start && at(due, last + 1) > start) last += 1;
  const limit = Math.min(at(due, last), start + longestWindowMs, pass === 0 ? Infinity : at(watermarks, pass - 1));
  const end = gridFloor(limit, gridMs(last));
  return end > start ? { window: { start, end }, last } : undefined;
}

/** The watermarks of a stream that begins now, all at one hour line. */
export function firstWatermarks(from: Instant, passes: number): Instant[] {
  return Array<Instant>(passes).fill(gridFloor(from, hours(1)));
}

function at(values: readonly number[], index: number): number {
  const value = values[index];
  if (value === undefined) throw new Error(`there is no pass ${String(index)} among ${String(values.length)}`);
  return value;
}

/** Above the number of every pass, those of `reread` included: a job's key has one digit for it. */
export const everyPass = 10;

/** An earlier pass may still be landing for this long after its job is final: as long as a worker and its last write may take. */
export const settledAfterMs = minutes(45);
/** When to look again at an earlier pass that is still pending. */
const lookAgainMs = minutes(5);

/**
 * Until when a later pass has to wait for the earlier ones that overlap its window; undefined when it can read.
 *
 * A split window counts as landed at its split: its halves are among the jobs, and pending until they land. One that ended in the future
 * ended by a clock that was ahead, and is settled: its key is closed.
 */
export function earlierPassesWait(earlier: readonly JobRecord[], now: Instant): Instant | undefined {
  if (earlier.some(({ state }) => state.state === 'pending')) return now + lookAgainMs;
  const settled = Math.max(0, ...earlier.map(({ state }) => settledAt(state.finishedAt ?? 0, now)));
  return settled > now ? settled : undefined;
}

function settledAt(finishedAt: Instant, now: Instant): Instant {
  return isInTheFuture(finishedAt, now) ? now : finishedAt + settledAfterMs;
}
