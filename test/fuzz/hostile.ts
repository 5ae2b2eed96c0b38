/** Inputs as somebody would send who means harm, or as something sends that is broken. */

import fc from 'fast-check';

/** Texts that parsers disagree about, that leave folders, end statements, or are words of JavaScript itself. */
export const nastyText = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    ...[
      '',
      ' ',
      '..',
      '../',
      '/',
      '\\',
      '.',
      '%2e%2e',
      '%2f',
      '%00',
      '\0',
      '\n',
      '\r\n',
      '\u2028',
      '\ufeff',
      '\ud800',
      'constructor',
      '__proto__',
    ],
    ...[
      'valueOf',
      'toString',
      'null',
      'undefined',
      'NaN',
      '-1',
      '1e309',
      "'; DROP TABLE x; --",
      '${x}',
      '$',
      '#',
      '?',
      '@',
      ':',
      '[',
      '{',
      '"',
      "'",
    ],
  ),
);

/** The text with some characters taken out, put in or replaced. */
export function mutated(text: string): fc.Arbitrary<string> {
  const edit = fc.tuple(fc.nat(text.length), fc.nat(3), nastyText);
  return fc.array(edit, { minLength: 0, maxLength: 4 }).map((edits) =>
    edits.reduce((now, [at, cut, put]) => {
      const place = Math.min(at, now.length);
      return now.slice(0, place) + put + now.slice(place + cut);
    }, text),
  );
}

/** JSON of any shape, often with keys and values that are looked for. */
export function nastyJson(keys: readonly string[], values: readonly unknown[] = []): fc.Arbitrary<unknown> {
  const { value } = fc.letrec<{ value: unknown; leaf: unknown; list: unknown[]; object: Record<string, unknown> }>((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('list'), tie('object')),
    leaf: fc.oneof(
      nastyText,
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      ...(values.length > 0 ? [fc.constantFrom(...values)] : []),
    ),
    list: fc.array(tie('value'), { maxLength: 4 }),
    object: fc.dictionary(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...keys) }, nastyText), tie('value'), { maxKeys: 6 }),
  }));
  return value;
}

/** A good value with some of its parts, however deep, taken away or replaced. */
export function drifted(good: unknown, keys: readonly string[], values: readonly unknown[] = []): fc.Arbitrary<unknown> {
  const places = placesOf(good);
  const edit = fc.tuple(fc.nat(Math.max(0, places.length - 1)), fc.oneof(fc.constant(undefined), nastyJson(keys, values)));
  return fc
    .array(edit, { maxLength: 3 })
    .map((edits) => edits.reduce<unknown>((now, [index, value]) => replaced(now, places[index] ?? [], value), good));
}

type Path = readonly (string | number)[];

function placesOf(value: unknown, at: Path = []): Path[] {
  const inner =
    typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, part]) => placesOf(part, [...at, key])) : [];
  return [at, ...inner];
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((part: unknown, index) => (String(index) === key ? replaced(part, rest, by) : part));
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, name === key ? replaced(part, rest, by) : part]));
}
