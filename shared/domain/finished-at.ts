/** When a job ended, whatever a clock says that has jumped. */

import { madeAt, type FetchJob } from './fetch-job.ts';
import { publishedAt } from './stuck.ts';
import type { Instant } from './window.ts';

/**
 * The time that a job ends by: now, but never before what the job itself proves, for what has ended is forgotten some weeks later, and a job
 * that is forgotten while later passes still read its window lands twice.
 *
 * @param now By a clock that may be slow by weeks: it was compared before it jumped.
 */
export function finishedAt(job: FetchJob, now: Instant): Instant {
  const published = publishedAt({ job });
  // A job whose blobs were all left to another has none that was published.
  return Math.max(now, madeAt(job), Number.isFinite(published) ? published : 0);
}
