import { expect, test } from '@jest/globals';
import { giveBack } from '../../../shared/domain/give-back.ts';

test('a buffer that was given back takes no memory any more', () => {
  const blob = Buffer.allocUnsafeSlow(64 * 2 ** 20);
  const before = process.memoryUsage().arrayBuffers;
  giveBack(blob);
  expect(blob).toHaveLength(0);
  expect(before - process.memoryUsage().arrayBuffers).toBeGreaterThan(63 * 2 ** 20);
});

test('what may share the common pool of Node is left as it is', () => {
  const [one, other] = [Buffer.from('one'), Buffer.from('other')];
  giveBack(one);
  expect([one.toString(), other.toString()]).toEqual(['one', 'other']);
});

test('memory of an engine is never given back', () => {
  const memory = new Uint8Array(new SharedArrayBuffer(2 * Buffer.poolSize));
  giveBack(memory);
  expect(memory).toHaveLength(2 * Buffer.poolSize);
});
