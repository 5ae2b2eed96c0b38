/** A thread that plants bugs, or none, and runs seeds until one fails. */

import { parentPort, workerData } from 'node:worker_threads';
import { plant } from './mutation.ts';
import type { HuntEnd, SeedHunt } from './seed-hunt.ts';

const { simulation, edits, base, seeds } = workerData as SeedHunt;
const check = plant(edits);
const { simulate } = (await import(simulation)) as { simulate: (seed: number) => Promise<string | undefined> };
check();
parentPort?.postMessage(await hunt());

async function hunt(): Promise<HuntEnd> {
  for (let index = 0; index < seeds; index += 1) {
    const fault = await simulate(base + index);
    if (fault !== undefined) return { kind: 'caught', after: index + 1, seed: base + index, fault: fault.split('\n')[0] ?? '' };
  }
  return { kind: 'survived' };
}
