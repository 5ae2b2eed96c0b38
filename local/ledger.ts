import type { DatabaseSync } from 'node:sqlite';
import {
  claimKey,
  freshState,
  jobRef,
  reopened,
  type ContentJob,
  type FetchJob,
  type JobRecord,
  type JobRef,
  type Member,
  type WindowJob,
} from '../shared/domain/fetch-job.ts';
import { freshPace, longestNoticePauseMs, type Pace } from '../shared/domain/notice-pace.ts';
import { packSealed, type SealedObject } from '../shared/domain/sealed-object.ts';
import { streamKey, type Stream } from '../shared/domain/stream.ts';
import { days, type Instant, type Window } from '../shared/domain/window.ts';
import type {
  Cursor,
  CursorBody,
  Finish,
  Gap,
  Ledger,
  Loss,
  Notice,
  NoticeProgress,
  Outbox,
  Park,
  TokenFailure,
} from '../shared/ports/ledger.ts';
import type { LedgerOperator, RestoredJob } from '../shared/ports/ledger-operator.ts';
import { answer } from './answer.ts';
import { inSnapshot, inTransaction, openDatabase } from './database.ts';
import {
  cursorFromRow,
  dueJobFromRow,
  finalToRow,
  gapFromRow,
  gapToRow,
  jobFromRow,
  jobToRow,
  lossFromRow,
  lossToRow,
  noticeFromRow,
  noteToRow,
  streamFromKey,
  tokenFailureFromRow,
} from './ledger/rows.ts';
import { ledgerSchema } from './ledger/schema.ts';
import { prepareStatements, type Statements } from './ledger/statements.ts';

/** What an operator wants to know of a stream. */
export interface StreamSummary {
  readonly stream: Stream;
  readonly cursor?: Cursor;
  readonly pending: number;
  readonly landed: number;
  readonly split: number;
  /** Of all landed jobs that the ledger still remembers. */
  readonly rows: number;
  readonly bytes: number;
  readonly losses: number;
  readonly gaps: number;
  readonly oldestDueAt?: Instant;
  readonly lastFinishedAt?: Instant;
}

/** Final jobs and claims are forgotten after this; nothing Microsoft still serves is older. */
const remembersMs = days(35);

/** The ledger on one machine: a SQLite file. Every verb is one transaction, on disk before it answers. */
export function openLedger(file: string, options: { readonly readOnly?: boolean } = {}): LocalLedger {
  const db = openDatabase(file, ledgerSchema, { ...options, synchronous: 'FULL' });
  if (!options.readOnly) addMissingColumns(db);
  return new LocalLedger(db);
}

const lateColumns = [
  ['jobs', 'because', 'TEXT'],
  ['jobs', 'objects', 'TEXT'],
  ['notices', 'due_at', 'INTEGER'],
  ['notices', 'deliveries', 'TEXT'],
] as const;

/** A lake of an earlier version lacks them. */
function addMissingColumns(db: DatabaseSync): void {
  for (const [table, column, type] of lateColumns) {
    const columns = db.prepare('SELECT name FROM pragma_table_info(?)').all(table);
    if (!columns.some(({ name }) => name === column)) db.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
  }
}

/** The ledger over one open database; see {@link openLedger}. */
export class LocalLedger implements Ledger, LedgerOperator, Outbox {
  private readonly db: DatabaseSync;
  private readonly sql: Statements;

  constructor(db: DatabaseSync) {
    this.db = db;
    this.sql = prepareStatements(db);
  }

  close(): void {
    this.db.close();
  }

  readCursor(stream: Stream): Promise<Cursor | undefined> {
    return answer(() => this.cursorOf(stream));
  }

  commitCursor(
    stream: Stream,
    version: number,
    to: CursorBody,
    alongside: { readonly jobs: readonly WindowJob[]; readonly dueAt: Instant; readonly gaps: readonly Gap[] },
  ): Promise<'committed' | 'overtaken'> {
    return this.write(() => {
      if (!this.replaceCursor(stream, version, to)) return 'overtaken';
      for (const job of alongside.jobs) this.addJob(job, alongside.dueAt);
      for (const gap of alongside.gaps) this.sql.addGap.run(gapToRow(gap));
      return 'committed';
    });
  }

  noteBlobBytes(stream: Stream, meanBlobBytes: number): Promise<void> {
    return this.write(() => {
      this.sql.noteBlobBytes.run({ stream: streamKey(stream), mean: meanBlobBytes });
    });
  }

  tenantId(tenantName: string): Promise<string | undefined> {
    return answer(() => this.sql.readTenantId.get(tenantName)?.tenant_id as string | undefined);
  }

  noteTenantId(tenantName: string, tenantId: string): Promise<void> {
    return this.write(() => {
      this.sql.noteTenantId.run({ tenantName, tenantId });
      this.sql.dropTokenFailure.run(tenantName);
    });
  }

  tokenFailure(tenantName: string): Promise<TokenFailure | undefined> {
    return answer(() => tokenFailureFromRow(this.sql.readTokenFailure.get(tenantName)));
  }

  noteTokenFailure(tenantName: string, failure: TokenFailure): Promise<void> {
    return this.write(() => {
      this.sql.noteTokenFailure.run({ tenantName, failure: JSON.stringify(failure) });
    });
  }

  claims(stream: Stream, contentIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.read(() => {
      const found = new Map<string, string>();
      for (const contentId of contentIds) {
        const row = this.sql.readClaim.get(streamKey(stream), claimKey(contentId));
        if (row) found.set(contentId, row.job_id as string);
      }
      return found;
    });
  }

  createJob(job: ContentJob, dueAt: Instant): Promise<'created' | 'cancelled'> {
    return this.writeUnless('cancelled', (cancel) => {
      if (!this.addJob(job, dueAt)) cancel();
      for (const member of job.members) {
        const claim = { stream: streamKey(job.stream), claim: claimKey(member.contentId), jobId: job.jobId, claimedAt: dueAt };
        if (this.sql.claim.run(claim).changes === 0) cancel();
      }
      return 'created';
    });
  }

  readJob(ref: JobRef): Promise<JobRecord | undefined> {
    return answer(() => {
      const row = this.sql.readJob.get(streamKey(ref.stream), ref.key);
      return row && jobFromRow(row);
    });
  }

  startJob(ref: JobRef): Promise<number | undefined> {
    return this.write(() => this.sql.startJob.get(streamKey(ref.stream), ref.key)?.starts as number | undefined);
  }

  parkJob(ref: JobRef, version: number, park: Park): Promise<boolean> {
    const { dueAt, parks, malformed, because } = park;
    return this.write(() =>
      changed(this.sql.parkJob.run({ ...rowOf(ref), version, dueAt, parks, because, malformed: JSON.stringify(malformed) })),
    );
  }

  finishJob(ref: JobRef, finish: Finish): Promise<boolean> {
    const { finishedAt, fates = null, rows, bytes = null, notes = [] } = finish;
    const objects = finish.objects ? packSealed(finish.objects) : null;
    return this.write(() => {
      if (!changed(this.sql.finishJob.run({ ...rowOf(ref), finishedAt, fates, rows, bytes, objects }))) return false;
      for (const note of notes) this.sql.addNote.run(noteToRow(note));
      for (const loss of finish.losses) this.sql.addLoss.run(lossToRow(loss));
      for (const gap of finish.gaps) this.sql.addGap.run(gapToRow(gap));
      for (const child of finish.children) this.addJob(child.job, child.dueAt, child.malformed);
      for (const { findingId, finding, at } of finish.notices ?? []) this.sql.addNotice.run({ findingId, finding, at });
      return true;
    });
  }

  splitJob(ref: JobRef, halves: readonly WindowJob[], at: Instant, dueAt: Instant, objects?: readonly SealedObject[]): Promise<boolean> {
    return this.write(() => {
      if (!changed(this.sql.splitJob.run({ ...rowOf(ref), at, objects: objects ? packSealed(objects) : null }))) return false;
      for (const half of halves) this.addJob(half, dueAt);
      return true;
    });
  }

  overlappingJobs(stream: Stream, window: Window, beforePass: number): Promise<readonly JobRecord[]> {
    const { start, end } = window;
    return answer(() => this.sql.overlappingJobs.all({ stream: streamKey(stream), start, end, beforePass }).map(jobFromRow));
  }

  dueJobs(
    before: Instant,
    limit: number,
    beyond: Instant = Number.MAX_SAFE_INTEGER,
  ): Promise<readonly { readonly ref: JobRef; readonly dueAt: Instant }[]> {
    return answer(() => this.sql.dueJobs.all({ before, beyond, limit }).map(dueJobFromRow));
  }

  postponeJob(ref: JobRef, from: Instant, to: Instant): Promise<boolean> {
    return this.write(() => changed(this.sql.postponeJob.run({ ...rowOf(ref), from, to })));
  }

  losses(stream: Stream): Promise<readonly Loss[]> {
    return answer(() => this.sql.losses.all(streamKey(stream)).map(lossFromRow));
  }

  gaps(stream: Stream): Promise<readonly Gap[]> {
    return answer(() => this.sql.gaps.all(streamKey(stream)).map(gapFromRow));
  }

  /** Every stream that has a cursor or a job, with what has become of it. */
  streams(): Promise<readonly StreamSummary[]> {
    return this.read(() => this.sql.streams.all().map((row) => this.summaryOf(streamFromKey(row.stream as string))));
  }

  restoreJob(
    { job, state }: JobRecord,
    { claims, losses }: { readonly claims: readonly string[]; readonly losses: readonly Loss[] },
  ): Promise<RestoredJob> {
    return this.write(() => {
      const { stream, jobId } = job;
      const claimedAt = state.finishedAt ?? state.dueAt ?? 0;
      for (const contentId of claims) this.sql.claim.run({ stream: streamKey(stream), claim: claimKey(contentId), jobId, claimedAt });
      for (const loss of losses) this.sql.addLoss.run(lossToRow(loss));
      if (!this.addJob(job, state.dueAt ?? 0, state.malformed)) return 'there';
      if (state.state !== 'pending') this.sql.restoreJob.run({ ...rowOf(jobRef(job)), ...finalToRow(state) });
      return 'restored';
    });
  }

  reopenJob(ref: JobRef, finishedAt: Instant, members: readonly Member[], dueAt: Instant): Promise<boolean> {
    return this.write(() => {
      const row = this.sql.readJob.get(streamKey(ref.stream), ref.key);
      const record = row && jobFromRow(row);
      if (record?.state.finishedAt !== finishedAt) return false;
      const { job, malformed } = jobToRow(reopened(record.job, members), dueAt, record.job.kind === 'content' ? members.map(() => 0) : []);
      this.sql.reopenJob.run({ ...rowOf(ref), job, malformed, dueAt });
      if (record.job.kind === 'content') this.sql.replaceMembers.run(streamKey(ref.stream), ref.key, JSON.stringify(members));
      return true;
    });
  }

  takeBackLosses(job: ContentJob, losses: readonly Loss[], dueAt: Instant): Promise<'created' | 'cancelled'> {
    return this.writeUnless('cancelled', (cancel) => {
      if (!this.addJob(job, dueAt)) cancel();
      for (const loss of losses) if (!changed(this.sql.deleteLoss.run(lossToRow(loss)))) cancel();
      return 'created';
    });
  }

  /** Every job of a stream, by key: content jobs by id, window jobs by start, pass and end. */
  jobs(stream: Stream): Promise<readonly JobRecord[]> {
    return answer(() => this.sql.jobs.all(streamKey(stream)).map(jobFromRow));
  }

  /** Pending jobs of one stream or of all, the longest due first. */
  pendingJobs(stream?: Stream): Promise<readonly JobRecord[]> {
    return answer(() => this.sql.pendingJobs.all({ stream: stream ? streamKey(stream) : null }).map(jobFromRow));
  }

  unsent(limit: number, dueBy: Instant): Promise<readonly Notice[]> {
    return answer(() => this.sql.unsentNotices.all({ limit, dueBy, beyond: dueBy + longestNoticePauseMs }).map(noticeFromRow));
  }

  noteDeliveries(progress: readonly NoticeProgress[], at: Instant): Promise<void> {
    return this.write(() => {
      for (const { findingId, deliveries, dueAt } of progress) {
        const sentAt = dueAt === undefined ? at : null;
        this.sql.noteDeliveries.run({ findingId, deliveries: JSON.stringify(deliveries), dueAt: dueAt ?? null, sentAt });
      }
    });
  }

  pace(channel: string): Promise<Pace> {
    return answer(() => {
      const row = this.sql.readPace.get(channel);
      return row ? (JSON.parse(row.pace as string) as Pace) : freshPace;
    });
  }

  notePace(channel: string, pace: Pace): Promise<void> {
    return this.write(() => {
      this.sql.notePace.run(channel, JSON.stringify(pace));
    });
  }

  add(notices: readonly Notice[]): Promise<void> {
    return this.write(() => {
      for (const { findingId, finding, at } of notices) this.sql.addNotice.run({ findingId, finding, at });
    });
  }

  /** Findings that a channel has given up on since then. */
  noticesNotTaken(since: Instant): Promise<number> {
    return answer(() => Number(this.sql.noticesNotTaken.get(since)?.count ?? 0));
  }

  /** Forgets final jobs and claims older than 35 days; losses, gaps, cursors and pending jobs stay for ever. */
  forget(now: Instant): Promise<{ readonly jobs: number; readonly claims: number }> {
    return this.write(() => {
      const before = now - remembersMs;
      this.sql.forgetMembers.run(before);
      this.sql.forgetNotices.run(before);
      return { jobs: Number(this.sql.forgetJobs.run(before).changes), claims: Number(this.sql.forgetClaims.run(before).changes) };
    });
  }

  private cursorOf(stream: Stream): Cursor | undefined {
    const row = this.sql.readCursor.get(streamKey(stream));
    return row && cursorFromRow(row);
  }

  /** Version 0 means that no cursor was committed yet, so a later version must never be made out of nothing. */
  private replaceCursor(stream: Stream, version: number, to: CursorBody): boolean {
    if (version !== 0 && this.cursorOf(stream)?.version !== version) return false;
    return changed(this.sql.replaceCursor.run({ stream: streamKey(stream), version, body: JSON.stringify(to) }));
  }

  /** Adds the job unless it is there; false when it is. */
  private addJob(job: FetchJob, dueAt: Instant, malformed?: readonly number[]): boolean {
    const members = job.kind === 'content' ? job.members : [];
    const row = jobToRow(job, dueAt, malformed ?? freshState(dueAt, members.length).malformed);
    if (!changed(this.sql.addJob.run(row))) return false;
    if (job.kind === 'content') this.sql.addMembers.run(row.stream, row.key, JSON.stringify(members));
    return true;
  }

  private summaryOf(stream: Stream): StreamSummary {
    const row = this.sql.streamCounts.get({ stream: streamKey(stream) }) as Record<string, number | null>;
    const count = (name: string): number => row[name] ?? 0;
    const cursor = this.cursorOf(stream);
    return {
      stream,
      pending: count('pending'),
      landed: count('landed'),
      split: count('split'),
      rows: count('rows'),
      bytes: count('bytes'),
      losses: count('losses'),
      gaps: count('gaps'),
      ...(cursor && { cursor }),
      ...(typeof row.oldest_due_at === 'number' && { oldestDueAt: row.oldest_due_at }),
      ...(typeof row.last_finished_at === 'number' && { lastFinishedAt: row.last_finished_at }),
    };
  }

  private read<T>(work: () => T): Promise<T> {
    return answer(() => inSnapshot(this.db, work));
  }

  private write<T>(work: () => T): Promise<T> {
    return answer(() => inTransaction(this.db, work));
  }

  /** A write that changes nothing and answers `otherwise` when the work cancels it half-way. */
  private writeUnless<T, O>(otherwise: O, work: (cancel: () => never) => T): Promise<T | O> {
    const cancelled = new Error('the transaction was cancelled');
    const cancel = (): never => {
      throw cancelled;
    };
    return answer((): T | O => {
      try {
        return inTransaction(this.db, () => work(cancel));
      } catch (error) {
        if (error === cancelled) return otherwise;
        throw error;
      }
    });
  }
}

const rowOf = (ref: JobRef): { readonly stream: string; readonly key: string } => ({ stream: streamKey(ref.stream), key: ref.key });
const changed = (result: { readonly changes: number | bigint }): boolean => Number(result.changes) > 0;
