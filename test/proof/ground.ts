/** The grounds in memory as one sandbox sees them: every call on the line where faults happen, every write under the invariants. */

import type { FetchJob, JobRecord, JobRef } from '../../shared/domain/fetch-job.ts';
import { jobKey } from '../../shared/domain/fetch-job.ts';
import type { Stream } from '../../shared/domain/stream.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { iso, type Instant, type Window } from '../../shared/domain/window.ts';
import type { Clock, Jobs, Lake, Landing, Ledger, Log, Microsoft, QueuedJob, Tenants, Workspace } from '../../shared/ports.ts';
import { FakeFiles } from '../fakes/fake-files.ts';
import { FakeWorkspace } from '../fakes/fake-workspace.ts';
import { MemoryJobs } from '../fakes/memory-jobs.ts';
import { MemoryLake } from '../fakes/memory-lake.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { contentServedMs } from './content-world.ts';
import { Line, type FaultSource } from './faults.ts';
import { Invariants, type ProbeNote } from './invariants.ts';
import type { Plan } from './plan.ts';
import { Random } from './random.ts';
import type { Sandbox, Scheduler } from './scheduler.ts';
import { derive, toParquet, type ParquetFile, type ServedFile } from './stand-in-landing.ts';
import { rowsServedMs, type Read } from './window-world.ts';
import { makeWorld, refusal, type World } from './world.ts';

/** Everything a station needs of its ports; what else it needs is given where it is started. */
export interface SandboxPorts {
  readonly microsoft: Microsoft;
  readonly ledger: Ledger;
  readonly jobs: Jobs;
  readonly lake: Lake;
  readonly landing: Landing;
  readonly tenants: Pick<Tenants, 'byName'>;
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly log: Log;
}

/** A window that was probed empty and committed as read. */
export interface EmptyRead {
  readonly window: Window;
  readonly at: Instant;
}

interface Notes {
  readonly probes: (ProbeNote & { readonly trueAt: Instant })[];
  readonly reads: Map<string, Read>;
}

const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const tenantId = '6f1c2a52-0a5d-4c7e-9d38-3c0d8f1b7a10';

export class Ground {
  readonly plan: Plan;
  readonly tenant: Tenant;
  readonly stream: Stream;
  readonly scheduler: Scheduler;
  readonly line: Line;
  readonly world: World;
  readonly files = new FakeFiles();
  readonly ledger = new MemoryLedger();
  readonly lake = new MemoryLake(this.files);
  readonly queue = new MemoryJobs();
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
  readonly counts = { fetches: 0, sends: 0, deadLetters: 0, gone: 0 };
  /** Something new is in the queue. */
  onSent: () => void = () => undefined;
  private readonly random: Random;
  private readonly workspace = new FakeWorkspace(this.files);
  private readonly notes = new WeakMap<Sandbox, Notes>();
  private inFlight = 0;
  private index: { readonly at: Instant; readonly due: readonly { readonly ref: JobRef; readonly dueAt: Instant }[] } | undefined;

  constructor(plan: Plan, scheduler: Scheduler, faults: FaultSource, isTraced: boolean, broken: (invariant: string, how: string) => void) {
    this.plan = plan;
    this.scheduler = scheduler;
    this.line = new Line(scheduler, new Random(plan.seed, 'line'), faults, isTraced);
    this.world = makeWorld(plan);
    this.random = new Random(plan.seed, 'ground');
    const logType = plan.rows?.logType ?? 'audit-general';
    const choice = { logTypes: [logType] };
    this.tenant = {
      name: 'contoso',
      tenantDomain: 'contoso.onmicrosoft.com',
      clientId: '22222222-2222-4222-8222-222222222222',
      credentialKind: 'secret',
      managementActivity: { cloud: 'enterprise', ...choice },
      graph: { cloud: 'global', ...choice },
      collectFrom: plan.start,
    };
    this.stream = { cloud: plan.rows ? 'global' : 'enterprise', tenantId, logType };
    this.invariants = new Invariants({
      ledger: this.ledger,
      lake: this.lake,
      content: this.world.content,
      collectFrom: plan.start,
      now: () => scheduler.now,
      probesOf: (sandbox) => this.notesOf(sandbox).probes,
      broken,
    });
  }

  /** Keeps what the ledger is about to forget, for the oracle. */
  archive(): void {
    for (const record of this.ledger.jobsOf(this.stream)) this.jobs.set(record.job.jobId, record);
  }

  portsOf(sandbox: Sandbox): SandboxPorts {
    return {
      microsoft: this.microsoftOf(sandbox),
      ledger: this.ledgerOf(sandbox),
      jobs: this.jobsOf(sandbox),
      lake: this.lakeOf(sandbox),
      landing: this.landingOf(sandbox),
      tenants: { byName: (name) => this.line.call(sandbox, 'tenants.byName', { isLocal: true, apply: () => this.tenantNow(name) }) },
      workspace: this.workspace,
      clock: this.clockOf(sandbox),
      log: quiet,
    };
  }

  private tenantNow(name: string): Tenant | undefined {
    const { tenantGone } = this.plan;
    const isGone = tenantGone && this.scheduler.now >= tenantGone.start && this.scheduler.now < tenantGone.end;
    return name === this.tenant.name && !isGone ? this.tenant : undefined;
  }

  private clockOf(sandbox: Sandbox): Clock {
    return {
      now: () => this.scheduler.now + sandbox.skewMs,
      sleep: (ms) =>
        new Promise((resolve) => {
          this.scheduler.after(Math.max(0, ms), () => {
            if (!sandbox.isDead) resolve();
          });
        }),
    };
  }

  private notesOf(sandbox: Sandbox): Notes {
    const known = this.notes.get(sandbox);
    if (known) return known;
    const notes: Notes = { probes: [], reads: new Map() };
    this.notes.set(sandbox, notes);
    return notes;
  }

  // ------------------------------------------------------------------------------------------------------- Microsoft

  private microsoftOf(sandbox: Sandbox): Microsoft {
    const { line, world, scheduler } = this;
    const ask = <T>(
      name: string,
      of: 'listing' | 'fetching',
      more: { detail?: () => string; latencyMs?: number },
      serve: (now: Instant) => T,
    ) =>
      line.call(sandbox, `microsoft.${name}`, {
        isLocal: name !== 'startSubscription',
        refuse: () => refusal('unavailable', 'timeout') as never,
        apply: () => world.refuse(of, scheduler.now) ?? serve(scheduler.now),
        ...more,
      });
    const slow = (): number => this.random.between(50, this.random.chance(0.1) ? 20_000 : 2_000);
    return {
      identify: () => ask('identify', 'listing', {}, () => ({ kind: 'ok', value: { tenantId } })),
      listSubscriptions: () =>
        ask('listSubscriptions', 'listing', {}, (now) => ({
          kind: 'ok',
          value: [{ contentType: 'Audit.General', isEnabled: world.content?.isSubscribed(now) ?? false }],
        })),
      startSubscription: () =>
        ask('startSubscription', 'listing', {}, (now) => {
          world.content?.subscribe(now);
          return { kind: 'ok', value: null };
        }),
      listBlobs: (_tenant, _logType, window) =>
        ask('listBlobs', 'listing', { detail: () => spanOf(window), latencyMs: slow() }, (now) => {
          if (!world.content?.isSubscribed(now)) return refusal('not-subscribed', 'AF20022');
          if (window.start < now - contentServedMs) return refusal('out-of-range', 'AF20030');
          return { kind: 'ok', value: world.content.listed(window, now) };
        }),
      fetchBlob: (_tenant, _logType, member, file) =>
        ask('fetchBlob', 'fetching', { detail: () => member.contentId, latencyMs: slow() }, (now) =>
          this.serveBlob(sandbox, member.contentId, file, now),
        ),
      probeWindow: (_tenant, _logType, window) =>
        ask('probeWindow', 'listing', { detail: () => spanOf(window) }, (now) => {
          const answer = world.windows?.probe(window, now) ?? 'empty';
          this.notesOf(sandbox).probes.push({ window, at: now + sandbox.skewMs, trueAt: now, answer });
          return { kind: 'ok', value: answer };
        }),
      fetchWindow: (_tenant, _logType, window, folder, maxPages) => {
        const begun = scheduler.now;
        return ask(
          'fetchWindow',
          'fetching',
          { detail: () => spanOf(window), latencyMs: this.random.between(500, this.plan.slowestReadMs) },
          (now) => this.serveWindow(sandbox, window, { folder, maxPages, begun, now }),
        );
      },
    };
  }

  private serveBlob(sandbox: Sandbox, contentId: string, file: string, now: Instant) {
    const { content } = this.world;
    if (!content) throw new Error('there is no content in this world');
    const { nature, expires, rows } = content.blob(contentId);
    this.counts.fetches += 1;
    const isWell = content.isWell(now);
    const garbage = (bytes: string): void => this.files.write(file, { kind: 'garbage', bytes } satisfies ServedFile);
    if (nature === 'missing-always') return refusal('missing', 'AF20050');
    if (now >= expires) return refusal('expired', 'AF20051');
    if (nature === 'missing' || (!isWell && this.random.chance(this.plan.flaky))) return refusal('missing', 'AF20050');
    const isTruncated = !isWell && this.random.chance(this.plan.truncated);
    if (nature === 'malformed' || nature === 'garbled' || isTruncated) {
      garbage(`[{"Id": "${contentId}`);
      const isSaid = isTruncated ? this.random.chance(0.5) : nature === 'malformed';
      return isSaid ? refusal('malformed', 'truncated') : { kind: 'ok' as const, value: { bytes: 10 } };
    }
    if (nature === 'deadly-fetch') {
      sandbox.die();
      return { kind: 'ok' as const, value: { bytes: 10 } };
    }
    this.files.write(file, { kind: 'records', rows, isDeadly: nature === 'deadly-landing' } satisfies ServedFile);
    return { kind: 'ok' as const, value: { bytes: 100 * rows.length } };
  }

  private serveWindow(sandbox: Sandbox, window: Window, by: { folder: string; maxPages: number; begun: Instant; now: Instant }) {
    const { windows } = this.world;
    if (!windows) throw new Error('there are no windows in this world');
    this.counts.fetches += 1;
    if (window.end <= by.now - rowsServedMs && this.random.chance(0.5)) return refusal('out-of-range', 'UnsupportedQuery');
    const { pages, read } = windows.read(window, by.begun, by.now);
    if (pages.length > by.maxPages) return { kind: 'too-many-pages' as const };
    const files = pages.map((rows, page) => {
      const file = `${by.folder}/page-${String(page)}.json`;
      this.files.write(file, { kind: 'records', rows, isDeadly: false } satisfies ServedFile);
      return file;
    });
    this.notesOf(sandbox).reads.set(spanOf(window), read);
    return { kind: 'ok' as const, value: { files } };
  }

  // ---------------------------------------------------------------------------------------------------------- Ledger

  private ledgerOf(sandbox: Sandbox): Ledger {
    const { line, ledger, invariants } = this;
    const read = <T>(name: string, apply: () => Promise<T>, detail?: () => string): Promise<T> =>
      line.call(sandbox, `ledger.${name}`, { apply, isLocal: true, ...(detail ? { detail } : {}) });
    const write = <T>(name: string, detail: () => string, apply: () => Promise<T>): Promise<T> =>
      line.call(sandbox, `ledger.${name}`, { apply, detail });
    const written = async <T>(ref: JobRef, result: Promise<T>): Promise<T> => {
      const value = await result;
      await invariants.jobWritten(ref);
      return value;
    };
    return {
      readCursor: (stream) => read('readCursor', () => ledger.readCursor(stream)),
      commitCursor: (stream, version, to, alongside) =>
        write(
          'commitCursor',
          () =>
            `from ${String(version)} to ${JSON.stringify(to)} with ${String(alongside.jobs.length)} jobs, ${JSON.stringify(alongside.gaps)}`,
          async () => {
            const before = ledger.readCursor(stream);
            const result = await ledger.commitCursor(stream, version, to, alongside);
            if (result === 'committed') {
              await invariants.committed(sandbox, stream, await before, to, alongside);
              this.noteEmpties(sandbox);
              this.begunAt ??= to.watermarks[0];
              if (to.subscription ?? to.subscriptionStartedAt) this.world.content?.subscriptionIsKnown(this.scheduler.now);
            }
            return result;
          },
        ),
      noteBlobBytes: (stream, mean) =>
        write(
          'noteBlobBytes',
          () => String(mean),
          () => ledger.noteBlobBytes(stream, mean),
        ),
      claims: (stream, contentIds, { consistent }) =>
        read(
          'claims',
          async () => {
            const claims = await ledger.claims(stream, contentIds);
            return consistent
              ? claims
              : new Map([...claims].filter(() => !this.random.chance(this.isFaulty() ? this.plan.staleClaims : 0)));
          },
          () => `${String(contentIds.length)} ids${consistent ? ', consistent' : ''}`,
        ),
      createJob: (job, dueAt) =>
        write(
          'createJob',
          () => `${job.jobId} of ${job.members.map(({ contentId }) => contentId).join(', ')}`,
          async () => {
            const result = await ledger.createJob(job, dueAt);
            if (result === 'created') await invariants.jobCreated(job);
            return result;
          },
        ),
      readJob: (ref) =>
        read(
          'readJob',
          () => ledger.readJob(ref),
          () => ref.key,
        ),
      startJob: (ref) =>
        write(
          'startJob',
          () => ref.key,
          () => written(ref, ledger.startJob(ref)),
        ),
      parkJob: (ref, version, park) =>
        write(
          'parkJob',
          () => `${ref.key} ${JSON.stringify(park)}`,
          () => written(ref, ledger.parkJob(ref, version, park)),
        ),
      finishJob: (ref, finish) =>
        write(
          'finishJob',
          () => `${ref.key} ${JSON.stringify(finish)}`,
          async () => {
            const isOurs = await ledger.finishJob(ref, finish);
            if (isOurs) {
              await invariants.finished(ref, finish);
              const job = (await ledger.readJob(ref))?.job;
              if (job && finish.rows === 0) this.noteDecisive(sandbox, job);
            }
            return isOurs;
          },
        ),
      splitJob: (ref, halves, at, dueAt) =>
        write(
          'splitJob',
          () => ref.key,
          () => written(ref, ledger.splitJob(ref, halves, at, dueAt)),
        ),
      overlappingJobs: (stream, window, beforePass) => this.overlapping(sandbox, stream, window, beforePass),
      dueJobs: (before, limit) => read('dueJobs', () => this.dueJobs(before, limit)),
      postponeJob: (ref, from, to) =>
        write(
          'postponeJob',
          () => `${ref.key} ${iso(to)}`,
          () => written(ref, ledger.postponeJob(ref, from, to)),
        ),
      losses: (stream) => read('losses', () => ledger.losses(stream)),
      gaps: (stream) => read('gaps', () => ledger.gaps(stream)),
    };
  }

  private isFaulty(): boolean {
    return this.scheduler.now < this.plan.faultsUntil;
  }

  /** A consistent query is read page by page: what is on the second page may be newer than what was on the first. */
  private async overlapping(sandbox: Sandbox, stream: Stream, window: Window, beforePass: number): Promise<readonly JobRecord[]> {
    const query = (): Promise<readonly JobRecord[]> =>
      this.line.call(sandbox, 'ledger.overlappingJobs', {
        isLocal: true,
        apply: () => this.ledger.overlappingJobs(stream, window, beforePass),
      });
    const first = await query();
    if (first.length < 2 || !this.isFaulty()) return first;
    const pivot = jobKey((first[Math.floor(first.length / 2)] as JobRecord).job);
    return [...first.filter(({ job }) => jobKey(job) < pivot), ...(await query()).filter(({ job }) => jobKey(job) >= pivot)];
  }

  /** The index lags: what it says may be true of some time ago. */
  private async dueJobs(before: Instant, limit: number): Promise<readonly { readonly ref: JobRef; readonly dueAt: Instant }[]> {
    const { now } = this.scheduler;
    const lagMs = this.isFaulty() ? this.plan.staleIndexMs : 0;
    if (!this.index || now - this.index.at >= lagMs) this.index = { at: now, due: await this.ledger.dueJobs(Infinity, Infinity) };
    return this.index.due.filter(({ dueAt }) => dueAt < before).slice(0, limit);
  }

  private noteEmpties(sandbox: Sandbox): void {
    const { probes } = this.notesOf(sandbox);
    for (const { window, trueAt, answer } of probes) if (answer === 'empty') this.empties.push({ window, at: trueAt });
    probes.length = 0;
  }

  private noteDecisive(sandbox: Sandbox, job: FetchJob): void {
    if (job.kind !== 'window') return;
    const read = this.notesOf(sandbox).reads.get(spanOf(job.window));
    if (read) this.decisive.push(read);
  }

  // ------------------------------------------------------------------------------------------------------ Queue, lake

  private jobsOf(sandbox: Sandbox): Jobs {
    const send = (refs: readonly QueuedJob[]): Promise<void> => {
      this.counts.sends += refs.length;
      const sent = this.queue.send(refs);
      this.onSent();
      return sent;
    };
    return {
      send: (refs) =>
        this.line.call(sandbox, 'jobs.send', {
          detail: () => refs.map(({ ref }) => ref.key).join(', '),
          apply: () => send(refs),
          part: () => send(refs.slice(0, Math.floor(refs.length / 2))),
        }),
    };
  }

  private lakeOf(sandbox: Sandbox): Lake {
    const { line, lake, files } = this;
    return {
      head: (key) => line.call(sandbox, 'lake.head', { isLocal: true, detail: () => key, apply: () => lake.head(key) }),
      get: (key, folder) => line.call(sandbox, 'lake.get', { isLocal: true, detail: () => key, apply: () => lake.get(key, folder) }),
      putOnce: (key, file, metadata) => {
        // What is on its way was read from the file before the call; the folder may be gone when it arrives.
        this.inFlight += 1;
        const body = `in-flight/${String(this.inFlight)}`;
        files.write(body, files.read(file));
        return line.call(sandbox, 'lake.putOnce', {
          detail: () => `${key} ${JSON.stringify(metadata)}`,
          apply: async () => {
            const record = await this.jobOfObject(metadata['key']);
            if (key.startsWith('raw/msft') && record) await this.invariants.put(record.job, metadata);
            const result = await lake.putOnce(key, body, metadata);
            if (result === 'put' && key.startsWith('raw/msft') && record) this.noteDecisive(sandbox, record.job);
            if (result === 'put') this.putAt.set(key, this.scheduler.now);
            files.remove(body);
            return result;
          },
        });
      },
    };
  }

  private async jobOfObject(key: string | undefined): Promise<JobRecord | undefined> {
    return key === undefined ? undefined : this.ledger.readJob({ stream: this.stream, tenantName: this.tenant.name, key });
  }

  private landingOf(sandbox: Sandbox): Landing {
    const { line, files } = this;
    return {
      toParquet: (request) =>
        line.call(sandbox, 'landing.toParquet', {
          isLocal: true,
          detail: () => `${String(request.from.length)} files`,
          apply: () => {
            const landed = toParquet(files, request);
            if (landed !== 'deadly') return landed;
            sandbox.die();
            return { kind: 'unreadable', files: [] };
          },
        }),
      derive: (dataset, raw, into, metadata) =>
        line.call(sandbox, 'landing.derive', { isLocal: true, apply: () => derive(files, dataset, raw, into, metadata) }),
    };
  }

  /** What stands at a key. */
  parquetAt(key: string): ParquetFile | undefined {
    return this.lake.objectAt(key)?.content as ParquetFile | undefined;
  }
}

function spanOf(window: Window): string {
  return `${iso(window.start)}..${iso(window.end)}`;
}
