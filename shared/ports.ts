/** What the stations need from the world, in their words. Two grounds implement it: AWS and one machine. */

import type { FetchJob, ContentJob, JobRecord, JobRef, Member, WindowJob } from './domain/fetch-job.ts';
import type { DeriveRequest, RawFile } from './datasets/derive-statement.ts';
import type { NormalizedDataset } from './datasets/normalized-dataset.ts';
import type { ObjectMetadata } from './domain/landing-key.ts';
import type { LakeObject } from './domain/lake-object.ts';
import type { JobPath } from './domain/job-path.ts';
import type { Lateness } from './domain/lateness.ts';
import type { Loss } from './domain/loss.ts';
import type { Stream } from './domain/stream.ts';
import type { Instant, Window } from './domain/window.ts';
import type { LogType } from './log-types/log-type.ts';
import type { Tenant } from './domain/tenant.ts';

export interface Clock {
  now(): Instant;
  sleep(ms: number): Promise<void>;
}

/**
 * Structured log lines: never a token, a secret, or a person's name or address.
 *
 * warn: odd, nothing lost. error: something is lost or a person is needed; it carries a count or a reason.
 */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

// ---------------------------------------------------------------------------------------------------------- Microsoft

/** Why Microsoft (or the way to it) did not give what was asked for. */
export interface Cause {
  /** Microsoft's own code where there is one (`AF20022`, `AADSTS7000222`, `Authentication_…`), else `HTTP 503`, `timeout`, … */
  readonly code: string;
  /** What is wrong, in one sentence without secrets or records. */
  readonly message: string;
  /** What to do about it; empty where retrying is all there is to do. */
  readonly cure: string;
}

export type Refusal =
  /** Too many requests; retry after the time Microsoft names, if it names one. */
  | { readonly kind: 'throttled'; readonly retryAfterMs?: number; readonly cause: Cause }
  /** Microsoft or the network fails; retry later. */
  | { readonly kind: 'unavailable'; readonly retryAfterMs?: number; readonly cause: Cause }
  /** Credential, consent, permission, licence or tenant: a person is needed. */
  | { readonly kind: 'refused'; readonly cause: Cause }
  /** The content type has no enabled subscription. */
  | { readonly kind: 'not-subscribed'; readonly cause: Cause }
  /** The window is older than Microsoft serves, or the clocks disagree. */
  | { readonly kind: 'out-of-range'; readonly cause: Cause }
  /** The content blob is older than Microsoft keeps it. */
  | { readonly kind: 'expired'; readonly cause: Cause }
  /** Not there (yet). */
  | { readonly kind: 'missing'; readonly cause: Cause }
  /** An answer came, and cannot be read; the bytes are in the file it was fetched to. */
  | { readonly kind: 'malformed'; readonly cause: Cause }
  /** This cloud does not offer the log type, or Microsoft has retired it. */
  | { readonly kind: 'not-offered'; readonly cause: Cause };

export type Answer<T> = { readonly kind: 'ok'; readonly value: T } | Refusal;

export interface Subscription {
  readonly contentType: string;
  readonly isEnabled: boolean;
}

export interface FetchedWindow {
  /** JSON array files, one a page, in the order served. */
  readonly files: readonly string[];
}

/**
 * Microsoft's two APIs, as seen by one tenant. Every call is paced, timed out and bounded; a token only ever goes to the
 * host of the log type's cloud. Nothing is thrown for what Microsoft does: that is a {@link Refusal}.
 */
export interface Microsoft {
  /** The tenant's GUID as the token names it, which the APIs insist on. */
  identify(tenant: Tenant, logType: LogType): Promise<Answer<{ readonly tenantId: string }>>;
  listSubscriptions(tenant: Tenant, logType: LogType): Promise<Answer<readonly Subscription[]>>;
  /** Starts the log type's subscription; one that is enabled already is `ok`. */
  startSubscription(tenant: Tenant, logType: LogType): Promise<Answer<null>>;
  /** All pages of what became available within the window; a contentId may be there twice. At most 24 hours, whole seconds. */
  listBlobs(tenant: Tenant, logType: LogType, window: Window): Promise<Answer<readonly Member[]>>;
  /** Writes the blob's JSON array to a file, unpacked. On `malformed` the file holds what came. */
  fetchBlob(tenant: Tenant, logType: LogType, member: Member, file: string): Promise<Answer<{ readonly bytes: number }>>;
  /** Whether the window has any row. */
  probeWindow(tenant: Tenant, logType: LogType, window: Window): Promise<Answer<'empty' | 'rows'>>;
  /** Writes all rows of the window into files of `folder`, a page a file; rows of both boundaries may be among them. */
  fetchWindow(
    tenant: Tenant,
    logType: LogType,
    window: Window,
    folder: string,
    maxPages: number,
  ): Promise<Answer<FetchedWindow> | { readonly kind: 'too-many-pages' }>;
}

// ------------------------------------------------------------------------------------------------------------- Ledger

/** What the list remembers of a stream. */
export interface Cursor {
  /** 0 before the first commit. Every commit adds one. */
  readonly version: number;
  /**
   * Content: one, everything created before it is claimed. Windows: one a pass, everything before it is read by that pass;
   * watermark n never passes watermark n-1.
   */
  readonly watermarks: readonly Instant[];
  /**
   * Content: whether the subscription was enabled when it was last looked at and that differed. While it is `off` nothing becomes
   * available, and a gap row follows once it is enabled again; absent: it cannot have been enabled yet, so there is nothing to miss.
   */
  readonly subscription?: 'enabled' | 'off';
  readonly subscriptionStartedAt?: Instant;
  readonly suspendedUntil?: Instant;
  readonly suspendedBecause?: string;
  readonly deep?: DeepList;
  /** Of content: how late it was listed, see domain/lateness.ts. */
  readonly lateness?: Lateness;
  /** When each deep list was last completed. */
  readonly deepDoneAt?: Readonly<Record<string, Instant>>;
  /** Moving mean of bytes a content blob; kept by `noteBlobBytes`, never by a commit. */
  readonly meanBlobBytes?: number;
}

/** A re-listing of the past in progress: everything from its start to `position` has been listed. */
export interface DeepList {
  readonly name: string;
  readonly position: Instant;
  readonly end: Instant;
}

export type { Loss } from './domain/loss.ts';

/** A span that could not be collected, and why. Never expires. */
export interface Gap {
  readonly stream: Stream;
  readonly from: Instant;
  readonly to: Instant;
  readonly reason: string;
  /** Of Graph: which pass did not read the span. */
  readonly pass?: number;
}

export type CursorBody = Omit<Cursor, 'version' | 'meanBlobBytes'>;

export interface Finish {
  readonly finishedAt: Instant;
  readonly fates?: string;
  readonly rows: number;
  /** Of the object; unknown to a worker that finishes what another one put. */
  readonly bytes?: number;
  readonly losses: readonly Loss[];
  readonly children: readonly { readonly job: ContentJob; readonly malformed: readonly number[]; readonly dueAt: Instant }[];
  readonly gaps: readonly Gap[];
}

export interface Park {
  readonly dueAt: Instant;
  readonly parks: number;
  readonly malformed: readonly number[];
}

/**
 * The truth about cursors, jobs, claims, losses and gaps. Every verb is one atomic write or one read; a verb that answers
 * `false` or `overtaken` has changed nothing. A thrown error leaves it open whether the write was applied.
 */
export interface Ledger {
  readCursor(stream: Stream): Promise<Cursor | undefined>;
  /**
   * Replaces the cursor if its version is still `version` (0: there is none yet), and in the same write makes the jobs
   * (each if absent) and the gaps. At most 98 jobs.
   */
  commitCursor(
    stream: Stream,
    version: number,
    to: CursorBody,
    alongside: { readonly jobs: readonly WindowJob[]; readonly dueAt: Instant; readonly gaps: readonly Gap[] },
  ): Promise<'committed' | 'overtaken'>;
  noteBlobBytes(stream: Stream, meanBlobBytes: number): Promise<void>;
  /** The GUID that the tenant of this name was last seen to have; none before its first token. */
  tenantId(tenantName: string): Promise<string | undefined>;
  noteTenantId(tenantName: string, tenantId: string): Promise<void>;

  /** Which job has claimed each of these blobs; unclaimed ones are absent. `consistent: false` may miss recent claims. */
  claims(stream: Stream, contentIds: readonly string[], read: { readonly consistent: boolean }): Promise<ReadonlyMap<string, string>>;
  /** {job, members, claims}, each if absent, in one transaction. `cancelled`: one of them is there already. */
  createJob(job: ContentJob, dueAt: Instant): Promise<'created' | 'cancelled'>;

  /** Consistent. */
  readJob(ref: JobRef): Promise<JobRecord | undefined>;
  /** starts + 1 if pending; answers the new count, or none when the job is final. */
  startJob(ref: JobRef): Promise<number | undefined>;
  /** Sets dueAt, parks and malformed, and starts to 0, if pending and still at this version; adds one to the version. */
  parkJob(ref: JobRef, version: number, park: Park): Promise<boolean>;
  /** Final, with every loss row, gap row and child job in the same write, if still pending. */
  finishJob(ref: JobRef, finish: Finish): Promise<boolean>;
  /** Replaces a pending window job by its halves, in one transaction. */
  splitJob(ref: JobRef, halves: readonly WindowJob[], at: Instant, dueAt: Instant): Promise<boolean>;
  /** Consistent: every job of an earlier pass that overlaps the window, split ones and halves included. */
  overlappingJobs(stream: Stream, window: Window, beforePass: number): Promise<readonly JobRecord[]>;

  /** Pending jobs due before an instant, the longest due first; may lag behind the truth. */
  dueJobs(before: Instant, limit: number): Promise<readonly { readonly ref: JobRef; readonly dueAt: Instant }[]>;
  /** Moves dueAt if it is still `from` and the job is pending. */
  postponeJob(ref: JobRef, from: Instant, to: Instant): Promise<boolean>;

  /** For operators and proofs. */
  losses(stream: Stream): Promise<readonly Loss[]>;
  gaps(stream: Stream): Promise<readonly Gap[]>;
}

// --------------------------------------------------------------------------------------------------------- Jobs, Lake

/** The queue of fetch jobs. Delivery is at least once, in any order; the ledger holds the truth. */
export interface Jobs {
  send(refs: readonly QueuedJob[]): Promise<void>;
}

export interface QueuedJob {
  readonly ref: JobRef;
  /** Part of the deduplication id: a job may be sent again once its dueAt has moved. */
  readonly dueAt: Instant;
  /** Of content, where the sender knows; `live` when absent. It waits apart then, and decides nothing else. */
  readonly path?: JobPath;
}

/** Objects that are written once. Keys are `raw/…` and `quarantine/…`, see domain/landing-key.ts. */
export interface Lake {
  /** The metadata the object was written with; none when the key is free. */
  head(key: string): Promise<ObjectMetadata | undefined>;
  /** Writes the file at the key unless there is an object already; complete or not at all, whatever is killed when. */
  putOnce(key: string, file: string, metadata: ObjectMetadata): Promise<'put' | 'taken'>;
  /** The object as a file that DuckDB can read, in the folder or elsewhere; none when the key is free. */
  get(key: string, folder: string): Promise<string | undefined>;
}

// ---------------------------------------------------------------------------------------------------------- Operators

/** The lake as operators see it: what stands in it, and what each object says of itself. No station needs it. */
export interface LakeInventory {
  /** Every object whose key begins with the prefix, in the order of the keys. What is put meanwhile may be missing. */
  objects(prefix: string): AsyncIterable<LakeObject>;
  /** The object's metadata, with what only its Parquet file says (`members`, `created`, `tenant`); none when it has gone. */
  describe(key: string): Promise<ObjectMetadata | undefined>;
}

/** What only operators do with the ledger: look at all of it, and put it right after a loss. Every verb is one that can be repeated. */
export interface LedgerOperator {
  /** Every job of a stream, by key; consistent. */
  jobs(stream: Stream): Promise<readonly JobRecord[]>;
  /**
   * Adds a job as the lake tells it, unless there is one at its key, which then stays as it is; in any case claims of members and
   * losses, each if absent. Claims are written first: a rebuild that dies half-way never leaves a job without them.
   */
  restoreJob(record: JobRecord, alongside: { readonly claims: readonly string[]; readonly losses: readonly Loss[] }): Promise<RestoredJob>;
  /**
   * Makes a final job pending again whose object has gone, with these members (of content: its own or fewer), if it is still the one that
   * ended at `finishedAt`. The caller has seen that the key is free.
   */
  reopenJob(ref: JobRef, finishedAt: Instant, members: readonly Member[], dueAt: Instant): Promise<boolean>;
}

export type RestoredJob = 'restored' | 'there';

// ------------------------------------------------------------------------------------------------------------ Landing

export interface LandingRequest {
  readonly logType: LogType;
  readonly job: FetchJob;
  /** JSON array files, each with the contentId its rows carry. */
  readonly from: readonly { readonly file: string; readonly contentId?: string }[];
  readonly into: string;
  readonly landedAt: Instant;
  /** Windows: rows outside are dropped, each record key is kept once, and rows whose key lies in one of these Parquet files are left out. */
  readonly window?: Window;
  readonly without: readonly string[];
  /** Written into the file's key-value metadata; `rows` is added. */
  readonly metadata: ObjectMetadata;
}

export type Landed =
  | { readonly kind: 'written'; readonly rows: number; readonly bytes: number }
  /** These input files are no JSON arrays; nothing was written. */
  | { readonly kind: 'unreadable'; readonly files: readonly string[] };

export interface Derived {
  readonly rows: number;
  readonly bytes: number;
}

/** Turns JSON into one Parquet file. No input is a file of zero rows. */
export interface Landing {
  toParquet(request: LandingRequest): Promise<Landed>;
  /** Those of the datasets that any row of the raw object gives a row of; may name one that does not occur, never leaves one out. */
  occurring(datasets: readonly NormalizedDataset[], from: RawFile): Promise<readonly NormalizedDataset[]>;
  /** Writes the rows of a normalized dataset that one raw object gives. The same bytes whenever and wherever it is done. */
  derive(request: DeriveRequest): Promise<Derived>;
}

/** A folder of a worker's own, gone afterwards. */
export interface Workspace {
  use<T>(work: (folder: string) => Promise<T>): Promise<T>;
}

// ------------------------------------------------------------------------------------------------------------ Tenants

/** A tenant as configured, or why its configuration cannot be used: one broken tenant stops only itself. */
export type TenantEntry =
  | { readonly kind: 'tenant'; readonly tenant: Tenant }
  | { readonly kind: 'broken'; readonly name: string; readonly faults: readonly string[] };

export type Credential =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'certificate'; readonly privateKey: string; readonly thumbprintSha256: string }
  | { readonly kind: 'assertion'; readonly assertion: () => Promise<string> };

export interface Tenants {
  list(): Promise<readonly TenantEntry[]>;
  /** None when the tenant has gone or is switched off. */
  byName(name: string): Promise<Tenant | undefined>;
  /** @param refresh Reads it again whatever is cached: the last one was refused. */
  credential(name: string, refresh?: 'refresh'): Promise<Credential>;
}

// -------------------------------------------------------------------------------------------------------- For operators

/** How one stream stands. Parts of it may be a few seconds apart: nothing is held still for who looks. */
export interface StreamState {
  readonly stream: Stream;
  /** None: it was never listed. */
  readonly cursor?: Cursor;
  /** Jobs that have not landed. */
  readonly pending: number;
  /** When the first of those is tried again that were parked: Microsoft or the network did not give what they are for. */
  readonly parkedUntil?: Instant;
  /** When Microsoft stops serving the first thing that a pending job is for. */
  readonly nextExpiry?: Instant;
  /** What landed since the hour asked for, oldest first; hours without a row are left out. */
  readonly landed: readonly LandedHour[];
  readonly losses: readonly Loss[];
  readonly gaps: readonly Gap[];
}

export interface LandedHour {
  /** Its first instant. */
  readonly hour: Instant;
  readonly rows: number;
  /** When Microsoft published the newest content of that hour's jobs, or the end of their newest window. */
  readonly newest: Instant;
}

/** The ledger as `lake status` reads it, while it is written: reads alone, of which none waits for a station or holds one up. */
export interface StreamStates {
  /** The GUID that the tenant of this name was last seen to have. */
  tenantId(tenantName: string): Promise<string | undefined>;
  /** @param since Rows that landed before the hour of this instant are left out; at most 30 days back. */
  read(streams: readonly Stream[], since: Instant): Promise<readonly StreamState[]>;
}
