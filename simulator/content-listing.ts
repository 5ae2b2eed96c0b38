/** Listing of content blobs: the window's rules, the order, and the pages. */

import { days, hours, type Instant, type Window } from '../shared/domain/window.ts';
import type { Quirks } from './quirks.ts';
import type { Blob } from './world.ts';

/**
 * The window of a request, or the code that refuses it.
 *
 * Both times or neither; start before end; at most 24 hours; start at most 7 days ago; an end in the future is accepted.
 * Seconds are what counts: a fraction is cut off.
 */
export function listingWindow(start: string | null, end: string | null, now: Instant, quirks: Quirks): Window | 'AF20030' | 'AF20055' {
  if (start === null && end === null) return { start: now - hours(24), end: now };
  const [from, to] = [instantOf(start), instantOf(end)];
  if (from === undefined || to === undefined || from >= to) return 'AF20030';
  if (from < now - days(7)) return 'AF20055';
  if (to - from <= hours(24)) return { start: from, end: to };
  return quirks.longWindows === 'refused' ? 'AF20055' : { start: from, end: from + hours(24) };
}

/** `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM` or `YYYY-MM-DDTHH:MM:SS`, UTC; a `Z` and a fraction have been seen to do no harm. */
function instantOf(text: string | null): Instant | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(:\d{2})?(?:\.\d+)?)?Z?$/.exec(text ?? '');
  if (!match) return undefined;
  const instant = Date.parse(`${match[1] ?? ''}T${match[2] ?? '00:00'}${match[3] ?? ':00'}Z`);
  return Number.isNaN(instant) ? undefined : instant;
}

/** One page of a listing, and where the next one begins. */
export interface ListingPage {
  readonly blobs: readonly Blob[];
  /** The `nextPage` parameter of the next request. */
  readonly next?: string;
}

/**
 * One page of what is listed now: half-open on contentCreated, in the order in which the blobs became available.
 *
 * @param after The `nextPage` of the request.
 * @returns Undefined when the page indicator is not one of ours.
 */
export function listingPage(all: readonly Blob[], now: Instant, after: string | null, quirks: Quirks): ListingPage | undefined {
  const place = after === null ? first : placeOf(after);
  if (!place) return undefined;
  const listed = all.filter((blob) => blob.visibleAt <= now && isAfter(blob, place)).sort(byAvailability);
  if (isEmptyPage(place, listed, quirks)) return { blobs: [], next: indicator({ ...place, isRetry: true }) };

  const blobs = listed.slice(0, quirks.contentPageSize);
  const last = blobs.at(-1);
  const hasMore = last !== undefined && listed.length > blobs.length;
  return { blobs, ...(hasMore ? { next: indicator({ at: last.visibleAt, contentId: last.contentId, isRetry: false }) } : {}) };
}

/** Where a page begins: after this blob. */
interface Place {
  readonly at: Instant;
  readonly contentId: string;
  /** The page before was empty; this one must not be. */
  readonly isRetry: boolean;
}

const first: Place = { at: Number.NEGATIVE_INFINITY, contentId: '', isRetry: true };

function isEmptyPage(place: Place, listed: readonly Blob[], quirks: Quirks): boolean {
  return quirks.emptyPageEvery > 0 && !place.isRetry && listed.length > 0 && Math.floor(place.at / 1_000) % quirks.emptyPageEvery === 0;
}

function isAfter(blob: Blob, place: Place): boolean {
  return blob.visibleAt > place.at || (blob.visibleAt === place.at && blob.contentId > place.contentId);
}

function byAvailability(a: Blob, b: Blob): number {
  return a.visibleAt - b.visibleAt || (a.contentId < b.contentId ? -1 : 1);
}

/** Opaque to clients. */
function indicator(place: Place): string {
  return Buffer.from(JSON.stringify([place.at, place.contentId, place.isRetry])).toString('base64url');
}

function placeOf(text: string): Place | undefined {
  try {
    const [at, contentId, isRetry] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [number, string, boolean];
    return typeof at === 'number' && typeof contentId === 'string' ? { at, contentId, isRetry } : undefined;
  } catch {
    // Not one of ours: AF20031.
    return undefined;
  }
}
