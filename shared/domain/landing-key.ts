/** Where a job lands, and what its object says of itself. */

import { streamKey } from './stream.ts';
import { claimKey, jobKey, type FetchJob } from './fetch-job.ts';
import { iso } from './window.ts';

/**
 * `raw/<dataset>/dt=YYYY-MM-DD/<job id>.parquet`: a pure function of the job, so that a repeated write is a no-op.
 *
 * @throws When a part could leave its folder; every part comes from our own tables and hashes, so this is a bug of ours.
 */
export function landingKey(dataset: string, job: Pick<FetchJob, 'jobId' | 'landingDate'>): string {
  if (!/^[a-z][a-z0-9_]*$/.test(dataset)) throw new Error(`dataset '${dataset}' cannot be part of a key`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(job.landingDate)) throw new Error(`landing date '${job.landingDate}' is not a date`);
  if (!/^[0-9a-f]{32}$/.test(job.jobId)) throw new Error(`job id '${job.jobId}' is not 32 hex digits`);
  return `raw/${dataset}/dt=${job.landingDate}/${job.jobId}.parquet`;
}

/** `quarantine/<dataset>/dt=YYYY-MM-DD/<job id>-<member>.bin`: bytes of an import that are not readable. */
export function quarantineKey(dataset: string, job: Pick<FetchJob, 'jobId' | 'landingDate'>, member: number): string {
  return landingKey(dataset, job)
    .replace(/^raw\//, 'quarantine/')
    .replace(/\.parquet$/, `-${String(member)}.bin`);
}

/**
 * `quarantine/<dataset>/dt=YYYY-MM-DD/<hash of the contentId>-<digest>.bin`: one answer for a content blob that could not be read. Each
 * answer that differs from the ones before has a key of its own, and all of one blob begin alike, whichever job asked.
 *
 * @param digest SHA-256 of the answer in hex, of which the key has the first 16 digits.
 */
export function malformedKey(dataset: string, landingDate: string, contentId: string, digest: string): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new Error(`digest '${digest}' is not 64 hex digits`);
  return `${malformedStem(dataset, landingDate, contentId)}${digest.slice(0, 16)}.bin`;
}

/** What the keys of a blob's unreadable answers begin with, as far as one job of this landing date has put them. */
export function malformedStem(dataset: string, landingDate: string, contentId: string): string {
  return landingKey(dataset, { jobId: claimKey(contentId), landingDate })
    .replace(/^raw\//, 'quarantine/')
    .replace(/\.parquet$/, '-');
}

/**
 * The metadata of an object: what decided the job. Whoever wrote the object decided; everybody else reads it here.
 *
 * - `job`, `stream`, `key`: which job it is
 * - `rows`: rows in the object
 * - `fates`: of content, one letter a member
 * - `split`: `yes` closes the key of a window that was replaced by its halves
 */
export interface ObjectMark {
  readonly rows: number;
  readonly fates?: string;
  readonly isSplit: boolean;
}

/** Object metadata: lower-case keys, short ASCII values (S3 allows 2 KB in all). */
export type ObjectMetadata = Readonly<Record<string, string>>;

/** A mark as the metadata of its job's object. */
export function markToMetadata(job: FetchJob, mark: ObjectMark): ObjectMetadata {
  return {
    job: job.jobId,
    stream: streamKey(job.stream),
    key: jobKey(job),
    rows: String(mark.rows),
    ...(mark.fates === undefined ? {} : { fates: mark.fates }),
    ...(mark.isSplit ? { split: 'yes' } : {}),
    ...(job.kind === 'window' ? { window: `${iso(job.window.start)}/${iso(job.window.end)}`, pass: String(job.pass) } : {}),
  };
}

/** @throws When the object was not written by this pipeline for this job: a person has to look at the key. */
export function markFromMetadata(job: FetchJob, metadata: ObjectMetadata): ObjectMark {
  const { rows, fates, split } = metadata;
  if (metadata.job !== job.jobId) throw new Error(`object of job ${job.jobId} says it belongs to job '${String(metadata.job)}'`);
  if (job.kind === 'content' && fates?.length !== job.members.length) {
    throw new Error(`object of job ${job.jobId} has fates '${String(fates)}' for ${String(job.members.length)} members`);
  }
  return { rows: Number(rows ?? 0), isSplit: split === 'yes', ...(fates === undefined ? {} : { fates }) };
}
