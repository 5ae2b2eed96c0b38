/** A thread that plants bugs, or none, and runs seeds until one fails. */

import { parentPort, workerData } from 'node:worker_threads';
import { plant } from '../proof/mutation.ts';
import type { Edit } from '../proof/planted-bugs/planted-bug.ts';

/** What a thread is to do. */
export interface Hunt {
  readonly edits: readonly Edit[];
  readonly base: number;
  readonly seeds: number;
}

/** How it ended. */
export type Found =
  { readonly kind: 'caught'; readonly after: number; readonly seed: number; readonly fault: string } | { readonly kind: 'survived' };

const { edits, base, seeds } = workerData as Hunt;
const check = plant(edits);
const { simulate } = await import('./simulation.ts');
check();
parentPort?.postMessage(await hunt());

async function hunt(): Promise<Found> {
  for (let index = 0; index < seeds; index += 1) {
    const fault = await simulate(base + index);
    if (fault !== undefined) return { kind: 'caught', after: index + 1, seed: base + index, fault: fault.split('\n')[0] ?? '' };
  }
  return { kind: 'survived' };
}
