/** What Microsoft no longer serves. */

import { gridFloor, hours, minutes, type Instant, type Window } from './window.ts';

/** Requests age in queues and clocks differ: nothing closer than this to the end of retention is asked for. */
const marginMs = minutes(15);
/** Content that became available up to this long behind a watermark may be lost with it, for it may be listed late. */
const listedLateMs = hours(24);

/** The oldest instant that is still asked for. */
export function oldestServed(now: Instant, retentionMs: number): Instant {
  return now - retentionMs + marginMs;
}

export interface Cut {
  /** Where the watermark goes on from. */
  readonly watermark: Instant;
  /** What is lost between, when the watermark had to jump. */
  readonly lost?: Window;
}

/** Content: where listing goes on, and what was lost when the watermark is older than what is served. */
export function cutContent(watermark: Instant, now: Instant, retentionMs: number): Cut {
  const oldest = oldestServed(now, retentionMs);
  if (watermark >= oldest) return { watermark };
  return { watermark: oldest, lost: { start: watermark - listedLateMs, end: oldest } };
}

/** Windows: the same for one pass, on the hour grid. */
export function cutPass(watermark: Instant, now: Instant, retentionMs: number): Cut {
  const oldest = oldestServed(now, retentionMs);
  if (watermark >= oldest) return { watermark };
  const jumped = gridFloor(oldest, hours(1)) + hours(1);
  return { watermark: jumped, lost: { start: watermark, end: jumped } };
}
