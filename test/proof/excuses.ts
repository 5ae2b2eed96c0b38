/**
 * Shows why bugs may survive: `npm run proof:excuses -- [--seeds N]` runs the same seeds with and without each of them, and prints what differs.
 *
 * An excuse holds when no seed fails, so nothing is lost, twice or late; what the bug costs is the difference. Exits with 1 when a seed fails.
 */

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import { measure } from './hunt.ts';
import type { Mode } from './plan.ts';
import { plantedBugs } from './planted-bugs/index.ts';
import type { Totals } from './sums.ts';

/** What is compared; the rest follows from the schedule of faults, which moves with every call. */
const counted = ['jobs', 'fetches', 'sends', 'refusals', 'expired', 'quarantined', 'gaps'] as const;

const { values } = parseArgs({ options: { seeds: { type: 'string' }, base: { type: 'string' } } });
const seeds = { seeds: Number(values.seeds ?? 40), base: Number(values.base ?? 1) };
const excused = plantedBugs.filter(({ survives }) => survives !== undefined);
const concurrency = Math.max(2, availableParallelism());
const bare = new Map(
  await pMap(
    [...new Set(excused.map(({ mode }) => mode))],
    async (mode): Promise<[Mode, Totals]> => [mode, await measure(mode, [], seeds)],
    {
      concurrency,
    },
  ),
);

console.log(`| Bug | Mode | In ${String(seeds.seeds)} seeds | Why it survives |\n| --- | --- | --- | --- |`);
const failed = await pMap(
  excused,
  async ({ name, mode, edits, survives = '' }) => {
    const totals = await measure(mode, edits, seeds);
    const before = bare.get(mode);
    console.log(`| ${name} | ${mode} | ${before ? difference(before, totals) : ''} | ${survives} |`);
    return totals.failed.length;
  },
  { concurrency },
);
process.exitCode = failed.some((count) => count > 0) ? 1 : 0;

function difference(before: Totals, after: Totals): string {
  const failures = `${String(after.failed.length)} failed`;
  if (before.traceHash === after.traceHash) return `${failures}; not one call differs`;
  const changes = counted
    .filter((name) => before.sums[name] !== after.sums[name])
    .map((name) => `${name} ${String(before.sums[name])} to ${String(after.sums[name])}`);
  return [failures, ...changes].join('; ');
}
