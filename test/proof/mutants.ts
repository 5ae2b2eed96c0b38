/** Plants every bug and shows which are found: `npm run proof:mutants -- [--seeds N] [--only text | --new] [--write]`.
 *
 * With `--new` only those that have no row in the page yet; `--write` puts the rows of those that were hunted into the page. */

import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import { format, resolveConfig } from 'prettier';
import { judgeBug, judgeSoundness, type Verdict } from './hunt.ts';
import { mutantsSummary, mutantsTable, namesInTable, withRows } from './mutants-table.ts';
import type { Found } from './mutant-worker.ts';
import { modes } from './plan.ts';
import { plantedBugs } from './planted-bugs/index.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const page = join(import.meta.dirname, '..', '..', 'docs', 'exactly-once.md');
const { values } = parseArgs({ options: { seeds: text, base: text, only: text, new: flag, write: flag } });
const seeds = { seeds: Number(values.seeds ?? 500), base: Number(values.base ?? 1) };

const begun = performance.now();
const shownAlready = new Set(values.new ? namesInTable(await readFile(page, 'utf8')).map(({ name }) => name) : []);
const chosen = plantedBugs.filter(({ name }) => name.includes(values.only ?? '') && !shownAlready.has(name));
const concurrency = Math.max(2, availableParallelism());
const unsound = await pMap(
  modes.filter((mode) => chosen.some((bug) => bug.mode === mode)),
  (mode) => judgeSoundness(mode, { ...seeds, seeds: Math.min(values.new ? 40 : 200, seeds.seeds) }),
  { concurrency },
);
let done = 0;
const verdicts = await pMap(chosen, judgeAndTell, { concurrency });

const table = mutantsTable(verdicts);
console.log(`\n${table}\n`);
const faults = [...unsound.filter((fault) => fault !== undefined), ...verdicts.flatMap(unexpected)];
for (const fault of faults) console.log(`not as expected: ${fault}`);
console.log(`${mutantsSummary(verdicts, seeds.seeds)}; ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
if (values.write) await write();
process.exitCode = faults.length > 0 ? 1 : 0;

async function judgeAndTell(bug: (typeof plantedBugs)[number]): Promise<Verdict> {
  const verdict = await judgeBug(bug, seeds);
  done += 1;
  const ends = [verdict.withInvariants, ...(verdict.byOutcome ? [verdict.byOutcome] : [])].map(printed).join(', ');
  console.log(`${String(done).padStart(3)}/${String(chosen.length)} ${bug.name} (${bug.mode}): ${ends}`);
  return verdict;
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
