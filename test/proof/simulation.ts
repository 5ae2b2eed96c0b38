/** One seed, from its plan to its verdict. */

import { fetch } from '../../lambdas/fetch/fetch.ts';
import { KnownClaims } from '../../lambdas/list/known-claims.ts';
import { list } from '../../lambdas/list/list.ts';
import { sweep } from '../../lambdas/sweep/sweep.ts';
import { days, hours, minutes, seconds, type Instant } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { Delivery, JobKind } from '../../local/jobs.ts';
import { InjectedError, seededFaults, type FaultSource } from './faults.ts';
import { Ground } from './ground.ts';
import { judge } from './oracle.ts';
import { planOf, type Healing, type Mode, type Plan } from './plan.ts';
import { Random } from './random.ts';
import { Scheduler, type Ending, type Sandbox } from './scheduler.ts';
import { storyDataset } from './stand-in-landing.ts';

export interface RunOptions {
  readonly isTraced?: boolean;
  /** Ends at the first broken invariant; off for looking at outcomes alone. */
  readonly areInvariantsOn?: boolean;
  readonly healing?: Healing;
  readonly faults?: FaultSource;
  readonly plan?: Plan;
}

export interface Outcome {
  readonly seed: number;
  readonly mode: Mode;
  /** What went wrong; nothing when the seed held. */
  readonly failures: readonly string[];
  readonly traceHash: number;
  readonly trace: readonly string[];
  readonly sums: Sums;
}

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

export async function simulate(seed: number, mode: Mode, options: RunOptions = {}): Promise<Outcome> {
  const simulation = new Simulation(options.plan ?? planOf(seed, mode, options.healing ?? 'on'), options);
  return simulation.run();
}

/** Ten times what the longest seeds make. */
const mostCalls = 300_000;

function isInjected(error: unknown): boolean {
  return error instanceof InjectedError || (error instanceof Error && error.cause instanceof InjectedError);
}

class Simulation {
  private readonly plan: Plan;
  private readonly scheduler: Scheduler;
  private readonly ground: Ground;
  private readonly random: Random;
  private readonly failures: string[] = [];
  /** How often a worker died over each job. */
  private readonly deaths = new Map<string, number>();
  /** What the warm processes of the list remember. */
  private readonly warm: KnownClaims[] = [];
  private busy = 0;
  private isPumping = false;
  private nextPump = Infinity;
  private readonly areInvariantsOn: boolean;

  constructor(plan: Plan, options: RunOptions) {
    this.plan = plan;
    this.areInvariantsOn = options.areInvariantsOn ?? true;
    this.scheduler = new Scheduler(plan.start);
    this.random = new Random(plan.seed, 'simulation');
    const isOver = (): boolean => this.scheduler.now >= plan.faultsUntil;
    const faults = options.faults ?? seededFaults(new Random(plan.seed, 'faults'), plan.faults, plan.putFaults, isOver);
    const bounded: FaultSource = (call, index) => {
      if (index > mostCalls) this.fail(`${String(mostCalls)} calls and no end`);
      return faults(call, index);
    };
    this.ground = new Ground(plan, this.scheduler, bounded, options.isTraced ?? false, (invariant, how) => {
      this.ground.line.note('INVARIANT', `${invariant}: ${how}`);
      if (this.areInvariantsOn) this.fail(`invariant ${invariant}: ${how}`);
    });
    this.ground.onSent = () => {
      this.pumpAt(this.scheduler.now + 20);
    };
  }

  async run(): Promise<Outcome> {
    this.listTick(this.plan.start);
    this.sweepTick(this.plan.start + minutes(2));
    this.forget(this.plan.start + hours(6));
    this.scheduler.at(this.plan.faultsUntil + hours(1.5), () => void this.lookWhetherAllIsWell());
    await this.scheduler.run(this.plan.end);
    this.ground.archive();
    if (this.failures.length === 0) await this.judgeAtTheEnd();
    return this.outcome();
  }

  private async judgeAtTheEnd(): Promise<void> {
    for (const fault of await judge(this.ground, this.deaths)) this.fail(fault);
    if (this.plan.isCalm && this.plan.mode !== 'stuck' && this.ground.counts.deadLetters > 0)
      this.fail(`${String(this.ground.counts.deadLetters)} dead letters without a fault`);
  }

  /** Nothing is gained by going on once everything is in order and stays so. */
  private async lookWhetherAllIsWell(): Promise<void> {
    const isQuiet = this.ground.ledger.pendingCount === 0 && this.busy === 0 && this.ground.queue.all().length === 0;
    if (isQuiet && (await this.isListed()) && (await judge(this.ground, this.deaths)).length === 0) this.scheduler.stop();
    else this.scheduler.after(hours(1), () => void this.lookWhetherAllIsWell());
  }

  private async isListed(): Promise<boolean> {
    const cursor = await this.ground.ledger.readCursor(this.ground.stream);
    return (cursor?.watermarks.at(-1) ?? 0) >= this.plan.publishUntil;
  }

  private fail(failure: string): void {
    this.failures.push(failure);
    this.scheduler.stop();
  }

  /** Times to live go by. */
  private forget(at: Instant): void {
    this.scheduler.at(at, () => {
      this.ground.archive();
      void this.ground.ledger.forget(this.scheduler.now);
      this.forget(at + hours(6));
    });
  }

  // ------------------------------------------------------------------------------------------------------- schedules

  private listTick(at: Instant): void {
    this.tick(at, this.plan.listEveryMs, () => {
      this.startList();
    });
  }

  private sweepTick(at: Instant): void {
    this.tick(at, this.plan.sweepEveryMs, () => {
      if (this.plan.healing === 'off' && this.scheduler.now < this.plan.faultsUntil) return;
      this.startSweep();
    });
  }

  /** The schedule: a tick is missed now and then, or comes twice; while nothing is expected for long, it comes seldom. */
  private tick(at: Instant, everyMs: number, start: () => void): void {
    this.scheduler.at(at, () => {
      const { now } = this.scheduler;
      this.tick(now + this.pace(now, everyMs), everyMs, start);
      if (this.isOff(now)) return;
      const isFaulty = now < this.plan.faultsUntil;
      if (isFaulty && this.random.chance(this.plan.missedTick)) return;
      start();
      if (isFaulty && this.random.chance(this.plan.doubleTick))
        this.scheduler.after(this.random.between(0, this.random.chance(0.5) ? seconds(1) : minutes(4)), start);
    });
  }

  private pace(now: Instant, everyMs: number): number {
    const isDown = this.plan.outages.some(
      (outage) => outage.end - outage.start > days(1) && now >= outage.start && now < outage.end - hours(6),
    );
    const isLongHealed = now > this.plan.faultsUntil + hours(12);
    const seldomMs = this.plan.rows ? hours(1) : hours(5);
    return Math.max(everyMs, isDown ? hours(5) : isLongHealed ? seldomMs : 0);
  }

  private isOff(now: Instant): boolean {
    const { off } = this.plan;
    return off !== undefined && now >= off.start && now < off.end;
  }

  // -------------------------------------------------------------------------------------------------------- stations

  private startList(): void {
    const { plan, ground } = this;
    const known = this.warm.pop() ?? new KnownClaims();
    this.start(
      'list',
      plan.listTimeoutMs,
      async (sandbox) => {
        const { microsoft, ledger, jobs, clock, log } = ground.portsOf(sandbox);
        const listed = await list(ground.tenant, logTypeById(ground.stream.logType), {
          ...{ microsoft, ledger, jobs, clock, log, known },
          groupLimits: { maxBlobs: plan.maxBlobsPerJob, maxBytes: 1_000_000 },
          deadline: clock.now() + 0.8 * plan.listTimeoutMs,
        });
        ground.line.note(`list#${String(sandbox.id)}`, `ends: ${JSON.stringify(listed)}`);
      },
      (ending) => {
        if (ending !== 'died') this.warm.push(known);
      },
    );
  }

  private startSweep(): void {
    this.start('sweep', minutes(1), async (sandbox) => {
      const { ledger, jobs, clock, log } = this.ground.portsOf(sandbox);
      await sweep({ ledger, jobs, clock, log, deadline: clock.now() + seconds(50) });
    });
  }

  private start(
    name: string,
    timeoutMs: number,
    work: (sandbox: Sandbox) => Promise<void>,
    ended: (ending: Ending) => void = () => undefined,
  ): void {
    const skewMs = this.random.between(-this.plan.skewMs, this.plan.skewMs + 1);
    this.scheduler.start(name, { timeoutMs, skewMs }, work, (ending, error) => {
      if (ending === 'failed' && !isInjected(error))
        this.fail(`${name} threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      ended(ending);
    });
  }

  // --------------------------------------------------------------------------------------------------------- workers

  private pumpAt(at: Instant): void {
    if (at >= this.nextPump) return;
    this.nextPump = at;
    this.scheduler.at(at, () => {
      if (this.nextPump !== at) return;
      this.nextPump = Infinity;
      void this.pump();
    });
  }

  /** Gives what is visible to free workers. */
  private async pump(): Promise<void> {
    const { now } = this.scheduler;
    if (this.isPumping) return;
    if (this.isOff(now)) return this.pumpAt((this.plan.off?.end ?? now) + 1);
    this.isPumping = true;
    const { queue } = this.ground;
    const kind: JobKind = this.plan.rows ? 'window' : 'content';
    while (this.busy < this.plan.workers) {
      const deliveries = await queue.receive(kind, kind === 'window' ? 1 : this.plan.messagesPerWorker, this.visibilityMs(), now);
      if (deliveries.length === 0) break;
      await this.deliver(deliveries);
    }
    this.isPumping = false;
    const next = queue.nextVisibleAt(now);
    if (next !== undefined) this.pumpAt(next);
  }

  private visibilityMs(): number {
    return this.plan.rows ? this.plan.fetchTimeoutMs + seconds(15) : 6 * this.plan.fetchTimeoutMs;
  }

  private async deliver(deliveries: readonly Delivery[]): Promise<void> {
    const { plan, random } = this;
    const live = deliveries.filter(({ deliveries: count }) => count <= plan.maxReceives);
    for (const dead of deliveries.filter((delivery) => !live.includes(delivery))) {
      this.ground.counts.deadLetters += 1;
      await this.ground.queue.ack(dead.receipt);
    }
    if (live.length === 0) return;
    const isFaulty = this.scheduler.now < plan.faultsUntil;
    const delayMs = isFaulty && random.chance(plan.lateDelivery) ? random.between(0, minutes(10)) : 0;
    this.busy += 1;
    this.scheduler.after(delayMs, () => {
      this.startWorker(live, () => {
        this.busy -= 1;
        this.pumpAt(this.scheduler.now + 1);
      });
    });
    if (isFaulty && random.chance(plan.doubleDelivery)) {
      this.scheduler.after(delayMs + random.between(0, plan.doubleWithinMs), () => {
        this.startWorker(live, () => undefined);
      });
    }
  }

  /** The door of the fetch station: one bad message fails alone; what is done with is acked. */
  private startWorker(deliveries: readonly Delivery[], ended: () => void): void {
    const { plan, ground } = this;
    this.start(
      'fetch',
      plan.fetchTimeoutMs,
      async (sandbox) => {
        const ports = ground.portsOf(sandbox);
        const deadline = ports.clock.now() + plan.fetchTimeoutMs;
        await Promise.all(
          deliveries.map(async ({ queued, receipt }) => {
            try {
              const fetched = await fetch(queued.ref, { ...ports, normalized: [storyDataset], deadline });
              ground.line.note(`fetch#${String(sandbox.id)}`, `${queued.ref.key} ends: ${JSON.stringify(fetched)}`);
            } catch (error) {
              if (!isInjected(error)) throw error;
              return;
            }
            await this.ack(sandbox, queued.ref, receipt);
          }),
        );
      },
      (ending) => {
        if (ending === 'died')
          for (const { queued } of deliveries) this.deaths.set(queued.ref.key, (this.deaths.get(queued.ref.key) ?? 0) + 1);
        ended();
      },
    );
  }

  private async ack(sandbox: Sandbox, ref: Delivery['queued']['ref'], receipt: string): Promise<void> {
    await this.ground.line.call(sandbox, 'queue.ack', {
      detail: () => ref.key,
      apply: async () => {
        await this.ground.invariants.acked(ref);
        await this.ground.queue.ack(receipt);
      },
    });
  }

  // --------------------------------------------------------------------------------------------------------- verdict

  private async outcome(): Promise<Outcome> {
    const { plan, ground } = this;
    const { content, windows } = ground.world;
    const losses = await ground.ledger.losses(ground.stream);
    const jobs = [...ground.jobs.values()];
    return {
      seed: plan.seed,
      mode: plan.mode,
      failures: this.failures,
      traceHash: ground.line.hash,
      trace: ground.line.lines ?? [],
      sums: {
        blobs: content?.blobs.length ?? 0,
        records: content?.blobs.reduce((sum, blob) => sum + blob.rows.length, 0) ?? windows?.versions.length ?? 0,
        calls: ground.line.calls,
        faults: ground.line.faults,
        refusals: ground.world.refusals(),
        jobs: jobs.length,
        fetches: ground.counts.fetches,
        sends: ground.counts.sends,
        deadLetters: ground.counts.deadLetters,
        expired: losses.filter(({ reason }) => reason === 'expired').length,
        quarantined: losses.filter(({ reason }) => reason === 'quarantined').length,
        gaps: (await ground.ledger.gaps(ground.stream)).length,
        splits: jobs.filter(({ state }) => state.state === 'split').length,
        virtualHours: (this.scheduler.now - plan.start) / hours(1),
      },
    };
  }
}
