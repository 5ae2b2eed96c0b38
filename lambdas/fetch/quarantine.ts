import { quarantineKey } from '../../shared/domain/landing-key.ts';
import type { ContentJob } from '../../shared/domain/fetch-job.ts';
import type { Attempt } from './fetching.ts';
import type { MemberFetch } from './fetch-members.ts';

/** Keeps the bytes of every member that is about to be quarantined, before anything says it is. */
export async function quarantine(
  { job, logType, deps }: Attempt<ContentJob>,
  fates: string,
  members: readonly MemberFetch[],
): Promise<void> {
  for (const [index, { file }] of members.entries()) {
    if (fates[index] === 'q')
      await deps.lake.putOnce(quarantineKey(logType.dataset, job, index), file, { job: job.jobId, member: String(index) });
  }
}
