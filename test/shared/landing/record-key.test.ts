import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boolean, eachOf, long, text, texts, time } from '../../../shared/domain/columns.ts';
import { temporaryFolders } from '../../local/temporary-folder.ts';
import { madeUp, openMadeUpGround, type MadeUpGround } from './made-up.ts';

const temporaryFolder = temporaryFolders();
let ground: MadeUpGround;
beforeAll(async () => {
  ground = await openMadeUpGround(await temporaryFolder());
});
afterAll(() => {
  ground.close();
});

const columns = {
  first: text('a', ''),
  second: text('b.c', ''),
  number: long('n', ''),
  flag: boolean('f', ''),
  created: time('t', ''),
  names: texts(eachOf('l', 'name'), ''),
};
const ofTexts = madeUp(columns, ['first', 'second']);
const ofAll = madeUp(columns, 'every typed column');

/** Each part, or what stands for nothing, and a separator behind it. */
function keyOf(...parts: readonly (string | null)[]): string {
  const hash = createHash('md5');
  for (const part of parts) hash.update(`${part ?? '\x1e'}\x1f`);
  return hash.digest('hex');
}

const orNothing = (part: string | null | undefined): string | null => (part === '' ? null : (part ?? null));

async function keysOf(logType: typeof ofTexts, records: readonly unknown[]): Promise<unknown[]> {
  const rows = await ground.query(`SELECT record_key FROM ${await ground.landRecords(logType, records)}`);
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
  const names = fc.option(fc.array(fc.constantFrom('ada', 'grace "g"', 'é\u001f', ''), { maxLength: 3 }));
  const samples = fc.sample(fc.record({ number, flag, created, names, a: fc.constantFrom('a', '') }), { numRuns: 2_000, seed: 2 });
  const records = samples.map(({ number: n, flag: f, created: t, names: l, a }) => ({ a, n, f, t, l: l?.map((name) => ({ name })) }));
  const keys = samples.map((of) => {
    const said = of.names?.filter((name) => name !== '') ?? [];
    const parts = [of.number, of.flag, of.created && of.created.getTime() * 1_000].map((value) => (value === null ? null : String(value)));
    return keyOf(orNothing(of.a), null, ...parts, said.length > 0 ? JSON.stringify(said) : null);
  });
  expect(await keysOf(ofAll, records)).toEqual(keys);
});

test('a part that has gone is nothing for the next record', async () => {
  const long = 'x'.repeat(5_000);
  expect(await keysOf(ofAll, [{ a: long, l: [{ name: long }] }, {}, { l: [{ name: 'y' }] }, {}])).toEqual([
    keyOf(long, null, null, null, null, JSON.stringify([long])),
    keyOf(null, null, null, null, null, null),
    keyOf(null, null, null, null, null, '["y"]'),
    keyOf(null, null, null, null, null, null),
  ]);
});
