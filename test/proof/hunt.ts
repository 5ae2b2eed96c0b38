/** Hunts for a planted bug: in a thread of its own, since the bug is planted while modules are loaded. */

import { Worker } from 'node:worker_threads';
import type { Found, Hunt, HuntNews } from './mutant-worker.ts';
import type { Mode } from './plan.ts';
import { ablation, type Edit, type PlantedBug } from './planted-bugs/planted-bug.ts';
import type { Totals } from './sums.ts';

/** Which seeds are tried. */
export interface Seeds {
  readonly base: number;
  readonly seeds: number;
  /** Of what is expected to survive; as many as of others when absent. */
  readonly ofSurvivors?: number;
}

/** The seeds that found a bug the last time, counted from 1: they are tried first. */
export interface FoundBefore {
  readonly withInvariants?: number;
  readonly byOutcome?: number;
}

/** Whether a planted bug was found, and by what. */
export interface Verdict {
  readonly bug: PlantedBug;
  readonly withInvariants: Found;
  /** Of bugs that break safety: with the invariants off, and nothing that would mend. */
  readonly byOutcome: Found | undefined;
}

/** A single seed takes milliseconds, on a machine with much else to do seconds. One that takes this long never ends: the bug has made it so. */
const patienceMs = 400_000;

/** Hunts for a bug with the invariants on, and for one that breaks safety by the outcome alone as well. */
export async function judgeBug(bug: PlantedBug, of: Seeds, before: FoundBefore = {}): Promise<Verdict> {
  const { edits, mode } = bug;
  const seeds = { base: of.base, seeds: bug.survives === undefined ? of.seeds : (of.ofSurvivors ?? of.seeds) };
  const first = (after?: number): Pick<Hunt, 'first'> => (after === undefined ? {} : { first: after });
  const withInvariants = await hunt({ ...seeds, ...first(before.withInvariants), edits, mode, areInvariantsOn: true, healings: ['on'] });
  if (bug.breaks !== 'safety') return { bug, withInvariants, byOutcome: undefined };
  return { bug, withInvariants, byOutcome: await hunt({ ...outcomeHunt(bug, seeds), ...first(before.byOutcome) }) };
}

/** Hunts for a bug that breaks safety by the outcome alone. */
export function judgeOutcome(bug: PlantedBug, seeds: Seeds): Promise<Found> {
  return hunt(outcomeHunt(bug, seeds));
}

/** Without a bug, what the bugs are judged by has to hold. @returns What does not. */
export async function judgeSoundness(mode: PlantedBug['mode'], seeds: Seeds): Promise<string | undefined> {
  const found = await hunt({ ...seeds, edits: ablation, mode, areInvariantsOn: false, healings: ['off', 'sweep-only'] });
  return found.kind === 'caught' ? `${mode} fails without any bug: seed ${String(found.seed)}, ${found.failure}` : undefined;
}

/** With all healing off; where nothing goes on without the sweep, with the sweep. */
function outcomeHunt({ edits, mode, needsHealing }: PlantedBug, { base, seeds }: Seeds): Hunt {
  const plain = { base, seeds, mode, areInvariantsOn: false };
  if (needsHealing) return { ...plain, edits, healings: ['on'] };
  const touched = new Set(edits.map(({ from }) => from));
  const all = [...edits, ...ablation.filter(({ from }) => !touched.has(from))];
  return { ...plain, edits: all, healings: ['off', 'sweep-only'] };
}

/** What seeds of a mode come to with these edits, whatever fails. */
export async function measure(mode: Mode, edits: readonly Edit[], { base, seeds }: Seeds): Promise<Totals> {
  const end = await work({ base, seeds, mode, edits, areInvariantsOn: true, healings: ['on'], isMeasured: true });
  if (end.kind === 'measured') return end.totals;
  throw new Error(`${mode} does not end: ${end.kind === 'caught' ? end.failure : end.kind}`);
}

async function hunt(workerData: Hunt): Promise<Found> {
  const end = await work(workerData);
  if (end.kind === 'measured') throw new Error('a hunt has measured instead');
  return end;
}

type End = Exclude<HuntNews, { readonly kind: 'begun' }>;

function work(workerData: Hunt): Promise<End> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./mutant-worker.ts', import.meta.url), { workerData });
    let begun = { after: 0, seed: 0 };
    const giveUp = (): void => {
      void worker.terminate();
      resolve({ kind: 'caught', ...begun, failure: 'never ends' });
    };
    let patience = setTimeout(giveUp, patienceMs);
    worker.on('message', (news: HuntNews) => {
      clearTimeout(patience);
      if (news.kind !== 'begun') {
        resolve(news);
        return;
      }
      begun = { after: news.after, seed: news.seed };
      patience = setTimeout(giveUp, patienceMs);
    });
    worker.once('error', reject);
  });
}
