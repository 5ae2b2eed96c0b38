/** What Microsoft no longer serves. */

import { gridFloor, hours, minutes, type Instant, type Window } from './window.ts';

/** Requests age in queues and clocks differ: nothing closer than this to the end of retention is asked for. */
const marginMs = minutes(15);
/** Content that became available up to this long before a watermark may be lost with it, for it may be listed late. */
const listedLateMs = hours(24);

/** The oldest instant that is still asked for. */
export function oldestServed(now: Instant, retentionMs: number): Instant {
  return now - retentionMs + marginMs;
}

/** Where one watermark goes on, given what is not served any more. */
export interface Cut {
  /** Where the watermark goes on from. */
  readonly watermark: Instant;
  /** What is lost between, when the watermark had to jump. */
  readonly lost?: Window;
}

/** Where a cursor of content goes on after a cut. */
export interface ContentCut extends Cut {
  /** What is lost up to here is reported; see `deepDoneAt` of {@link cutContent}. */
  readonly deepDoneAt?: Instant;
}

/**
 * Content: where listing goes on, and what was lost when the watermark is older than what is served.
 *
 * @param deepDoneAt When the last day was last listed whole. What was listed late since then, and is not served any more, is lost
 * as well, though the watermark had passed it. Until the next deep list is done, each run would find a little more of that: so the
 * gap goes an hour further, and the next one begins there.
 */
export function cutContent(watermark: Instant, now: Instant, retentionMs: number, deepDoneAt: Instant = now): ContentCut {
  const oldest = oldestServed(now, retentionMs);
  const isBehind = watermark < oldest;
  const isLateLost = deepDoneAt - listedLateMs < oldest;
  if (!isBehind && !isLateLost) return { watermark };
  const listedUntil = isBehind ? Math.min(watermark, deepDoneAt) : deepDoneAt;
  const end = isLateLost ? oldest + hours(1) : oldest;
  const deepDone = isLateLost ? { deepDoneAt: end + listedLateMs } : {};
  return { watermark: Math.max(watermark, oldest), lost: { start: listedUntil - listedLateMs, end }, ...deepDone };
}

/** Windows: the same for one pass, on the hour grid. */
export function cutPass(watermark: Instant, now: Instant, retentionMs: number): Cut {
  const oldest = oldestServed(now, retentionMs);
  if (watermark >= oldest) return { watermark };
  const jumped = gridFloor(oldest, hours(1)) + hours(1);
  return { watermark: jumped, lost: { start: watermark, end: jumped } };
}
