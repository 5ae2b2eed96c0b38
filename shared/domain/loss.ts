import { childJob, type ContentJob, type Member } from './fetch-job.ts';
import type { Stream } from './stream.ts';
import type { Instant } from './window.ts';

/** A content blob that will never land, and why. Never expires; a person can have it taken back while Microsoft serves the blob (`lake reconcile --repair`). */
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

/** A blob that was given up, as Microsoft lists it now. */
export interface LostBlob {
  readonly loss: Loss;
  readonly blob: Member;
}

/** What is taken back with one write: the losses of one job, and the job that fetches their blobs again. */
export interface Retry {
  readonly job: ContentJob;
  readonly losses: readonly Loss[];
}

/**
 * A job for all blobs that one job has given up: its child, so that whoever takes back the same losses makes the same job, and a blob that is
 * given up again has another one.
 */
export function retriesOf(tenantName: string, lost: readonly LostBlob[], now: Instant): Retry[] {
  const byJob = new Map<string, LostBlob[]>();
  for (const one of lost) byJob.set(one.loss.jobId, [...(byJob.get(one.loss.jobId) ?? []), one]);
  return [...byJob].map(([jobId, blobs]) => {
    const sorted = [...blobs].sort((a, b) => (a.blob.contentId < b.blob.contentId ? -1 : 1));
    const [first] = sorted as [LostBlob];
    const members = sorted.map(({ blob }) => blob);
    return { job: childJob({ jobId, stream: first.loss.stream, tenantName }, members, now), losses: sorted.map(({ loss }) => loss) };
  });
}
