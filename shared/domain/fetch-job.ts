/** A fetch job: what it is (fixed for ever when it is made) and what has become of it (the ledger's truth). */

import { createHash } from 'node:crypto';
import { cloudById } from '../clouds.ts';
import type { SealedObject } from './sealed-object.ts';
import { streamKey, type Stream } from './stream.ts';
import { halves, iso, minutes, utcHour, type Instant, type Window } from './window.ts';

/** One content blob of a job. */
export interface Member {
  readonly contentId: string;
  readonly contentUri: string;
  readonly created: Instant;
  readonly expires: Instant;
}

interface JobIdentity {
  readonly jobId: string;
  readonly stream: Stream;
  readonly tenantName: string;
  /** UTC hour the job was made in, `2026-11-22T06`; it stands in the landing key and never changes. */
  readonly landingHour: string;
  /** Hash of the rules that its records are asked, so that every attempt asks the same; absent where there were none. */
  readonly rules?: string;
  /** Its object had gone, and it is landed again. Of a window, what every other pass has landed meanwhile is left out, not only the earlier ones'. */
  readonly isAgain?: true;
}

/** Content blobs that land together in one object. */
export interface ContentJob extends JobIdentity {
  readonly kind: 'content';
  /** Sorted by contentId; the fates of the job have one letter a member in this order. */
  readonly members: readonly Member[];
}

/** One pass over one window of a Graph source. */
export interface WindowJob extends JobIdentity {
  readonly kind: 'window';
  readonly window: Window;
  readonly pass: number;
}

/** What one object in the lake is made of. */
export type FetchJob = ContentJob | WindowJob;

/** `l` landed, `e` expired, `q` quarantined as malformed, `s` set aside into one child job, `x` isolated into a child job of its own. */
type Fate = 'l' | 'e' | 'q' | 's' | 'x';
/** What one member came to in one attempt; `?` is not settled yet. */
export type Letter = Fate | '?';

/** Where a job is in the ledger, and nothing more: its stream and its key within the stream. */
export interface JobRef {
  readonly stream: Stream;
  readonly tenantName: string;
  /** See {@link jobKey}. */
  readonly key: string;
}

/** What has become of a job. */
export interface JobState {
  readonly state: 'pending' | 'landed' | 'split';
  /** When the sweep sends the job again; there while pending, never after. */
  readonly dueAt?: Instant;
  /** Attempts begun since the last park; the count of a worker that died stays. */
  readonly starts: number;
  readonly parks: number;
  /** Malformed answers per member, in the members' order; empty for windows. */
  readonly malformed: readonly number[];
  /** Counts parks; two workers that read the same version cannot both park. */
  readonly version: number;
  /** Why it was parked last; absent before the first park. */
  readonly because?: string;
  readonly fates?: string;
  readonly finishedAt?: Instant;
  readonly rows?: number;
  readonly bytes?: number;
  /** What it put, with the digests; absent where an earlier version made it final, and after a rebuild. */
  readonly objects?: readonly SealedObject[];
}

/** A job as the ledger has it. */
export interface JobRecord {
  readonly job: FetchJob;
  readonly state: JobState;
}

/** The state of a job that was made now: pending, never begun. */
export const freshState = (dueAt: Instant, members: number): JobState => ({
  state: 'pending',
  dueAt,
  starts: 0,
  parks: 0,
  malformed: Array<number>(members).fill(0),
  version: 1,
});

/**
 * A job's key within its stream. Windows sort by start, pass and end, so that overlapping passes are one range read.
 *
 * @example content: 'b3f0…'; window: '2026-11-22T06:00:00.000Z#0#2026-11-22T06:05:00.000Z'
 */
export function jobKey(job: FetchJob): string {
  return job.kind === 'content' ? job.jobId : `${iso(job.window.start)}#${String(job.pass)}#${iso(job.window.end)}`;
}

/** Where a job is in the ledger. */
export function jobRef(job: FetchJob): JobRef {
  return { stream: job.stream, tenantName: job.tenantName, key: jobKey(job) };
}

/**
 * When the job was made, to the hour: by a time that was compared with Microsoft's. What takes the job over is made as of then, so that a
 * clock that has jumped since puts nothing under an hour before its records, or in the future.
 */
export function madeAt({ landingHour }: FetchJob): Instant {
  return Date.parse(`${landingHour}:00Z`);
}

/** The job of these content blobs: the same blobs make the same job, whoever groups them. */
export function contentJob(stream: Stream, tenantName: string, blobs: readonly Member[], now: Instant): ContentJob {
  const members = [...blobs].sort((a, b) => compare(a.contentId, b.contentId));
  const jobId = digest([streamKey(stream), ...members.map((member) => member.contentId)]);
  return { kind: 'content', jobId, stream, tenantName, landingHour: utcHour(now), members };
}

/** The job that takes members over from a parent; never the parent's own id, even when it takes all of them. */
export function childJob(
  { jobId: parentId, stream, tenantName }: Pick<ContentJob, 'jobId' | 'stream' | 'tenantName'>,
  members: readonly Member[],
  now: Instant,
): ContentJob {
  const jobId = digest([parentId, ...members.map((member) => member.contentId)]);
  return { kind: 'content', jobId, stream, tenantName, landingHour: utcHour(now), members };
}

/** The job of one pass over one window: the same window and pass make the same job, whoever makes it. */
export function windowJob(stream: Stream, tenantName: string, window: Window, pass: number, now: Instant): WindowJob {
  const jobId = digest([streamKey(stream), iso(window.start), iso(window.end), String(pass)]);
  return { kind: 'window', jobId, stream, tenantName, landingHour: utcHour(now), window, pass };
}

/** Both halves of a window that has too many pages; undefined when it is too short to split. */
export function halfJobs(parent: WindowJob, now: Instant): readonly WindowJob[] | undefined {
  const split = halves(parent.window, shortestWindowMs);
  return split?.map((half) => withRules(windowJob(parent.stream, parent.tenantName, half, parent.pass, now), parent.rules));
}

/** The job with the rules that were in force when it was made; as it is where there were none. */
export function withRules<Job extends FetchJob>(job: Job, rules: string | undefined): Job {
  return rules === undefined ? job : { ...job, rules };
}

/** The shortest window that begins with this one: what Microsoft answers for if it answers at all. */
export function firstMinute({ start, end }: Window): Window {
  return { start, end: Math.min(end, start + shortestWindowMs) };
}

/** A window is not split below this. */
const shortestWindowMs = minutes(1);

/** A job whose object has gone and that is landed again: the same key, of content with these members. */
export function reopened(job: FetchJob, members: readonly Member[]): FetchJob {
  return job.kind === 'content' ? { ...job, members, isAgain: true } : { ...job, isAgain: true };
}

/** A claim's key: the hash alone, so that a blob keeps its claim whatever hour a listing names for it. */
export function claimKey(contentId: string): string {
  return digest([contentId]);
}

/** Where Microsoft serves a blob, unless its listing names another place. */
export function usualContentUri({ cloud, tenantId }: Stream, contentId: string): string {
  return `https://${cloudById(cloud).host}/api/v1.0/${tenantId}/activity/feed/audit/${contentId}`;
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
