/** What the lake knows of the ledger: jobs, claims, losses and watermarks of one stream, read from what its objects say of themselves. */

import {
  childJob,
  contentJob,
  freshState,
  halfJobs,
  usualContentUri,
  windowJob,
  type ContentJob,
  type JobRecord,
  type JobState,
  type Member,
  type WindowJob,
} from './fetch-job.ts';
import { jobOfKey } from './landing-key.ts';
import type { DescribedObject } from './lake-object.ts';
import { lossesOf, type Loss } from './loss.ts';
import { everyPass, gridMs, longestWindowMs, type PassRules } from './passes.ts';
import { streamKey, type Stream } from './stream.ts';
import { days, gridFloor, gridWindows, iso, type Instant, type Window } from './window.ts';

/** A job as its object has it, with what the ledger held beside it. */
export interface RebuiltJob {
  readonly record: JobRecord;
  /** Blobs that this job claimed, as far as the lake knows; of blobs that two jobs held, the listed job claims. */
  readonly claims: readonly string[];
  readonly losses: readonly Loss[];
}

/** What the ledger of a stream has to hold, by its objects. */
export interface Rebuilt {
  /** Listed jobs first, then children and halves: whoever claims in this order claims as it was. */
  readonly jobs: readonly RebuiltJob[];
  /** Of a Graph stream, one a pass; undefined where no object says anything. */
  readonly watermarks?: readonly Instant[];
  /** Objects that no job of this stream can have written. */
  readonly foreign: readonly { readonly key: string; readonly why: string }[];
}

/** What a rebuild follows from, beside the objects. */
export interface RebuildRules {
  readonly now: Instant;
  /** Of the log type; nothing for content. */
  readonly passes?: PassRules;
  /** What a listing says of blobs: better than what can be guessed from the objects. */
  readonly listed?: ReadonlyMap<string, Member>;
  /** Jobs of the ledger that have no object yet, where it was not lost: what they fetch again is no loss. */
  readonly pending?: readonly ContentJob[];
}

/**
 * Rebuilds one stream. The same objects give the same jobs, however often and in whatever order they are found.
 *
 * What was pending when the ledger was lost has no object: content is listed again and claimed anew; of Graph windows only reading again
 * (see `rereadJobs`) brings it back. Children that have not landed are pending again.
 *
 * @param found Every object of the stream that the ledger would still remember (35 days).
 */
export function rebuildStream(stream: Stream, found: readonly DescribedObject[], rules: RebuildRules): Rebuilt {
  const objects = [...found].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const readings = objects.map((object) => readObject(stream, object, rules));
  const foreign = readings.flatMap((one) => (one.kind === 'foreign' ? [{ key: one.key, why: one.why }] : []));
  const read = readings.flatMap((one) => (one.kind === 'job' ? [one.rebuilt] : []));
  const own = withoutTakenBack(read, rules.pending ?? []);
  const landed = new Set(objects.map(({ metadata }) => metadata.job));
  const open = own.flatMap((parent) => openChildren(parent.record, rules.now)).filter(({ record }) => !landed.has(record.job.jobId));
  const jobs = [...own, ...open].sort((a, b) => rank(a) - rank(b));
  const watermarks = rules.passes && watermarksOf(jobs, objects, rules.passes);
  return { jobs, foreign, ...(watermarks && { watermarks }) };
}

type ObjectReading =
  | { readonly kind: 'job'; readonly rebuilt: RebuiltJob }
  /** An import's object: no job, no claim. */
  | { readonly kind: 'import' }
  | { readonly kind: 'foreign'; readonly key: string; readonly why: string };

function readObject(stream: Stream, object: DescribedObject, rules: RebuildRules): ObjectReading {
  const { key, metadata } = object;
  const own = jobOfKey(key);
  if (metadata.import === 'yes') return { kind: 'import' };
  if (!own || metadata.job !== own.jobId) {
    return { kind: 'foreign', key, why: `it says it belongs to job '${String(metadata.job)}'` };
  }
  if (metadata.stream !== streamKey(stream))
    return { kind: 'foreign', key, why: `it says it belongs to stream '${String(metadata.stream)}'` };
  const identity = { ...own, stream, tenantName: metadata.tenant ?? unknownTenant };
  const record = metadata.window === undefined ? contentRecord(identity, object, rules) : windowRecord(identity, object);
  return typeof record === 'string' ? { kind: 'foreign', key, why: record } : { kind: 'job', rebuilt: alongside(record) };
}

/** Objects of the first versions do not name their tenant. The name decides nothing about a job that has landed. */
const unknownTenant = 'unknown';

type Identity = Pick<ContentJob, 'jobId' | 'stream' | 'tenantName' | 'landingHour'>;

function contentRecord(identity: Identity, { metadata, putAt, bytes }: DescribedObject, { listed }: RebuildRules): JobRecord | string {
  const { members: ids = '', created = '[]', fates = '', rows = '0' } = metadata;
  const contentIds = texts(ids);
  if (!contentIds) return 'it does not say which content blobs it holds';
  if (contentIds.length !== fates.length) return `it has fates '${fates}' for ${String(contentIds.length)} content blobs`;
  const times = numbers(created);
  const members = contentIds.map(
    (contentId, index) =>
      listed?.get(contentId) ?? blobOf(identity.stream, contentId, times[index] ?? Date.parse(`${identity.landingHour}:00Z`)),
  );
  const state = { ...landedState(members.length, rows, putAt, bytes), fates };
  return { job: { ...identity, kind: 'content', members }, state };
}

/** As Microsoft names and keeps its content: all that is needed to fetch it, should it be fetched again. */
function blobOf(stream: Stream, contentId: string, created: Instant): Member {
  return { contentId, contentUri: usualContentUri(stream, contentId), created, expires: created + days(7) };
}

function windowRecord(identity: Identity, { metadata, putAt, bytes }: DescribedObject): JobRecord | string {
  const [start = NaN, end = NaN] = (metadata.window ?? '').split('/').map((time) => Date.parse(time));
  const pass = Number(metadata.pass);
  if (!(start < end) || !Number.isInteger(pass)) return `it says window '${String(metadata.window)}', pass '${String(metadata.pass)}'`;
  const job: WindowJob = { ...identity, kind: 'window', window: { start, end }, pass };
  const landed = landedState(0, metadata.rows ?? '0', putAt, bytes);
  return { job, state: metadata.split === 'yes' ? splitState(landed) : landed };
}

function splitState({ rows: _rows, bytes: _bytes, ...rest }: JobState): JobState {
  return { ...rest, state: 'split' };
}

function landedState(members: number, rows: string, putAt: Instant, bytes: number): JobState {
  const { dueAt: _final, ...fresh } = freshState(0, members);
  return { ...fresh, state: 'landed', finishedAt: putAt, rows: Number(rows), bytes };
}

function alongside(record: JobRecord): RebuiltJob {
  const { job, state } = record;
  if (job.kind === 'window') return { record, claims: [], losses: [] };
  return { record, claims: job.members.map(({ contentId }) => contentId), losses: lossesOf(job, state.fates ?? '') };
}

/**
 * A loss that was taken back is none: another job has landed the blob, or is about to, or has given it up since. Of those that gave it up the
 * last one decides, as it did in the ledger.
 */
function withoutTakenBack(read: readonly RebuiltJob[], pending: readonly ContentJob[]): RebuiltJob[] {
  const had = new Set(pending.flatMap(({ members }) => members.map(({ contentId }) => contentId)));
  const last = new Map<string, RebuiltJob>();
  for (const one of read) {
    const { job, state } = one.record;
    if (job.kind === 'content')
      for (const [index, { contentId }] of job.members.entries()) if (state.fates?.[index] === 'l') had.add(contentId);
    for (const { contentId } of one.losses) if (endOf(one) >= endOf(last.get(contentId))) last.set(contentId, one);
  }
  return read.map((one) => ({
    ...one,
    losses: one.losses.filter(({ contentId }) => !had.has(contentId) && last.get(contentId) === one),
  }));
}

const endOf = (one: RebuiltJob | undefined): Instant => one?.record.state.finishedAt ?? 0;

/** Children and halves that follow from what an object says; the caller drops those that have landed. */
function openChildren({ job, state }: JobRecord, now: Instant): RebuiltJob[] {
  if (job.kind === 'window') return state.state === 'split' ? (halfJobs(job, now) ?? []).map((half) => pendingJob(half, now)) : [];
  const indexes = job.members.map((_, index) => index);
  const setAside = indexes.filter((index) => state.fates?.[index] === 's');
  const isolated = indexes.filter((index) => state.fates?.[index] === 'x').map((index) => [index]);
  const groups = [...(setAside.length > 0 ? [setAside] : []), ...isolated];
  return groups.map((group) =>
    pendingJob(
      childJob(
        job,
        group.flatMap((index) => job.members[index] ?? []),
        now,
      ),
      now,
    ),
  );
}

/** Due at once: the sweep sends it. It claims nothing, for its parent has. */
function pendingJob(job: ContentJob | WindowJob, now: Instant): RebuiltJob {
  return { record: { job, state: freshState(now, job.kind === 'content' ? job.members.length : 0) }, claims: [], losses: [] };
}

/** Listed jobs, then landed children, then what is pending. */
function rank({ record: { job, state } }: RebuiltJob): number {
  if (state.state === 'pending') return 2;
  if (job.kind === 'window') return 0;
  return contentJob(job.stream, job.tenantName, job.members, 0).jobId === job.jobId ? 0 : 1;
}

/**
 * No watermark may lie before the end of a window that its pass has read, for it would be read and landed again. A later pass that has no
 * object since was up to date when the stream last landed anything: windows of which it found nothing to say leave no object.
 */
function watermarksOf(jobs: readonly RebuiltJob[], objects: readonly DescribedObject[], rules: PassRules): Instant[] | undefined {
  const passes = rules.offsetsMs.length;
  const windows = jobs.flatMap(({ record: { job, state } }) =>
    job.kind === 'window' && state.state !== 'pending' && job.pass < passes ? [job] : [],
  );
  if (windows.length === 0) return undefined;
  const lastPutAt = objects.reduce((last, { putAt }) => Math.max(last, putAt), 0);
  const watermarks: Instant[] = [];
  for (let pass = 0; pass < passes; pass += 1) {
    const read = windows.filter((job) => job.pass >= pass).reduce((end, job) => Math.max(end, job.window.end), 0);
    const before = watermarks[pass - 1];
    const upToDate = gridFloor(lastPutAt - rules.latencyMs - (rules.offsetsMs[pass] ?? 0), gridMs(pass));
    watermarks.push(before === undefined ? read : Math.max(read, Math.min(before, upToDate)));
  }
  return watermarks;
}

/**
 * Jobs that read a Graph span again, below the watermark of the last pass, and land what no object of any pass has. They are of a pass
 * after all others, so that they wait for everything that overlaps them.
 *
 * @param after Jobs that overlap the span; an earlier reread is among them when there was one.
 */
export function rereadJobs(
  stream: Stream,
  tenantName: string,
  span: Window,
  after: readonly JobRecord[],
  passes: number,
  now: Instant,
): WindowJob[] {
  const highest = after.reduce((most, { job }) => (job.kind === 'window' ? Math.max(most, job.pass) : most), passes - 1);
  if (highest + 1 >= everyPass)
    throw new Error(
      `${streamKey(stream)} was read again ${String(everyPass - passes)} times between ${iso(span.start)} and ${iso(span.end)}, which is all there is`,
    );
  return gridWindows(span.start, span.end, longestWindowMs).map((window) =>
    windowJob(stream, tenantName, { start: Math.max(window.start, span.start), end: window.end }, highest + 1, now),
  );
}

function texts(json: string): string[] | undefined {
  const parsed = parsedJson(json);
  return Array.isArray(parsed) && parsed.every((one) => typeof one === 'string') ? parsed : undefined;
}

function numbers(json: string): number[] {
  const parsed = parsedJson(json);
  return Array.isArray(parsed) ? parsed.map(Number) : [];
}

function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // reported by the caller, with the object's key
  }
}
