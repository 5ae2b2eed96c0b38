/** A thread that runs one workload once for each call and kind of fault. */

import { parentPort } from 'node:worker_threads';
import { drainQuickly } from './drain.ts';
import type { Fault } from './faults.ts';
import { simulate } from './simulation.ts';
import { workloads } from './workloads.ts';

/** The calls of one workload at which a worker is to crash. */
export interface Points {
  readonly workload: number;
  /** Calls are counted from 1. */
  readonly from: number;
  readonly to: number;
}

/** What those crashes came to. */
export interface PointsRun {
  readonly runs: number;
  readonly failed: readonly { readonly call: number; readonly fault: Fault; readonly failure: string }[];
}

/** The caller dies before, after, or before something that happens late; or the call fails, its answer is lost, or it takes long. */
export const kinds: readonly Fault[] = ['crash-before', 'crash-after', 'crash-late', 'before', 'after', 'stall'];

drainQuickly();
parentPort?.on('message', (points: Points) => void run(points));

async function run({ workload, from, to }: Points): Promise<void> {
  const failed: { call: number; fault: Fault; failure: string }[] = [];
  const plan = workloads[workload]?.plan;
  if (!plan) throw new Error(`there is no workload ${String(workload)}`);
  for (let call = from; call < to; call += 1) {
    for (const fault of kinds) {
      const { failures } = await simulate(plan.seed, plan.mode, { plan, faults: (_name, index) => (index === call ? fault : 'no fault') });
      const [failure] = failures;
      if (failure !== undefined) failed.push({ call, fault, failure });
    }
  }
  parentPort?.postMessage({ runs: (to - from) * kinds.length, failed } satisfies PointsRun);
}
