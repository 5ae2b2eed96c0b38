import type { ContentJob } from './fetch-job.ts';
import type { Stream } from './stream.ts';
import type { Instant } from './window.ts';

/** A content blob that will never land, and why. Never expires. */
export interface Loss {
  readonly stream: Stream;
  readonly contentId: string;
  readonly reason: 'expired' | 'quarantined';
  readonly jobId: string;
  readonly created: Instant;
}

/** The losses that follow from a job's fates, one letter a member. */
export function lossesOf(job: ContentJob, fates: string): Loss[] {
  return job.members.flatMap(({ contentId, created }, index) => {
    const fate = fates[index];
    if (fate !== 'e' && fate !== 'q') return [];
    return [{ stream: job.stream, contentId, reason: fate === 'e' ? 'expired' : 'quarantined', jobId: job.jobId, created }];
  });
}
