/** The ledger: the truth about cursors, claims, jobs, losses and gaps. */

import type { ContentJob, JobRecord, JobRef, WindowJob } from '../domain/fetch-job.ts';
import type { Lateness } from '../domain/lateness.ts';
import type { Loss } from '../domain/loss.ts';
import type { Delivery, Pace } from '../domain/notice-pace.ts';
import type { EvidenceNote } from '../domain/evidence/manifest.ts';
import type { SealedObject } from '../domain/sealed-object.ts';
import type { Stream } from '../domain/stream.ts';
import type { Instant, Window } from '../domain/window.ts';
import type { Cause } from './microsoft.ts';

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
  /** What keeps the stream from being listed now, though nobody is needed yet; gone once a list has ended well. */
  readonly failing?: Failing;
  readonly deep?: DeepList;
  /** Content: the oldest hour that Microsoft does not list though it lists others. The watermark stands before it; later hours are claimed. */
  readonly heldBackBy?: HeldBack;
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

/** Lists that fail one after the other. */
interface Failing {
  /** When the first of them failed, by the clock of whoever listed. */
  readonly since: Instant;
  /** Why the last one failed, in Microsoft's code or ours. */
  readonly because: string;
}

/** Why a tenant has never had a token: it has no stream yet whose cursor could say so. */
export interface TokenFailure {
  /** When the first attempt failed, by the clock of whoever listed. */
  readonly since: Instant;
  /** Whether a person is needed at once: Microsoft refused the credential, the consent, or the tenant. */
  readonly isRefused: boolean;
  readonly cause: Cause;
}

/** An hour of the content list that stays broken. */
export interface HeldBack {
  /** The hour's first instant. */
  readonly from: Instant;
  /** Why it is not listed, in Microsoft's code or ours. */
  readonly because: string;
}

export type { Loss } from '../domain/loss.ts';

/** A span that could not be collected, and why. Never expires. */
export interface Gap {
  readonly stream: Stream;
  readonly from: Instant;
  readonly to: Instant;
  readonly reason: string;
  /** Of Graph: which pass did not read the span. */
  readonly pass?: number;
}

/** A cursor as a station writes it: the ledger keeps the version and the mean itself. */
export type CursorBody = Omit<Cursor, 'version' | 'meanBlobBytes'>;

/** The one write that makes a job final, with everything that has to be known from then on. */
export interface Finish {
  readonly finishedAt: Instant;
  readonly fates?: string;
  readonly rows: number;
  /** Of the object; unknown to a worker that finishes what another one put. */
  readonly bytes?: number;
  readonly losses: readonly Loss[];
  readonly children: readonly { readonly job: ContentJob; readonly malformed: readonly number[]; readonly dueAt: Instant }[];
  readonly gaps: readonly Gap[];
  /** What people are to be notified of; at most {@link mostNotices}. */
  readonly notices?: readonly Notice[];
  /** Every object of the job, as it stands at its key. */
  readonly objects?: readonly SealedObject[];
  /** For the manifests: of a job that is landed again, whose hour has one already. */
  readonly notes?: readonly EvidenceNote[];
}

/** A finding that somebody is to be notified of: in the outbox from the write that makes its job final until it was sent. */
export interface Notice {
  /** Once in the outbox, however many jobs show the finding. */
  readonly findingId: string;
  /** The finding's row as JSON. */
  readonly finding: string;
  readonly at: Instant;
  /** Absent before the first attempt. */
  readonly deliveries?: Deliveries;
}

/** By channel: how far a finding has come on those that were tried. */
export type Deliveries = Readonly<Record<string, Delivery>>;

/** What has become of a finding since it was read from the outbox. */
export interface NoticeProgress {
  readonly findingId: string;
  readonly deliveries: Deliveries;
  /** When it is due again; undefined: it is settled, for every channel has taken it or given it up. */
  readonly dueAt?: Instant;
}

/** The outbox of findings, for whoever sends them: at least once each, and never one that is not in it. */
export interface Outbox {
  /** What is not settled and due by then, the oldest first; may lag behind the truth. */
  unsent(limit: number, dueBy: Instant): Promise<readonly Notice[]>;
  /** Puts findings there that no job is made final with. Safe to repeat: one that is there, or was, stays as it is. */
  add(notices: readonly Notice[]): Promise<void>;
  /** Safe to repeat; ids that are not in the outbox are no fault. What is settled stays so. */
  noteDeliveries(progress: readonly NoticeProgress[], at: Instant): Promise<void>;
  /** What a channel has sent lately. */
  pace(channel: string): Promise<Pace>;
  notePace(channel: string, pace: Pace): Promise<void>;
}

/** Of one job: a transaction has room for so many beside what else it writes. */
export const mostNotices = 20;

/** The write that puts a job off. */
export interface Park {
  readonly dueAt: Instant;
  readonly parks: number;
  readonly malformed: readonly number[];
  /** Why, as a code or a few words; shown to people, decides nothing but whether a window failed the same way before. */
  readonly because: string;
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
  /** Whose token came; why none came before is forgotten. */
  noteTenantId(tenantName: string, tenantId: string): Promise<void>;
  /** Why the tenant of this name has never had a token; undefined before the first attempt, and once one came. */
  tokenFailure(tenantName: string): Promise<TokenFailure | undefined>;
  /** Of a tenant that has had a token nothing is noted: its streams have cursors that say what fails. */
  noteTokenFailure(tenantName: string, failure: TokenFailure): Promise<void>;

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
  splitJob(ref: JobRef, halves: readonly WindowJob[], at: Instant, dueAt: Instant, objects?: readonly SealedObject[]): Promise<boolean>;
  /** Consistent: every job of an earlier pass that overlaps the window, split ones and halves included. */
  overlappingJobs(stream: Stream, window: Window, beforePass: number): Promise<readonly JobRecord[]>;

  /**
   * Pending jobs due before an instant, the longest due first; may lag behind the truth.
   *
   * @param beyond Jobs that are due after it count as well: no job is put off for that long, so a clock that was ahead has written it.
   */
  dueJobs(before: Instant, limit: number, beyond?: Instant): Promise<readonly { readonly ref: JobRef; readonly dueAt: Instant }[]>;
  /** Moves dueAt if it is still `from` and the job is pending. */
  postponeJob(ref: JobRef, from: Instant, to: Instant): Promise<boolean>;

  /** For operators and proofs. */
  losses(stream: Stream): Promise<readonly Loss[]>;
  gaps(stream: Stream): Promise<readonly Gap[]>;
}
