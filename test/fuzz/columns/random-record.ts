/** Records with something, or something else, at every place that a log type reads. */

import type { Expression } from '../../../shared/domain/columns.ts';
import type { LogType } from '../../../shared/log-types/log-type.ts';
import type { Step } from '../../../shared/landing/engine/path.ts';
import { placesOf } from './places.ts';

/** The places of a log type's records, and the words that its columns know. */
export interface RecordPlan {
  readonly places: readonly (readonly Step[])[];
  readonly words: readonly string[];
}

export function recordPlan({ columns }: LogType): RecordPlan {
  const all = Object.values(columns).map(({ from }) => from);
  const places = new Map(all.flatMap(placesOf).map((steps) => [JSON.stringify(steps), steps]));
  return { places: [...places.values()], words: [...new Set([...all.flatMap(wordsOf), ...usualWords])] };
}

/** A number below `limit`, other each time it is asked. */
export type Draw = (limit: number) => number;

/** The same numbers for the same seed (mulberry32). */
export function drawing(seed: number): Draw {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** Most places hold a word that fits, some another kind of value, some nothing; lists have up to three elements. */
export function randomRecord({ places, words }: RecordPlan, draw: Draw): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const steps of places) if (draw(10) < 6) put(record, steps, words, draw);
  return record;
}

function put(holder: Record<string, unknown>, [step, next, ...rest]: readonly Step[], words: readonly string[], draw: Draw): void {
  if (step === undefined || step === 'each') return;
  const { name } = step;
  if (next === undefined) {
    holder[name] ??= valueOf(words, draw);
    return;
  }
  // Now and then the value is of another kind than the columns want.
  if (draw(40) === 0) holder[name] ??= valueOf(words, draw);
  if (next !== 'each') {
    const there = (holder[name] ??= {});
    if (isObject(there)) put(there, [next, ...rest], words, draw);
    return;
  }
  const list = (holder[name] ??= Array.from({ length: draw(4) }, () =>
    rest.length === 0 ? valueOf(words, draw) : draw(12) === 0 ? valueOf(words, draw) : {},
  ));
  if (Array.isArray(list)) for (const element of list as unknown[]) if (isObject(element) && draw(10) < 8) put(element, rest, words, draw);
}

function valueOf(words: readonly string[], draw: Draw): unknown {
  const kind = draw(20);
  if (kind < 13) return words[draw(words.length)];
  if (kind < 16) return numbers[draw(numbers.length)];
  return structuredClone(odd[draw(odd.length)]);
}

/** JavaScript writes them as they came: the text of a number is what was in the record. */
const numbers = [0, 1, 2, 7, 15, 50126, -1, 9_007_199_254_740_991, 1.25, -3.75, 63];
const odd: readonly unknown[] = [
  null,
  '',
  true,
  false,
  [],
  {},
  ['a', '', null, 'a'],
  { Name: 'a', Value: 1 },
  [
    { Name: 'UserAgent', Value: 'curl/8' },
    { Name: 'UserAgent', Value: 'x' },
  ],
  [[1, 2], []],
];
const usualWords = [
  ...[
    '2026-11-22T06:05:09',
    '2026-11-22T06:05:09Z',
    '2026-11-22T06:05:09.1234567Z',
    '2026-11-22T08:05:09+02:00',
    '0001-01-01T00:00:00',
    '2026-11-22',
    '2026-13-45T00:00:00',
    'infinity',
  ],
  ...[
    '192.0.2.7',
    '198.51.100.7:4711',
    '[2001:db8::7]:443',
    '2001:DB8:0:0:0:0:0:7',
    '::ffff:203.0.113.9',
    'fe80::1%eth0',
    '0.0.0.0',
    '::',
    '300.1.1.1',
    '[2001:db8::1]',
  ],
  ...[
    'ada@contoso.example',
    'true',
    'False',
    '12',
    ' 12 ',
    '12.75',
    '007',
    '-5',
    'Success',
    'failure',
    ' padded ',
    '\t\r\n',
    'Käse 😀',
    "it's",
    'a|b',
    '<null>',
    'Unknown',
    'null',
    '{"User-Agent":"curl/8"}',
    '{}',
    '{bad',
  ],
];

/** Words that expressions compare with. */
function wordsOf(from: Expression): string[] {
  switch (from.op) {
    case 'translate':
      return [...Object.keys(from.table), ...wordsOf(from.of)];
    case 'except':
      return [...from.words, ...wordsOf(from.of)];
    case 'value-of':
      return [from.name];
    case 'case':
      return [
        ...from.when.flatMap(([when, then]) => [...(when.op === 'is' ? when.oneOf : []), ...wordsOf(when.of), ...wordsOf(then)]),
        ...wordsOf(from.otherwise),
      ];
    case 'first':
    case 'union':
    case 'address':
    case 'port':
      return from.of.flatMap(wordsOf);
    case 'time':
    case 'trim':
    case 'name-of':
    case 'within':
    case 'first-of':
    case 'total':
      return wordsOf(from.of);
    default:
      return [];
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
