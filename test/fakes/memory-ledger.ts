import { answer } from '../../local/answer.ts';
import {
  freshState,
  jobRef,
  reopened,
  type ContentJob,
  type FetchJob,
  type JobRecord,
  type JobRef,
  type JobState,
  type Member,
  type WindowJob,
} from '../../shared/domain/fetch-job.ts';
import type { EvidenceNote } from '../../shared/domain/evidence/manifest.ts';
import type { SealedObject } from '../../shared/domain/sealed-object.ts';
import { streamKey, type Stream } from '../../shared/domain/stream.ts';
import { days, overlaps, type Instant, type Window } from '../../shared/domain/window.ts';
import { freshPace, type Pace } from '../../shared/domain/notice-pace.ts';
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
} from '../../shared/ports/ledger.ts';
import type { LedgerOperator, RestoredJob } from '../../shared/ports/ledger-operator.ts';
import { freeze } from './freeze.ts';

interface StreamEntry {
  readonly stream: Stream;
  cursor: Cursor | undefined;
  meanBlobBytes: number | undefined;
  readonly claims: Map<string, { readonly jobId: string; readonly claimedAt: Instant }>;
  readonly jobs: Map<string, JobRecord>;
  readonly losses: Map<string, Loss>;
  readonly gaps: Map<string, Gap>;
}

/** The ledger in memory: same conditions as the durable ones, no I/O. What goes in is frozen, what comes out is what went in. */
export class MemoryLedger implements Ledger, LedgerOperator, Outbox {
  private readonly entries = new Map<string, StreamEntry>();
  private readonly tenantIds = new Map<string, string>();
  private readonly tokenFailures = new Map<string, TokenFailure>();
  private readonly notices = new Map<string, { readonly notice: Notice; readonly sentAt?: Instant; readonly dueAt?: Instant }>();
  private readonly paces = new Map<string, Pace>();
  /** For manifests, by id. */
  readonly notes = new Map<string, EvidenceNote>();
  private readonly pending = new Map<string, { readonly ref: JobRef; readonly dueAt: Instant }>();

  readCursor(stream: Stream): Promise<Cursor | undefined> {
    return answer(() => {
      const { cursor, meanBlobBytes } = this.entry(stream);
      return cursor && freeze({ ...cursor, ...(meanBlobBytes === undefined ? {} : { meanBlobBytes }) });
    });
  }

  commitCursor(
    stream: Stream,
    version: number,
    to: CursorBody,
    alongside: { readonly jobs: readonly WindowJob[]; readonly dueAt: Instant; readonly gaps: readonly Gap[] },
  ): Promise<'committed' | 'overtaken'> {
    return answer(() => {
      const entry = this.entry(stream);
      if ((entry.cursor?.version ?? 0) !== version) return 'overtaken';
      entry.cursor = freeze({ ...structuredClone(to), version: version + 1 });
      for (const job of alongside.jobs) this.addJob(job, freshState(alongside.dueAt, 0));
      for (const gap of alongside.gaps) this.addGap(gap);
      return 'committed';
    });
  }

  noteBlobBytes(stream: Stream, meanBlobBytes: number): Promise<void> {
    return answer(() => {
      this.entry(stream).meanBlobBytes = meanBlobBytes;
    });
  }

  tenantId(tenantName: string): Promise<string | undefined> {
    return answer(() => this.tenantIds.get(tenantName));
  }

  noteTenantId(tenantName: string, tenantId: string): Promise<void> {
    return answer(() => {
      this.tenantIds.set(tenantName, tenantId);
      this.tokenFailures.delete(tenantName);
    });
  }

  tokenFailure(tenantName: string): Promise<TokenFailure | undefined> {
    return answer(() => this.tokenFailures.get(tenantName));
  }

  noteTokenFailure(tenantName: string, failure: TokenFailure): Promise<void> {
    return answer(() => {
      if (!this.tenantIds.has(tenantName)) this.tokenFailures.set(tenantName, freeze(structuredClone(failure)));
    });
  }

  claims(stream: Stream, contentIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return answer(() => {
      const found = new Map<string, string>();
      const { claims } = this.entry(stream);
      for (const contentId of contentIds) {
        const claim = claims.get(contentId);
        if (claim) found.set(contentId, claim.jobId);
      }
      return found;
    });
  }

  createJob(job: ContentJob, dueAt: Instant): Promise<'created' | 'cancelled'> {
    return answer(() => {
      const { claims, jobs } = this.entry(job.stream);
      if (jobs.has(jobRef(job).key) || job.members.some((member) => claims.has(member.contentId))) return 'cancelled';
      this.addJob(job, freshState(dueAt, job.members.length));
      for (const member of job.members) claims.set(member.contentId, { jobId: job.jobId, claimedAt: dueAt });
      return 'created';
    });
  }

  readJob(ref: JobRef): Promise<JobRecord | undefined> {
    return answer(() => this.recordAt(ref));
  }

  startJob(ref: JobRef): Promise<number | undefined> {
    return answer(() => {
      const state = this.pendingState(ref);
      return state && this.setState(ref, { ...state, starts: state.starts + 1 }).starts;
    });
  }

  parkJob(ref: JobRef, version: number, park: Park): Promise<boolean> {
    return answer(() => {
      const state = this.pendingState(ref);
      if (state?.version !== version) return false;
      const { dueAt, parks, malformed, because } = park;
      this.setState(ref, { ...state, dueAt, parks, because, malformed: [...malformed], starts: 0, version: version + 1 });
      return true;
    });
  }

  finishJob(ref: JobRef, finish: Finish): Promise<boolean> {
    return answer(() => {
      const state = this.pendingState(ref);
      if (!state) return false;
      const { finishedAt, fates, rows, bytes, objects } = finish;
      const known = {
        ...(fates === undefined ? {} : { fates }),
        ...(bytes === undefined ? {} : { bytes }),
        ...(objects === undefined ? {} : { objects }),
      };
      this.setState(ref, { ...final(state), state: 'landed', finishedAt, rows, ...known });
      for (const loss of finish.losses) this.addLoss(loss);
      for (const gap of finish.gaps) this.addGap(gap);
      for (const child of finish.children) {
        this.addJob(child.job, { ...freshState(child.dueAt, child.job.members.length), malformed: [...child.malformed] });
      }
      for (const note of finish.notes ?? []) if (!this.notes.has(note.id)) this.notes.set(note.id, note);
      for (const notice of finish.notices ?? []) if (!this.notices.has(notice.findingId)) this.notices.set(notice.findingId, { notice });
      return true;
    });
  }

  add(notices: readonly Notice[]): Promise<void> {
    return answer(() => {
      for (const notice of notices) if (!this.notices.has(notice.findingId)) this.notices.set(notice.findingId, { notice });
    });
  }

  unsent(limit: number, dueBy: Instant): Promise<readonly Notice[]> {
    return answer(() =>
      [...this.notices.values()]
        .flatMap(({ notice, sentAt, dueAt = dueBy }) => (sentAt === undefined && dueAt <= dueBy ? [notice] : []))
        .sort((a, b) => a.at - b.at || compare(a.findingId, b.findingId))
        .slice(0, limit),
    );
  }

  noteDeliveries(progress: readonly NoticeProgress[], at: Instant): Promise<void> {
    return answer(() => {
      for (const { findingId, deliveries, dueAt } of progress) {
        const known = this.notices.get(findingId);
        if (!known || known.sentAt !== undefined) continue;
        const notice = freeze({ ...known.notice, deliveries });
        this.notices.set(findingId, dueAt === undefined ? { notice, sentAt: at } : { notice, dueAt });
      }
    });
  }

  pace(channel: string): Promise<Pace> {
    return answer(() => this.paces.get(channel) ?? freshPace);
  }

  notePace(channel: string, pace: Pace): Promise<void> {
    return answer(() => {
      this.paces.set(channel, freeze(pace));
    });
  }

  splitJob(ref: JobRef, halves: readonly WindowJob[], at: Instant, dueAt: Instant, objects?: readonly SealedObject[]): Promise<boolean> {
    return answer(() => {
      const state = this.pendingState(ref);
      if (!state) return false;
      this.setState(ref, { ...final(state), state: 'split', finishedAt: at, ...(objects && { objects }) });
      for (const half of halves) this.addJob(half, freshState(dueAt, 0));
      return true;
    });
  }

  overlappingJobs(stream: Stream, window: Window, beforePass: number): Promise<readonly JobRecord[]> {
    const concerns = ({ job }: JobRecord): boolean => job.kind === 'window' && job.pass < beforePass && overlaps(job.window, window);
    return answer(() => this.jobsOf(stream, concerns));
  }

  /** Pending jobs of all streams, the longest due first. */
  pendingJobs(): Promise<readonly JobRecord[]> {
    return answer(() => [...this.pending.values()].sort((a, b) => a.dueAt - b.dueAt).flatMap(({ ref }) => this.recordAt(ref) ?? []));
  }

  dueJobs(before: Instant, limit: number, beyond = Infinity): Promise<readonly { readonly ref: JobRef; readonly dueAt: Instant }[]> {
    return answer(() => {
      const due = [...this.pending].filter(([, job]) => job.dueAt < before || job.dueAt > beyond);
      due.sort(([idA, a], [idB, b]) => a.dueAt - b.dueAt || compare(idA, idB));
      return due.slice(0, limit).map(([, job]) => job);
    });
  }

  postponeJob(ref: JobRef, from: Instant, to: Instant): Promise<boolean> {
    return answer(() => {
      const state = this.pendingState(ref);
      if (state?.dueAt !== from) return false;
      this.setState(ref, { ...state, dueAt: to });
      return true;
    });
  }

  losses(stream: Stream): Promise<readonly Loss[]> {
    return answer(() => [...this.entry(stream).losses.values()].sort((a, b) => a.created - b.created || compare(a.contentId, b.contentId)));
  }

  gaps(stream: Stream): Promise<readonly Gap[]> {
    return answer(() => [...this.entry(stream).gaps.values()].sort((a, b) => a.from - b.from || a.to - b.to || passOf(a) - passOf(b)));
  }

  jobs(stream: Stream): Promise<readonly JobRecord[]> {
    return answer(() => this.jobsOf(stream));
  }

  restoreJob(
    { job, state }: JobRecord,
    { claims, losses }: { readonly claims: readonly string[]; readonly losses: readonly Loss[] },
  ): Promise<RestoredJob> {
    return answer(() => {
      const entry = this.entry(job.stream);
      const claim = { jobId: job.jobId, claimedAt: state.finishedAt ?? state.dueAt ?? 0 };
      for (const contentId of claims) if (!entry.claims.has(contentId)) entry.claims.set(contentId, claim);
      for (const loss of losses) this.addLoss(loss);
      if (entry.jobs.has(jobRef(job).key)) return 'there';
      this.addJob(job, state);
      return 'restored';
    });
  }

  reopenJob(ref: JobRef, finishedAt: Instant, members: readonly Member[], dueAt: Instant): Promise<boolean> {
    return answer(() => {
      const record = this.recordAt(ref);
      if (record?.state.finishedAt !== finishedAt) return false;
      const job = reopened(record.job, members);
      const version = record.state.version + 1;
      this.entry(ref.stream).jobs.set(ref.key, { job: freeze(job), state: record.state });
      this.setState(ref, { ...freshState(dueAt, job.kind === 'content' ? members.length : 0), version });
      return true;
    });
  }

  takeBackLosses(job: ContentJob, losses: readonly Loss[], dueAt: Instant): Promise<'created' | 'cancelled'> {
    return answer(() => {
      const entry = this.entry(job.stream);
      const isKept = ({ contentId, jobId, reason }: Loss): boolean => {
        const loss = entry.losses.get(contentId);
        return loss?.jobId === jobId && loss.reason === reason;
      };
      if (entry.jobs.has(jobRef(job).key) || !losses.every(isKept)) return 'cancelled';
      for (const { contentId } of losses) entry.losses.delete(contentId);
      this.addJob(job, freshState(dueAt, job.members.length));
      return 'created';
    });
  }

  /** Forgets final jobs and claims as their time to live does: 35 days after the write that made them final, or made them. */
  forget(now: Instant, remembersMs = days(35)): Promise<void> {
    return answer(() => {
      const before = now - remembersMs;
      for (const { claims, jobs } of this.entries.values()) {
        for (const [contentId, claim] of claims) if (claim.claimedAt < before) claims.delete(contentId);
        for (const [key, { state }] of jobs) if (state.finishedAt !== undefined && state.finishedAt < before) jobs.delete(key);
      }
    });
  }

  /** For tests of a restore. @returns Puts everything back as it is now. */
  snapshot(): () => void {
    const [entries, pending] = [structuredClone(this.entries), structuredClone(this.pending)];
    return () => {
      replaceAll(this.entries, entries);
      replaceAll(this.pending, pending);
    };
  }

  /** For oracles: every stream touched so far, in the order of its first touch. */
  streams(): readonly Stream[] {
    return [...this.entries.values()].map((entry) => entry.stream);
  }

  /** For oracles: every job of a stream, by key. */
  jobsOf(stream: Stream, concerns: (record: JobRecord) => boolean = () => true): readonly JobRecord[] {
    const found = [...this.entry(stream).jobs].filter(([, record]) => concerns(record));
    return found.sort(([a], [b]) => compare(a, b)).map(([, record]) => record);
  }

  /** For oracles: how many jobs are pending, of all streams. */
  get pendingCount(): number {
    return this.pending.size;
  }

  private entry(stream: Stream): StreamEntry {
    const key = streamKey(stream);
    const known = this.entries.get(key);
    if (known) return known;
    const entry: StreamEntry = {
      stream,
      cursor: undefined,
      meanBlobBytes: undefined,
      claims: new Map(),
      jobs: new Map(),
      losses: new Map(),
      gaps: new Map(),
    };
    this.entries.set(key, entry);
    return entry;
  }

  private recordAt(ref: JobRef): JobRecord | undefined {
    return this.entry(ref.stream).jobs.get(ref.key);
  }

  private pendingState(ref: JobRef): JobState | undefined {
    const state = this.recordAt(ref)?.state;
    return state?.state === 'pending' ? state : undefined;
  }

  /** Adds the job unless it is there. */
  private addJob(job: FetchJob, state: JobState): void {
    const ref = jobRef(job);
    const { jobs } = this.entry(job.stream);
    if (jobs.has(ref.key)) return;
    jobs.set(ref.key, { job: freeze(job), state });
    this.setState(ref, state);
  }

  private setState(ref: JobRef, state: JobState): JobState {
    const { jobs } = this.entry(ref.stream);
    const record = jobs.get(ref.key);
    if (!record) throw new Error(`no job ${ref.key} in stream ${streamKey(ref.stream)}`);
    jobs.set(ref.key, freeze({ job: record.job, state }));
    const id = `${streamKey(ref.stream)} ${ref.key}`;
    if (state.dueAt === undefined) this.pending.delete(id);
    else this.pending.set(id, freeze({ ref: jobRef(record.job), dueAt: state.dueAt }));
    return state;
  }

  /** A loss that is written again stays as it was: its first job decided. */
  private addLoss(loss: Loss): void {
    const { losses } = this.entry(loss.stream);
    if (!losses.has(loss.contentId)) losses.set(loss.contentId, freeze(loss));
  }

  private addGap(gap: Gap): void {
    const { gaps } = this.entry(gap.stream);
    const key = `${String(gap.from)} ${String(gap.to)} ${String(passOf(gap))}`;
    if (!gaps.has(key)) gaps.set(key, freeze(gap));
  }
}

function replaceAll<Key, Value>(map: Map<Key, Value>, by: ReadonlyMap<Key, Value>): void {
  map.clear();
  for (const [key, value] of structuredClone(by)) map.set(key, value);
}

function final(state: JobState): Omit<JobState, 'dueAt'> {
  const { dueAt: _dueAt, ...rest } = state;
  return rest;
}

const passOf = (gap: Gap): number => gap.pass ?? -1;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
