/** Where a job lands, and what its object says of itself. */

import { streamKey } from './stream.ts';
import { jobKey, type FetchJob } from './fetch-job.ts';
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

/** `quarantine/<dataset>/dt=YYYY-MM-DD/<job id>-<member>.bin`: the bytes of a member that is not readable. */
export function quarantineKey(dataset: string, job: Pick<FetchJob, 'jobId' | 'landingDate'>, member: number): string {
  return landingKey(dataset, job)
    .replace(/^raw\//, 'quarantine/')
    .replace(/\.parquet$/, `-${String(member)}.bin`);
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
