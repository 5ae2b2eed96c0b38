import { expect, test } from '@jest/globals';
import { KeptBlobs } from '../../lambdas/fetch/kept-blobs.ts';
import { exchange } from '../contracts/samples.ts';

const other = { ...exchange, tenantId: '99999999-9999-4999-8999-999999999999' };
const content = (megabytes: number): Buffer => Buffer.alloc(megabytes * 2 ** 20);

test('a blob is kept for its own stream, and given once', () => {
  const kept = new KeptBlobs();
  const blob = content(1);
  kept.keep(exchange, 'a', blob);
  expect(kept.take(other, 'a')).toBeUndefined();
  expect(kept.take(exchange, 'a')).toBe(blob);
  expect(kept.take(exchange, 'a')).toBeUndefined();
});

test('the oldest make room, and memory holds 32 MiB of them', () => {
  const kept = new KeptBlobs();
  for (let count = 0; count < 12; count += 1) kept.keep(exchange, String(count), content(4));
  const found = Array.from({ length: 12 }, (_, index) => kept.take(exchange, String(index)) !== undefined);
  expect(found).toEqual(found.map((_, index) => index >= 4));
});

test('what was taken or kept twice takes no room', () => {
  const kept = new KeptBlobs();
  for (let count = 0; count < 20; count += 1) kept.keep(exchange, 'same', content(4));
  kept.keep(exchange, 'a', content(20));
  expect([kept.take(exchange, 'same'), kept.take(exchange, 'a')].map((blob) => blob?.length)).toEqual(
    [4, 20].map((count) => count * 2 ** 20),
  );
});
