/** A bound tree as an SQL condition, for back-tests and for looking at what a finding saw: true or false, never NULL. */

import { literal } from '../../domain/literal.ts';
import { isList, type Place } from '../fields/place.ts';
import { exactText, fold } from '../sigma/pattern.ts';
import { any, one, type Comparison, type Pattern } from '../sigma/tree.ts';
import type { BoundTest, BoundTree } from './bound.ts';
import type { Dialect } from './dialect.ts';
import { inlineFlags } from '../sigma/expression.ts';
import { numberPattern } from './text-test.ts';

/** The same answer as predicateOf, for every row. */
export function conditionOf(tree: BoundTree, dialect: Dialect): string {
  if (tree.kind === 'not') return `NOT ${conditionOf(tree.of, dialect)}`;
  if (tree.kind !== 'leaf') {
    if (tree.of.length === 0) return tree.kind === 'and' ? 'true' : 'false';
    return `(${tree.of.map((one) => conditionOf(one, dialect)).join(tree.kind === 'and' ? ' AND ' : ' OR ')})`;
  }
  const { places, test } = tree;
  if (test.op === 'null') return `NOT ${anyPlace(places, (text) => `${text} IS NOT NULL`, dialect)}`;
  return anyPlace(places, (text) => textCondition(test, text, dialect), dialect);
}

/** Whether any text of any of the places passes. @param element What an element of a list is called: a list within a test of another needs its own. */
function anyPlace(places: readonly Place[], test: (text: string) => string, dialect: Dialect, element = 'e'): string {
  const each = places.map((place) => {
    const value = placeSql(place, dialect);
    const passes = (one: string): string => test(filled(one, place, dialect));
    return `coalesce(${isList(place) ? dialect.anyOf(value, passes, element) : passes(value)}, false)`;
  });
  return each.length === 0 ? 'false' : `(${each.join(' OR ')})`;
}

function placeSql(place: Place, dialect: Dialect): string {
  switch (place.kind) {
    case 'column':
    case 'texts':
      return `"${place.column}"`;
    case 'field':
      return dialect.fieldOfEach(`"${place.column}"`, place.field, place.type === 'texts');
    case 'key':
      return dialect.member(`"${place.column}"`, place.key);
    case 'values':
      return dialect.members(`"${place.column}"`);
    case 'raw':
      return dialect.json('"raw"', place.steps);
  }
}

/** The value as a text; an empty one is nothing. */
function filled(value: string, place: Place, dialect: Dialect): string {
  const isText = (place.kind !== 'column' && place.kind !== 'field') || ['text', 'json', 'texts'].includes(place.type);
  return isText ? `nullif(${value}, '')` : dialect.asText(value);
}

function textCondition(test: Exclude<BoundTest, { op: 'null' }>, text: string, dialect: Dialect): string {
  switch (test.op) {
    case 'exists':
      return `${text} IS NOT NULL`;
    case 'text':
      return patternCondition(test.parts, test.isCased, text, dialect);
    case 're':
      return dialect.matches(text, inlineFlags(test.pattern, test.flags));
    case 'cidr':
      return dialect.inNetwork(text, test.network, test.bits);
    case 'compare': {
      const number = dialect.asNumber(`CASE WHEN ${dialect.matches(text, `^${numberPattern}$`)} THEN ${text} END`);
      return `${number} ${operators[test.how]} ${String(test.value)}`;
    }
    case 'field':
      return fieldCondition(test, text, dialect);
  }
}

const operators: Readonly<Record<Comparison, string>> = { lt: '<', lte: '<=', gt: '>', gte: '>=' };

function fieldCondition({ others, how, isCased }: Extract<BoundTest, { op: 'field' }>, text: string, dialect: Dialect): string {
  const same = (value: string): string => (isCased ? value : `lower(${value})`);
  const compare = {
    equals: (value: string, other: string) => `${value} = ${other}`,
    contains: (value: string, other: string) => dialect.contains(value, other),
    startswith: (value: string, other: string) => dialect.startsWith(value, other),
    endswith: (value: string, other: string) => dialect.startsWith(`reverse(${value})`, `reverse(${other})`),
  }[how];
  return anyPlace(others, (other) => compare(same(text), same(other)), dialect, 'o');
}

function patternCondition(parts: Pattern, isCased: boolean, text: string, dialect: Dialect): string {
  const [value, pattern] = isCased
    ? [text, parts]
    : [`lower(${text})`, parts.map((part) => (typeof part === 'string' ? fold(part) : part))];
  const exact = exactText(pattern);
  if (exact !== undefined) return `${value} = ${literal(exact)}`;
  const [first, second, third] = pattern;
  if (pattern.length === 1 && first === any) return `${value} IS NOT NULL`;
  if (pattern.length === 2 && typeof first === 'string' && second === any) return dialect.startsWith(value, literal(first));
  if (pattern.length === 3 && first === any && third === any && typeof second === 'string') return dialect.contains(value, literal(second));
  const like = pattern.map((part) => (typeof part === 'string' ? part.replaceAll(/[\\%_]/g, String.raw`\$&`) : part === one ? '_' : '%'));
  return String.raw`${value} LIKE ${literal(like.join(''))} ESCAPE '\'`;
}
