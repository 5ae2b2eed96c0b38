/** What kills its worker again and again is taken out of the way of its neighbours. */

import { halfJobs, type ContentJob, type WindowJob } from '../../shared/domain/fetch-job.ts';
import { rarelyMs } from '../../shared/domain/retry.ts';
import type { Attempt, Fetched } from './fetching.ts';
import { split } from './fetch-window.ts';
import { land } from './land.ts';
import { park } from './park.ts';

/**
 * Nothing is fetched: every member becomes a job of its own. A member that is alone already is tried again, ever more rarely, for as long
 * as Microsoft serves it: workers die for other reasons too, and nothing is given up unread.
 */
export async function isolateMembers(attempt: Attempt<ContentJob>, starts: number): Promise<Fetched> {
  const { job, deps } = attempt;
  if (job.members.length === 1) return park(attempt, { because: 'it killed its workers', mostMs: rarelyMs });
  deps.log.warn('a job killed its workers and is isolated', { job: job.jobId, starts, members: job.members.length });
  const landed = await land(attempt, { from: [], without: [], fates: 'x'.repeat(job.members.length) });
  if (landed.kind === 'unreadable') throw new Error('a landing without input cannot be unreadable');
  return landed;
}

/** A window is halved; one that is too short to halve can only be tried again later. */
export function isolateWindow(attempt: Attempt<WindowJob>): Promise<Fetched> {
  const canSplit = halfJobs(attempt.job, attempt.deps.clock.now()) !== undefined;
  return canSplit ? split(attempt) : park(attempt, { because: 'it killed its workers and cannot be split', mostMs: rarelyMs });
}
