/** The adapters in memory, what Microsoft has, and what is remembered about both for the verdict. */

import { clocksDifferMs } from '../../shared/domain/clock.ts';
import { jobKey, type FetchJob, type JobRecord, type JobRef } from '../../shared/domain/fetch-job.ts';
import type { ObjectMetadata } from '../../shared/domain/landing-key.ts';
import { startsToIsolate } from '../../shared/domain/retry.ts';
import type { Stream } from '../../shared/domain/stream.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { iso, minutes, type Instant, type Window } from '../../shared/domain/window.ts';
import type { FakeFiles } from '../fakes/fake-files.ts';
import type { FakeWorkspace } from '../fakes/fake-workspace.ts';
import type { MemoryJobs } from '../fakes/memory-jobs.ts';
import type { MemoryLake } from '../fakes/memory-lake.ts';
import type { MemoryLedger } from '../fakes/memory-ledger.ts';
import type { Line } from './faults.ts';
import type { Environment } from './environment.ts';
import type { ProbeNote } from './cursor-invariants.ts';
import { missingFindings } from './missing-findings.ts';
import { Invariants } from './invariants.ts';
import type { Plan } from './plan.ts';
import type { Processes } from './processes.ts';
import { Random } from './random.ts';
import type { Sandbox, Scheduler } from './scheduler.ts';
import type { ParquetFile } from './stand-in-landing.ts';
import { rowsServedMs, type Read } from './window-world.ts';
import { makeWorld, type World } from './world.ts';

/** A window that was probed empty and committed as read. */
export interface EmptyRead {
  readonly window: Window;
  readonly at: Instant;
}

/** What Microsoft has answered a sandbox. */
export interface Notes {
  readonly probes: ProbeNote[];
  /** By window. */
  readonly reads: Map<string, Read>;
}

/** Whose stream it is, and which. */
export interface StreamOf {
  readonly tenant: Tenant;
  readonly stream: Stream;
}

/** Everything that the stations of one stream work on, and what is noted of it. */
export class Harness {
  readonly plan: Plan;
  readonly tenant: Tenant;
  readonly stream: Stream;
  readonly environment: Environment<Harness>;
  readonly scheduler: Scheduler;
  readonly line: Line;
  readonly world: World;
  readonly random: Random;
  readonly files: FakeFiles;
  readonly ledger: MemoryLedger;
  readonly lake: MemoryLake;
  readonly queue: MemoryJobs;
  readonly workspace: FakeWorkspace;
  readonly processes: Processes;
  readonly invariants: Invariants;
  /** Reads that decided a window job: of whoever put its object. */
  readonly decisive: Read[] = [];
  readonly empties: EmptyRead[] = [];
  /** Where the stream began: the first watermark that was written. What was there before it was never promised. */
  begunAt: Instant | undefined;
  /** When each object was put. */
  readonly putAt = new Map<string, Instant>();
  /** Every job there ever was, as it was last seen; see `archive`. */
  readonly jobs = new Map<string, JobRecord>();
  readonly counts = { fetches: 0, sends: 0, deadLetters: 0 };
  /** Workers that know that the tenant leads elsewhere. */
  readonly movedElsewhere = new WeakSet<Sandbox>();
  /** Who has started the subscription. */
  readonly startedBy: Sandbox[] = [];
  /** When a list was last refused. */
  refusedAt: Instant | undefined;
  /** What a station did that it must not, whatever comes of it. */
  readonly misdeeds: string[] = [];
  /** When a list last claimed something. */
  claimedAt: Instant | undefined;
  /** Attempts that workers have begun, by job. */
  private readonly attempts = new Map<string, number>();
  private readonly notes = new WeakMap<Sandbox, Notes>();

  constructor(
    plan: Plan,
    environment: Environment<Harness>,
    { tenant, stream }: StreamOf,
    broken: (invariant: string, how: string) => void,
  ) {
    const { scheduler, line, files, ledger, lake, queue, workspace, processes } = environment;
    [this.plan, this.tenant, this.stream, this.environment] = [plan, tenant, stream, environment];
    [this.scheduler, this.line, this.files, this.ledger, this.lake] = [scheduler, line, files, ledger, lake];
    [this.queue, this.workspace, this.processes] = [queue, workspace, processes];
    this.world = makeWorld(plan);
    this.random = new Random(plan.seed, 'harness');
    this.invariants = new Invariants({
      ...{ ledger: this.ledger, lake: this.lake, content: this.world.content, collectFrom: plan.begunEarlier ?? plan.start },
      now: () => scheduler.now,
      soon: (key, dueAt) => {
        if (plan.clockJumps.length === 0 && dueAt > scheduler.now + minutes(21) + plan.skewMs)
          broken('2', `job ${key}, which was never parked, is due in ${String(Math.round((dueAt - scheduler.now) / 60_000))} minutes`);
      },
      ...(environment.areRulesOn && {
        missingFindings: (job: FetchJob, rows: ParquetFile['rows']) => missingFindings(job, rows, environment.landedFindings),
      }),
      clocksDifferMs: plan.clockJumps.length > 0 ? clocksDifferMs : plan.skewMs,
      probesOf: (sandbox) => this.notesOf(sandbox).probes,
      broken,
    });
    environment.streams.push(this);
  }

  /** Nothing of ours is started: no tick, no delivery. */
  get isOff(): boolean {
    const { off } = this.plan;
    return this.environment.isStopped || (off !== undefined && this.scheduler.now >= off.start && this.scheduler.now < off.end);
  }

  get isFaulty(): boolean {
    return this.scheduler.now < this.plan.faultsUntil;
  }

  /** What the clock of a sandbox shows. */
  clockOf(sandbox: Sandbox): Instant {
    const { now } = this.scheduler;
    const jump = this.plan.clockJumps.find(({ start, end }) => now >= start && now < end);
    return now + sandbox.skewMs + (jump?.leadMs ?? 0);
  }

  /** Whether it is now. */
  isWithin(window: Window | undefined): boolean {
    const { now } = this.scheduler;
    return window !== undefined && now >= window.start && now < window.end;
  }

  /** Whether the tenant is not the one that jobs were made for. */
  isElsewhere(how: 'tenant' | 'cloud'): boolean {
    const { tenantElsewhere } = this.plan;
    return tenantElsewhere?.how === how && this.isWithin(tenantElsewhere);
  }

  /** Keeps what the ledger is about to forget, for the oracle. */
  archive(): void {
    for (const record of this.ledger.jobsOf(this.stream)) this.jobs.set(record.job.jobId, record);
  }

  notesOf(sandbox: Sandbox): Notes {
    const known = this.notes.get(sandbox);
    if (known) return known;
    const notes: Notes = { probes: [], reads: new Map() };
    this.notes.set(sandbox, notes);
    return notes;
  }

  /** Makes a copy of a file that outlives its folder. */
  takeAlong(file: string): string {
    this.environment.filesInFlight += 1;
    const copy = `in-flight/${String(this.environment.filesInFlight)}`;
    this.files.write(copy, this.files.read(file));
    return copy;
  }

  /** What was probed is committed. */
  noteEmpties(sandbox: Sandbox): void {
    const { probes } = this.notesOf(sandbox);
    for (const { window, at, answer } of probes) if (answer === 'empty') this.empties.push({ window, at });
    probes.length = 0;
  }

  /** What the sandbox has read stands at the key. @param job Undefined of a split, which lands nothing: a read whose answer was lost may have come before. */
  notePut(sandbox: Sandbox, key: string, job: FetchJob | undefined): void {
    this.putAt.set(key, this.scheduler.now);
    const read = job?.kind === 'window' && key.startsWith('raw/msft') ? this.notesOf(sandbox).reads.get(spanOf(job.window)) : undefined;
    if (read) this.decisive.push(read);
  }

  /** Whether a job is of this stream, as far as the ledger or the archive knows. */
  hasJob(jobId: string): boolean {
    return this.jobs.has(jobId) || this.ledger.jobsOf(this.stream).some(({ job }) => job.jobId === jobId);
  }

  /** A sweep or a list attempts nothing; one machine does everything in one sandbox. */
  noteStarted({ name }: Sandbox, { key }: JobRef): void {
    if (name === 'fetch' || name === 'machine') this.attempts.set(key, (this.attempts.get(key) ?? 0) + 1);
  }

  /** Members are isolated only from a job that workers have begun four times. */
  noteIsolating(job: FetchJob, { fates }: ObjectMetadata): void {
    const attempts = this.attempts.get(jobKey(job)) ?? 0;
    if (fates?.includes('x') && attempts < startsToIsolate)
      this.misdeeds.push(`job ${job.jobId} was isolated after ${String(attempts)} attempts`);
  }

  /** A window that Microsoft serves is closed only by who has read it, or has split it. */
  noteClosing(sandbox: Sandbox, job: FetchJob, { split }: ObjectMetadata): void {
    if (job.kind !== 'window' || split === 'yes' || job.window.end <= this.scheduler.now - rowsServedMs) return;
    if (!this.notesOf(sandbox).reads.has(spanOf(job.window))) this.misdeeds.push(`${spanOf(job.window)} was closed and nobody had read it`);
  }

  /** What stands at a key. */
  parquetAt(key: string): ParquetFile | undefined {
    return this.lake.objectAt(key)?.content as ParquetFile | undefined;
  }
}

/** As the trace shows it. */
export function spanOf(window: Window): string {
  return `${iso(window.start)}..${iso(window.end)}`;
}
