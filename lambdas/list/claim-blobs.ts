/** Turns listed content blobs into fetch jobs, each blob into exactly one, whoever else is listing. */

import { contentJob, jobRef, withRules, type ContentJob, type Member } from '../../shared/domain/fetch-job.ts';
import { groupBlobs } from '../../shared/domain/grouping.ts';
import { contentPath } from '../../shared/domain/job-path.ts';
import { resendAfterMs } from '../../shared/domain/retry.ts';
import type { Instant } from '../../shared/domain/window.ts';
import { queued, type Listing } from './listing.ts';

/** Races that are lost in a row before the run gives up; every lost race means that others claimed. */
const maxRounds = 10;

/** What new jobs are made by. */
export interface ClaimRules {
  /** The time of the run, which was compared with Microsoft's: landing dates and due times count from it. */
  readonly now: Instant;
  /** Of the stream; undefined before its first landing. */
  readonly meanBlobBytes: number | undefined;
}

/**
 * Claims every blob that nobody has claimed, in one transaction a job, then sends the jobs.
 *
 * @returns The jobs that were sent.
 */
export async function claimBlobs(
  listing: Listing,
  blobs: readonly Member[],
  { now, meanBlobBytes }: ClaimRules,
): Promise<readonly ContentJob[]> {
  const { deps } = listing;
  let unclaimed = await withoutClaimed(listing, newOnes(listing, blobs), false);
  const jobs: ContentJob[] = [];
  for (let round = 0; unclaimed.length > 0; round += 1) {
    if (round === maxRounds)
      throw new Error(`${String(unclaimed.length)} content blobs could not be claimed in ${String(maxRounds)} rounds`);
    const again: Member[] = [];
    for (const group of groupBlobs(unclaimed, meanBlobBytes, deps.groupLimits)) {
      const claimed = await claimGroup(listing, group, now);
      if (claimed.job) jobs.push(claimed.job);
      again.push(...claimed.left);
    }
    unclaimed = again;
  }
  const dueAt = now + resendAfterMs;
  await queued(
    jobs.map((job) => ({ ref: jobRef(job), dueAt })),
    deps,
    jobs.map(({ members }) => contentPath(members, now)),
  );
  return jobs;
}

/** Each blob once, without those this process knows to be claimed. */
function newOnes({ stream, deps }: Listing, blobs: readonly Member[]): Member[] {
  const byId = new Map(blobs.map((blob) => [blob.contentId, blob]));
  return [...byId.values()].filter((blob) => !deps.known.has(stream, blob.contentId));
}

async function withoutClaimed({ stream, deps }: Listing, blobs: readonly Member[], consistent: boolean): Promise<Member[]> {
  if (blobs.length === 0) return [];
  const claims = await deps.ledger.claims(
    stream,
    blobs.map((blob) => blob.contentId),
    { consistent },
  );
  deps.known.add(stream, claims.keys());
  return blobs.filter((blob) => !claims.has(blob.contentId));
}

/** Claims one group. Cancelled and all claims name our job: it was ours and the answer was lost. Else the rest is grouped again. */
async function claimGroup(
  listing: Listing,
  group: readonly Member[],
  now: Instant,
): Promise<{ job?: ContentJob; left: readonly Member[] }> {
  const { stream, tenant, deps } = listing;
  const job = withRules(contentJob(stream, tenant.name, group, now), deps.rules);
  const ids = group.map((blob) => blob.contentId);
  if ((await deps.ledger.createJob(job, now + resendAfterMs)) === 'created') {
    deps.known.add(stream, ids);
    return { job, left: [] };
  }
  const claims = await deps.ledger.claims(stream, ids, { consistent: true });
  deps.known.add(stream, claims.keys());
  if (ids.every((id) => claims.get(id) === job.jobId)) return { job, left: [] };
  return { left: group.filter((blob) => !claims.has(blob.contentId)) };
}
