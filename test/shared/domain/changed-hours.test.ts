import { describe, expect, test } from '@jest/globals';
import { nextChanged, withChanged, withoutChanged, type ChangedHours } from '../../../shared/domain/changed-hours.ts';

const hour = (of: number): string => `2026-11-22T${String(of).padStart(2, '0')}`;
const note = (from: number, to: number, at = 0): ChangedHours => ({ hours: { from: hour(from), to: hour(to) }, from: at });

describe('hours that have changed', () => {
  test.each([
    { name: 'are none without a note', changed: undefined, next: [] },
    { name: 'are not due before their time', changed: [note(1, 2, 6)], next: [] },
    { name: 'come when it has come', changed: [note(1, 2, 5)], next: [hour(1), hour(2)] },
    { name: 'come no more than twelve at once', changed: [note(0, 20)], next: Array.from({ length: 12 }, (_, index) => hour(index)) },
    { name: 'come up to the watermark alone', changed: [note(18, 23)], next: [hour(18), hour(19), hour(20)] },
    { name: 'that are not merged yet wait behind others', changed: [note(21, 23), note(3, 3)], next: [hour(3)] },
  ])('$name', ({ changed, next }) => {
    expect(nextChanged(changed, 5, hour(20))).toEqual(next);
  });

  test('are left where they were not dealt with', () => {
    expect(withoutChanged([note(1, 20), note(22, 22)], note(1, 12).hours)).toEqual([note(13, 20), note(22, 22)]);
    expect(withoutChanged([note(1, 3), note(22, 22)], note(22, 22).hours)).toEqual([note(1, 3)]);
  });

  test.each([
    { name: 'stands by itself', to: [note(1, 2)], more: note(5, 5, 9), want: [note(1, 2), note(5, 5, 9)] },
    { name: 'goes on where another ends', to: [note(1, 2)], more: note(3, 3, 9), want: [note(1, 3, 9)] },
    { name: 'within another makes it due', to: [note(1, 4, 20), note(6, 6)], more: note(2, 2, 9), want: [note(1, 4, 9), note(6, 6)] },
    { name: 'of the same hours puts them off', to: [note(1, 4, 3)], more: note(1, 4, 9), want: [note(1, 4, 9)] },
  ])('a note that $name', ({ to, more, want }) => {
    expect(withChanged(to, more)).toEqual(want);
  });
});
