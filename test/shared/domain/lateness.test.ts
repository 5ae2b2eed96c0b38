import { describe, expect, test } from '@jest/globals';
import { latenessBounds, noLateness, noteLateness, provenLatenessMs } from '../../../shared/domain/lateness.ts';
import { hours, minutes } from '../../../shared/domain/window.ts';
import { at } from '../../contracts/samples.ts';

describe('how late a blob is', () => {
  test.each([
    { name: 'nothing, where no list has covered its time yet', created: '10:00', lists: [], late: 0 },
    { name: 'nothing, where it was created after the last list', created: '10:00', lists: [{ from: '08:00', at: '09:55' }], late: 0 },
    { name: 'up to the last list that did not have it', created: '10:00', lists: [{ from: '09:00', at: '10:25' }], late: 25 },
    { name: 'not what a list did not cover', created: '08:00', lists: [{ from: '09:00', at: '10:25' }], late: 0 },
    {
      name: 'up to the last of several',
      created: '08:00',
      lists: [
        { from: '07:00', at: '08:10' },
        { from: '01:00', at: '11:00' },
      ],
      late: 180,
    },
  ])('is $name', ({ created, lists, late }) => {
    const earlier = lists.map((list) => ({ from: at(list.from), at: at(list.at) }));
    expect(provenLatenessMs(at(created), earlier)).toBe(minutes(late));
  });
});

test('counts go to the narrowest bound, and what was there before the stream began to none', () => {
  const earlier = [{ from: at('00:00'), at: at('12:00') }];
  const created = [at('12:30'), at('11:57'), at('11:00'), at('01:00'), at('00:30')];
  const { counts } = noteLateness(noLateness(at('01:00')), created, earlier);
  const counted = latenessBounds.map((bound, index) => [bound, counts[index]]).filter(([, count]) => count !== 0);
  expect(counted).toEqual([
    [0, 1],
    [minutes(5), 1],
    [hours(1), 1],
    [hours(12), 1],
  ]);
});
