import { expect, test } from '@jest/globals';
import { deepListDone, dueDeepList, everyDeepListDone } from '../../../shared/domain/deep-list.ts';
import { at, shown } from './at.ts';

const oldest = at('2026-11-15T12:15');
const named = (doneAt: Record<string, number>, now: string) => dueDeepList(undefined, doneAt, at(now), oldest)?.name;

test('no deep list is due when both were done just now', () => {
  expect(named(everyDeepListDone(at('12:00')), '12:59')).toBeUndefined();
});

test('the hourly one is due an hour after, over a day', () => {
  const deep = dueDeepList(undefined, everyDeepListDone(at('11:59')), at('13:00'), oldest);
  expect([deep?.name, shown(deep?.position ?? 0), shown(deep?.end ?? 0)]).toEqual(['hourly', '2026-11-21T13:00', '13:00']);
});

test('the daily one goes first, over what Microsoft still serves, and counts as the hourly one too', () => {
  const deep = dueDeepList(undefined, everyDeepListDone(at('2026-11-21T11:00')), at('12:00'), oldest);
  expect([deep?.name, shown(deep?.position ?? 0)]).toEqual(['daily', '2026-11-15T12:15']);
  expect(named(deepListDone('daily', {}, at('12:00')), '12:30')).toBeUndefined();
});

test('a running one goes on from its position, but never from before what is served', () => {
  const running = { name: 'daily', position: at('2026-11-14T00:00'), end: at('12:00') };
  expect(dueDeepList(running, everyDeepListDone(at('12:00')), at('12:01'), oldest)).toEqual({ ...running, position: oldest });
});
