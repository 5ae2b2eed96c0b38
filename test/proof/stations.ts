/** The real stations behind the real handlers of their functions, each run in a sandbox over ports where faults happen. */

import type { SQSEvent } from 'aws-lambda';
import { makeFetchHandler } from '../../lambdas/fetch/handler.ts';
import { makeListHandler } from '../../lambdas/list/handler.ts';
import type { Meter } from '../../lambdas/meter.ts';
import { makeSweepHandler } from '../../lambdas/sweep/handler.ts';
import type { Delivery } from '../../local/jobs.ts';
import { queuedJobToBody } from '../../shared/aws/queued-job.ts';
import { groupLimits as deployedLimits } from '../../shared/domain/grouping.ts';
import { hours, minutes, seconds } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { TenantEntry } from '../../shared/ports/tenants.ts';
import { InjectedError } from './faults.ts';
import { fleetPorts } from './fleet-ports.ts';
import type { Harness } from './harness.ts';
import { Random } from './random.ts';
import { rebuildStreams } from './rebuild.ts';
import type { SandboxPorts } from './sandbox-ports.ts';
import type { Ending, Sandbox } from './scheduler.ts';
import { storyDatasets } from './stand-in-landing.ts';

/** What is counted is no part of what is proved. */
const noMeter: Meter = {
  count: () => undefined,
  streamsFailed: () => undefined,
  tenantsBroken: () => undefined,
  undelivered: () => undefined,
  request: () => undefined,
  flush: () => undefined,
};

/** Starts the stations of one seed, each run in a sandbox of its own. */
export class Stations {
  private readonly streams: readonly Harness[];
  /** Stands for all: what the streams of a seed share is the same in each. */
  private readonly harness: Harness;
  private readonly random: Random;
  private readonly fail: (failure: string) => void;

  /** @param fail Called when a station throws what the simulation has not thrown into it: that is a bug. */
  constructor(streams: readonly Harness[], fail: (failure: string) => void) {
    const [harness] = streams;
    if (!harness) throw new Error('there is no stream to work on');
    [this.streams, this.harness] = [streams, harness];
    this.random = new Random(harness.plan.seed, 'stations');
    this.fail = fail;
  }

  /** The operator's command. @param ended Called with whether it came to its end. */
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

  /** Every list function there is: one a log type, for all tenants. */
  list(): void {
    for (const logType of new Set(this.streams.map(({ stream }) => stream.logType))) this.listLogType(logType);
  }

  private listLogType(logTypeId: string): void {
    const { plan, stream, line } = this.streams.find((one) => one.stream.logType === logTypeId) ?? this.harness;
    const work = async (sandbox: Sandbox): Promise<void> => {
      const groupLimits = { maxBlobs: plan.maxBlobsPerJob, maxBytes: plan.traffic ? deployedLimits.maxBytes : 1_000_000 };
      const { known } = sandbox.process;
      const adapters = { ...this.ports(sandbox), tenants: this.tenants() };
      const handler = makeListHandler({
        adapters,
        logType: logTypeById(logTypeId),
        cloud: stream.cloud,
        meter: noMeter,
        known,
        groupLimits,
      });
      await handler({}, this.contextOf(sandbox, plan.listTimeoutMs));
      line.note(`list#${String(sandbox.id)}`, 'ends');
    };
    this.start('list', plan.listTimeoutMs, work, undefined, `list ${logTypeId}`);
  }

  sweep(): void {
    this.start('sweep', minutes(1), (sandbox) => makeSweepHandler(this.ports(sandbox))({}, this.contextOf(sandbox, minutes(1))));
  }

  /** A batch of messages: those that the handler does not report as failed are acked, as the service does it. */
  fetch(deliveries: readonly Delivery[], ended: () => void): void {
    const { fetchTimeoutMs } = this.harness.plan;
    const work = async (sandbox: Sandbox): Promise<void> => {
      this.killSoon(sandbox);
      const adapters = { ...this.ports(sandbox), tenants: this.tenants() };
      const byName = this.ports(sandbox).tenants.byName;
      const handler = makeFetchHandler({
        adapters: { ...adapters, tenants: { ...adapters.tenants, byName } },
        normalized: storyDatasets,
        meter: noMeter,
        kept: sandbox.process.kept,
      });
      const { batchItemFailures } = await handler(eventOf(deliveries), this.contextOf(sandbox, fetchTimeoutMs));
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const delivery of deliveries) if (!failed.has(delivery.receipt)) await this.ack(sandbox, delivery);
    };
    this.start('fetch', fetchTimeoutMs, work, ended);
  }

  /** In a crash loop. */
  private killSoon(sandbox: Sandbox): void {
    const { plan, scheduler } = this.harness;
    if (!this.harness.isWithin(plan.crashLoop)) return;
    scheduler.after(this.random.between(0, seconds(8)), () => {
      sandbox.die();
    });
  }

  private ports(sandbox: Sandbox): SandboxPorts {
    return fleetPorts(this.streams, sandbox);
  }

  /** As they are configured; who is gone for a while is missed by name only. */
  private tenants() {
    const tenants = [...new Map(this.streams.map(({ tenant }) => [tenant.name, tenant])).values()];
    const entries: readonly TenantEntry[] = tenants.map((tenant) => ({ kind: 'tenant', tenant }));
    return {
      list: () => Promise.resolve(entries),
      byName: (name: string) => Promise.resolve(tenants.find((tenant) => tenant.name === name)),
      credential: () => Promise.reject(new Error('nobody proves anything here')),
    };
  }

  private contextOf(sandbox: Sandbox, timeoutMs: number) {
    return { getRemainingTimeInMillis: () => sandbox.startedAt + timeoutMs - this.harness.scheduler.now };
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

  /** Runs work of ours in a process. @param pool Whose warm processes it may have; the name's own when absent. */
  start(
    name: string,
    timeoutMs: number,
    work: (sandbox: Sandbox) => Promise<void>,
    ended?: (ending: Ending) => void,
    pool: string = name,
  ): void {
    const { processes, scheduler } = this.harness;
    const process = processes.take(pool);
    scheduler.start(name, { timeoutMs, process }, work, (ending, error) => {
      if (ending !== 'died') processes.giveBack(pool, process);
      if (ending === 'failed') this.judgeError(error, name);
      ended?.(ending);
    });
  }

  /** What the simulation has not thrown itself is a bug. */
  judgeError(error: unknown, name = 'a station'): void {
    if (!isInjected(error)) this.fail(`${name} threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

function eventOf(deliveries: readonly Delivery[]): SQSEvent {
  const records = deliveries.map(({ queued, receipt }) => ({ messageId: receipt, body: queuedJobToBody(queued) }));
  return { Records: records } as unknown as SQSEvent;
}

function isInjected(error: unknown): boolean {
  return error instanceof InjectedError || (error instanceof Error && error.cause instanceof InjectedError);
}
