import { describe, expect, test } from '@jest/globals';
import { askAgainIn, parkUntil, waitsInPlace } from '../../../shared/domain/retry.ts';
import { minutes, seconds } from '../../../shared/domain/window.ts';

describe('a parked job', () => {
  test.each([
    { name: 'is due after a minute the first time', parks: 0, retryAfterMs: 0, atLeast: minutes(1) },
    { name: 'waits twice as long each time', parks: 3, retryAfterMs: 0, atLeast: minutes(8) },
    { name: 'waits 30 minutes at most', parks: 50, retryAfterMs: 0, atLeast: minutes(30) },
    { name: 'waits as long as Microsoft says', parks: 0, retryAfterMs: minutes(12), atLeast: minutes(12) },
    { name: 'never waits longer than half an hour for Microsoft', parks: 0, retryAfterMs: minutes(600), atLeast: minutes(30) },
  ])('$name, and a fifth more at most', ({ parks, retryAfterMs, atLeast }) => {
    const waited = parkUntil(1_000_000, parks, retryAfterMs, 'job') - 1_000_000;
    expect(waited).toBeGreaterThanOrEqual(atLeast);
    expect(waited).toBeLessThan(atLeast * 1.2);
  });

  test('has the same jitter in a replay, and another than its neighbour', () => {
    expect(parkUntil(0, 0, 0, 'job-1')).toBe(parkUntil(0, 0, 0, 'job-1'));
    expect(parkUntil(0, 0, 0, 'job-1')).not.toBe(parkUntil(0, 0, 0, 'job-2'));
  });
});

test.each([
  { name: 'a short Retry-After is waited out', retryAfterMs: seconds(5), waits: 0, remainingMs: seconds(60), isWaitedOut: true },
  { name: 'but not a seventh time', retryAfterMs: seconds(5), waits: 6, remainingMs: seconds(60), isWaitedOut: false },
  {
    name: 'and not when too little time would be left to land',
    retryAfterMs: seconds(50),
    waits: 0,
    remainingMs: seconds(60),
    isWaitedOut: false,
  },
])('$name', ({ retryAfterMs, waits, remainingMs, isWaitedOut }) => {
  expect(waitsInPlace(retryAfterMs, waits, remainingMs)).toBe(isWaitedOut);
});

test.each([
  { name: 'waits as long as Microsoft says', retryAfterMs: seconds(8), waits: 0, waited: seconds(8) },
  { name: 'waits twice as long each time where Microsoft says nothing', retryAfterMs: undefined, waits: 3, waited: seconds(40) },
  { name: 'is passed on after eight answers', retryAfterMs: seconds(8), waits: 7, waited: undefined },
  { name: 'is passed on at once where Microsoft wants more than five minutes', retryAfterMs: minutes(6), waits: 0, waited: undefined },
])('who asks by hand $name', ({ retryAfterMs, waits, waited }) => {
  expect(askAgainIn(retryAfterMs, waits)).toBe(waited);
});
