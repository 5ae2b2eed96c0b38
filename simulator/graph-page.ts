import type { Instant } from '../shared/domain/window.ts';
import { rowKey, type Row } from './graph-rows.ts';

/** Where the next page begins: after this row. What a skip token says. */
export interface PagePlace {
  readonly time: Instant;
  readonly key: string;
  /** The page before was empty; this one must not be. */
  readonly isRetry: boolean;
}

/** Which page of the sorted rows is asked for. */
export interface PageRequest {
  readonly place: PagePlace | undefined;
  readonly order: 'asc' | 'desc';
  readonly top: number;
  readonly skip: number;
  readonly now: Instant;
  /** One page in so many is empty although more follow; 0: none is. */
  readonly emptyPageEvery: number;
}

/** One page, and where the next one begins. */
export interface GraphPage {
  readonly rows: readonly Row[];
  readonly next?: PagePlace;
}

/** One page of rows that are sorted already. Pages are no snapshot: rows that came in meanwhile shift nothing, as they have a place. */
export function pageOf(sorted: readonly Row[], request: PageRequest): GraphPage {
  const { place, top, skip } = request;
  const left = sorted.filter((row) => place === undefined || isAfter(row, place, request.order)).slice(skip);
  if (isEmptyPage(left, request)) return { rows: [], next: emptyPagePlace(request) };

  const rows = left.slice(0, top);
  const last = rows.at(-1);
  return last !== undefined && left.length > rows.length
    ? { rows, next: { time: last.version.time, key: rowKey(last), isRetry: false } }
    : { rows };
}

/** Depends on the newest row that is left, so that the same query asked again at another moment may well get rows. */
function isEmptyPage(left: readonly Row[], { place, now, emptyPageEvery }: PageRequest): boolean {
  const first = left[0];
  if (emptyPageEvery === 0 || place?.isRetry === true || first === undefined) return false;
  return Math.floor((first.version.time + now) / 1_000) % emptyPageEvery === 0;
}

function emptyPagePlace({ place, order }: PageRequest): PagePlace {
  const edge = order === 'desc' ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER;
  return place === undefined ? { time: edge, key: '', isRetry: true } : { ...place, isRetry: true };
}

function isAfter(row: Row, place: PagePlace, order: 'asc' | 'desc'): boolean {
  const { time } = row.version;
  if (time !== place.time) return order === 'desc' ? time < place.time : time > place.time;
  return order === 'desc' ? rowKey(row) < place.key : rowKey(row) > place.key;
}
