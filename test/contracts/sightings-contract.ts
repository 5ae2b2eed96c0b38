import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Hit } from '../../shared/detections/evaluate/hit.ts';
import type { GroupRef, Sightings } from '../../shared/ports/sightings.ts';
import { at } from './samples.ts';

/** Sightings under test. */
export interface SightingsSetup {
  readonly sightings: Sightings;
  readonly close?: () => void | Promise<void>;
}

const apart = { rule: 'spray@1', tenantId: 'contoso', group: '["203.0.113.7"]' };
const keepUntil = at('09:00') + 30 * 86_400_000;
const hit = (time: string, record: string, value?: string): Hit => ({
  time: at(time),
  record,
  part: 0,
  ...(value !== undefined && { value }),
});
const sorted = (hits: readonly Hit[] | undefined): string[] => (hits ?? []).map(({ record }) => record).sort();

/** What stateful rules rely on. @param make Empty ones. */
export function sightingsContract(make: () => Promise<SightingsSetup>): void {
  let setup: SightingsSetup;
  let sightings: Sightings;
  beforeEach(async () => {
    setup = await make();
    sightings = setup.sightings;
  });
  afterEach(() => setup.close?.());

  const timelineOf = async (from: string, to: string, ref: GroupRef): Promise<readonly Hit[]> => {
    const [hits = []] = await sightings.timelines([{ ...ref, from: at(from), to: at(to) }]);
    return hits.filter(({ time }) => time >= at(from) && time < at(to));
  };

  describe.each([
    ['of a group by itself', apart],
    ['of a group among all of its rule', { ...apart, isTogether: true }],
  ])('a timeline %s', (_name, spray) => {
    const timeline = (from: string, to: string, ref: GroupRef = spray) => timelineOf(from, to, ref);

    test('of nobody is empty', async () => {
      expect(await timeline('00:00', '12:00')).toEqual([]);
    });

    test('has the hits of all objects, whole', async () => {
      await sightings.put('one', [{ ...spray, keepUntil, hits: [hit('09:00', 'a', 'lee'), hit('11:30', 'b')] }]);
      await sightings.put('two', [{ ...spray, keepUntil, hits: [{ ...hit('09:10', 'c'), part: 2 }] }]);
      const hits = [...(await timeline('08:00', '12:00'))].sort((one, other) => one.time - other.time);
      expect(hits).toEqual([hit('09:00', 'a', 'lee'), { ...hit('09:10', 'c'), part: 2 }, hit('11:30', 'b')]);
    });

    test('has what lies within the range, begun and ended inside an hour as well', async () => {
      await sightings.put('one', [
        { ...spray, keepUntil, hits: [hit('08:59', 'before'), hit('09:00', 'first'), hit('09:59', 'last'), hit('10:00', 'after')] },
      ]);
      expect(sorted(await timeline('09:00', '10:00'))).toEqual(['first', 'last']);
      expect(sorted(await timeline('09:30', '10:01'))).toEqual(['after', 'last']);
    });

    test('is that of its rule, version, tenant and group alone', async () => {
      await sightings.put('one', [{ ...spray, keepUntil, hits: [hit('09:00', 'a')] }]);
      for (const other of [{ rule: 'spray@2' }, { tenantId: 'fabrikam' }, { group: '["203.0.113.8"]' }]) {
        expect(await timeline('00:00', '12:00', { ...spray, ...other })).toEqual([]);
      }
    });

    test('has the hits of an object once, however often it is put', async () => {
      const groups = [{ ...spray, keepUntil, hits: [hit('09:00', 'a'), hit('10:00', 'b')] }];
      for (let time = 0; time < 3; time += 1) await sightings.put('one', groups);
      expect(sorted(await timeline('00:00', '12:00'))).toEqual(['a', 'b']);
    });

    test('comes in the order asked for, a list for each range', async () => {
      const other = { ...spray, group: '["x"]' };
      await sightings.put('one', [
        { ...spray, keepUntil, hits: [hit('09:00', 'a')] },
        { ...other, keepUntil, hits: [hit('09:00', 'b')] },
      ]);
      const range = { from: at('09:00'), to: at('10:00') };
      const lists = await sightings.timelines([
        { ...other, ...range },
        { ...spray, group: 'nobody', ...range },
        { ...spray, ...range },
      ]);
      expect(lists.map(sorted)).toEqual([['b'], [], ['a']]);
    });

    test('of two workers who put and then read is seen whole by one of them', async () => {
      const put = (name: string) => sightings.put(name, [{ ...spray, keepUntil, hits: [hit('09:00', name)] }]);
      const seen = await Promise.all(['one', 'two'].map((name) => put(name).then(() => timeline('09:00', '10:00'))));
      expect(Math.max(...seen.map((hits) => hits.length))).toBe(2);
    });

    test('holds more of one object and hour than an item of a store takes', async () => {
      const hits = Array.from({ length: 3_000 }, (_, number) =>
        hit('09:00', `${String(number)}-${String(Math.sqrt(number))}`, 'x'.repeat(100)),
      );
      await sightings.put('one', [{ ...spray, keepUntil, hits }]);
      expect(sorted(await timeline('09:00', '10:00'))).toEqual(hits.map(({ record }) => record).sort());
    });

    test('of a late record is read beside that of today, and the days between them are not', async () => {
      await sightings.put('one', [
        { ...spray, keepUntil, hits: [hit('09:00', 'a'), { ...hit('09:00', 'late'), time: at('09:00') - 3 * 86_400_000 }] },
      ]);
      const other = { ...spray, group: '["late"]' };
      const lists = await sightings.timelines([
        { ...spray, from: at('08:00'), to: at('10:00') },
        { ...other, from: at('08:00') - 3 * 86_400_000, to: at('10:00') - 3 * 86_400_000 },
        { ...spray, from: at('08:00') - 3 * 86_400_000, to: at('10:00') - 3 * 86_400_000 },
      ]);
      expect(lists.map((one) => sorted(one))).toEqual([['a'], [], ['late']]);
    });

    test('holds hundreds of groups and hits of one object', async () => {
      const groups = Array.from({ length: 300 }, (_, index) => ({
        ...spray,
        group: String(index),
        keepUntil,
        hits: Array.from({ length: 4 }, (_, number) => hit('09:00', `${String(index)}-${String(number)}`)),
      }));
      await sightings.put('one', groups);
      const lists = await sightings.timelines(groups.map((group) => ({ ...group, from: at('09:00'), to: at('10:00') })));
      expect(lists.map((hits) => hits.length)).toEqual(groups.map(() => 4));
    });
  });

  describe('the days of a value', () => {
    const entity = { ...apart, group: '["lee","DE"]' };
    test('are those of all who remembered them, each once', async () => {
      await sightings.remember([{ ...entity, days: [3, 7], keepUntil }]);
      await sightings.remember([{ ...entity, days: [7, 9], keepUntil }]);
      const [days = []] = await sightings.days([{ ...entity, from: 0, to: 100 }]);
      expect([...days].sort((one, other) => one - other)).toEqual([3, 7, 9]);
    });

    test('are asked for with both ends', async () => {
      await sightings.remember([{ ...entity, days: [3, 7, 9], keepUntil }]);
      expect(
        await sightings.days([
          { ...entity, from: 7, to: 9 },
          { ...entity, from: 4, to: 6 },
        ]),
      ).toEqual([[7, 9], []]);
    });
  });

  describe('a finding', () => {
    test('is known once it was noted, and noting it again is harmless', async () => {
      expect(await sightings.known(['a', 'b'])).toEqual(new Set());
      await sightings.noteKnown(['a'], keepUntil);
      await sightings.noteKnown(['a'], keepUntil);
      expect(await sightings.known(['a', 'b'])).toEqual(new Set(['a']));
      expect(await sightings.known([])).toEqual(new Set());
    });
  });
}
