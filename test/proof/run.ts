/** `npm run proof -- --seeds N [--base B | --drawn-from TEXT] [--mode M]`, or `--seed S [--mode M]` to see one. */

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { proofArguments, type ProofArguments } from './arguments.ts';
import { modeOf } from './plan.ts';
import type { Slice } from './run-worker.ts';
import { simulate } from './simulation.ts';
import { addTotals, emptyTotals, totalsText, type Totals } from './sums.ts';

const given = proofArguments(process.argv.slice(2));
process.exitCode = given.seed === undefined ? await runMany(given) : await runOne(given.seed, given);

/** Shows one seed, call by call. */
async function runOne(seed: number, { mode = modeOf(seed) }: ProofArguments): Promise<number> {
  const { trace, failures, sums } = await simulate(seed, mode, { isTraced: true });
  process.stdout.write(`${trace.join('\n')}\n\nseed ${String(seed)}, mode ${mode}: ${JSON.stringify(sums)}\n`);
  process.stdout.write(failures.length === 0 ? 'held\n' : `FAILED\n${failures.join('\n')}\n`);
  return failures.length === 0 ? 0 : 1;
}

/** Shows what all seeds come to, and how to see those that failed. */
async function runMany(given: ProofArguments): Promise<number> {
  const begun = performance.now();
  const totals = emptyTotals();
  const slices = slicesOf(given);
  await Promise.all(Array.from({ length: availableParallelism() }, () => work(slices, totals)));
  console.log(totalsText(totals, (performance.now() - begun) / 1_000));
  for (const { seed, mode, failures } of totals.failed.slice(0, 20)) {
    console.log(`FAILED: npm run proof -- --seed ${String(seed)} --mode ${mode}   ${failures[0]?.split('\n')[0] ?? ''}`);
  }
  return totals.failed.length === 0 ? 0 : 1;
}

/** One after the other, to whoever has time. */
function* slicesOf({ base, seeds, mode }: ProofArguments): Generator<Slice> {
  const step = 50;
  for (let from = base; from < base + seeds; from += step) yield { from, to: Math.min(from + step, base + seeds), mode };
}

async function work(slices: Generator<Slice>, totals: Totals): Promise<void> {
  const worker = new Worker(new URL('./run-worker.ts', import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 64 } });
  for (const one of slices) {
    addTotals(totals, await ask(worker, one));
    printProgress(totals);
  }
  await worker.terminate();
}

/** Every thousand seeds: whoever has to stop it knows what it has come to. */
function printProgress({ seeds, failed }: Totals): void {
  if (seeds % 1_000 === 0) console.log(`${String(seeds)} seeds, ${String(failed.length)} failed`);
}

function ask(worker: Worker, one: Slice): Promise<Totals> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (totals: Totals) => {
      worker.off('error', reject);
      resolve(totals);
    });
    worker.postMessage(one);
  });
}
