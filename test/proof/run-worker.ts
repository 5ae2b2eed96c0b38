/** A thread that runs seeds, a slice at a time. */

import { parentPort } from 'node:worker_threads';
import { drainQuickly } from './drain.ts';
import { modeOf, type Mode } from './plan.ts';
import { simulate } from './simulation.ts';
import { addOutcome, emptyTotals } from './sums.ts';

/** Seeds `from` to `to`, without `to`. */
export interface Slice {
  readonly from: number;
  readonly to: number;
  readonly mode: Mode | undefined;
}

drainQuickly();
parentPort?.on('message', (slice: Slice) => void run(slice));

async function run({ from, to, mode }: Slice): Promise<void> {
  const totals = emptyTotals();
  for (let seed = from; seed < to; seed += 1) addOutcome(totals, await simulate(seed, mode ?? modeOf(seed)));
  parentPort?.postMessage(totals);
}
