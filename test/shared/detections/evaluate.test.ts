/** What a timeline says to each kind of rule. */

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { silences } from '../../../shared/detections/evaluate/absence.ts';
import { capped } from '../../../shared/detections/evaluate/cap.ts';
import { firstSeen } from '../../../shared/detections/evaluate/first-seen.ts';
import type { Hit } from '../../../shared/detections/evaluate/hit.ts';
import { sequenceOccurrences } from '../../../shared/detections/evaluate/sequence.ts';
import { kmBetween, travelOccurrences } from '../../../shared/detections/evaluate/travel.ts';
import { windowOccurrences } from '../../../shared/detections/evaluate/window.ts';

const minute = 60_000;
const hour = 60 * minute;
/** `12 a` is a hit in minute 12 of the value a; `12 1` of part 1. */
const hits = (...texts: string[]): Hit[] =>
  texts.map((text, index) => {
    const [at = '', what = ''] = text.split(' ');
    return { time: Number(at) * minute, record: `r${String(index)}`, part: /^\d$/.test(what) ? Number(what) : 0, value: what };
  });
const buckets = (found: readonly { readonly bucket: number }[]): number[] => found.map(({ bucket }) => bucket / hour);

describe('a window', () => {
  const events = { kind: 'window', counts: 'events', least: 3, withinMs: 10 * minute, bucketMs: hour } as const;
  test.each([
    { name: 'of too few', at: hits('1', '2'), found: [] },
    { name: 'of enough', at: hits('1', '2', '3'), found: [0] },
    { name: 'slides: it needs not begin at a whole ten minutes', at: hits('8', '12', '17'), found: [0] },
    { name: 'does not hold what is exactly as old as it is long', at: hits('1', '2', '11'), found: [] },
    { name: 'is of the hour in which it is full', at: hits('58', '59', '61'), found: [1] },
    { name: 'that goes on is found once an hour', at: hits('1', '2', '3', '4', '61', '62', '63'), found: [0, 1] },
  ])('$name', ({ at, found }) => {
    expect(buckets(windowOccurrences(at, events))).toEqual(found);
  });

  test('of different values counts each once', () => {
    const values = { ...events, counts: 'values' } as const;
    expect(windowOccurrences(hits('1 a', '2 a', '3 b', '4 b'), values)).toEqual([]);
    expect(windowOccurrences(hits('1 a', '2 a', '3 b', '4 c'), values)[0]).toMatchObject({ bucket: 0, count: 3 });
  });

  test('of a sum adds whole numbers, and nothing else', () => {
    const sum = { ...events, counts: 'sum', least: 10 } as const;
    expect(windowOccurrences(hits('1 4', '2 x', '3 -5', '4 5'), sum)).toEqual([]);
    expect(windowOccurrences(hits('1 4', '2 6'), sum)[0]?.count).toBe(10);
  });

  test('counts a record once that several objects hold', () => {
    const [first, second] = hits('1', '2');
    expect(
      windowOccurrences(
        [first, second, first, second].flatMap((hit) => hit ?? []),
        events,
      ),
    ).toEqual([]);
  });
});

test('what is kept of a group gives the findings of the whole', () => {
  const hit = fc.record({
    time: fc.integer({ min: 0, max: 200 * minute }),
    record: fc.uuid(),
    part: fc.integer({ min: 0, max: 2 }),
    value: fc.constantFrom('a', 'b', '3', '4', '5'),
  });
  const how = fc.record({
    kind: fc.constant('window' as const),
    counts: fc.constantFrom('events' as const, 'values' as const, 'sum' as const),
    least: fc.integer({ min: 1, max: 8 }),
    withinMs: fc.constantFrom(7 * minute, 10 * minute, 25 * minute, 90 * minute),
    bucketMs: fc.constantFrom(5 * minute, hour, 90 * minute),
  });
  fc.assert(
    fc.property(fc.array(hit, { maxLength: 120 }), how, (timeline, kind) => {
      expect(buckets(windowOccurrences(capped(timeline, kind), kind))).toEqual(buckets(windowOccurrences(timeline, kind)));
    }),
    { numRuns: 400 },
  );
});

describe('a sequence', () => {
  const ordered = { kind: 'sequence', parts: 3, isOrdered: true, withinMs: 30 * minute, bucketMs: hour } as const;
  test.each([
    { name: 'in its order', at: hits('1 0', '2 1', '3 2'), ordered: [0], any: [0] },
    { name: 'in another order', at: hits('1 1', '2 0', '3 2'), ordered: [], any: [0] },
    { name: 'that lacks a part', at: hits('1 0', '2 2', '3 2'), ordered: [], any: [] },
    { name: 'that takes too long', at: hits('1 0', '2 1', '31 2'), ordered: [], any: [] },
    { name: 'that begins again in time', at: hits('1 0', '2 1', '20 0', '21 1', '40 2'), ordered: [0], any: [0] },
    { name: 'whose first is repeated too late for its second', at: hits('1 0', '2 1', '35 0', '36 2'), ordered: [], any: [] },
  ])('$name', ({ at, ordered: inOrder, any }) => {
    expect(buckets(sequenceOccurrences(at, ordered))).toEqual(inOrder);
    expect(buckets(sequenceOccurrences(at, { ...ordered, isOrdered: false }))).toEqual(any);
  });
});

describe('travel', () => {
  const kind = { kind: 'travel', km: 500, kmPerHour: 900, withinMs: 12 * hour, bucketMs: 12 * hour } as const;
  const at = (minutes: number, place: string): Hit => ({
    time: minutes * minute,
    record: `${String(minutes)}${place}`,
    part: 0,
    value: place.replace(',', '\n'),
  });
  test.each([
    { name: 'is impossible', hits: [at(0, '53.1,8.8'), at(60, '1.4,103.8')], found: [0] },
    { name: 'is possible in a day', hits: [at(0, '53.1,8.8'), at(1500, '1.4,103.8')], found: [] },
    { name: 'is short', hits: [at(0, '53.1,8.8'), at(1, '53.6,10')], found: [] },
    { name: 'from nowhere is none', hits: [at(0, '0,0'), at(1, '1.4,103.8')], found: [] },
    { name: 'without a place is none', hits: [at(0, ''), at(1, '1.4,103.8'), at(2, 'x,y')], found: [] },
  ])('$name', ({ hits: timeline, found }) => {
    expect(travelOccurrences(timeline, kind).map(({ bucket }) => bucket)).toEqual(found);
  });

  test('is measured along the surface', () => {
    expect(kmBetween({ latitude: 53.08, longitude: 8.81 }, { latitude: 1.35, longitude: 103.82 })).toBeCloseTo(10_202, -2);
  });
});

describe('a value seen first', () => {
  test.each([
    { name: 'is new on a day without others', own: [10], known: [10], found: [10], superseded: [] },
    { name: 'is not new a day later', own: [11], known: [10, 11], found: [], superseded: [] },
    { name: 'is new after so many days', own: [14], known: [10, 14], found: [14], superseded: [] },
    { name: 'supersedes what was found on a later day', own: [10], known: [10, 12], found: [10], superseded: [12] },
    { name: 'supersedes only the day that follows it', own: [10], known: [10, 11, 12], found: [10], superseded: [11] },
  ])('$name', ({ own, known, found, superseded }) => {
    expect(firstSeen(own, known, 3)).toEqual({ found, superseded });
  });
});

describe('silence', () => {
  test.each([
    { name: 'that lasts', hours: [0], completeTo: 7, found: [1] },
    { name: 'that is not over yet', hours: [0], completeTo: 6, found: [] },
    { name: 'between records', hours: [0, 9], completeTo: 10, found: [1] },
    { name: 'of a stream that was never heard', hours: [], completeTo: 100, found: [] },
  ])('$name', ({ hours, completeTo, found }) => {
    const begins = silences({ hours: hours.map((one) => one * hour), completeTo: completeTo * hour }, 6 * hour);
    expect(begins.map((one) => one / hour)).toEqual(found);
  });
});
