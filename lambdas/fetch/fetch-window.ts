/** Fetching of one pass over one Graph window. */

import { firstMinute, halfJobs, madeAt, type JobRecord, type WindowJob } from '../../shared/domain/fetch-job.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { earlierPassesWait, everyPass } from '../../shared/domain/passes.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { mayBeUnanswered, type Refusal } from '../../shared/ports/microsoft.ts';
import { failuresToHalve } from '../../shared/domain/retry.ts';
import { microsoftNow, type Attempt, type Fetched } from './fetching.ts';
import { land } from './land.ts';
import { park, type ParkInput } from './park.ts';

/** More pages than this are split into two windows: long page chains break, and one worker has little time. */
const maxPages = 20;
/** A window too short to split is fetched whole, whatever it takes. */
const maxPagesUnsplit = 1_000;

/** Waits for earlier passes, reads the window again, and lands what their objects lack. */
export async function fetchWindow(attempt: Attempt<WindowJob>, tenant: Tenant): Promise<Fetched> {
  const { job, logType, folder, deps } = attempt;
  const earlier = await otherReads(attempt);
  const wait = job.isAgain ? undefined : earlierPassesWait(earlier, microsoftNow(deps));
  if (wait !== undefined) return park(attempt, { because: 'an earlier pass has to land first', waitUntil: wait });

  const most = halfJobs(job, madeAt(job)) ? maxPages : maxPagesUnsplit;
  const pages = await deps.microsoft.fetchWindow(tenant, logType, job.window, folder, most, deps.deadline);
  if (pages.kind === 'too-many-pages') return split(attempt);
  if (pages.kind !== 'ok') return refused(attempt, tenant, pages);

  const without = await objectsOf(attempt, earlier);
  const landed = await land(attempt, { from: pages.value.files.map((file) => ({ file })), without });
  return landed.kind === 'unreadable' ? failing(attempt, tenant, { because: 'a page is malformed' }) : landed;
}

/**
 * What has read the window before: jobs of earlier passes. Of a job that is landed again every other one: later passes are final then, and
 * those that are made meanwhile wait for this one.
 */
async function otherReads({ job, deps }: Attempt<WindowJob>): Promise<readonly JobRecord[]> {
  if (job.isAgain) {
    const all = await deps.ledger.overlappingJobs(job.stream, job.window, everyPass);
    return all.filter((other) => other.job.jobId !== job.jobId && other.state.state !== 'pending');
  }
  return job.pass === 0 ? [] : deps.ledger.overlappingJobs(job.stream, job.window, job.pass);
}

/** Closes the window's key first: a worker that still lands it finds the key taken, and nothing lands twice. */
export function split(attempt: Attempt<WindowJob>): Promise<Fetched> {
  return landNothing(attempt, true);
}

async function landNothing(attempt: Attempt<WindowJob>, isSplit: boolean): Promise<Fetched> {
  const landed = await land(attempt, { from: [], without: [], isSplit });
  if (landed.kind === 'unreadable') throw new Error('a landing without input cannot be unreadable');
  return landed;
}

/** The objects of earlier passes that hold rows, wherever they landed. */
async function objectsOf({ logType, folder, deps }: Attempt, earlier: readonly JobRecord[]): Promise<string[]> {
  const files: string[] = [];
  for (const { job, state } of earlier) {
    const file = state.rows ? await deps.lake.get(landingKey(logType.dataset, job), folder) : undefined;
    if (file !== undefined) files.push(file);
  }
  return files;
}

/** A window that Microsoft does not serve any more lands nothing, with a gap row (see finish); any other refusal waits. */
async function refused(attempt: Attempt<WindowJob>, tenant: Tenant, by: Refusal): Promise<Fetched> {
  if (await isGone(attempt, tenant, by)) return landNothing(attempt, false);
  const wait = { because: by.cause.code, retryAfterMs: 'retryAfterMs' in by ? (by.retryAfterMs ?? 0) : 0 };
  const isOfTheWindow = by.kind !== 'throttled' && by.kind !== 'refused' && by.kind !== 'not-offered';
  return isOfTheWindow ? failing(attempt, tenant, wait) : park(attempt, wait);
}

/**
 * Whether the window is older than what is served, by an answer that came now: our clock may have jumped since the one before. The first minute is
 * asked for: all of it may be too long to be answered for ever.
 */
async function isGone({ job, logType, deps }: Attempt<WindowJob>, tenant: Tenant, by: Refusal): Promise<boolean> {
  const isOld = (): boolean => job.window.end <= microsoftNow(deps) - logType.retentionMs;
  if (!isOld() || !mayBeUnanswered(by)) return isOld();
  return !mayBeUnanswered(await deps.microsoft.probeWindow(tenant, logType, firstMinute(job.window))) && isOld();
}

/**
 * A window that fails the same way again and again is halved, down to a minute: long answers time out, page chains break. Only while
 * Microsoft answers for its first minute (its half may be too long as well), so that an outage does not make a thousand jobs of each window.
 */
async function failing(attempt: Attempt<WindowJob>, tenant: Tenant, wait: ParkInput): Promise<Fetched> {
  const { job, state, logType, deps } = attempt;
  const canSplit = halfJobs(job, madeAt(job)) !== undefined;
  if (!canSplit || state.parks + 1 < failuresToHalve || state.because !== wait.because) return park(attempt, wait);
  if ((await deps.microsoft.probeWindow(tenant, logType, firstMinute(job.window))).kind !== 'ok') return park(attempt, wait);
  const { tenantName, jobId, stream } = job;
  deps.log.warn('a window that fails again and again is halved', {
    tenant: tenantName,
    logType: stream.logType,
    job: jobId,
    because: wait.because,
  });
  return split(attempt);
}
