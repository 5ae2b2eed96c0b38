/** One seed, from its plan to its verdict. */

import { cursorBody, nothingElse } from '../../lambdas/list/listing.ts';
import { hours, minutes, type Instant } from '../../shared/domain/window.ts';
import { judgeBroken } from './content-verdict.ts';
import { seededFaults, type FaultSource } from './faults.ts';
import { streamsOf } from './fleet.ts';
import { Environment } from './environment.ts';
import type { Harness } from './harness.ts';
import { Machine } from './machine.ts';
import { judge } from './oracle.ts';
import { planOf } from './draw-plan.ts';
import type { Healing, Mode, Plan } from './plan.ts';
import { Random } from './random.ts';
import { keepSchedule } from './schedule.ts';
import { keepRestore } from './restore.ts';
import { Scheduler } from './scheduler.ts';
import { Stations } from './stations.ts';
import { Workers } from './workers.ts';

/** How a seed is run, other than usual. */
export interface RunOptions {
  readonly isTraced?: boolean;
  /** Ends at the first broken invariant; off for looking at outcomes alone. */
  readonly areInvariantsOn?: boolean;
  readonly healing?: Healing;
  readonly faults?: FaultSource;
  readonly plan?: Plan;
  /** Is shown the harness at the end. */
  readonly look?: (harness: Harness) => void;
}

/** How a seed ended. */
export interface Outcome {
  readonly seed: number;
  readonly mode: Mode;
  /** What went wrong; nothing when the seed held. */
  readonly failures: readonly string[];
  readonly traceHash: number;
  readonly trace: readonly string[];
  readonly sums: Sums;
}

/** Counts over one seed. */
export interface Sums {
  readonly blobs: number;
  readonly records: number;
  readonly calls: number;
  readonly faults: number;
  readonly refusals: number;
  readonly jobs: number;
  readonly fetches: number;
  readonly sends: number;
  readonly deadLetters: number;
  readonly expired: number;
  readonly quarantined: number;
  readonly gaps: number;
  readonly splits: number;
  readonly virtualHours: number;
}

/** Runs one seed to its verdict. The same seed and mode give the same trace. */
export async function simulate(seed: number, mode: Mode, options: RunOptions = {}): Promise<Outcome> {
  const simulation = new Simulation(options.plan ?? planOf(seed, mode, options.healing ?? 'on'), options);
  return simulation.run();
}

/** Ten times what the longest seeds make. */
const mostCalls = 300_000;

class Simulation {
  private readonly plan: Plan;
  private readonly scheduler: Scheduler;
  /** The first stream: all that have one only know no other. */
  private readonly harness: Harness;
  private readonly streams: readonly Harness[];
  private readonly stations: Stations;
  private readonly workers: Workers | undefined;
  private readonly failures: string[] = [];
  private readonly look: RunOptions['look'];

  constructor(plan: Plan, { areInvariantsOn = true, isTraced = false, faults, look }: RunOptions) {
    this.plan = plan;
    this.look = look;
    this.scheduler = new Scheduler(plan.start);
    const fail = (failure: string): void => {
      this.fail(failure);
    };
    const broken = (invariant: string, how: string): void => {
      this.harness.line.note('INVARIANT', `${invariant}: ${how}`);
      if (areInvariantsOn) fail(`invariant ${invariant}: ${how}`);
    };
    const environment = new Environment<Harness>(plan, this.scheduler, this.bounded(faults ?? this.seededFaults()), isTraced, fail);
    this.streams = streamsOf(plan, environment, broken);
    const [harness] = this.streams;
    if (!harness) throw new Error('a plan has no stream');
    this.harness = harness;
    this.stations = new Stations(this.streams, fail);
    this.workers = this.isOneMachine ? undefined : new Workers(this.streams, this.stations);
  }

  async run(): Promise<Outcome> {
    const { runner } = this.plan.fleet ?? {};
    if (runner === 'follow' || runner === 'drain') new Machine(this.streams, this.stations, runner).run();
    else keepSchedule(this.harness, this.stations);
    keepRestore(this.harness, this.stations);
    this.keepTrouble();
    this.scheduler.at(this.plan.faultsUntil + hours(1.5), () => void this.lookWhetherAllIsWell());
    await this.scheduler.run(this.plan.end);
    if (this.failures.length === 0) for (const fault of await this.judgeAll()) this.fail(fault);
    this.look?.(this.harness);
    return this.outcome();
  }

  /** No functions, no schedule: one process does everything. */
  private get isOneMachine(): boolean {
    return this.plan.fleet !== undefined && this.plan.fleet.runner !== 'functions';
  }

  private async judgeAll(): Promise<string[]> {
    const faults: string[] = [];
    for (const harness of this.streams) harness.archive();
    for (const harness of this.streams) faults.push(...(await judge(harness)));
    return faults;
  }

  /** What happens once in a seed, or is looked at once. */
  private keepTrouble(): void {
    const { leftAhead, brokenHour } = this.plan;
    if (leftAhead) this.scheduler.at(leftAhead.at, () => void this.leaveTimesAhead(leftAhead.at + leftAhead.leadMs));
    if (brokenHour) this.scheduler.at(brokenHour.until - minutes(1), () => void this.lookAtBrokenHour());
  }

  /** As a version did that never compared its clock. */
  private async leaveTimesAhead(ahead: Instant): Promise<void> {
    const { ledger, stream } = this.harness;
    const cursor = await ledger.readCursor(stream);
    if (!cursor) return;
    const times = { watermarks: [ahead], deepDoneAt: { daily: ahead, hourly: ahead }, suspendedUntil: ahead, subscriptionStartedAt: ahead };
    await ledger.commitCursor(stream, cursor.version, { ...cursorBody(cursor), ...times }, nothingElse);
  }

  private async lookAtBrokenHour(): Promise<void> {
    const { ledger, stream, world } = this.harness;
    const cursor = await ledger.readCursor(stream);
    if (world.content) for (const fault of judgeBroken(this.harness, world.content, cursor?.heldBackBy?.from)) this.fail(fault);
  }

  private seededFaults(): FaultSource {
    const { seed, faultsUntil } = this.plan;
    return seededFaults(new Random(seed, 'faults'), this.plan, () => this.scheduler.now >= faultsUntil);
  }

  private bounded(faults: FaultSource): FaultSource {
    return (call, index) => {
      if (index > mostCalls) this.fail(`${String(mostCalls)} calls and no end`);
      return faults(call, index);
    };
  }

  private fail(failure: string): void {
    this.failures.push(failure);
    this.scheduler.stop();
  }

  /** Nothing is gained by going on once everything is in order and stays so. */
  private async lookWhetherAllIsWell(): Promise<void> {
    const { queue, ledger } = this.harness;
    const { brokenHour } = this.plan;
    const isOver = !brokenHour || this.scheduler.now > brokenHour.until + hours(2);
    const isIdle = (this.workers?.busy ?? 0) === 0 && queue.all().length === 0;
    const isQuiet = isOver && isIdle && ledger.pendingCount === 0;
    if (isQuiet && (await this.isListed()) && (await this.judgeAll()).length === 0) this.scheduler.stop();
    else this.scheduler.after(hours(1), () => void this.lookWhetherAllIsWell());
  }

  private async isListed(): Promise<boolean> {
    for (const { ledger, stream } of this.streams) {
      const cursor = await ledger.readCursor(stream);
      if ((cursor?.watermarks.at(-1) ?? 0) < this.plan.publishUntil) return false;
    }
    return true;
  }

  private async outcome(): Promise<Outcome> {
    const { line } = this.harness;
    const { seed, mode } = this.plan;
    return { seed, mode, failures: this.failures, traceHash: line.hash, trace: line.lines ?? [], sums: await this.sums() };
  }

  private async sums(): Promise<Sums> {
    const all = [];
    for (const harness of this.streams) all.push(await sumsOf(harness));
    const total = { ...(all[0] ?? noSums), calls: this.harness.line.calls, faults: this.harness.line.faults };
    for (const more of all.slice(1)) for (const name of ofStreams) total[name] += more[name];
    return { ...total, virtualHours: (this.scheduler.now - this.plan.start) / hours(1) };
  }
}

/** Counts that each stream has of its own. */
const ofStreams = [
  'blobs',
  'records',
  'refusals',
  'jobs',
  'fetches',
  'sends',
  'deadLetters',
  'expired',
  'quarantined',
  'gaps',
  'splits',
] as const;
type StreamSums = Record<(typeof ofStreams)[number], number>;
const noSums = Object.fromEntries(ofStreams.map((name) => [name, 0])) as StreamSums;

async function sumsOf(harness: Harness): Promise<StreamSums> {
  const { content, windows } = harness.world;
  const losses = await harness.ledger.losses(harness.stream);
  harness.archive();
  const jobs = [...harness.jobs.values()];
  return {
    blobs: content?.blobs.length ?? 0,
    records: content?.blobs.reduce((sum, blob) => sum + blob.rows.length, 0) ?? windows?.versions.length ?? 0,
    refusals: harness.world.refusals(),
    jobs: jobs.length,
    ...harness.counts,
    expired: losses.filter(({ reason }) => reason === 'expired').length,
    quarantined: losses.filter(({ reason }) => reason === 'quarantined').length,
    gaps: (await harness.ledger.gaps(harness.stream)).length,
    splits: jobs.filter(({ state }) => state.state === 'split').length,
  };
}
