/** The comparison that an operator asks for when in doubt: what Microsoft lists, what the ledger says of it, and what lies in the lake. */

import type { JobRecord, Member } from './fetch-job.ts';
import type { Loss, LostBlob } from './loss.ts';
import { gridFloor, hours, overlaps, type Instant, type Window } from './window.ts';

/** One hour of a stream. Content: blobs, by when they became available. Graph: records, by the time that windows are filtered on. */
export interface HourOfStream {
  readonly hour: Instant;
  /** What Microsoft lists now. */
  readonly listed: number;
  /** What the lake has: of content all that became available in the hour, of Graph what is listed now. */
  readonly landed: number;
  /** Content blobs whose job is not final; of Graph, jobs. */
  readonly pending: number;
  readonly quarantined: number;
  readonly expired: number;
  /** Listed, and not due yet: the next run, or a later pass, comes to it. */
  readonly awaited: number;
  /** Of Graph: the lake has an older version only; it was corrected after the last pass, which is not promised. */
  readonly changed: number;
  /** Listed, and neither landed, pending, lost nor awaited. */
  readonly missing: number;
  /** Records of landed jobs, as the ledger counts them. */
  readonly records: number;
  /** Records in the objects of these jobs. */
  readonly inLake: number;
  /** A gap row has why something of the hour was never collected. */
  readonly isGap: boolean;
}

/** What is wrong. */
export type Finding =
  /** Content that Microsoft lists, that every list has passed, and that no job has claimed. */
  | { readonly kind: 'unclaimed'; readonly blobs: readonly Member[] }
  /** The ledger says landed, and the object is not there. */
  | { readonly kind: 'gone'; readonly jobs: readonly JobRecord[] }
  /** Ledger and object count differently. */
  | { readonly kind: 'miscounted'; readonly jobs: readonly JobRecord[] }
  /** Objects of which the ledger knows no job: it was lost, or restored to an older point. */
  | { readonly kind: 'unknown'; readonly keys: readonly string[] }
  /** Given up because nothing that came could be read, and still listed: it can be fetched again. */
  | { readonly kind: 'quarantined'; readonly lost: readonly LostBlob[] }
  /** Set aside or isolated, and no job has taken it over. */
  | { readonly kind: 'orphaned'; readonly contentIds: readonly string[] }
  /** Records that Graph serves, that every pass has passed, and that no object has. */
  | { readonly kind: 'lacking'; readonly hours: readonly Instant[]; readonly records: number };

/** What a comparison of one Graph stream found. */
export interface Comparison {
  readonly hours: readonly HourOfStream[];
  readonly findings: readonly Finding[];
  /** The oldest that is pending: when it became available, or when its window ended. */
  readonly oldestPending?: Instant;
}

/** What the ledger has of a stream, and what the lake has for it. */
export interface StreamFacts {
  /** What is compared. */
  readonly window: Window;
  /** Every job of the stream. */
  readonly jobs: readonly JobRecord[];
  readonly losses: readonly Loss[];
  readonly gaps: readonly Span[];
  /** Every object of the stream, by job id; `rows` only where it was looked at. */
  readonly objects: ReadonlyMap<string, { readonly key: string; readonly rows?: number }>;
  /** One a pass. */
  readonly watermarks: readonly Instant[];
}

/** As the ledger has gaps. */
interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** @param listed What Microsoft lists of the window; a blob may be there twice. */
export function compareContent(facts: StreamFacts, listed: readonly Member[]): Comparison {
  const sheet = new Sheet(facts.window);
  const blobs = new Map(listed.map((blob) => [blob.contentId, blob]));
  const fates = fatesOf(facts);
  const unclaimed: Member[] = [];
  for (const blob of blobs.values()) {
    const hour = sheet.at(blob.created);
    hour.listed += 1;
    if (fates.has(blob.contentId)) continue;
    const isAwaited = blob.created >= (facts.watermarks[0] ?? 0) - listedAgainMs;
    hour[isAwaited ? 'awaited' : 'missing'] += 1;
    if (!isAwaited) unclaimed.push(blob);
  }
  const lost = facts.losses.flatMap((loss): LostBlob[] => {
    const blob = blobs.get(loss.contentId);
    return blob && fates.get(loss.contentId)?.fate === 'quarantined' ? [{ loss, blob }] : [];
  });
  const orphaned: string[] = [];
  for (const [contentId, { fate, created: recorded }] of fates) {
    const created = blobs.get(contentId)?.created ?? recorded;
    if (!inside(created, facts.window)) continue;
    sheet.at(created)[fate === 'orphaned' ? 'missing' : fate] += 1;
    if (fate === 'orphaned') orphaned.push(contentId);
  }
  const pending = facts.jobs.flatMap(({ job, state }) =>
    job.kind === 'content' && state.state === 'pending' ? createdOf(job.members) : [],
  );
  const findings: Finding[] = [
    ...(unclaimed.length > 0 ? [{ kind: 'unclaimed' as const, blobs: unclaimed }] : []),
    ...(lost.length > 0 ? [{ kind: 'quarantined' as const, lost }] : []),
    ...(orphaned.length > 0 ? [{ kind: 'orphaned' as const, contentIds: orphaned }] : []),
  ];
  return sheet.comparison(facts, findings, pending);
}

/** What became available within an hour before the watermark is listed again by the next run. */
const listedAgainMs = hours(1);

/** What was read again at Graph for one hour, against every object that overlaps it. */
export interface HourRead {
  readonly hour: Instant;
  readonly served: number;
  readonly landed: number;
  readonly changed: number;
  /** Neither this version nor another one is in the lake. */
  readonly lacking: number;
}

/** Compares what Microsoft serves of a Graph stream, hour by hour, with the ledger and the lake. */
export function compareWindows(facts: StreamFacts, read: readonly HourRead[]): Comparison {
  const sheet = new Sheet(facts.window);
  // What such a job held is landed again by itself, and not read again.
  const gone = facts.jobs.filter((record) => isFinal(record) && !facts.objects.has(record.job.jobId)).flatMap(windowOfJob);
  const open = facts.jobs.flatMap(({ job, state }) => (job.kind === 'window' && state.state === 'pending' ? [job.window] : []));
  const lacking: HourRead[] = [];
  for (const one of read) {
    const hour = sheet.at(one.hour);
    hour.listed += one.served;
    hour.landed += one.landed;
    hour.changed += one.changed;
    const isAwaited = isDue(one.hour, facts.watermarks, open);
    hour[isAwaited ? 'awaited' : 'missing'] += one.lacking;
    if (!isAwaited && one.lacking > 0 && !gone.some((window) => overlaps(window, hourOf(one.hour)))) lacking.push(one);
  }
  for (const window of open) if (overlaps(window, facts.window)) sheet.at(Math.max(window.start, facts.window.start)).pending += 1;
  const records = lacking.reduce((sum, one) => sum + one.lacking, 0);
  const findings: Finding[] = records > 0 ? [{ kind: 'lacking', hours: lacking.map(({ hour }) => hour), records }] : [];
  return sheet.comparison(
    facts,
    findings,
    open.map(({ end }) => end),
  );
}

/** A later pass, or a job that is pending, will read the hour. */
function isDue(hour: Instant, watermarks: readonly Instant[], open: readonly Window[]): boolean {
  const window = hourOf(hour);
  return window.end > (watermarks.at(-1) ?? 0) || open.some((one) => overlaps(one, window));
}

type Counts = Record<Exclude<keyof HourOfStream, 'hour' | 'isGap'>, number>;

/** The hours of a window, counted up. */
class Sheet {
  private readonly rows = new Map<Instant, Counts>();
  private readonly window: Window;

  constructor(window: Window) {
    this.window = window;
  }

  at(instant: Instant): Counts {
    const hour = gridFloor(instant, hours(1));
    const known = this.rows.get(hour);
    if (known) return known;
    const zero = {
      listed: 0,
      landed: 0,
      pending: 0,
      quarantined: 0,
      expired: 0,
      awaited: 0,
      changed: 0,
      missing: 0,
      records: 0,
      inLake: 0,
    };
    this.rows.set(hour, zero);
    return zero;
  }

  comparison(facts: StreamFacts, own: readonly Finding[], pending: readonly Instant[]): Comparison {
    const landed = facts.jobs.filter((record) => isFinal(record) && isOf(record, this.window));
    for (const record of landed) {
      const hour = this.at(Math.max(startOf(record), this.window.start));
      hour.records += record.state.rows ?? 0;
      hour.inLake += facts.objects.get(record.job.jobId)?.rows ?? 0;
    }
    for (const gap of facts.gaps) if (overlaps(windowOf(gap), this.window)) this.at(Math.max(gap.from, this.window.start));
    const sorted = [...this.rows].sort(([a], [b]) => a - b);
    return {
      hours: sorted.map(([hour, counts]) => ({
        hour,
        ...counts,
        isGap: facts.gaps.some((gap) => overlaps(windowOf(gap), hourOf(hour))),
      })),
      findings: [...own, ...objectFindings(facts, landed)],
      ...(pending.length > 0 && { oldestPending: pending.reduce((oldest, time) => Math.min(oldest, time)) }),
    };
  }
}

function objectFindings({ jobs, objects }: StreamFacts, landed: readonly JobRecord[]): Finding[] {
  const gone = landed.filter(({ job }) => !objects.has(job.jobId));
  const miscounted = landed.filter(({ job, state }) => {
    const rows = objects.get(job.jobId)?.rows;
    return rows !== undefined && rows !== (state.rows ?? 0);
  });
  const known = new Set(jobs.map(({ job }) => job.jobId));
  const unknown = [...objects].flatMap(([jobId, { key }]) => (known.has(jobId) ? [] : [key]));
  return [
    ...(gone.length > 0 ? [{ kind: 'gone' as const, jobs: gone }] : []),
    ...(miscounted.length > 0 ? [{ kind: 'miscounted' as const, jobs: miscounted }] : []),
    ...(unknown.length > 0 ? [{ kind: 'unknown' as const, keys: unknown }] : []),
  ];
}

interface KnownFate {
  readonly fate: 'landed' | 'pending' | 'quarantined' | 'expired' | 'orphaned';
  readonly created: Instant;
}

/**
 * The fate of every blob that the ledger knows. A blob that was handed on is in several jobs: the one that has it now decides. So does the
 * loss row of a blob that was given up more than once.
 */
function fatesOf({ jobs, losses }: StreamFacts): Map<string, KnownFate> {
  const fates = new Map<string, KnownFate>();
  const lost = new Map(losses.map(({ contentId, reason }) => [contentId, reason]));
  const note = (contentId: string, known: KnownFate): void => {
    const other = fates.get(contentId);
    if (!other || weight[known.fate] > weight[other.fate]) fates.set(contentId, known);
  };
  for (const { job, state } of jobs) {
    if (job.kind !== 'content') continue;
    for (const [index, { contentId, created }] of job.members.entries()) {
      const fate = state.state === 'pending' ? 'pending' : (fateByLetter[state.fates?.[index] ?? 'x'] ?? 'orphaned');
      const isLost = fate === 'expired' || fate === 'quarantined';
      note(contentId, { fate: isLost ? (lost.get(contentId) ?? fate) : fate, created });
    }
  }
  for (const { contentId, reason, created } of losses) note(contentId, { fate: reason, created });
  return fates;
}

const fateByLetter: Readonly<Record<string, KnownFate['fate']>> = { l: 'landed', e: 'expired', q: 'quarantined' };
const weight: Readonly<Record<KnownFate['fate'], number>> = { orphaned: 0, expired: 1, quarantined: 2, pending: 3, landed: 4 };

const hourOf = (hour: Instant): Window => ({ start: hour, end: hour + hours(1) });
const windowOfJob = ({ job }: JobRecord): Window[] => (job.kind === 'window' ? [job.window] : []);
const windowOf = ({ from, to }: Span): Window => ({ start: from, end: to });
const isFinal = ({ state }: JobRecord): boolean => state.state !== 'pending';
const inside = (time: Instant, window: Window): boolean => time >= window.start && time < window.end;
const createdOf = (members: readonly Member[]): Instant[] => members.map(({ created }) => created);
const startOf = ({ job }: JobRecord): Instant => (job.kind === 'window' ? job.window.start : Math.min(...createdOf(job.members)));

function isOf({ job }: JobRecord, window: Window): boolean {
  return job.kind === 'window' ? overlaps(job.window, window) : job.members.some(({ created }) => inside(created, window));
}
