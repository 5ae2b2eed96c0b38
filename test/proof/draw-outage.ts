/** Draws when Microsoft does not serve, and when nothing of ours runs. */

import { days, hours, minutes, type Instant, type Window } from '../../shared/domain/window.ts';
import type { Mode, Outage } from './plan.ts';
import type { Random } from './random.ts';

/** Long enough to be missed by later passes, or by Graph altogether; often so that half of a window is not served any more. */
export function windowOutage(mode: Mode, random: Random, published: Window, start: Instant): Window | undefined {
  if (mode === 'graph-target' || mode === 'graph-zombie') return { start, end: start + random.between(hours(2), hours(40)) };
  if (mode !== 'graph-long') return undefined;
  const half = days(30) + random.between(published.start, published.end);
  return { start, end: random.chance(0.5) ? half : start + random.between(days(27), days(33)) };
}

/** What keeps content from being fetched for about as long as Microsoft keeps it, or longer. */
export function outageOf(mode: Mode, random: Random, start: Instant, publishFor: number): LongOutage {
  if (mode === 'long') return longOutage(random, start, publishFor);
  if (mode === 'expiring') return random.chance(0.5) ? expiringOutage(random, start, publishFor) : expiringPause(random, start, publishFor);
  return { lastsMs: 0, outages: [], busy: [] };
}

interface LongOutage {
  readonly lastsMs: number;
  readonly outages: readonly Outage[];
  readonly busy: readonly Window[];
  readonly lateShare?: number;
  /** Nothing of ours runs; else it runs, and Microsoft does not answer. */
  readonly off?: Window;
}

function longOutage(random: Random, start: Instant, publishFor: number): LongOutage {
  const kind = random.next();
  if (kind < 0.5) return expiringOutage(random, start, publishFor);
  const isAlmost = kind < 0.7;
  const lastsMs = isAlmost
    ? days(7) - random.between(minutes(30), minutes(150))
    : random.between(...(kind < 0.9 ? ([days(5), days(9)] as const) : ([days(36), days(40)] as const)));
  const off = { start: start + publishFor / 2, end: start + publishFor / 2 + lastsMs };
  const whole = { start, end: start + publishFor + lastsMs };
  const before = { start, end: start + publishFor };
  return {
    lastsMs,
    outages: [{ ...off, kind: 'unavailable', of: 'everything' }],
    // Almost as long as content is kept: what was listed late, before the cursor, is not served any more, what is before it still is.
    busy: isAlmost ? [before] : [before, { start: whole.end - hours(4), end: whole.end }, whole],
    ...(isAlmost ? { lateShare: 0.7 } : {}),
    ...(random.chance(0.7) ? { off } : {}),
  };
}

/** Everything is listed and nothing fetched, until some of it has expired and the rest is about to. */
function expiringOutage(random: Random, start: Instant, publishFor: number): LongOutage {
  const end = start + days(7) + random.between(-minutes(10), minutes(40));
  return {
    lastsMs: days(7) - publishFor + hours(2),
    outages: [{ start, end, kind: 'unavailable', of: 'fetching' }],
    busy: [{ start, end: start + hours(1) }],
  };
}

/** The same, and all that is left is fetched at once, while one blob after the other expires. */
function expiringPause(random: Random, start: Instant, publishFor: number): LongOutage {
  const off = { start: start + minutes(40), end: start + days(7) + random.between(-minutes(8), minutes(4)) };
  return {
    lastsMs: days(7) - publishFor + hours(2),
    outages: [{ start, end: off.start, kind: 'unavailable', of: 'fetching' }],
    busy: [{ start, end: start + minutes(10) }],
    off,
  };
}

/** Short ones. */
export function outagesOf(random: Random, from: Instant, to: Instant, isCalm: boolean): Outage[] {
  const count = random.whole(0, 2);
  return Array.from({ length: count }, () => ({
    ...windowWithin(random, from, to, hours(2)),
    // Throttling is Microsoft's calm.
    kind: isCalm ? 'throttled' : random.pick(['throttled', 'unavailable', 'unavailable', 'refused'] as const),
    of: random.pick(['everything', 'listing', 'fetching', 'fetching'] as const),
  }));
}

/** A window that begins within the span and lasts five minutes to `longestMs`. */
export function windowWithin(random: Random, from: Instant, to: Instant, longestMs: number): Window {
  const start = random.between(from, to);
  return { start, end: start + random.between(minutes(5), longestMs) };
}

/** Everything, or every fetch, is answered with 429, for long. */
export function throttling(random: Random, from: Instant, to: Instant): Outage[] {
  const start = random.between(from, to);
  return [{ start, end: start + random.between(minutes(30), hours(2)), kind: 'throttled', of: random.pick(['everything', 'fetching']) }];
}
