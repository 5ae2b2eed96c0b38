/**
 * `npm run proof:detections -- [--seeds N] [--base N] [--bugs]`: simulated runs of a tenant whose records are evaluated as they land; with
 * `--bugs`, every planted bug has to be found.
 */

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import pMap from 'p-map';
import { detectionBugs } from './planted-bugs.ts';
import type { Found, Hunt } from './worker.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    base: { type: 'string', default: '1' },
    bugs: { type: 'boolean', default: false },
  },
});
const [seeds, base] = [Number(values.seeds), Number(values.base)];
const threads = availableParallelism();
process.exitCode = (await (values.bugs ? findBugs() : runSeeds())) ? 0 : 1;

async function runSeeds(): Promise<boolean> {
  const share = Math.ceil(seeds / threads);
  const shares = Array.from({ length: threads }, (_, index) => ({ edits: [], base: base + index * share, seeds: share }));
  const faults = (await pMap(shares, hunt)).flatMap((found) => (found.kind === 'caught' ? [found] : []));
  for (const { seed, fault } of faults) console.log(`seed ${String(seed)}: ${fault}`);
  console.log(`${String(share * threads)} seeds, ${String(faults.length)} threads found a fault`);
  return faults.length === 0;
}

async function findBugs(): Promise<boolean> {
  const ends = await pMap(
    detectionBugs,
    async ({ name, edits }) => {
      const found = await hunt({ edits, base, seeds });
      console.log(found.kind === 'caught' ? `${name}: found after ${String(found.after)} (${found.fault})` : `${name}: survived`);
      return found.kind;
    },
    { concurrency: threads },
  );
  const survived = ends.filter((kind) => kind === 'survived').length;
  console.log(`${String(ends.length)} planted bugs, ${String(survived)} survived`);
  return survived === 0;
}

function hunt(workerData: Hunt): Promise<Found> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
    worker.once('message', resolve).once('error', reject);
  });
}
