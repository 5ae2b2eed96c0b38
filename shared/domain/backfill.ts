/** How far a stream has come with what was there before it began. */

import { jobKey, type JobRecord } from './fetch-job.ts';
import { contentPath, windowPath } from './job-path.ts';
import type { Instant } from './window.ts';

/** How far the collection of a stream's past has come. */
export interface BackfillStatus {
  /** Everything created before is listed; absent where no list has come that far. */
  readonly listedUntil: Instant;
  /** 0 to 1, of the time between the oldest that Microsoft serves and now. */
  readonly listedShare: number;
  /** Jobs on the backfill's own path that have not landed. */
  readonly waiting: number;
  /** Jobs that are live, or expire within a day: those are taken first. */
  readonly live: number;
  /** When Microsoft stops serving the first of what waits. */
  readonly expiresFirst?: Instant;
}

/** What the status of a backfill follows from, beside the jobs. */
export interface BackfillSpan {
  readonly watermark: Instant;
  /** The oldest that Microsoft serves now. */
  readonly oldest: Instant;
  readonly retentionMs: number;
}

/**
 * The status as of `now`.
 *
 * @param jobs Of the stream; final ones are left out of every count.
 */
export function backfillStatus(span: BackfillSpan, now: Instant, jobs: readonly JobRecord[]): BackfillStatus {
  const { watermark, oldest, retentionMs } = span;
  const pending = jobs.filter(({ state }) => state.state === 'pending').map(({ job }) => job);
  const late = pending.filter(
    (job) => (job.kind === 'content' ? contentPath(job.members, now) : windowPath(jobKey(job), now)) === 'backfill',
  );
  const expiries = late.flatMap((job) =>
    job.kind === 'content' ? job.members.map(({ expires }) => expires) : [job.window.start + retentionMs],
  );
  return {
    listedUntil: watermark,
    listedShare: Math.min(1, Math.max(0, (watermark - oldest) / Math.max(1, now - oldest))),
    waiting: late.length,
    live: pending.length - late.length,
    ...(expiries.length > 0 && { expiresFirst: expiries.reduce((first, time) => Math.min(first, time)) }),
  };
}
