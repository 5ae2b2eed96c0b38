import { expect, test } from '@jest/globals';
import { deepListDone, dueDeepList, everyDeepListDone } from '../../../shared/domain/deep-list.ts';
import { at, shown } from './at.ts';

const oldest = at('2026-11-15T12:15');
const named = (doneAt: Record<string, number>, now: string) => dueDeepList(undefined, doneAt, at(now), oldest, 0)?.name;

test('no deep list is due when both were done just now', () => {
  expect(named(everyDeepListDone(at('12:00')), '12:59')).toBeUndefined();
});

test('the hourly one is due an hour after, over a day', () => {
  const deep = dueDeepList(undefined, everyDeepListDone(at('11:59')), at('13:00'), oldest, 0);
  expect([deep?.name, shown(deep?.position ?? 0), shown(deep?.end ?? 0)]).toEqual(['hourly', '2026-11-21T13:00', '13:00']);
});

test('the daily one goes first, over what Microsoft still serves, and counts as the hourly one too', () => {
  const deep = dueDeepList(undefined, everyDeepListDone(at('2026-11-21T11:00')), at('12:00'), oldest, 0);
  expect([deep?.name, shown(deep?.position ?? 0)]).toEqual(['daily', '2026-11-15T12:15']);
  expect(named(deepListDone('daily', {}, at('12:00')), '12:30')).toBeUndefined();
});

test('a running one goes on from its position, but never from before what is served', () => {
  const running = { name: 'daily', position: at('2026-11-14T00:00'), end: at('12:00') };
  expect(dueDeepList(running, everyDeepListDone(at('12:00')), at('12:01'), oldest, 0)).toEqual({ ...running, position: oldest });
});

test('streams that began together are due at times of their own, each once an hour', () => {
  const spreads = Array.from({ length: 12 }, (_, index) => index / 12);
  const dueAt = spreads.map((spread) => {
    const minutes = Array.from({ length: 61 }, (_, minute) => at('12:00') + minute * 60_000);
    return minutes.find((now) => dueDeepList(undefined, everyDeepListDone(at('12:00')), now, oldest, spread)) ?? 0;
  });
  expect(dueAt.map(shown)).toEqual([
    '13:00',
    '12:55',
    '12:50',
    '12:45',
    '12:40',
    '12:35',
    '12:30',
    '12:25',
    '12:20',
    '12:15',
    '12:10',
    '12:05',
  ]);
});
