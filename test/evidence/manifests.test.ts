/** Manifests under crashes, two runs at once and late jobs: each object is in exactly one, whatever happens. */

import { expect, test } from '@jest/globals';
import { makeManifests } from '../../lambdas/manifest/make-manifests.ts';
import { Draw } from '../compaction/draw.ts';
import { Crash, dataset, ManifestWorld } from './manifest-world.ts';

const mostSteps = 60;

/** One run of the function, as its handler begins it. */
async function run(world: ManifestWorld): Promise<void> {
  const asOf = world.now;
  const hours = (await world.pendingHours()).get(dataset) ?? new Set<string>();
  const clock = { now: () => world.now, sleep: () => Promise.resolve() };
  let steps = 0;
  // More than any run needs: one that goes round and round ends, and what it has doubled is found.
  const isOver = (): boolean => (steps += 1) > mostSteps;
  await makeManifests(dataset, { asOf, hours }, { evidence: world, clock, isOver });
}

async function survived(world: ManifestWorld): Promise<void> {
  await run(world).catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
  });
}

async function simulate(seed: number): Promise<string | undefined> {
  const draw = new Draw(seed);
  const world = new ManifestWorld(draw);
  if (draw.chance(0.3)) world.backlog();
  for (let round = 0; round < 30; round += 1) {
    for (let steps = draw.upTo(6); steps > 0; steps -= 1) world.step();
    await Promise.all(Array.from({ length: draw.chance(0.3) ? 2 : 1 }, () => survived(world)));
  }
  world.isRough = false;
  world.settle();
  await run(world);
  return world.fault();
}

test('of 150 seeds none skips or doubles an object, loses a note or breaks the chain', async () => {
  const faults: string[] = [];
  for (let seed = 1; seed <= 150; seed += 1) {
    // A bug may throw instead: nothing else lies in the chain.
    const fault = await simulate(seed).catch((error: unknown) => String(error));
    if (fault !== undefined) faults.push(`seed ${String(seed)}: ${fault}`);
  }
  expect(faults).toEqual([]);
});

test('something else that lies where the next manifest belongs stops the chain, until a person has looked', async () => {
  const world = new ManifestWorld(new Draw(7));
  world.isRough = false;
  world.backlog();
  world.settle();
  world.forge(1);
  await expect(run(world)).rejects.toThrow(/is no manifest that follows the one before: run 'lake verify'/);
});

test.each([
  { kind: 'removed', key: 'raw/d/0', because: 'erase' },
  { kind: 'rewritten', key: 'raw/d/0', sha256: 'f'.repeat(64), bytes: 1, because: 'erase' },
] as const)('a manifest of somebody else that follows, and excuses by $kind what no note says, is not gone on from', async (entry) => {
  const world = new ManifestWorld(new Draw(7));
  world.isRough = false;
  world.backlog();
  world.settle();
  world.forge(1, [entry]);
  await expect(run(world)).rejects.toThrow(/says of raw\/d\/0 what no note of the ledger says: somebody else has put it/);
});
