/** What kills its worker again and again is taken out of the way of its neighbours. */

import { join } from 'node:path';
import { letterOf } from '../../shared/domain/fates.ts';
import { halfJobs, type ContentJob, type WindowJob } from '../../shared/domain/fetch-job.ts';
import { startsToIsolate } from '../../shared/domain/retry.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import type { Attempt, Fetched } from './fetching.ts';
import { split } from './fetch-window.ts';
import { land } from './land.ts';
import { park } from './park.ts';
import { quarantine } from './quarantine.ts';

/** Nothing is fetched: every member becomes a job of its own. A member that is alone already is quarantined unread. */
export async function isolateMembers(attempt: Attempt<ContentJob>, tenant: Tenant, starts: number): Promise<Fetched> {
  const { job, deps } = attempt;
  if (job.members.length === 1) return quarantineUnread(attempt, tenant, starts);
  deps.log.warn('a job killed its workers and is isolated', { job: job.jobId, starts, members: job.members.length });
  return landFates(attempt, 'x'.repeat(job.members.length));
}

/** A window is halved; one that is too short to halve can only be tried again later. */
export function isolateWindow(attempt: Attempt<WindowJob>): Promise<Fetched> {
  const canSplit = halfJobs(attempt.job, attempt.deps.clock.now()) !== undefined;
  return canSplit ? split(attempt) : park(attempt, { because: 'it killed its workers and cannot be split' });
}

/**
 * Killing its workers counts as one malformed answer: only after five of them, a park apart, are its bytes kept without anybody
 * looking at them. Workers die for other reasons too, and what can be read must not be given up for an hour of bad weather.
 * Where even fetching it kills the worker, only expiry ends it.
 */
async function quarantineUnread(attempt: Attempt<ContentJob>, tenant: Tenant, starts: number): Promise<Fetched> {
  const { job, state, logType, folder, deps } = attempt;
  const [member] = job.members;
  const malformedBefore = state.malformed[0] ?? 0;
  if (!member || starts >= 2 * startsToIsolate) return park(attempt, { because: 'it killed its workers' });
  if (letterOf('malformed', malformedBefore) !== 'q') {
    return park(attempt, { because: 'it killed its workers', malformed: [malformedBefore + 1] });
  }
  const file = join(folder, '0.json');
  const answer = await deps.microsoft.fetchBlob(tenant, logType, member, file);
  if (answer.kind === 'expired') return landFates(attempt, 'e');
  if (answer.kind !== 'ok' && answer.kind !== 'malformed') return park(attempt, { because: answer.cause.code });
  await quarantine(attempt, 'q', [{ contentId: member.contentId, answer: 'malformed', file, bytes: 0, retryAfterMs: 0 }]);
  return landFates(attempt, 'q');
}

async function landFates(attempt: Attempt<ContentJob>, fates: string): Promise<Fetched> {
  const landed = await land(attempt, { from: [], without: [], fates });
  if (landed.kind === 'unreadable') throw new Error('a landing without input cannot be unreadable');
  return landed;
}
