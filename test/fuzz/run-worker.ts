/** One target after the other, for run.ts. */

import { parentPort } from 'node:worker_threads';
import { fuzzTargets } from './targets.ts';
import type { Checked, Replay } from './target.ts';

export interface Order {
  readonly name: string;
  readonly runs: number;
  readonly replay: Replay;
}

export interface Answered {
  readonly checked: Checked;
  readonly seconds: number;
}

parentPort?.on('message', (order: Order) => {
  void answer(order).then((answered) => parentPort?.postMessage(answered));
});

async function answer({ name, runs, replay }: Order): Promise<Answered> {
  const begun = performance.now();
  const target = fuzzTargets.find((one) => one.name === name);
  if (!target) throw new Error(`there is no target '${name}'`);
  const checked = await target.check(runs, replay);
  return { checked, seconds: (performance.now() - begun) / 1_000 };
}
