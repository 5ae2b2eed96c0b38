/** Expressions as functions from a row to a value: each is made into one function, once, before the first record is read. */

import type { Condition, Expression, JoinedFields } from '../../domain/columns.ts';
import { addressOf, looksLikeAddress, portOf } from './address.ts';
import { scalarOf, textOf, toLong, toText, type Value } from './cells.ts';
import type { Engine, Row } from './engine.ts';
import type { LandingContext, ValueReader } from './context.ts';
import { instantOf } from './instant.ts';
import { inNetworks, isPrivate } from './networks.ts';
import { eachValues, some, type ListReader } from './lists.ts';
import { stepsOf, type Step } from './path.ts';
import { mappedText } from './mapped-text.ts';
import { sourcesOf } from './sources.ts';

/** Reads an expression as a value: once a record, however many read the same expression. */
export function valueReader(from: Expression, context: LandingContext): ValueReader {
  const known = context.readers.get(from);
  if (known) return known;
  const reader = onceARecord(newReader(from, context), context.engine);
  context.readers.set(from, reader);
  return reader;
}

function onceARecord(read: ValueReader, engine: Engine): ValueReader {
  let [record, row] = [-1, -1];
  let value: Value = null;
  return (of) => {
    if (record === engine.record && row === of) return value;
    [record, row] = [engine.record, of];
    return (value = read(of));
  };
}

function newReader(from: Expression, context: LandingContext): ValueReader {
  const { engine, givens } = context;
  const sources = sourcesOf(from, context.plan);
  if (sources !== undefined) return (row) => textOf(engine, engine.calls.find(sources, row));
  const value = (of: Expression): ValueReader => valueReader(of, context);
  switch (from.op) {
    case 'field':
      return fieldReader(from, context);
    case 'first':
      return first(from.of.map(value));
    case 'constant':
      return () => from.value;
    case 'given':
      return () => givens[from.name];
    case 'time':
      return mapped(from.of, context, instantOf);
    case 'address':
      return ofAddress(from, context, addressOf);
    case 'port':
      return ofAddress(from, context, portOf);
    case 'trim':
      return mapped(from.of, context, trimmed);
    case 'strip':
      return mapped(from.of, context, withoutPrefix(from.prefix));
    case 'except':
      return mapped(from.of, context, (of) => (from.words.includes(of) ? null : of));
    case 'translate':
      return mapped(from.of, context, translation(new Map(Object.entries(from.table)), from.otherwise));
    case 'name-of':
      return nameOf(value(from.of), from.names);
    case 'within':
      return mapped(from.of, context, withinText(stepsOf(from.path)));
    case 'each':
    case 'union':
    case 'addresses':
    case 'split':
    case 'each-within':
      return listOrNull(listReader(from, context));
    case 'public-address': {
      const list = addresses(listReader(from.of, context));
      return (row) => publicOf(list(row));
    }
    case 'first-of': {
      const list = listReader(from.of, context);
      return (row) => list(row)[0] ?? null;
    }
    case 'total':
      return total(from.how, listReader(from.of, context));
    case 'case':
      return choice(
        from.when.map(([when, then]) => [condition(when, context), value(then)] as const),
        value(from.otherwise),
      );
    case 'pairs':
    case 'structs':
    case 'absent':
    case 'value-of':
      throw new Error(`'${from.op}' is no single value: it is for a column, or taken as it stands`);
  }
}

type TextReader = (row: Row) => string | null;

/** What is empty is NULL. */
function textReader(from: Expression, context: LandingContext): TextReader {
  const read = valueReader(from, context);
  return (row) => toText(read(row));
}

/** What a text means. Of a text that stands in the record it is worked out once for all records that have the same. */
function mapped(from: Expression, context: LandingContext, then: (text: string) => Value): ValueReader {
  const sources = sourcesOf(from, context.plan);
  return sources === undefined ? mappedValue(textReader(from, context), then) : mappedText(sources, context, then);
}

const mappedValue =
  (read: TextReader, then: (text: string) => Value): ValueReader =>
  (row) => {
    const text = read(row);
    const value = text === null ? null : then(text);
    return value === '' ? null : value;
  };

function fieldReader({ path, as }: Extract<Expression, { op: 'field' }>, context: LandingContext): ValueReader {
  if (as === 'texts') return listOrNull(eachValues({ op: 'each', path, field: '', as: 'text' }, context));
  const [place, read, { engine }] = [context.plan.place(stepsOf(path)), scalarOf[as], context];
  return (row) => {
    const cell = place(row);
    return cell === 0 ? null : read(engine, cell);
  };
}

function first(readers: readonly ValueReader[]): ValueReader {
  return (row) => {
    for (const read of readers) {
      const value = read(row);
      if (value !== null) return value;
    }
    return null;
  };
}

/** Of several texts, the one that looks like an address. */
function ofAddress({ of: candidates, avoid }: AddressExpression, context: LandingContext, then: (text: string) => Value): ValueReader {
  const [only] = candidates;
  if (only && candidates.length === 1) return mapped(only, context, then);
  const likely = candidates.map((of) => mapped(of, context, (text) => (looksLikeAddress(text) ? text : null)));
  const chosen = avoid === undefined ? likely : [...outside(avoid, candidates, context), ...likely];
  return mappedValue(first(chosen) as TextReader, then);
}

type AddressExpression = Extract<Expression, { op: 'address' | 'port' }>;

/** The same texts, where their address lies in none of the networks. */
function outside(networks: readonly string[], candidates: readonly Expression[], context: LandingContext): ValueReader[] {
  const isInside = inNetworks(networks);
  const isOutside = (address: string | null): boolean => address !== null && !isInside(address);
  return candidates.map((of) => mapped(of, context, (text) => (isOutside(addressOf(text)) ? text : null)));
}

const translation =
  (table: ReadonlyMap<string, string>, otherwise: string | null) =>
  (word: string): Value =>
    table.get(word.toLowerCase()) ?? otherwise;

function nameOf(read: ValueReader, names: Readonly<Record<number, string>>): ValueReader {
  return (row) => {
    const number = toLong(read(row));
    return typeof number === 'number' ? (names[number] ?? null) : null;
  };
}

/** One field of the JSON that a text holds. */
function withinText(steps: readonly Step[]): (text: string) => Value {
  return (text) => {
    const value = steps.reduce(ownField, jsonIn(text));
    return value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value);
  };
}

let lastText: string | undefined;
let lastJson: unknown;

/** The JSON that a text holds; undefined where it is none. Several columns read one text: it is parsed once for all that ask one after another. */
function jsonIn(text: string): unknown {
  if (text === lastText) return lastJson;
  lastText = text;
  try {
    return (lastJson = JSON.parse(text));
  } catch {
    return (lastJson = undefined);
  }
}

function ownField(of: unknown, step: Step): unknown {
  const isObject = typeof of === 'object' && of !== null && !Array.isArray(of);
  return isObject && step !== 'each' && Object.hasOwn(of, step.name) ? (of as Readonly<Record<string, unknown>>)[step.name] : undefined;
}

function listReader(from: Expression, context: LandingContext): ListReader {
  if (from.op === 'each') return eachValues(from, context);
  if (from.op === 'addresses') return addresses(listReader(from.of, context));
  if (from.op === 'split') return partsOf(textReader(from.of, context), (text) => text.split(from.by).map((part) => part.trim()));
  if (from.op === 'each-within') return partsOf(textReader(from.of, context), eachWithinText(stepsOf(from.path), from.joined));
  if (from.op === 'union') {
    const lists = from.of.map((of) => listReader(of, context));
    // Of most records all of them are empty.
    return (row) => {
      let all = noValues;
      for (const list of lists) {
        const values = list(row);
        if (values.length > 0) all = all.length === 0 ? values : [...all, ...values];
      }
      return all.length > 1 ? [...new Set(all)] : all;
    };
  }
  const read = valueReader(from, context);
  return (row) => {
    const list = read(row);
    return Array.isArray(list) ? (list as Value[]) : [];
  };
}

const addresses =
  (list: ListReader): ListReader =>
  (row) =>
    [...new Set(list(row).map((value) => addressOf(toText(value) ?? '')))].filter((address) => address !== null);

const publicOf = (found: readonly Value[]): Value => found.find((address) => !isPrivate(String(address))) ?? found[0] ?? null;

const noValues: Value[] = [];

const partsOf =
  (read: TextReader, parts: (text: string) => readonly string[]): ListReader =>
  (row) => {
    const text = read(row);
    return text === null ? noValues : parts(text).filter((part) => part !== '');
  };

/** Texts of the JSON that a text holds. */
function eachWithinText(steps: readonly Step[], joined?: JoinedFields): (text: string) => readonly string[] {
  const found = (value: unknown): unknown => (joined === undefined ? value : joinedText(value, joined));
  return (text) =>
    everyWithin(jsonIn(text), steps)
      .map(found)
      .filter((value) => typeof value === 'string');
}

function joinedText(of: unknown, { fields, by }: JoinedFields): string | undefined {
  const texts = fields.map((name) => ownField(of, { name }));
  return texts.every((text) => typeof text === 'string' && text !== '') ? texts.join(by) : undefined;
}

function everyWithin(of: unknown, [step, ...rest]: readonly Step[]): readonly unknown[] {
  if (step === undefined) return [of];
  if (step !== 'each') return everyWithin(ownField(of, step), rest);
  return Array.isArray(of) ? of.flatMap((element) => everyWithin(element, rest)) : [];
}

const listOrNull =
  (list: ListReader): ValueReader =>
  (row) =>
    some(list(row));

function total(how: 'count' | 'sum' | 'max', list: ListReader): ValueReader {
  return (row) => {
    const values = list(row);
    if (values.length === 0) return null;
    if (how === 'count') return values.length;
    return how === 'sum' ? sum(values as WholeNumbers) : greatest(values as WholeNumbers);
  };
}

type WholeNumbers = readonly (number | bigint)[];

function sum(numbers: WholeNumbers): number | bigint {
  const total = numbers.map(BigInt).reduce((all, value) => all + value, 0n);
  const small = Number(total);
  return Number.isSafeInteger(small) ? small : total;
}

const greatest = (numbers: WholeNumbers): number | bigint => numbers.reduce((most, value) => (value > most ? value : most));

function condition(when: Condition, context: LandingContext): (row: Row) => boolean {
  const read = textReader(when.of, context);
  if (when.op === 'present') return (row) => read(row) !== null;
  const words = new Set<string | null>(when.oneOf);
  return (row) => words.has(read(row));
}

const choice =
  (when: readonly (readonly [(row: Row) => boolean, ValueReader])[], otherwise: ValueReader): ValueReader =>
  (row) => {
    for (const [holds, then] of when) if (holds(row)) return then(row);
    return otherwise(row);
  };

const withoutPrefix =
  (prefix: string) =>
  (text: string): string =>
    text.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase() ? text.slice(prefix.length) : text;

/** Without spaces, tabs and line ends around it. */
function trimmed(text: string): string {
  const isPlain = text.charCodeAt(0) > 0x20 && text.charCodeAt(text.length - 1) > 0x20;
  return isPlain ? text : text.replace(/^[ \r\n\t]+/, '').replace(/[ \r\n\t]+$/, '');
}
