/** One machine: a process that runs `follow`, or `drain` again and again, over all streams at once, and that is killed or stopped now and then. */

import { drain } from '../../cli/run/drain.ts';
import { follow } from '../../cli/run/follow.ts';
import { openCollector, sourcesOf, type CollectorAdapters, type CollectorEvent } from '../../local/collector.ts';
import { hours, minutes, seconds, type Instant } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { fleetPorts } from './fleet-ports.ts';
import type { Harness } from './harness.ts';
import { Random } from './random.ts';
import type { Sandbox } from './scheduler.ts';
import { storyDatasets } from './stand-in-landing.ts';
import type { Stations } from './stations.ts';

/** The longest sleep that nothing ends earlier: a busy machine wakes late. */
const napMs = seconds(40);
/** The same once everything has been well for long. */
const longNapMs = minutes(20);

/** Keeps the machine going: a run that ended is followed by another one. */
export class Machine {
  private readonly streams: readonly Harness[];
  private readonly stations: Stations;
  private readonly runner: 'follow' | 'drain';
  private readonly random: Random;
  private sleepers: (() => void)[] = [];

  constructor(streams: readonly Harness[], stations: Stations, runner: 'follow' | 'drain') {
    this.streams = streams;
    this.runner = runner;
    this.stations = stations;
    this.random = new Random(this.lead.plan.seed, 'machine');
    this.lead.environment.onSent = () => {
      this.wake();
    };
  }

  private get lead(): Harness {
    const [lead] = this.streams;
    if (!lead) throw new Error('a machine has no stream to collect');
    return lead;
  }

  /** Runs until the seed ends. */
  run(): void {
    const { scheduler, isFaulty } = this.lead;
    const lifetimeMs = isFaulty ? this.random.between(minutes(5), hours(4)) : hours(30);
    // A person stops it, or it is killed.
    const stopAt = this.random.chance(0.5) && isFaulty ? scheduler.now + lifetimeMs / 2 : Infinity;
    const isStopped = (): boolean => scheduler.now >= stopAt;
    this.stations.start(
      'machine',
      lifetimeMs,
      (sandbox) => this.work(sandbox, isStopped),
      () => {
        this.sleepers = [];
        const pauseMs = this.runner === 'drain' ? this.drainsEveryMs() : this.random.between(seconds(1), minutes(10));
        scheduler.after(pauseMs, () => {
          this.run();
        });
      },
    );
  }

  private drainsEveryMs(): number {
    const isLongHealed = this.lead.scheduler.now > this.lead.plan.faultsUntil + hours(12);
    return isLongHealed ? hours(1) : this.random.between(minutes(2), minutes(25));
  }

  private async work(sandbox: Sandbox, isStopped: () => boolean): Promise<void> {
    const { queue } = this.lead;
    queue.redeliver();
    const adapters = this.adapters(sandbox);
    const sources = sourcesOf([...new Map(this.streams.map(({ tenant }) => [tenant.name, tenant])).values()]);
    const onEvent = (event: CollectorEvent): void => {
      if (event.kind === 'failed') this.stations.judgeError(event.error);
    };
    const collector = openCollector(adapters, sources, onEvent);
    if (this.runner === 'drain') await drain(adapters, collector, isStopped);
    else
      await follow(adapters, collector, {
        isStopped,
        sources: () => Promise.resolve(sources),
        compact: () => Promise.resolve(),
        notify: () => Promise.resolve(),
        onTick: () => undefined,
      });
  }

  private adapters(sandbox: Sandbox): CollectorAdapters {
    const { ledger, queue, line } = this.lead;
    const { detecting, ...ports } = fleetPorts(this.streams, sandbox);
    // Nothing that rules remember is forgotten in a seed.
    const forget = (): Promise<void> => Promise.resolve();
    return {
      ...ports,
      ...(detecting && { detecting: { ...detecting, sightings: { ...detecting.sightings, forget } } }),
      landings: [ports.landing],
      normalized: storyDatasets,
      clock: this.clock(sandbox, ports.clock),
      ledger: {
        ...ports.ledger,
        pendingJobs: () => line.call(sandbox, 'ledger.pendingJobs', { isLocal: true, apply: () => ledger.pendingJobs() }),
        forget: (now) => line.call(sandbox, 'ledger.forget', { apply: () => ledger.forget(now) }),
      },
      jobs: {
        send: (jobs) => ports.jobs.send(jobs),
        size: (now) => queue.size(now),
        receive: async (kind, limit, visibilityMs, now) => {
          if (!queue.isVisible(kind, now)) return [];
          return line.call(sandbox, 'queue.receive', { isLocal: true, apply: () => queue.receive(kind, limit, visibilityMs, now) });
        },
        ack: (receipt) => line.call(sandbox, 'queue.ack', { apply: () => queue.ack(receipt) }),
        release: (receipt) => queue.release(receipt),
      },
    };
  }

  /** Sleeps end when there is something to do, and otherwise late: a simulation that looks twenty times a second takes for ever. */
  private clock(sandbox: Sandbox, clock: Clock): Clock {
    return { now: () => clock.now(), sleep: (ms) => (ms <= seconds(1) ? this.nap(sandbox) : clock.sleep(ms)) };
  }

  private nap(sandbox: Sandbox): Promise<void> {
    const { scheduler, queue } = this.lead;
    const visibleAt = queue.nextVisibleAt(scheduler.now) ?? Infinity;
    const atMostMs = scheduler.now > this.lead.plan.faultsUntil + hours(3) ? longNapMs : napMs;
    const until: Instant = Math.min(visibleAt + 1, scheduler.now + this.random.between(atMostMs / 2, atMostMs));
    return new Promise((resolve) => {
      let isAwake = false;
      const wake = (): void => {
        if (isAwake) return;
        isAwake = true;
        if (!sandbox.isDead) resolve();
      };
      this.sleepers.push(wake);
      scheduler.at(until, wake);
    });
  }

  /** Something was sent: everybody looks. */
  private wake(): void {
    const { scheduler } = this.lead;
    const asleep = this.sleepers;
    this.sleepers = [];
    scheduler.after(50, () => {
      for (const wake of asleep) wake();
    });
  }
}
