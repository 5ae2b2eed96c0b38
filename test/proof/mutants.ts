/** Plants every bug and shows which are found: `npm run proof:mutants -- [--seeds N] [--only text]`. */

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import pMap from 'p-map';
import type { Found, Hunt } from './mutant-worker.ts';
import { modes, type Mode } from './plan.ts';
import { plantedBugs } from './planted-bugs/index.ts';
import { ablation, type PlantedBug } from './planted-bugs/planted-bug.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '500' }, base: { type: 'string', default: '1' }, only: { type: 'string', default: '' } },
});
const [seeds, base] = [Number(values.seeds), Number(values.base)];

interface Verdict {
  readonly bug: PlantedBug;
  readonly withInvariants: Found;
  readonly byOutcome: Found | undefined;
}

const chosen = plantedBugs.filter(({ name }) => new RegExp(values.only).test(name));
const concurrency = availableParallelism();
const sound = await pMap(
  modes.filter((mode) => chosen.some((bug) => bug.mode === mode)),
  checkSound,
  { concurrency },
);
const verdicts = await pMap(chosen, judge, { concurrency });
console.log(table(verdicts));
const unexpected = verdicts.filter(isUnexpected);
for (const { bug } of unexpected) console.log(`not as expected: ${bug.name}`);
console.log(summary(verdicts));
process.exitCode = unexpected.length + sound.filter((isSound) => !isSound).length > 0 ? 1 : 0;

/** Without a bug, what the bugs are judged by has to hold. */
async function checkSound(mode: Mode): Promise<boolean> {
  for (const healing of ['off', 'sweep-only'] as const) {
    const found = await hunt({ edits: ablation, mode, base, seeds: 200, areInvariantsOn: false, healing });
    if (found.kind === 'survived') continue;
    console.log(`${mode} fails without any bug, healing ${healing}: seed ${String(found.seed)}, ${found.failure}`);
    return false;
  }
  return true;
}

async function judge(bug: PlantedBug): Promise<Verdict> {
  const { edits, mode } = bug;
  const withInvariants = await hunt({ edits, mode, base, seeds, areInvariantsOn: true, healing: 'on' });
  return { bug, withInvariants, byOutcome: bug.breaks === 'safety' ? await judgeByOutcome(bug) : undefined };
}

/** With all healing off; where nothing goes on without the sweep, with the sweep. */
async function judgeByOutcome({ edits, mode, needsHealing }: PlantedBug): Promise<Found> {
  const plain = { mode, base, seeds, areInvariantsOn: false };
  if (needsHealing) return hunt({ ...plain, edits, healing: 'on' });
  const touched = new Set(edits.map(({ from }) => from));
  const all = [...edits, ...ablation.filter(({ from }) => !touched.has(from))];
  const found = await hunt({ ...plain, edits: all, healing: 'off' });
  return found.kind === 'caught' ? found : hunt({ ...plain, edits: all, healing: 'sweep-only' });
}

function hunt(workerData: Hunt): Promise<Found> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./mutant-worker.ts', import.meta.url), { workerData });
    const patience = setTimeout(() => {
      void worker.terminate();
      resolve({ kind: 'caught', after: 0, seed: 0, failure: 'never ends' });
    }, 120_000);
    worker.once('message', (found: Found) => {
      clearTimeout(patience);
      resolve(found);
    });
    worker.once('error', reject);
  });
}

/** A survivor has to say why; what is said to survive and does not is as wrong. */
function isUnexpected({ bug, withInvariants, byOutcome }: Verdict): boolean {
  if (bug.survives !== undefined) return false;
  return withInvariants.kind === 'survived' || byOutcome?.kind === 'survived';
}

function table(all: readonly Verdict[]): string {
  const rows = all.map(({ bug, withInvariants, byOutcome }) => [
    bug.name,
    bug.mode,
    bug.breaks,
    shown(withInvariants),
    byOutcome === undefined ? '' : shown(byOutcome),
    withInvariants.kind === 'caught' ? short(withInvariants.failure) : (bug.survives ?? ''),
  ]);
  return [
    ['bug', 'mode', 'breaks', 'seeds to find', 'by outcome alone', 'how, or why not'],
    ['---', '---', '---', '--:', '--:', '---'],
    ...rows,
  ]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

function shown(found: Found): string {
  return found.kind === 'caught' ? String(found.after) : 'survived';
}

/** Without ids and times. */
function short(failure: string): string {
  return (
    failure
      .replace(/\d{17}\S*|[0-9a-f]{32}|\d{4}-\d\d-\d\dT\S*/g, '...')
      .split('\n')[0]
      ?.slice(0, 110) ?? ''
  );
}

function summary(all: readonly Verdict[]): string {
  const caught = all.filter(({ withInvariants }) => withInvariants.kind === 'caught').length;
  const safety = all.filter(({ bug }) => bug.breaks === 'safety');
  const alone = safety.filter(({ byOutcome }) => byOutcome?.kind === 'caught').length;
  return `${String(caught)} of ${String(all.length)} bugs found within ${String(seeds)} seeds; ${String(alone)} of ${String(safety.length)} that break safety by the outcome alone`;
}
