import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  boolean,
  cases,
  eachOf,
  isPresent,
  json,
  long,
  pairs,
  structs,
  text,
  texts,
  time,
  valueNamed,
} from '../../../shared/domain/columns.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';
import { madeUp, openMadeUpLanding, type MadeUpLanding } from './made-up.ts';

const temporaryFolder = temporaryFolders();
let fixture: MadeUpLanding;
beforeAll(async () => {
  fixture = await openMadeUpLanding(await temporaryFolder());
});
afterAll(() => {
  fixture.close();
});

const columns = {
  first: text('a', ''),
  second: text('b.c', ''),
  number: long('n', ''),
  flag: boolean('f', ''),
  created: time('t', ''),
};
const ofTexts = madeUp(columns, ['first', 'second']);
const ofAll = madeUp(columns, Object.keys(columns));

/** Each part, or what stands for nothing, and a separator after it. */
function keyOf(...parts: readonly (string | null)[]): string {
  const hash = createHash('md5');
  for (const part of parts) hash.update(`${part ?? '\x1e'}\x1f`);
  return hash.digest('hex');
}

const orNothing = (part: string | null | undefined): string | null => (part === '' ? null : (part ?? null));

async function keysOf(logType: typeof ofTexts, records: readonly unknown[]): Promise<unknown[]> {
  const rows = await fixture.query(`SELECT record_key FROM ${await fixture.landRecords(logType, records)}`);
  return rows.map((row) => row.record_key);
}

const lengths = [...Array(200).keys(), 3_000, 4_000, 4_095, 4_096, 4_097, 9_999, 20_000, 100_000];

test.each([
  { name: 'of a text', of: (length: number) => ({ a: 'x'.repeat(length) }) },
  { name: 'of two texts', of: (length: number) => ({ a: 'x'.repeat(length >> 1), b: { c: 'y'.repeat(length - (length >> 1)) } }) },
  { name: 'of a text that is not ASCII', of: (length: number) => ({ a: '\u{1f600}é'.repeat(length) }) },
  { name: 'of a text with escapes', of: (length: number) => ({ a: '"\n\\'.repeat(length) }) },
])('the key $name of any length is the md5 of its parts', async ({ of }) => {
  const records: readonly { a: string; b?: { c: string } }[] = lengths.map(of);
  expect(await keysOf(ofTexts, records)).toEqual(records.map(({ a, b }) => keyOf(orNothing(a), orNothing(b?.c))));
});

test('the key of any texts is the md5 of them, whichever is there', async () => {
  const part = fc.option(fc.string({ unit: 'binary', maxLength: 80 }));
  const records = fc.sample(fc.record({ a: part, b: fc.option(fc.record({ c: part })) }), { numRuns: 2_000, seed: 1 });
  expect(await keysOf(ofTexts, records)).toEqual(records.map(({ a, b }) => keyOf(orNothing(a), orNothing(b?.c))));
});

test('the key of values that are no texts is the md5 of how they are written', async () => {
  const number = fc.option(fc.constantFrom(0, 7, -7, 123_456_789_012));
  const flag = fc.option(fc.boolean());
  const created = fc.option(fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }));
  const samples = fc.sample(fc.record({ number, flag, created, a: fc.constantFrom('a', '') }), { numRuns: 2_000, seed: 2 });
  const records = samples.map(({ number: n, flag: f, created: t, a }) => ({ a, n, f, t }));
  const keys = samples.map((of) => {
    const parts = [of.number, of.flag, of.created && of.created.getTime() * 1_000].map((value) => (value === null ? null : String(value)));
    return keyOf(orNothing(of.a), null, ...parts);
  });
  expect(await keysOf(ofAll, records)).toEqual(keys);
});

test('a part that has gone is nothing for the next record', async () => {
  const long = 'x'.repeat(5_000);
  const created = '2026-11-20T08:00:00Z';
  expect(await keysOf(ofAll, [{ a: long, t: created }, {}, { t: created }, {}])).toEqual([
    keyOf(long, null, null, null, String(Date.parse(created) * 1_000)),
    keyOf(null, null, null, null, null),
    keyOf(null, null, null, null, String(Date.parse(created) * 1_000)),
    keyOf(null, null, null, null, null),
  ]);
});

describe('the key over every typed column', () => {
  const everything = madeUp(
    {
      given: text('s', ''),
      number: long('n', ''),
      details: json('d', ''),
      steps: structs('l', { name: 'name', isDone: ['done', 'boolean'] }, ''),
      names: texts(eachOf('l[].of', 'name'), ''),
      properties: pairs('p', ''),
      agent: text(valueNamed('p', 'User-Agent'), ''),
      kind: text(cases([isPresent('k'), 's']).otherwise('d'), ''),
    },
    'every typed column',
  );

  /** As every place that is read is written: in the order of the columns, a text without quotes. */
  const keyOfPlaces = (record: Readonly<Record<string, unknown>>): string =>
    keyOf(
      ...['s', 'n', 'd', 'l', 'p', 'k'].map((place) => {
        const value = withoutEmpty(record[place]);
        return value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value);
      }),
    );

  /** Members in the order of the bytes of their names as JSON writes them, and nothing that says nothing. */
  function withoutEmpty(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value === '' || value === null ? undefined : value;
    if (Array.isArray(value)) {
      const elements = value.map(withoutEmpty).filter((element) => element !== undefined);
      return elements.length > 0 ? elements : undefined;
    }
    const members = Object.entries(value)
      .map(([name, of]) => [name, withoutEmpty(of)] as const)
      .filter(([, of]) => of !== undefined);
    const bytes = ([name]: readonly [string, unknown]): Buffer => Buffer.from(JSON.stringify(name));
    return members.length > 0 ? Object.fromEntries(members.sort((a, b) => Buffer.compare(bytes(a), bytes(b)))) : undefined;
  }

  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, of]) => [name, shuffled(of)]),
    );
  };

  // Names of digits alone stand first in JavaScript, whatever their order was.
  const name = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => `x${text}`);
  const { value: anything } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, depthIdentifier: 'json' },
      fc.oneof(fc.constantFrom<unknown>(null, '', true, 0, -1.5, 'a", "b'), fc.string({ unit: 'grapheme', maxLength: 12 })),
      fc.array(tie('value'), { maxLength: 5, depthIdentifier: 'json' }),
      fc.dictionary(name, tie('value'), { maxKeys: 8, depthIdentifier: 'json' }),
    ),
  }));
  const records = fc.sample(fc.record({ s: anything, n: anything, d: anything, l: anything, p: anything, k: anything }), {
    numRuns: 3_000,
    seed: 3,
  });

  test('is the md5 of what stands at every place that a column reads, as canonical JSON', async () => {
    expect(await keysOf(everything, records)).toEqual(records.map(keyOfPlaces));
  });

  test('is the same however Microsoft orders members, and with white space between them', async () => {
    const keys = records.map(keyOfPlaces);
    expect(await keysOf(everything, records.map(shuffled))).toEqual(keys);
    const { into } = await fixture.landFile(everything, await fixture.serve(JSON.stringify(records, null, 2)));
    expect((await fixture.query(`SELECT record_key FROM '${into}'`)).map((row) => row.record_key)).toEqual(keys);
  });

  test.each([
    { name: 'values that change places', a: { d: { x: { v: 1 }, y: { v: 2 } } }, b: { d: { x: { v: 2 }, y: { v: 1 } } } },
    { name: 'elements that change places', a: { l: [{ name: 'a' }, { name: 'b' }] }, b: { l: [{ name: 'b' }, { name: 'a' }] } },
    { name: 'a member that moves out', a: { d: { x: { v: 1, w: 2 } } }, b: { d: { x: { v: 1 }, w: 2 } } },
    { name: 'what is untyped within a list', a: { l: [{ name: 'a', more: 1 }] }, b: { l: [{ name: 'a', more: 2 }] } },
    { name: 'a text for two', a: { l: ['a', 'b'] }, b: { l: ['a","b'] } },
  ])('is another for $name', async ({ a, b }) => {
    const keys = await keysOf(everything, [a, b]);
    expect(keys[0]).not.toBe(keys[1]);
  });

  test.each([
    { name: 'what says nothing', a: { d: { x: 1, y: null, z: [{ w: '' }], v: {} } }, b: { d: { x: 1 } } },
    { name: 'what no column reads', a: { s: 'a', unread: 1 }, b: { s: 'a', unread: 2 } },
    { name: 'nothing at all', a: { d: [null, [], {}], l: [], s: '' }, b: {} },
  ])('is the same whatever there is of $name', async ({ a, b }) => {
    const keys = await keysOf(everything, [a, b]);
    expect(keys[0]).toBe(keys[1]);
  });

  test('holds objects in objects as deep as JSON is read, each with its members in any order', async () => {
    const nested = (levels: number): unknown => (levels === 0 ? 'deepest' : { z: 1, a: nested(levels - 1) });
    const deep = { d: nested(990) };
    expect(await keysOf(everything, [deep, shuffled(deep)])).toEqual([keyOfPlaces(deep), keyOfPlaces(deep)]);
  });

  test('holds an object of very many members in any order', async () => {
    const names = fc.sample(fc.string({ unit: 'grapheme', maxLength: 20 }), { numRuns: 20_000, seed: 4 }).map((text) => `x${text}`);
    const large = { d: Object.fromEntries(names.map((of, index) => [of, index])) };
    expect(await keysOf(everything, [large, shuffled(large)])).toEqual([keyOfPlaces(large), keyOfPlaces(large)]);
  });
});
