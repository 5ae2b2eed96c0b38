/**
 * Objects land in any order and are finished by workers that overlap, die at any call and come again, with the real finish, detect and rules.
 * At the end the findings have to be those of one batch over everything: none lost, none that is not true, and each notified once.
 */

import type { FindingRow } from '../../shared/detections/finding-row.ts';
import type { Row } from '../../shared/detections/compile/row.ts';
import { contentJob, freshState, jobRef, type ContentJob } from '../../shared/domain/fetch-job.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { Stream } from '../../shared/domain/stream.ts';
import type { Instant } from '../../shared/domain/window.ts';
import type { Finish, Ledger, Notice } from '../../shared/ports/ledger.ts';
import { finish } from '../../lambdas/fetch/finish.ts';
import { findAbsences, type AbsenceDeps } from '../../lambdas/fetch/find-absences.ts';
import type { Attempt, FetchDeps } from '../../lambdas/fetch/fetching.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { MemorySightings } from '../fakes/memory-sightings.ts';
import { Draw } from '../compaction/draw.ts';
import { faultOfEnd, faultOfFinal, indicators, tenantId, type Landed } from './judge.ts';
import { simulatedRules } from './rules.ts';
import { afterEverything, firstEvening, simulatedObjects, type SimulatedObject } from './world.ts';

const findingsPrefix = 'raw/findings_raw/';

const audits: Stream = { cloud: 'global', tenantId, logType: 'directory-audits' };
const watched = [{ name: 'contoso', tenantId, streams: [audits] }];

class Died extends Error {}

/** @returns What was wrong first; undefined when nothing was. */
export async function simulate(seed: number): Promise<string | undefined> {
  return new SimulatedRun(new Draw(seed)).run();
}

interface PendingJob {
  readonly job: ContentJob;
  readonly object: SimulatedObject;
}

class SimulatedRun {
  private readonly draw: Draw;
  private readonly ledger = new MemoryLedger();
  private readonly sightings = new MemorySightings();
  private readonly lake = new Map<string, readonly unknown[]>();
  /** Calls that wait for their turn. */
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private fault: string | undefined;
  /** Late, when everything is too old to be notified of; or on the first evening. */
  private readonly now: Instant;

  constructor(draw: Draw) {
    this.draw = draw;
    this.now = draw.chance(0.5) ? afterEverything() : firstEvening;
  }

  async run(): Promise<string | undefined> {
    const objects = simulatedObjects(this.draw);
    const jobs = objects.map((object, index) => this.land(object, index));
    for (const { job } of jobs) await this.ledger.createJob(job, 0);
    await this.complete();
    const open = [...jobs];
    for (let round = 0; (open.length > 0 || this.running > 0) && round < 5000; round += 1) {
      const next = open[0];
      // What is not complete is not absent: a run in the middle of it finds nothing that is not true.
      if (this.draw.chance(0.01)) void findAbsences(watched, this.absenceDeps()).catch(() => undefined);
      if (next && this.running < 1 + this.draw.upTo(4)) await this.begin(next, open);
      await this.turn();
    }
    if (open.length > 0) return `${String(open.length)} jobs are not final`;
    await this.lookForAbsences();
    return this.fault ?? faultOfEnd(objects, await this.landed());
  }

  /** Everything is listed from the beginning: what keeps the stream from being complete is that jobs have not landed. */
  private async complete(): Promise<void> {
    await this.ledger.commitCursor(audits, 0, { watermarks: [afterEverything()] }, { jobs: [], gaps: [], dueAt: 0 });
  }

  /** Two runs at once, and again until none has died. */
  private async lookForAbsences(): Promise<void> {
    let open = 2;
    const attempt = (): Promise<unknown> =>
      findAbsences(watched, this.absenceDeps()).then(
        () => (open -= 1),
        (error: unknown) => (error instanceof Died ? attempt() : Promise.reject(error as Error)),
      );
    const both = [attempt(), attempt()].map((one) =>
      one.catch((error: unknown) => {
        open -= 1;
        this.fault ??= String(error);
      }),
    );
    for (let round = 0; open > 0 && round < 20_000; round += 1) await this.turn();
    if (open > 0) this.fault ??= 'looking for absences does not end';
    else await Promise.all(both);
  }

  private absenceDeps(): AbsenceDeps {
    const deps = this.deps();
    const { ledger } = this;
    const outbox = { add: (notices: readonly Notice[]) => this.call(() => ledger.add(notices)) };
    const workspace = { use: <T>(work: (folder: string) => Promise<T>) => work('') };
    const detecting = {
      ...deps.detecting,
      rules: { read: () => Promise.resolve(simulatedRules), current: () => Promise.resolve(undefined) },
    };
    return {
      ...deps,
      outbox,
      workspace,
      detecting,
      ledger: {
        ...deps.ledger,
        readCursor: (stream: Stream) => ledger.readCursor(stream),
        dueJobs: (before: Instant, limit: number) => ledger.dueJobs(before, limit),
      },
    } as unknown as AbsenceDeps;
  }

  private land(object: SimulatedObject, index: number): PendingJob {
    const member = { contentId: `blob${String(index)}`, contentUri: '', created: 0, expires: 0 };
    const stream = { cloud: 'global', tenantId, logType: object.logType } as const;
    const job = { ...contentJob(stream, 'contoso', [member], afterEverything()), rules: simulatedRules.hash };
    this.lake.set(landingKey(logTypeById(object.logType).dataset, job), object.rows);
    return { job, object };
  }

  private async landed(): Promise<Landed> {
    const objects = [...this.lake].flatMap(([key, content]) => (key.startsWith(findingsPrefix) ? [content as readonly FindingRow[]] : []));
    return { objects, notices: await this.ledger.unsent(Infinity, Infinity) };
  }

  /** Some jobs are taken by two workers; who dies leaves the job for later. */
  private async begin(pending: PendingJob, open: PendingJob[]): Promise<void> {
    open.shift();
    const isFinal = (await this.ledger.readJob(jobRef(pending.job)))?.state.state !== 'pending';
    if (isFinal && this.draw.chance(0.7)) return;
    if (this.draw.chance(0.2)) open.push(pending);
    this.running += 1;
    void this.attempt(pending)
      .catch((error: unknown) => {
        if (error instanceof Died) open.push(pending);
        else this.fault ??= error instanceof Error ? (error.stack ?? error.message) : String(error);
      })
      .finally(() => {
        this.running -= 1;
      });
  }

  private async attempt({ job, object }: PendingJob): Promise<void> {
    const record = await this.ledger.readJob(jobRef(job));
    if (record?.state.state !== 'pending') return;
    const logType = logTypeById(object.logType);
    const attempt: Attempt = {
      job,
      state: freshState(0, 1),
      logType,
      key: landingKey(logType.dataset, job),
      folder: '',
      deps: this.deps(object),
    };
    await finish(attempt, { mark: { rows: object.rows.length, fates: 'l', isSplit: false } });
  }

  /** One of the calls that wait goes on. */
  private async turn(): Promise<void> {
    // What a call that went on does next comes to wait in its own time.
    for (let settle = 0; settle < 12; settle += 1) await Promise.resolve();
    const index = this.draw.upTo(Math.max(0, this.waiting.length - 1));
    this.waiting.splice(index, 1)[0]?.();
  }

  /** A call to a store: at any turn, and the worker may die before or after it. */
  private async call<T>(work: () => Promise<T>): Promise<T> {
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    if (this.draw.chance(0.03)) throw new Died();
    const result = await work();
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    if (this.draw.chance(0.03)) throw new Died();
    return result;
  }

  /** @param object What the job of an attempt landed. */
  private deps(object?: SimulatedObject): FetchDeps {
    const { ledger, sightings, lake } = this;
    const call = <T>(work: () => Promise<T>): Promise<T> => this.call(work);
    const written = new Map<string, readonly unknown[]>();
    const deps = {
      normalized: [],
      clock: { now: () => this.now, sleep: () => Promise.resolve() },
      log: { info: () => undefined, warn: () => undefined, error: (message: string) => (this.fault ??= message) },
      microsoft: { clockLeadMs: () => 0 },
      tenants: { byName: () => Promise.resolve(undefined) },
      jobs: { send: () => Promise.resolve() },
      lake: {
        get: (key: string) => call(() => Promise.resolve(lake.has(key) ? key : undefined)),
        digest: (key: string) => Promise.resolve(lake.has(key) ? { sha256: key, bytes: 1 } : undefined),
        head: (key: string) => call(() => Promise.resolve(lake.has(key) ? {} : undefined)),
        putOnce: (key: string, file: string) =>
          call(() => {
            if (lake.has(key)) return Promise.resolve('taken' as const);
            lake.set(key, written.get(file) ?? []);
            return Promise.resolve('put' as const);
          }),
      },
      ledger: {
        gaps: () => Promise.resolve([]),
        losses: () => Promise.resolve([]),
        finishJob: (ref: Parameters<Ledger['finishJob']>[0], outcome: Finish) =>
          call(async () => {
            const isFinal = await ledger.finishJob(ref, outcome);
            if (isFinal && object) this.fault ??= faultOfFinal(object, await this.landed());
            return isFinal;
          }),
      },
      detecting: {
        rules: { read: () => Promise.resolve(simulatedRules), current: () => Promise.resolve(simulatedRules.hash) },
        indicators: () => Promise.resolve(indicators),
        sightings: {
          put: (...args: Parameters<MemorySightings['put']>) => call(() => sightings.put(...args)),
          timelines: (...args: Parameters<MemorySightings['timelines']>) => call(() => sightings.timelines(...args)),
          remember: (...args: Parameters<MemorySightings['remember']>) => call(() => sightings.remember(...args)),
          days: (...args: Parameters<MemorySightings['days']>) => call(() => sightings.days(...args)),
          known: (...args: Parameters<MemorySightings['known']>) => call(() => sightings.known(...args)),
          noteKnown: (ids: readonly string[]) => call(() => sightings.noteKnown(ids)),
        },
        // In two parts, as row groups come.
        readRows: async function* (file: string) {
          const rows = (lake.get(file) ?? []) as readonly Row[];
          const half = Math.ceil(rows.length / 2);
          for (const part of [rows.slice(0, half), rows.slice(half)]) yield await Promise.resolve(part);
        },
        files: {
          write: (rows: readonly FindingRow[], into: string) => Promise.resolve(void written.set(into, rows)),
          read: (file: string) => Promise.resolve((lake.get(file) ?? []) as readonly FindingRow[]),
        },
      },
      deadline: Infinity,
    };
    return deps as unknown as FetchDeps;
  }
}
