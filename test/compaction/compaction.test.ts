import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';
import { simulate } from './simulation.ts';

const folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

test('a reader has each row once, whatever lands, is compacted, is killed or is read meanwhile', async () => {
  for (let seed = 1; seed <= 12; seed += 1)
    expect(`seed ${String(seed)}: ${(await simulate(seed, folder)) ?? 'right'}`).toBe(`seed ${String(seed)}: right`);
}, 120_000);
