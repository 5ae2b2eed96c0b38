/** The real stations, each run in a sandbox over ports where faults happen. */

import { fetch } from '../../lambdas/fetch/fetch.ts';
import { list } from '../../lambdas/list/list.ts';
import { sweep } from '../../lambdas/sweep/sweep.ts';
import { groupLimits as deployedLimits } from '../../shared/domain/grouping.ts';
import { hours, minutes, seconds } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { Delivery } from '../../local/jobs.ts';
import { InjectedError } from './faults.ts';
import type { Harness } from './harness.ts';
import { Random } from './random.ts';
import { rebuildStreams } from './rebuild.ts';
import { sandboxPorts } from './sandbox-ports.ts';
import type { Ending, Sandbox } from './scheduler.ts';
import { storyDatasets } from './stand-in-landing.ts';

/** Starts the stations of one seed, each run in a sandbox of its own. */
export class Stations {
  private readonly harness: Harness;
  private readonly random: Random;
  private readonly fail: (failure: string) => void;

  /** @param fail Is told when a station throws what the simulation has not thrown into it: that is a bug. */
  constructor(harness: Harness, fail: (failure: string) => void) {
    this.harness = harness;
    this.random = new Random(harness.plan.seed, 'stations');
    this.fail = fail;
  }

  /** The operator's command. @param ended Is told whether it came to its end. */
  rebuild(ended: (isDone: boolean) => void): void {
    let isDone = false;
    const work = async (sandbox: Sandbox): Promise<void> => {
      const odd = await rebuildStreams(this.harness, sandbox);
      if (odd.conflicts.length + odd.foreign.length > 0) this.fail(`the rebuild found ${JSON.stringify(odd)}`);
      isDone = true;
    };
    this.start('rebuild', hours(1), work, () => {
      ended(isDone);
    });
  }

  list(): void {
    const { harness } = this;
    const work = async (sandbox: Sandbox): Promise<void> => {
      const { microsoft, ledger, jobs, clock, log } = sandboxPorts(harness, sandbox);
      const groupLimits = { maxBlobs: harness.plan.maxBlobsPerJob, maxBytes: harness.plan.traffic ? deployedLimits.maxBytes : 1_000_000 };
      const deadline = clock.now() + 0.8 * harness.plan.listTimeoutMs;
      const deps = { microsoft, ledger, jobs, clock, log, known: sandbox.process.known, groupLimits, deadline };
      const listed = await list(harness.tenant, logTypeById(harness.stream.logType), deps);
      harness.line.note(`list#${String(sandbox.id)}`, `ends: ${JSON.stringify(listed)}`);
    };
    this.start('list', harness.plan.listTimeoutMs, work);
  }

  sweep(): void {
    this.start('sweep', minutes(1), async (sandbox) => {
      const { ledger, jobs, clock, log } = sandboxPorts(this.harness, sandbox);
      await sweep({ ledger, jobs, clock, log, deadline: clock.now() + seconds(50) });
    });
  }

  /** The door of the fetch station: one message after the other; one that fails fails alone; what is done with is acked in the end. */
  fetch(deliveries: readonly Delivery[], ended: () => void): void {
    const work = async (sandbox: Sandbox): Promise<void> => {
      this.killSoon(sandbox);
      const done: Delivery[] = [];
      for (const delivery of deliveries) if (await this.fetchOne(sandbox, delivery)) done.push(delivery);
      for (const delivery of done) await this.ack(sandbox, delivery);
    };
    this.start('fetch', this.harness.plan.fetchTimeoutMs, work, ended);
  }

  /** In a crash loop. */
  private killSoon(sandbox: Sandbox): void {
    const { plan, scheduler } = this.harness;
    if (!this.harness.isWithin(plan.crashLoop)) return;
    scheduler.after(this.random.between(0, seconds(8)), () => {
      sandbox.die();
    });
  }

  /** False when the message has to come again. */
  private async fetchOne(sandbox: Sandbox, { queued }: Delivery): Promise<boolean> {
    const { harness } = this;
    const ports = sandboxPorts(harness, sandbox);
    const deadline = harness.clockOf(sandbox) - harness.scheduler.now + sandbox.startedAt + harness.plan.fetchTimeoutMs;
    try {
      const fetched = await fetch(queued.ref, { ...ports, normalized: storyDatasets, deadline });
      harness.line.note(`fetch#${String(sandbox.id)}`, `${queued.ref.key} ends: ${JSON.stringify(fetched)}`);
      return true;
    } catch (error) {
      if (!isInjected(error)) throw error;
      return false;
    }
  }

  private ack(sandbox: Sandbox, { queued: { ref }, receipt }: Delivery): Promise<void> {
    const { line, invariants, queue } = this.harness;
    return line.call(sandbox, 'queue.ack', {
      detail: () => ref.key,
      apply: async () => {
        await invariants.acked(ref);
        await queue.ack(receipt);
      },
    });
  }

  private start(name: string, timeoutMs: number, work: (sandbox: Sandbox) => Promise<void>, ended?: (ending: Ending) => void): void {
    const { processes, scheduler } = this.harness;
    const process = processes.take(name);
    scheduler.start(name, { timeoutMs, process }, work, (ending, error) => {
      if (ending !== 'died') processes.giveBack(name, process);
      if (ending === 'failed' && !isInjected(error))
        this.fail(`${name} threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      ended?.(ending);
    });
  }
}

function isInjected(error: unknown): boolean {
  return error instanceof InjectedError || (error instanceof Error && error.cause instanceof InjectedError);
}
