/** A thread that plants bugs, or none, and runs seeds until one fails. */

import { parentPort, workerData } from 'node:worker_threads';
import { plant } from '../proof/mutation.ts';
import type { Edit } from '../proof/planted-bugs/planted-bug.ts';

/** What a thread is to do. */
export interface Hunt {
  /** A lake folder, or hours that an engine merges. */
  readonly what: 'folder' | 'hours';
  readonly edits: readonly Edit[];
  readonly base: number;
  readonly seeds: number;
  /** Where lakes are made; a folder in memory saves time. */
  readonly folder: string;
}

/** How it ended. */
export type Found =
  { readonly kind: 'caught'; readonly after: number; readonly seed: number; readonly fault: string } | { readonly kind: 'survived' };

const { what, edits, base, seeds, folder } = workerData as Hunt;
const check = plant(edits);
const simulate = await simulationOf();
check();
parentPort?.postMessage(await hunt());

async function simulationOf(): Promise<(seed: number, folder: string) => Promise<string | undefined>> {
  return what === 'folder' ? (await import('./simulation.ts')).simulate : (await import('./hours-simulation.ts')).simulateHours;
}

async function hunt(): Promise<Found> {
  for (let index = 0; index < seeds; index += 1) {
    const fault = await simulate(base + index, folder);
    if (fault !== undefined) return { kind: 'caught', after: index + 1, seed: base + index, fault };
  }
  return { kind: 'survived' };
}
