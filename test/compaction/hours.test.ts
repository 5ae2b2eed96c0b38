import { expect, test } from '@jest/globals';
import { simulate } from './hours-simulation.ts';

test('the view gives what landed, whatever lands late, runs twice, fails or dies while hours are merged', async () => {
  for (let seed = 1; seed <= 120; seed += 1)
    expect(`seed ${String(seed)}: ${(await simulate(seed)) ?? 'right'}`).toBe(`seed ${String(seed)}: right`);
}, 120_000);
