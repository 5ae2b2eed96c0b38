/** `npm run proof:crashpoints`: of five fixed workloads, every call goes wrong in every way, one at a time. */

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Points, PointsRun } from './crashpoint-worker.ts';
import { simulate } from './simulation.ts';
import { workloads } from './workloads.ts';

const begun = performance.now();
const calls: number[] = [];
for (const { plan, name } of workloads) calls.push(await callsOf(name, plan));

const found = workloads.map(() => ({ runs: 0, failed: [] as PointsRun['failed'][number][] }));
const points = allPoints();
await Promise.all(Array.from({ length: availableParallelism() }, () => work(points)));

for (const [index, { name }] of workloads.entries()) {
  const { runs, failed } = found[index] ?? { runs: 0, failed: [] };
  console.log(
    `${name.padEnd(54)}${String(calls[index]).padStart(5)} calls ${String(runs).padStart(6)} runs ${String(failed.length).padStart(4)} failed`,
  );
  for (const { call, fault, failure } of failed.slice(0, 5))
    console.log(`  call ${String(call)}, ${fault}: ${failure.split('\n')[0] ?? ''}`);
}
console.log(`${String(found.reduce((sum, { runs }) => sum + runs, 0))} runs in ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
process.exitCode = found.some(({ failed }) => failed.length > 0) ? 1 : 0;

/** How many calls there are when nothing goes wrong. */
async function callsOf(name: string, plan: (typeof workloads)[number]['plan']): Promise<number> {
  const { sums, failures } = await simulate(plan.seed, plan.mode, { plan, faults: () => 'no fault' });
  if (failures.length > 0) throw new Error(`'${name}' fails without any fault: ${failures.join('; ')}`);
  return sums.calls;
}

function* allPoints(): Generator<Points> {
  const step = 20;
  for (const [workload, count] of calls.entries()) {
    for (let from = 1; from <= count; from += step) yield { workload, from, to: Math.min(from + step, count + 1) };
  }
}

async function work(all: Generator<Points>): Promise<void> {
  const worker = new Worker(new URL('./crashpoint-worker.ts', import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 64 } });
  for (const some of all) {
    const { runs, failed } = await ask(worker, some);
    const of = found[some.workload];
    if (!of) continue;
    of.runs += runs;
    of.failed.push(...failed);
  }
  await worker.terminate();
}

function ask(worker: Worker, some: Points): Promise<PointsRun> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (run: PointsRun) => {
      worker.off('error', reject);
      resolve(run);
    });
    worker.postMessage(some);
  });
}
