/** Plants every bug and shows which are found: `npm run proof:mutants -- [--seeds N] [--only text | --new] [--renew] [--write]`.
 *
 * With `--new` only those that have no row in the page yet; `--write` puts the rows of those that were hunted into the page. `--renew` tries the
 * seed first that the page names: a number is then a seed that finds the bug, and perhaps not the first one. `--survivors N` and `--sound N`:
 * seeds for what is expected to survive, and for the code without bugs.
 *
 * `--bases N` hunts by the outcome alone, over N bases, and shows between what and what the figure lies. */

import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import { format, resolveConfig } from 'prettier';
import { judgeBug, judgeOutcome, judgeSoundness, type Verdict } from './hunt.ts';
import { mutantsSummary, pageSummary, mutantsTable, namesInTable, withRows } from './mutants-table.ts';
import type { Found } from './mutant-worker.ts';
import { modes } from './plan.ts';
import { plantedBugs } from './planted-bugs/index.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const page = join(import.meta.dirname, '..', '..', 'docs', 'exactly-once.md');
const { values } = parseArgs({
  options: {
    seeds: text,
    base: text,
    only: text,
    survivors: text,
    sound: text,
    workers: text,
    bases: text,
    new: flag,
    renew: flag,
    write: flag,
  },
});
const seeds = {
  seeds: Number(values.seeds ?? 500),
  base: Number(values.base ?? 1),
  ...(values.survivors === undefined ? {} : { ofSurvivors: Number(values.survivors) }),
};

const begun = performance.now();
const shown = new Map(namesInTable(await readFile(page, 'utf8')).map((row) => [row.name, row]));
const chosen = plantedBugs.filter(({ name }) => name.includes(values.only ?? '') && !(values.new && shown.has(name)));
const concurrency = Number(values.workers ?? Math.max(2, availableParallelism()));
if (values.bases !== undefined) {
  await overBases(Number(values.bases));
  process.exit(0);
}
const unsound = await pMap(
  modes.filter((mode) => chosen.some((bug) => bug.mode === mode)),
  (mode) => judgeSoundness(mode, { ...seeds, seeds: Number(values.sound ?? Math.min(values.new ? 40 : 200, seeds.seeds)) }),
  { concurrency },
);
let done = 0;
/** In the order in which they ended: whoever has to stop it keeps what was written. */
const verdicts: Verdict[] = [];
await pMap(chosen, judgeAndReport, { concurrency });

const table = mutantsTable(verdicts);
console.log(`\n${table}\n`);
const faults = [...unsound.filter((fault) => fault !== undefined), ...verdicts.flatMap(unexpected)];
for (const fault of faults) console.log(`not as expected: ${fault}`);
console.log(`${mutantsSummary(verdicts, seeds.seeds)}; ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
if (values.write) await write();
console.log(pageSummary(await readFile(page, 'utf8'), plantedBugs));
process.exitCode = faults.length > 0 ? 1 : 0;

async function judgeAndReport(bug: (typeof plantedBugs)[number]): Promise<Verdict> {
  const verdict = await judgeBug(bug, seeds, values.renew ? shown.get(bug.name)?.before : {});
  done += 1;
  verdicts.push(verdict);
  if (values.write && done % 20 === 0) await write();
  const ends = [verdict.withInvariants, ...(verdict.byOutcome ? [verdict.byOutcome] : [])].map(printed).join(', ');
  console.log(`${String(done).padStart(3)}/${String(chosen.length)} ${bug.name} (${bug.mode}): ${ends}`);
  return verdict;
}

/** How many of the bugs that break safety the outcome alone shows, by the base of the seeds. */
async function overBases(count: number): Promise<void> {
  const bugs = chosen.filter(({ breaks, survives }) => breaks === 'safety' && survives === undefined);
  const figures: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const base = seeds.base + index * 100_000;
    const found = await pMap(bugs, (bug) => judgeOutcome(bug, { ...seeds, base }), { concurrency });
    const missed = bugs.filter((_, at) => found[at]?.kind === 'survived').map(({ name }) => `'${name}'`);
    figures.push(bugs.length - missed.length);
    const rest = missed.length === 0 ? '' : `, not ${missed.join(', ')}`;
    console.log(`base ${String(base)}: ${String(figures.at(-1))} of ${String(bugs.length)} within ${String(seeds.seeds)} seeds${rest}`);
  }
  console.log(
    `by the outcome alone, over ${String(count)} bases: ${String(Math.min(...figures))} to ${String(Math.max(...figures))} of ${String(bugs.length)}`,
  );
}

function printed(found: Found): string {
  return found.kind === 'caught' ? `found after ${String(found.after)}` : 'survived';
}

/** A survivor has to say why; one that is excused and does not is no survivor any more. */
function unexpected({ bug, withInvariants, byOutcome }: Verdict): string[] {
  const hasSurvived = withInvariants.kind === 'survived' || byOutcome?.kind === 'survived';
  if (hasSurvived === (bug.survives !== undefined)) return [];
  return [hasSurvived ? `'${bug.name}' survived` : `'${bug.name}' is found, and is excused`];
}

async function write(): Promise<void> {
  const options = { ...(await resolveConfig(page)), filepath: page };
  await writeFile(
    page,
    await format(
      withRows(
        await readFile(page, 'utf8'),
        verdicts,
        plantedBugs.map(({ name }) => name),
      ),
      options,
    ),
  );
}
