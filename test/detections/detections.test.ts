import { expect, test } from '@jest/globals';
import { simulate } from './simulation.ts';

test('findings are those of one batch over everything, in whatever order it lands, and whoever dies', async () => {
  for (let seed = 1; seed <= 150; seed += 1)
    expect(`seed ${String(seed)}: ${(await simulate(seed)) ?? 'right'}`).toBe(`seed ${String(seed)}: right`);
}, 120_000);
