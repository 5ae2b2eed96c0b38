/** The items of the ledger's table, to and from the domain's values. Only this project writes there, so an item's types are trusted. */

import { createHash } from 'node:crypto';
import {
  claimKey,
  jobKey,
  windowJob,
  withRules,
  type FetchJob,
  type JobRecord,
  type JobRef,
  type JobState,
  type Member,
} from '../domain/fetch-job.ts';
import type { EvidenceNote } from '../domain/evidence/manifest.ts';
import { unpackSealed } from '../domain/sealed-object.ts';
import { streamKey, type Stream } from '../domain/stream.ts';
import { days, iso, type Instant } from '../domain/window.ts';
import type { CursorBody, Gap, Loss, Notice, TokenFailure } from '../ports/ledger.ts';
import type { LandedHour } from '../ports/stream-states.ts';
import { dueShards } from './ledger-table.ts';
import { packMembers, unpackMembers } from './members.ts';

/** An item's primary key: `pk` is the stream (of a tenant's item the tenant), `sk` what the item is. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}
/** An item with everything that stands in it; the functions below know which attributes those are. */
export type Item = Key & Readonly<Record<string, unknown>>;

/** Final jobs and claims are forgotten after this; nothing Microsoft still serves is older. */
const remembersMs = days(35);

/** When an item expires, as DynamoDB wants it: in seconds. */
export function expiryOf(from: Instant): number {
  return Math.ceil((from + remembersMs) / 1_000);
}

// ------------------------------------------------------------------------------------------------------------- cursors

/** A stream's cursor: one item. */
export const cursorKey = (stream: Stream): Key => ({ pk: streamKey(stream), sk: 'cursor' });

/** Without a version it is no cursor yet, only a mean that was noted. */
export interface CursorItem {
  readonly version?: number;
  readonly body?: CursorBody;
  readonly meanBlobBytes?: number;
}

// ------------------------------------------------------------------------------------------------------------- tenants

/** No stream's key begins like this: they begin with a cloud. */
export const tenantKey = (tenantName: string): Key => ({ pk: `tenant#${tenantName}`, sk: 'identity' });

/** A tenant's GUID at Microsoft, as a token once named it, or why no token has come yet. */
export interface TenantItem {
  readonly tenantId?: string;
  readonly tokenFailure?: TokenFailure;
}

// -------------------------------------------------------------------------------------------------------------- claims

/** The claim of a content blob: by the hash of its id, without its hour, so that a blob listed in two hours has one claim. */
export function claimKeyOf(stream: Stream, contentId: string): Key {
  return { pk: streamKey(stream), sk: `claim#${claimKey(contentId)}` };
}

/** A claim for the job; it ends 35 days after `claimedAt`. */
export function claimItem(stream: Stream, contentId: string, jobId: string, claimedAt: Instant): Item {
  return { ...claimKeyOf(stream, contentId), job: jobId, ttl: expiryOf(claimedAt) };
}

// ---------------------------------------------------------------------------------------------------------------- jobs

/** Content jobs by id; window jobs by start, pass and end, so that overlapping passes are one range. */
export const jobItemKey = (ref: JobRef): Key => ({ pk: streamKey(ref.stream), sk: `job#${ref.key}` });
/** Sorts right after its job, so that one query reads both. */
export const membersItemKey = (ref: JobRef): Key => ({ pk: streamKey(ref.stream), sk: `job#${ref.key}#members` });

/** A job that is about to be made. */
export interface NewJob {
  readonly job: FetchJob;
  readonly dueAt: Instant;
  /** Malformed answers so far, one number a member; only a child job starts with any. */
  readonly malformed?: readonly number[];
}

/** The job, and its members beside it where they are more than one. */
export function jobItems({ job, dueAt, malformed }: NewJob): Item[] {
  const ref = { stream: job.stream, tenantName: job.tenantName, key: jobKey(job) };
  const key = jobItemKey(ref);
  const state = { state: 'pending', dueAt, dueShard: dueShard(key), starts: 0, parks: 0, version: 1 };
  const fixed = { ...key, tenant: job.tenantName, hour: job.landingHour, ...(job.rules !== undefined && { rules: job.rules }) };
  if (job.kind === 'window') return [{ ...fixed, ...state }];

  const packed = packMembers(job.stream, job.members);
  const counted = {
    newest: Math.max(...job.members.map(({ created }) => created)),
    ...(malformed?.some((count) => count > 0) ? { malformed } : {}),
  };
  if (job.members.length === 1) return [{ ...fixed, ...state, ...counted, members: packed }];
  return [
    { ...fixed, ...state, ...counted },
    { ...membersItemKey(ref), members: packed },
  ];
}

/** A final job, rebuilt from its object in the lake. */
export function finalJobItems({ job, state }: JobRecord): Item[] {
  const { state: word, finishedAt = 0, fates, rows, bytes, version } = state;
  const ttl = expiryOf(finishedAt);
  const final = { state: word, finishedAt, fates, rows, bytes, version, ttl };
  return jobItems({ job, dueAt: 0 }).map(({ dueAt: _due, dueShard: _shard, ...item }, index) => ({
    ...item,
    ...(index === 0 ? final : { ttl }),
  }));
}

/** The change that makes a final job pending again. */
export function reopenedItem(ref: JobRef, job: FetchJob, dueAt: Instant) {
  const one = job.kind === 'content' && job.members.length <= 1 ? { members: packMembers(job.stream, job.members) } : {};
  return {
    set: {
      state: 'pending',
      ...{ dueAt, dueShard: dueShard(jobItemKey(ref)), starts: 0, parks: 0, ...one },
      isAgain: true,
    },
    remove: ['fates', 'finishedAt', 'rows', 'bytes', 'objects', 'malformed', 'because', 'ttl'],
  };
}

interface JobItem extends Key {
  readonly tenant: string;
  readonly hour: string;
  readonly rules?: string;
  readonly state: JobState['state'];
  readonly dueAt?: number;
  readonly starts: number;
  readonly parks: number;
  readonly malformed?: readonly number[];
  readonly because?: string;
  readonly version: number;
  readonly fates?: string;
  readonly finishedAt?: number;
  readonly rows?: number;
  readonly bytes?: number;
  readonly objects?: string;
  readonly members?: Uint8Array;
  readonly isAgain?: true;
}

/** @param beside The members' item, where there is one. */
export function jobFromItem(item: Item, beside?: Item): JobRecord {
  const from = item as unknown as JobItem;
  const stream = streamFromKey(from.pk);
  const key = from.sk.slice('job#'.length);
  const job = key.includes('#') ? windowFromKey(stream, from, key) : contentOf(stream, from, key, beside);
  return { job, state: stateFromItem(from, job.kind === 'content' ? job.members : []) };
}

function contentOf(
  stream: Stream,
  { tenant, hour, rules, members, sk, isAgain }: JobItem,
  jobId: string,
  beside: Item | undefined,
): FetchJob {
  const packed = members ?? (beside?.members as Uint8Array | undefined);
  // They are written in one transaction: whoever sees one without the other reads too early, or the table was tampered with.
  if (!packed) throw new Error(`job ${sk} has no members in the ledger; it is tried again, and if it stays so, restore the table`);
  const job: FetchJob = { kind: 'content', jobId, stream, tenantName: tenant, landingHour: hour, members: unpackMembers(stream, packed) };
  return withRules(isAgain ? { ...job, isAgain } : job, rules);
}

function windowFromKey(stream: Stream, { tenant, hour, rules, isAgain }: JobItem, key: string): FetchJob {
  const [start = '', pass, end = ''] = key.split('#');
  const job = windowJob(stream, tenant, { start: Date.parse(start), end: Date.parse(end) }, Number(pass), Date.parse(`${hour}:00Z`));
  return withRules(isAgain ? { ...job, isAgain } : job, rules);
}

function stateFromItem(item: JobItem, members: readonly Member[]): JobState {
  const { state, dueAt, starts, parks, malformed, because, version, fates, finishedAt, rows, bytes, objects } = item;
  return {
    state,
    starts,
    parks,
    malformed: malformed ?? Array<number>(members.length).fill(0),
    version,
    ...(dueAt !== undefined && { dueAt }),
    ...(because !== undefined && { because }),
    ...(fates !== undefined && { fates }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(rows !== undefined && { rows }),
    ...(bytes !== undefined && { bytes }),
    ...(objects !== undefined && { objects: unpackSealed(objects) }),
  };
}

function dueShard({ pk, sk }: Key): string {
  const spread = createHash('sha256').update(`${pk} ${sk}`).digest().readUInt8(0);
  return dueShards[spread % dueShards.length] ?? dueShards[0];
}

// ------------------------------------------------------------------------------------------------------------ landed hours

/** What the sort keys of landed hours begin with. */
export const landedPrefix = 'landed#';
/** Sorts by the hour. @param hour Its first instant. */
export const landedSortKey = (hour: Instant): string => `${landedPrefix}${iso(hour)}`;

/** Rows that landed in an hour, and the newest event time among them. */
export function landedFromItem(item: Item): LandedHour {
  const { rows, newest } = item as unknown as Omit<LandedHour, 'hour'>;
  return { hour: Date.parse(item.sk.slice(landedPrefix.length)), rows, newest };
}

// ------------------------------------------------------------------------------------------------------------- notices

/** The outbox of findings. No stream's key begins like this: they begin with a cloud. */
export const noticeKey = (findingId: string): Key => ({ pk: 'notices', sk: findingId });
/** What a channel has sent lately. */
export const paceKey = (channel: string): Key => ({ pk: 'notices', sk: `pace#${channel}` });

/** The partition of the due index that has the findings to be sent; jobs have others. */
export const noticeShard = 'notices';

/** A finding that is to be sent, due at once. */
export function noticeItem({ findingId, finding, at }: Notice): Item {
  return { ...noticeKey(findingId), finding, at, outbox: 'open', dueShard: noticeShard, dueAt: at, ttl: expiryOf(at) };
}

/** The finding of an item of the outbox. */
export function noticeFromItem(item: Item): Notice {
  const { finding, at, deliveries } = item as unknown as Omit<Notice, 'findingId'>;
  return { findingId: item.sk, finding, at, ...(deliveries && { deliveries }) };
}

// ------------------------------------------------------------------------------------------------------------ evidence

const evidencePrefix = 'evidence#';
/** Of a dataset's chain of manifests. No stream's key begins like this: they begin with a cloud. */
export const evidencePk = (dataset: string): string => `${evidencePrefix}${dataset}`;
/** How far the chain is. */
export const chainKey = (dataset: string): Key => ({ pk: evidencePk(dataset), sk: 'chain' });
/** What the sort keys of notes begin with. */
export const notePrefix = 'note#';
/** Whether an item with this partition key is of a chain: it says nothing of what was listed or claimed. */
export const isOfEvidence = (pk: string): boolean => pk.startsWith(evidencePrefix);

/** A note for the next manifest. Its entries are one text: nobody asks for one of them. */
export function noteItem({ dataset, id, entries }: EvidenceNote): Item {
  return { pk: evidencePk(dataset), sk: `${notePrefix}${id}`, entries: JSON.stringify(entries) };
}

/** The note of such an item. */
export function noteFromItem(item: Item): EvidenceNote {
  const entries = JSON.parse(item.entries as string) as EvidenceNote['entries'];
  return { dataset: item.pk.slice(evidencePrefix.length), id: item.sk.slice(notePrefix.length), entries };
}

// ----------------------------------------------------------------------------------------------------- losses and gaps

/** By the blob, so that a loss that is written twice is one row. */
export const lossKey = ({ stream, contentId }: Loss): Key => ({ pk: streamKey(stream), sk: `loss#${claimKey(contentId)}` });

/** A loss as it was written first. */
export function lossFromItem(item: Item): Loss {
  const { contentId, reason, jobId, created } = item as unknown as Omit<Loss, 'stream'>;
  return { stream: streamFromKey(item.pk), contentId, reason, jobId, created };
}

/** Sorts by start, end and pass. */
export function gapKey({ stream, from, to, pass }: Gap): Key {
  return { pk: streamKey(stream), sk: ['gap', iso(from), iso(to), ...(pass === undefined ? [] : [String(pass)])].join('#') };
}

/** A gap as it was written first. */
export function gapFromItem(item: Item): Gap {
  const { from, to, reason, pass } = item as unknown as Omit<Gap, 'stream'>;
  return { stream: streamFromKey(item.pk), from, to, reason, ...(pass !== undefined && { pass }) };
}

/** The stream of a partition key, whose three parts are our own ids and a GUID and so never contain a `#`. */
export function streamFromKey(key: string): Stream {
  const [cloud, tenantId, logType] = key.split('#');
  return { cloud, tenantId, logType } as Stream;
}
