/** A thread that plants one bug and looks for a seed that shows it. */

import { parentPort, workerData } from 'node:worker_threads';
import { plant } from './mutation.ts';
import type { Healing, Mode } from './plan.ts';
import type { Edit } from './planted-bugs/planted-bug.ts';

/** What a thread is to plant, and which seeds it is to try. */
export interface Hunt {
  readonly edits: readonly Edit[];
  readonly mode: Mode;
  readonly base: number;
  readonly seeds: number;
  readonly areInvariantsOn: boolean;
  /** All seeds with the first; if none shows the bug, all with the next. */
  readonly healings: readonly Healing[];
}

/** The first seed that failed, counted from 1 within its healing. */
export type Found =
  { readonly kind: 'caught'; readonly after: number; readonly seed: number; readonly failure: string } | { readonly kind: 'survived' };

/** What the thread says: that it has begun a seed, or how the hunt ended. */
export type HuntNews = { readonly kind: 'begun'; readonly after: number; readonly seed: number } | Found;

const hunt = workerData as Hunt;
const check = plant(hunt.edits);
const { simulate } = await import('./simulation.ts');
const { drainQuickly } = await import('./drain.ts');
check();
drainQuickly();
say(await search());

async function search(): Promise<Found> {
  for (const healing of hunt.healings) {
    for (let index = 0; index < hunt.seeds; index += 1) {
      const seed = hunt.base + index;
      say({ kind: 'begun', after: index + 1, seed });
      const { failures } = await simulate(seed, hunt.mode, { healing, areInvariantsOn: hunt.areInvariantsOn });
      const [failure] = failures;
      if (failure !== undefined) return { kind: 'caught', after: index + 1, seed, failure };
    }
  }
  return { kind: 'survived' };
}

function say(news: HuntNews): void {
  parentPort?.postMessage(news);
}
