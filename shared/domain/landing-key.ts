/** Where a job lands, and what its object says of itself. */

import { streamKey } from './stream.ts';
import { claimKey, jobKey, type FetchJob } from './fetch-job.ts';
import { iso } from './window.ts';

/**
 * `raw/<dataset>/dt=YYYY-MM-DD/hr=HH/<job id>.parquet`: a pure function of the job, so that a repeated write is a no-op.
 *
 * @throws When a part could leave its folder; every part comes from our own tables and hashes, so this is a bug of ours.
 */
export function landingKey(dataset: string, job: Pick<FetchJob, 'jobId' | 'landingHour'>): string {
  if (!/^[a-z][a-z0-9_]*$/.test(dataset)) throw new Error(`dataset '${dataset}' cannot be part of a key`);
  if (!/^[0-9a-f]{32}$/.test(job.jobId)) throw new Error(`job id '${job.jobId}' is not 32 hex digits`);
  return `raw/${dataset}/${hourFolder(job.landingHour)}/${job.jobId}.parquet`;
}

/** @example hourFolder('2026-11-22T06') // 'dt=2026-11-22/hr=06' */
export function hourFolder(landingHour: string): string {
  const [, date, hour] = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3])$/.exec(landingHour) ?? [];
  if (date === undefined || hour === undefined) throw new Error(`landing hour '${landingHour}' is not an hour, such as 2026-11-22T06`);
  return `dt=${date}/hr=${hour}`;
}

/** The landing hour of such a folder; undefined for any other name. */
export function hourOfFolder(folder: string): string | undefined {
  const [, date, hour] = /^dt=(\d{4}-\d{2}-\d{2})\/hr=(\d{2})$/.exec(folder) ?? [];
  return date === undefined || hour === undefined ? undefined : `${date}T${hour}`;
}

/** What the landing key says of its job; undefined for a key that {@link landingKey} does not make. */
export function jobOfKey(key: string): Pick<FetchJob, 'jobId' | 'landingHour'> | undefined {
  const [, folder = '', jobId] = /\/(dt=[^/]+\/hr=[^/]+)\/([0-9a-f]{32})\.parquet$/.exec(key) ?? [];
  const landingHour = hourOfFolder(folder);
  return landingHour === undefined || jobId === undefined ? undefined : { landingHour, jobId };
}

/** `quarantine/<dataset>/dt=YYYY-MM-DD/hr=HH/<job id>-<member>.bin`: bytes of an import that are not readable. */
export function quarantineKey(dataset: string, job: Pick<FetchJob, 'jobId' | 'landingHour'>, member: number): string {
  return landingKey(dataset, job)
    .replace(/^raw\//, 'quarantine/')
    .replace(/\.parquet$/, `-${String(member)}.bin`);
}

/**
 * `quarantine/<dataset>/dt=YYYY-MM-DD/hr=HH/<hash of the contentId>-<digest>.bin`: one answer for a content blob that could not be read. Each
 * answer that differs from the ones before has a key of its own, and all of one blob begin alike, whichever job asked.
 *
 * @param digest SHA-256 of the answer in hex, of which the key has the first 16 digits.
 */
export function malformedKey(dataset: string, landingHour: string, contentId: string, digest: string): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new Error(`digest '${digest}' is not 64 hex digits`);
  return `${malformedStem(dataset, landingHour, contentId)}${digest.slice(0, 16)}.bin`;
}

/** What the keys of a blob's unreadable answers begin with, as far as one job of this landing hour has put them. */
export function malformedStem(dataset: string, landingHour: string, contentId: string): string {
  return landingKey(dataset, { jobId: claimKey(contentId), landingHour })
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
