import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { replaceOnce } from '../../proof/mutation.ts';
import { plantedAdapters } from './index.ts';

/** That each bug is found is shown by `npm run proof:adapters`, which takes minutes. */
describe.each(plantedAdapters)('the bugs of $name', ({ tests, testsOf = {}, bugs }) => {
  test('can be written into the sources, and the tests that find them are there', () => {
    for (const { edits } of bugs) {
      for (const edit of edits) expect(replaceOnce(readFileSync(edit.file, 'utf8'), edit)).not.toBe('');
    }
    expect([...tests, ...Object.values(testsOf).flat()].filter((file) => !existsSync(file))).toEqual([]);
  });

  test('have names of their own', () => {
    expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
  });
});

test('each of the two ledgers has at least twenty planted bugs', () => {
  const counts = plantedAdapters.filter(({ name }) => name === 'dynamodb' || name === 'sqlite').map(({ bugs }) => bugs.length);
  expect(counts).toHaveLength(2);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(20);
});
