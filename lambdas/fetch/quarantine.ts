import { malformedKey } from '../../shared/domain/landing-key.ts';
import type { ContentJob } from '../../shared/domain/fetch-job.ts';
import type { Attempt } from './fetching.ts';
import type { MemberFetch } from './fetch-members.ts';

/**
 * Keeps the bytes of every malformed answer, each once, before anything follows from it: whatever Microsoft or a proxy has answered is
 * there when the blob is given up. What lands in the end leaves them behind; they expire with the quarantine.
 */
export async function keepMalformed({ job, logType, deps }: Attempt<ContentJob>, members: readonly MemberFetch[]): Promise<void> {
  for (const [index, { answer, file, contentId }] of members.entries()) {
    if (answer !== 'malformed') continue;
    const key = malformedKey(logType.dataset, job.landingHour, contentId, await deps.workspace.digest(file));
    await deps.lake.putOnce(key, file, { job: job.jobId, member: String(index) });
  }
}
