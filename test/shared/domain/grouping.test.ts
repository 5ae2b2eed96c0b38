import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { groupBlobs, groupLimits, nextMean } from '../../../shared/domain/grouping.ts';

const blobs = (ids: readonly string[]) =>
  ids.map((contentId) => ({ contentId, contentUri: `https://manage.office.com/${contentId}`, created: 0, expires: 1 }));
const limits = { maxBlobs: 3, maxBytes: 1_000 };

describe('content blobs are grouped', () => {
  test.each([
    { name: 'in the order of their ids', ids: ['c', 'a', 'b'], mean: 1, groups: ['abc'] },
    { name: 'by number', ids: ['a', 'b', 'c', 'd'], mean: 1, groups: ['abc', 'd'] },
    { name: 'by the bytes expected', ids: ['a', 'b', 'c', 'd'], mean: 400, groups: ['ab', 'cd'] },
    { name: 'one at a time when one is expected to be too much already', ids: ['a', 'b'], mean: 5_000, groups: ['a', 'b'] },
    { name: 'as blobs of a quarter of a megabyte while nobody has seen one', ids: ['a', 'b'], mean: undefined, groups: ['a', 'b'] },
    { name: 'into nothing when there are none', ids: [], mean: undefined, groups: [] },
  ])('$name', ({ ids, mean, groups }) => {
    expect(groupBlobs(blobs(ids), mean, limits).map((group) => group.map(({ contentId }) => contentId).join(''))).toEqual(groups);
  });

  test('so that their ids and URIs fit into one item of a ledger, however long they are', () => {
    const long = blobs(['a', 'b', 'c']).map((blob) => ({ ...blob, contentUri: `https://manage.office.com/${'x'.repeat(100_000)}` }));
    expect(groupBlobs(long, 1, groupLimits).map((group) => group.length)).toEqual([2, 1]);
    const ninety = Array.from({ length: 90 }, (_, index) => ({ ...long[0], contentId: String(index), contentUri: 'x'.repeat(8_000) }));
    const groups = groupBlobs(ninety as typeof long, 1, groupLimits);
    expect(groups.flat()).toHaveLength(90);
    expect(Math.max(...groups.map((group) => JSON.stringify(group).length))).toBeLessThan(300_000);
  });

  test('the same however they were listed', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 20 }), (ids) => {
        expect(groupBlobs(blobs([...ids].reverse()), 100, limits)).toEqual(groupBlobs(blobs(ids), 100, limits));
      }),
    );
  });
});

test('one odd blob moves the mean by a quarter', () => {
  expect([nextMean(undefined, 800), nextMean(1_000, 5_000)]).toEqual([800, 2_000]);
});
