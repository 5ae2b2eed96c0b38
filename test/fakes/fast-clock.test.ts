import { expect, test } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { fastClock } from './fast-clock.ts';

test('a fast clock makes no time pass for a process that had no turn', async () => {
  const clock = fastClock(1_000, 0);
  await clock.sleep(5_000);
  const before = clock.now();
  const busyUntil = performance.now() + 300;
  while (performance.now() < busyUntil);
  await setTimeout(4);
  expect(clock.now() - before).toBeLessThan(150_000);
});

test('a sleep on it ends when its time has come', async () => {
  const clock = fastClock(1_000, 0);
  await clock.sleep(10_000);
  expect(clock.now()).toBeGreaterThanOrEqual(10_000);
});
