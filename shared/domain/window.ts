/** Time as the pipeline sees it: instants, half-open windows, and the grid they lie on. */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** Half-open: `start <= t < end`. */
export interface Window {
  readonly start: Instant;
  readonly end: Instant;
}

/** So many seconds, in ms. */
export const seconds = (count: number): number => count * 1_000;
/** So many minutes, in ms. */
export const minutes = (count: number): number => count * 60_000;
/** So many hours, in ms. */
export const hours = (count: number): number => count * 3_600_000;
/** So many days of 24 hours, in ms. */
export const days = (count: number): number => count * 86_400_000;

/** The last grid line at or before an instant; grid lines count from 1970. */
export function gridFloor(instant: Instant, stepMs: number): Instant {
  return Math.floor(instant / stepMs) * stepMs;
}

/** The grid windows that cover `[from, to)`, oldest first; the first may begin before `from`, the last ends at `to`. */
export function gridWindows(from: Instant, to: Instant, stepMs: number): Window[] {
  const windows: Window[] = [];
  for (let start = gridFloor(from, stepMs); start < to; start += stepMs) windows.push({ start, end: Math.min(start + stepMs, to) });
  return windows;
}

/** Two windows split in the middle, on a whole second; undefined when the window is too short to split. */
export function halves(window: Window, shortestMs: number): readonly [Window, Window] | undefined {
  const middle = gridFloor((window.start + window.end) / 2, seconds(1));
  if (middle - window.start < shortestMs || window.end - middle < shortestMs) return undefined;
  return [
    { start: window.start, end: middle },
    { start: middle, end: window.end },
  ];
}

/** Whether two windows share an instant; ones that only touch do not. */
export function overlaps(a: Window, b: Window): boolean {
  return a.start < b.end && b.start < a.end;
}

/** `2026-11-22T06:05:00.000Z`. */
export function iso(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** `2026-11-22T06:05:00Z`; Microsoft's filters and windows count in seconds. */
export function isoSeconds(instant: Instant): string {
  return `${iso(instant).slice(0, 19)}Z`;
}

/** The UTC date of an instant, `2026-11-22`. */
export function utcDate(instant: Instant): string {
  return iso(instant).slice(0, 10);
}

/** The UTC hour of an instant, `2026-11-22T06`. */
export function utcHour(instant: Instant): string {
  return iso(instant).slice(0, 13);
}
