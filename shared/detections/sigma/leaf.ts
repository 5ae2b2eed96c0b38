/** `Field|modifier|modifier: value` as leaves. */

import { isIP } from 'node:net';
import { unknownWord } from '../../domain/nearest.ts';
import { encodings } from './encode.ts';
import { compileExpression } from './expression.ts';
import { exactText, parsePattern, widened } from './pattern.ts';
import { RuleRefused, type RulePath } from './refused.ts';
import { allOf, anyOf, type Comparison, type Leaf, type Test, type Tree } from './tree.ts';

/** Values of the placeholders, by name. */
export type Lists = ReadonlyMap<string, readonly string[]>;

const comparisons: readonly Comparison[] = ['lt', 'lte', 'gt', 'gte'];
const places = ['contains', 'startswith', 'endswith'] as const;
const known = [
  ...comparisons,
  ...places,
  ...Object.keys(encodings),
  'all',
  'cased',
  'cidr',
  'exists',
  'expand',
  'fieldref',
  'i',
  'm',
  're',
  's',
  'windash',
  'neq',
];
const notDone: Readonly<Record<string, string>> = Object.fromEntries(
  ['minute', 'hour', 'day', 'week', 'month', 'year'].map((part) => [part, `the modifier '${part}' (a part of a time) is not supported`]),
);

/**
 * The leaves of one item, joined as the rule says: any of the values, or with `all` every one.
 *
 * @param key Empty for keywords.
 * @throws RuleRefused for modifiers that are unknown or do not go together, and for values that they cannot take.
 */
export function leavesFor(key: string, value: unknown, lists: Lists, at: RulePath): Tree {
  const [name = '', ...modifiers] = key.split('|');
  for (const modifier of modifiers) {
    if (notDone[modifier] !== undefined) throw new RuleRefused(notDone[modifier], at);
    if (!known.includes(modifier)) throw new RuleRefused(unknownWord('modifier', modifier, known), at);
  }
  const values = (Array.isArray(value) ? value : [value]) as readonly unknown[];
  if (values.length === 0) throw new RuleRefused(`'${key}' has an empty list: it could never match`, at);
  const item: Item = { field: name === '' ? undefined : name, modifiers: new Set(modifiers), at };
  // What one value stands for is joined by or, whatever joins the values.
  const each = values.map((one) => anyOf(meantBy(one, item, lists).map((text) => leafTree(text, item))));
  const tree = item.modifiers.has('all') ? allOf(each) : anyOf(each);
  return item.modifiers.has('neq') ? { kind: 'not', of: tree } : tree;
}

interface Item {
  readonly field: string | undefined;
  readonly modifiers: ReadonlySet<string>;
  readonly at: RulePath;
}

/** One value as those that it stands for: a placeholder's list, the spellings of a dash, the three ways to lie in base64. */
function meantBy(value: unknown, { modifiers, at }: Item, lists: Lists): readonly unknown[] {
  if (typeof value === 'object' && value !== null)
    throw new RuleRefused(`a value cannot be ${JSON.stringify(value)}; it is a text, a number, true, false or null`, at);
  if (typeof value !== 'string') return [value];
  let texts: readonly string[] = modifiers.has('expand') ? expanded(value, lists, at) : [value];
  if (modifiers.has('windash')) texts = texts.flatMap(dashes);
  for (const [name, encode] of Object.entries(encodings)) if (modifiers.has(name)) texts = texts.flatMap(encode);
  return texts;
}

/** `%name%` by every value of its list. */
function expanded(text: string, lists: Lists, at: RulePath): readonly string[] {
  const name = /%([^%\s]+)%/.exec(text)?.[1];
  if (name === undefined) return [text];
  const values = lists.get(name);
  if (!values) {
    throw new RuleRefused(
      `the placeholder '%${name}%' has no list; write its values, one a line, into lists/${name}.txt beside the rules`,
      at,
    );
  }
  return values.flatMap((one) =>
    expanded(
      text.replace(`%${name}%`, () => one.replace(/[\\*?]/g, String.raw`\$&`)),
      lists,
      at,
    ),
  );
}

/** A parameter with each of the dashes that Windows takes for one. */
function dashes(text: string): string[] {
  const spelled = ['-', '/', '\u2013', '\u2014', '\u2015'].map((dash) => text.replace(/(^|\s)[-/\u2013\u2014\u2015]/g, `$1${dash}`));
  return [...new Set(spelled)];
}

function leafTree(value: unknown, item: Item): Tree {
  const leaf: Leaf = { field: item.field, test: testOf(value, item), at: item.at };
  return { kind: 'leaf', leaf };
}

/** A value that is no list and no mapping, see {@link meantBy}. */
const scalarText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function testOf(value: unknown, { field, modifiers, at }: Item): Test {
  const isCased = modifiers.has('cased');
  if (modifiers.has('exists')) return { op: value === false ? 'null' : 'exists' };
  if (value === null || value === '') {
    if (field === undefined) throw new RuleRefused('a keyword cannot be empty', at);
    return { op: 'null' };
  }
  const text = scalarText(value);
  if (modifiers.has('re')) {
    const flags = ['i', 'm', 's'].filter((flag) => modifiers.has(flag)).join('');
    compileExpression(text, flags, at);
    return { op: 're', pattern: text, flags };
  }
  if (modifiers.has('cidr')) return cidrTest(text, at);
  const how = comparisons.find((one) => modifiers.has(one));
  if (how) return compareTest(how, value, at);
  const place = places.find((one) => modifiers.has(one));
  if (modifiers.has('fieldref')) return { op: 'field', field: text, how: place ?? 'equals', isCased };
  const isEncoded = Object.keys(encodings).some((one) => modifiers.has(one));
  const pattern = isEncoded ? [text] : parsePattern(text);
  if (field === undefined && exactText(pattern) === '') throw new RuleRefused('a keyword cannot be empty', at);
  // A keyword is looked for anywhere in the record.
  return { op: 'text', parts: place || field === undefined ? widened(pattern, place ?? 'contains') : pattern, isCased };
}

function compareTest(how: Comparison, value: unknown, at: RulePath): Test {
  const number = Number(value);
  if (!Number.isFinite(number) || typeof value === 'boolean')
    throw new RuleRefused(`'${how}' compares numbers, and '${String(value)}' is none`, at);
  return { op: 'compare', how, value: number };
}

function cidrTest(text: string, at: RulePath): Test {
  const [network = '', length] = text.split('/');
  const version = isIP(network);
  const most = version === 6 ? 128 : 32;
  const bits = length === undefined ? most : Number(length);
  if (version === 0 || !/^\d{1,3}$/.test(length ?? '0') || bits > most) {
    throw new RuleRefused(`'${text}' is no network; write it as 192.0.2.0/24 or 2001:db8::/32`, at);
  }
  return { op: 'cidr', network, bits };
}
