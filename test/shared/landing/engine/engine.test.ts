import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { load, NoJsonArray, RecordCursor, type FileBytes } from '../../../../shared/landing/records.ts';
import { Engine, recordRow } from '../../../../shared/landing/engine/engine.ts';
import { stepsOf } from '../../../../shared/landing/engine/path.ts';
import { Plan } from '../../../../shared/landing/engine/plan.ts';
import { temporaryFolders } from '../../../helpers/temporary-folder.ts';

const temporaryFolder = temporaryFolders();
let engine: Engine;
let plan: Plan;
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  engine = Engine.take();
  plan = new Plan(engine);
  for (const path of ['a', 'b.c', 'b.a.c', 'é']) plan.place(stepsOf(path));
  plan.elements(stepsOf('l')).elements(stepsOf('a.l')).place(stepsOf('c'));
});
afterAll(() => {
  engine.giveBack();
});

/** Any JSON value; many of its names are looked for. */
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, '', 0, -0, 1e300, -1.5e-9),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'l', 'é', '', 'a\n', '😀'), tie('value'), { maxKeys: 5 }),
  ),
}));
const anyFile = fc
  .tuple(fc.array(anyValue, { maxLength: 4 }), fc.constantFrom('', ' ', '\n', '\t', '\r\n  '))
  .map(([values, space]) => `${space}${JSON.stringify(values, null, space.replace(/\S/g, ''))}${space}`);

describe('of a file', () => {
  test('the records are those of any JSON array, as they are written', () => {
    fc.assert(
      fc.property(anyFile, (text) => {
        expect(read(Buffer.from(text))).toEqual(parsed(Buffer.from(text)));
      }),
      { numRuns: 400 },
    );
  });

  test.each<{ name: string; change: (bytes: Buffer, at: number, byte: number) => Buffer }>([
    { name: 'changed', change: (bytes, at, byte) => Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at + 1)]) },
    { name: 'removed', change: (bytes, at) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]) },
    { name: 'inserted', change: (bytes, at, byte) => Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at)]) },
    { name: 'for its last', change: (bytes, at) => bytes.subarray(0, at) },
  ])('that has one byte $name, exactly what JSON.parse accepts is accepted', ({ change }) => {
    fc.assert(
      fc.property(anyFile, fc.nat(), anyByte, (text, place, byte) => {
        const bytes = Buffer.from(text);
        const changed = change(bytes, place % bytes.length, byte);
        expect(read(changed)).toEqual(parsed(changed));
      }),
      { numRuns: 1_500 },
    );
  });

  test('with any escapes, one byte of it changed, exactly what JSON.parse accepts is accepted', async () => {
    const escapes = fc.string({
      unit: fc.constantFrom('\\', 'u', 'd8', 'D8', '3d', 'dE', '00', '"', 'x', '\\ud83d', '\\ude00', ','),
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(escapes, async (text) => {
        const bytes = Buffer.from(`["${text}"]`);
        expect(await readFile(bytes)).toEqual(parsed(bytes, mended));
      }),
      { numRuns: 500 },
    );
  });
});

/** More often one that means something in JSON. */
const anyByte = fc.oneof(fc.constantFrom(...Buffer.from('"\\[]{},:0-+.eEtfnu \n\r\t/b\0\x1f\x7f')), fc.nat({ max: 255 }));

const odd = [
  ...[
    '01',
    '1.',
    '.5',
    '-',
    '1e',
    '+1',
    '-0',
    '1E+5',
    '1e400',
    '-1e-400',
    '1e+',
    '1e5.5',
    '--1',
    '0x10',
    '1_0',
    '00',
    '-01',
    '0.0',
    '0e0',
    '1.e5',
  ],
  ...['NaN', 'Infinity', '-Infinity', '9'.repeat(400), `0.${'1'.repeat(400)}`, '1 2', '1-'],
  ...['tru', 'true', 'truetrue', 'True', 'fals', 'falsey', 'nul', 'nulll', 'undefined', 'n', 't', 'f'],
  ...['""', '"', "'a'", '"\\"', '"\\\\"', '"\\x"', '"\\u12"', '"\\u12g4"', '"\\u00e9"', '"\\U00e9"', '"\\/\\b\\f\\n\\r\\t"', '"a" "b"'],
  ...['"\n"', '"\t"', '"\0"', '"\x1f"', '"\x7f"', '"\u2028"', '"\ufeff"', '\0', '1\0', '\ufeff1', '\u00a01', '\v1', '\f1', '/*a*/1', '1//'],
  ...['"\\ud8zz"', '"\\ud8"x"', '"\\uD8"', '"\\ud83d\\ude"', '"\\ud83d\\udezz"', '"\\ud8\u{1f600}"', '"\\ud"', '"\\ude00"', '"\\\\ud8zz"'],
  ...[
    '[]',
    '{}',
    '[[]]',
    '[{}]',
    '{"a":{}}',
    '[[],[]]',
    '[[[]],{"l":[]}]',
    '[',
    ']',
    '{',
    '}',
    '[1',
    '[1,',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
  ],
  ...[
    '1,',
    ',1',
    '1,,2',
    '[1,]',
    '[,]',
    '[1,,2]',
    '{,}',
    '{"a":1,}',
    '{"a"}',
    '{"a":}',
    '{a:1}',
    '{1:1}',
    '{"a" 1}',
    '{"a":1 "b":2}',
    '{"a":1]',
    '[1}',
  ],
  ...['{"a":1,"a":2}', '{"":1}', '{"l":[{"a":{"l":[{"c":1},2,null]}},[],1]}', '{"b":{"c":1,"a":{"c":2}},"b":3}', '1]', '1],[2', ''],
];

describe('exactly what JSON.parse accepts is accepted', () => {
  test.each(odd.map((text) => ({ text, name: JSON.stringify(text.slice(0, 40)) })))('of $name', async ({ text }) => {
    const bytes = Buffer.from(`[${text}]`);
    expect(await readFile(bytes)).toEqual(parsed(bytes, mended));
  });

  test.each(odd.map((text) => ({ text, name: JSON.stringify(text.slice(0, 40)) })))(
    'of $name that the file ends with',
    async ({ text }) => {
      const bytes = Buffer.from(`[${text}`);
      expect(await readFile(bytes)).toEqual(parsed(bytes, mended));
    },
  );
});

describe('nesting', () => {
  const nested = (levels: number): readonly string[] => [
    `${'['.repeat(levels)}${']'.repeat(levels)}`,
    `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`,
    `${'{"l":['.repeat(levels / 2)}${']}'.repeat(levels / 2)}`,
  ];

  test.each([900, 1_000])('of %i levels is read', (levels) => {
    for (const text of nested(levels)) expect(read(Buffer.from(`[${text}]`))).toEqual([text]);
  });

  test.each([1_002, 1_100, 100_000])('of %i levels is refused, and what comes next is read', (levels) => {
    for (const text of nested(levels)) expect(read(Buffer.from(`[${text}]`))).toBe('refused');
    expect(read(Buffer.from('[{"a":1}]'))).toEqual(['{"a":1}']);
  });
});

describe('a text', () => {
  test('says what JSON.parse says, halves of pairs as U+FFFD', () => {
    const place = plan.place(stepsOf('a'));
    fc.assert(
      fc.property(anyText, anyStyles, (text, styles) => {
        const written = writtenAs(text, styles);
        putAndRead(Buffer.from(`{"b":1,"a":${written}}`));
        expect(engine.text(place(recordRow))).toBe((JSON.parse(written) as string).toWellFormed());
      }),
      { numRuns: 2_000 },
    );
  });

  test('of more than 20 kB says what JSON.parse says', () => {
    const place = plan.place(stepsOf('b.a.c'));
    fc.assert(
      fc.property(anyText, anyStyles, fc.integer({ min: 20_000, max: 60_000 }), (text, styles, length) => {
        const long = `${text}x`.repeat(Math.ceil(length / (text.length + 1)));
        const written = writtenAs(long, styles);
        putAndRead(Buffer.from(`{"b":{"a":{"c":${written}}}}`));
        expect(engine.text(place(recordRow)) === (JSON.parse(written) as string).toWellFormed()).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('is found under a name that is written with escapes', () => {
    const place = plan.place(stepsOf('é'));
    putAndRead(Buffer.from('{"\\u00C9":"capital","\\u00e9":"small"}'));
    expect(engine.text(place(recordRow))).toBe('small');
  });
});

/** UTF-16, whether it is well-formed or not. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom('\ud83d', '\ude00', '\udbff', '\udfff', '"', '\\', '/', '\n', '\0', '\x1f', 'u', 'é', '\u0800', '\uffff'),
    maxLength: 40,
  }),
);
const anyStyles = fc.array(fc.constantFrom('plain', 'short', 'lower', 'upper'), { minLength: 1, maxLength: 20 });

/** JSON of a text, its characters written in these styles by turns. */
function writtenAs(text: string, styles: readonly string[]): string {
  const characters = Array.from(text, (character, index) => {
    const style = styles[index % styles.length];
    const usual = JSON.stringify(character).slice(1, -1);
    if (style === 'plain') return usual;
    if (style === 'short') return character === '/' ? '\\/' : usual;
    const codes = character.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'));
    return codes.map((code) => `\\u${style === 'upper' ? code.toUpperCase() : code}`).join('');
  });
  return `"${characters.join('')}"`;
}

/** The records as they are written, or that there are none. */
type Read = readonly string[] | 'refused';

function read(bytes: Buffer): Read {
  const file = put(bytes);
  try {
    return recordsOf(file);
  } finally {
    engine.calls.release(file.start);
  }
}

/** As landing does. */
async function readFile(bytes: Buffer): Promise<Read> {
  const path = join(folder, 'records.json');
  await writeFile(path, bytes);
  const file = await load(path, undefined, engine);
  try {
    return recordsOf(file);
  } finally {
    engine.calls.release(file.start);
  }
}

function recordsOf(file: FileBytes): Read {
  const cursor = new RecordCursor(file, engine, plan.shape);
  const records: string[] = [];
  try {
    while (cursor.next()) records.push(canonical(engine.bytes.toString('utf8', cursor.start, cursor.end)));
    return records;
  } catch (error) {
    if (error instanceof NoJsonArray) return 'refused';
    throw error;
  }
}

const canonical = (json: string): string => JSON.stringify(JSON.parse(json));
const same = (json: string): string => json;
const mended = (json: string): string => JSON.stringify(wellFormed(JSON.parse(json)));

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name.toWellFormed(), wellFormed(field)]));
}

function parsed(bytes: Buffer, asLanded: (json: string) => string = same): Read {
  try {
    const values: unknown = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
    if (!Array.isArray(values)) return 'refused';
    return values.filter((value) => value !== null).map((value) => asLanded(JSON.stringify(value)));
  } catch {
    return 'refused';
  }
}

/** A quote after the last byte, and zeros. */
function put(bytes: Buffer): FileBytes {
  const start = engine.calls.allocate(bytes.length + 64);
  engine.bytes.fill(0, start, start + bytes.length + 64);
  bytes.copy(engine.bytes, start);
  engine.bytes.write('"', start + bytes.length);
  return { start, end: start + bytes.length };
}

function putAndRead(bytes: Buffer): void {
  const { start, end } = put(bytes);
  expect(engine.read(start, end, plan.shape)).toBe(end);
}
