import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openSightings } from '../../local/sightings.ts';
import { sightingsContract } from '../contracts/sightings-contract.ts';

async function open() {
  const folder = await mkdtemp(join(tmpdir(), 'sightings-'));
  const sightings = openSightings(join(folder, 'sightings.sqlite'));
  const close = async (): Promise<void> => {
    sightings.close();
    await rm(folder, { recursive: true });
  };
  return { sightings, close, file: join(folder, 'sightings.sqlite') };
}

describe('sightings on one machine', () => {
  sightingsContract(open);

  test('what may be forgotten is forgotten, and nothing else', async () => {
    const { sightings, close } = await open();
    const ref = { rule: 'r', tenantId: 't', group: 'g' };
    await sightings.put('one', [{ ...ref, keepUntil: 10, hits: [{ time: 1, record: 'a', part: 0 }] }]);
    await sightings.put('two', [{ ...ref, keepUntil: 20, hits: [{ time: 1, record: 'b', part: 0 }] }]);
    await sightings.remember([
      { ...ref, days: [1], keepUntil: 10 },
      { ...ref, days: [2], keepUntil: 20 },
    ]);
    await sightings.forget(15);
    expect((await sightings.timelines([{ ...ref, from: 0, to: 9 }]))[0]?.map(({ record }) => record)).toEqual(['b']);
    expect(await sightings.days([{ ...ref, from: 0, to: 9 }])).toEqual([[2]]);
    await close();
  });
});
