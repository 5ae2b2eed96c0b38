/** A thread that plants one bug and looks for a seed that shows it. */

import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { leaveOut, plant } from './mutation.ts';
import type { Healing, Mode } from './plan.ts';
import { addOutcome, emptyTotals, type Totals } from './sums.ts';
import type { Edit } from './planted-bugs/planted-bug.ts';

/** What a thread is to plant, and which seeds it is to try. */
export interface Hunt {
  readonly edits: readonly Edit[];
  readonly mode: Mode;
  readonly base: number;
  readonly seeds: number;
  /** Counted from 1; tried before all others. */
  readonly first?: number;
  readonly areInvariantsOn: boolean;
  /** Nothing is hunted: all seeds are run, and added up. */
  readonly isMeasured?: true;
  /** All seeds with the first; if none shows the bug, all with the next. */
  readonly healings: readonly Healing[];
}

/** The first seed that failed, counted from 1 within its healing. */
export type Found =
  { readonly kind: 'caught'; readonly after: number; readonly seed: number; readonly failure: string } | { readonly kind: 'survived' };

/** What the thread says: that it has begun a seed, what all seeds came to where nothing is hunted, or how the hunt ended. */
export type HuntNews =
  | { readonly kind: 'begun'; readonly after: number; readonly seed: number }
  | { readonly kind: 'measured'; readonly totals: Totals }
  | Found;

const hunt = workerData as Hunt;
// To load everything takes longer than most hunts do.
enableCompileCache();
leaveOut(['lambdas/connect.ts', 'lambdas/connect-fetch.ts']);
const check = plant(hunt.edits);
const { simulate } = await import('./simulation.ts');
const { drainQuickly } = await import('./drain.ts');
check();
drainQuickly();
say(await (hunt.isMeasured ? measure() : search()));

async function search(): Promise<Found> {
  const { first, healings, seeds } = hunt;
  for (const healing of first === undefined ? [] : healings) {
    const found = await trySeed(first ?? 1, healing);
    if (found) return found;
  }
  for (const healing of healings) {
    for (let after = 1; after <= seeds; after += 1) {
      const found = await trySeed(after, healing);
      if (found) return found;
    }
  }
  return { kind: 'survived' };
}

async function measure(): Promise<HuntNews> {
  const totals = emptyTotals();
  for (let after = 1; after <= hunt.seeds; after += 1) {
    const seed = hunt.base + after - 1;
    say({ kind: 'begun', after, seed });
    addOutcome(totals, await simulate(seed, hunt.mode, { areInvariantsOn: hunt.areInvariantsOn }));
  }
  return { kind: 'measured', totals };
}

async function trySeed(after: number, healing: Healing): Promise<Found | undefined> {
  const seed = hunt.base + after - 1;
  say({ kind: 'begun', after, seed });
  const { failures } = await simulate(seed, hunt.mode, { healing, areInvariantsOn: hunt.areInvariantsOn });
  const [failure] = failures;
  return failure === undefined ? undefined : { kind: 'caught', after, seed, failure };
}

function say(news: HuntNews): void {
  parentPort?.postMessage(news);
}
