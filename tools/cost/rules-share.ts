/** Which part of a fetch worker's bill is that of rules: from the first that it asks of them to the digests of what has landed. */

import type { FetchAdapters } from '../../lambdas/connect-fetch.ts';
import type { Detecting } from '../../shared/ports/detecting.ts';
import { awsMs, mbPerProcessor } from './assumptions.ts';
import type { Tally } from './counted-clients.ts';
import { Usage } from './usage.ts';

type Worker = Omit<FetchAdapters, 'sqs'>;

/** Processor time and calls while rules are at work. */
export class RulesShare {
  private readonly tally: Tally;
  private readonly state: Tally;
  private begun: { readonly cpu: NodeJS.CpuUsage; readonly calls: number; readonly usage: Usage } | undefined;
  private cpuMs = 0;
  private calls = 0;
  private used = new Usage();

  /** @param state Calls for what rules remember; they are counted there, and their time here. */
  constructor(tally: Tally, state: Tally) {
    this.tally = tally;
    this.state = state;
  }

  /** The worker with rules, which are at work one job at a time. */
  watched(worker: Worker, detecting: Detecting): Worker {
    const { lake } = worker;
    const rules: Detecting['rules'] = {
      current: () => detecting.rules.current(),
      read: (hash) => {
        this.begin();
        return detecting.rules.read(hash);
      },
    };
    const watchedLake: Worker['lake'] = {
      head: (key) => lake.head(key),
      get: (key, folder) => lake.get(key, folder),
      putOnce: (key, file, metadata) => lake.putOnce(key, file, metadata),
      digest: (key) => {
        this.end();
        return lake.digest(key);
      },
    };
    return { ...worker, lake: watchedLake, detecting: { ...detecting, rules } };
  }

  /** What a process does once, before anything is counted. */
  async warmUp(detecting: Detecting, hash: () => Promise<string>): Promise<void> {
    await detecting.rules.read(await hash());
    await detecting.indicators();
    this.state.usage = new Usage();
    this.tally.usage = new Usage();
    [this.state.calls, this.cpuMs, this.calls, this.used] = [0, 0, 0, new Usage()];
  }

  /** @param runs Of the worker: each asks KMS once for the key of the table of state. */
  usage(memoryMb: number, runs: number): Usage {
    const usage = this.used.times(1);
    const ms = this.cpuMs / (memoryMb / mbPerProcessor) + (this.calls + this.state.calls) * awsMs;
    usage.add('lambdaGbSecond', (memoryMb / 1_024) * (ms / 1_000));
    if (this.state.calls > 0) usage.add('kmsRequest', runs);
    return usage;
  }

  private begin(): void {
    this.begun ??= { cpu: process.cpuUsage(), calls: this.tally.calls, usage: this.tally.usage.times(1) };
  }

  private end(): void {
    if (!this.begun) return;
    const { user, system } = process.cpuUsage(this.begun.cpu);
    this.cpuMs += (user + system) / 1_000;
    this.calls += this.tally.calls - this.begun.calls;
    this.used = this.used.plus(this.tally.usage.beyond(this.begun.usage));
    this.begun = undefined;
  }
}
