import { expect, test } from '@jest/globals';
import { simulate } from './simulation.ts';

test('a reader has each row once, whatever lands, is compacted, is killed or is read meanwhile', async () => {
  for (let seed = 1; seed <= 12; seed += 1)
    expect(`seed ${String(seed)}: ${(await simulate(seed)) ?? 'right'}`).toBe(`seed ${String(seed)}: right`);
}, 120_000);
