/** Runs a simulation over many seeds in threads, as the code is or with each of its planted bugs: what `npm run proof:...` of one part does. */

import { availableParallelism } from 'node:os';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Worker } from 'node:worker_threads';
import pMap from 'p-map';
import type { CodeBug, Edit } from './planted-bugs/planted-bug.ts';

/** What a thread is to do. */
export interface SeedHunt {
  /** Of a module that exports `simulate(seed)`: what was wrong first, undefined when nothing was. */
  readonly simulation: string;
  readonly edits: readonly Edit[];
  readonly base: number;
  readonly seeds: number;
}

/** How it ended. */
export type HuntEnd =
  { readonly kind: 'caught'; readonly after: number; readonly seed: number; readonly fault: string } | { readonly kind: 'survived' };

/** A simulation, and the bugs that it has to find. */
export interface HuntedSimulation {
  readonly simulation: URL;
  readonly bugs: readonly CodeBug[];
}

const common = {
  seeds: { type: 'string', default: '1000' },
  base: { type: 'string', default: '1' },
  bugs: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

const threads = availableParallelism();

/**
 * Reads `--seeds N --base N --bugs` and the flags of its own, and hunts.
 *
 * @param choose The simulation, by the flags that are set.
 * @returns The exit code: 1 when a seed fails, or with `--bugs` when a bug survives.
 */
export async function huntSeeds(flags: readonly string[], choose: (set: ReadonlySet<string>) => HuntedSimulation): Promise<number> {
  const own = Object.fromEntries(flags.map((flag) => [flag, { type: 'boolean', default: false }] as const));
  const { values } = parseArgs({ options: { ...own, ...common } });
  const set = new Set(flags.filter((flag) => (values as Readonly<Record<string, unknown>>)[flag] === true));
  const { simulation, bugs } = choose(set);
  const hunt = { simulation: simulation.href, edits: [], base: Number(values.base), seeds: Number(values.seeds) };
  return (await (values.bugs ? findBugs(bugs, hunt) : runSeeds(hunt))) ? 0 : 1;
}

async function runSeeds(all: SeedHunt): Promise<boolean> {
  const share = Math.ceil(all.seeds / threads);
  const shares = Array.from({ length: threads }, (_, index) => ({ ...all, base: all.base + index * share, seeds: share }));
  const faults = (await pMap(shares, inThread)).flatMap((end) => (end.kind === 'caught' ? [end] : []));
  for (const { seed, fault } of faults) console.log(`seed ${String(seed)}: ${fault}`);
  console.log(`${String(share * threads)} seeds, ${String(faults.length)} threads found a fault`);
  return faults.length === 0;
}

async function findBugs(bugs: readonly CodeBug[], hunt: SeedHunt): Promise<boolean> {
  const ends = await pMap(
    bugs,
    async ({ name, edits }) => {
      const end = await inThread({ ...hunt, edits });
      console.log(end.kind === 'caught' ? `${name}: found after ${String(end.after)} (${end.fault})` : `${name}: survived`);
      return end.kind;
    },
    { concurrency: threads },
  );
  const survived = ends.filter((kind) => kind === 'survived').length;
  console.log(`${String(ends.length)} planted bugs, ${String(survived)} survived`);
  return survived === 0;
}

function inThread(workerData: SeedHunt): Promise<HuntEnd> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./seed-hunt-worker.ts', import.meta.url), { workerData });
    worker.once('message', resolve).once('error', reject);
  });
}
