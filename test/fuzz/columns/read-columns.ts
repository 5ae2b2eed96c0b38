/**
 * The columns of a record, read by plain JavaScript: what the engine that lands records must agree with.
 *
 * It follows the words of shared/domain/columns.ts, and shares nothing with the engine but what a path means.
 */

import type { Columns, Condition, Expression, GivenName, JoinedFields, StructField } from '../../../shared/domain/columns.ts';
import { stepsOf, type Step } from '../../../shared/landing/engine/path.ts';
import { addressIn, isPrivate, isWithin, looksLikeAddress, portIn } from './address.ts';
import { caretsOf } from './places.ts';
import { cast, isNothing, jsonText, readAs, textOf, timeOf, type Value } from './values.ts';

type ListExpression = Extract<Expression, { op: 'each' | 'structs' | 'union' | 'addresses' | 'split' | 'each-within' }>;
const listOps: readonly string[] = ['each', 'structs', 'union', 'addresses', 'split', 'each-within'];

export type Row = Readonly<Record<string, Value>>;

/** @param givens What the job says rather than the record. */
export function readColumns(columns: Columns, record: unknown, givens: Readonly<Record<GivenName, Value>>): Row {
  const reader = new Reader(record, givens);
  return Object.fromEntries(Object.entries(columns).map(([name, { from, type }]) => [name, cast(reader.read(from), type)]));
}

class Reader {
  private readonly record: unknown;
  private readonly givens: Readonly<Record<GivenName, Value>>;

  constructor(record: unknown, givens: Readonly<Record<GivenName, Value>>) {
    this.record = record;
    this.givens = givens;
  }

  read(from: Expression): Value {
    switch (from.op) {
      case 'field':
        if (from.as === 'texts') return some(this.list({ op: 'each', path: from.path, field: '', as: 'text' }));
        return scalar(valueAt(this.record, stepsOf(from.path)), from.as);
      case 'first':
        return from.of.map((of) => this.read(of)).find((value) => value !== null) ?? null;
      case 'constant':
        return from.value;
      case 'absent':
        return null;
      case 'given':
        return this.givens[from.name];
      case 'time':
        return timeOf(this.text(from.of));
      case 'address':
        return addressIn(this.addressText(from));
      case 'port':
        return portIn(this.addressText(from));
      case 'trim':
        return nonEmpty(this.text(from.of)?.replace(/^[ \r\n\t]+|[ \r\n\t]+$/g, '') ?? null);
      case 'strip': {
        const text = this.text(from.of);
        const isPrefixed = text?.toLowerCase().startsWith(from.prefix.toLowerCase()) ?? false;
        return nonEmpty(isPrefixed ? (text?.slice(from.prefix.length) ?? null) : text);
      }
      case 'except': {
        const text = this.text(from.of);
        return text === null || text === '' || from.words.includes(text) ? null : text;
      }
      case 'translate': {
        const text = this.text(from.of);
        const key = text?.toLowerCase() ?? '';
        return text === null ? null : Object.hasOwn(from.table, key) ? (from.table[key] ?? null) : from.otherwise;
      }
      case 'name-of': {
        const number = cast(this.read(from.of), 'long');
        return typeof number === 'bigint' ? (from.names[Number(number)] ?? null) : null;
      }
      case 'within':
        return nonEmpty(withinText(this.text(from.of), stepsOf(from.path)));
      case 'value-of':
        return nonEmpty(this.pairs(from).find(([name]) => name === from.name)?.[1] ?? null);
      case 'pairs': {
        const pairs = this.pairs(from).filter((pair): pair is [string, string | null] => pair[0] !== null);
        return pairs.length === 0 ? null : new Map(pairs.reverse());
      }
      case 'each':
      case 'structs':
      case 'union':
      case 'addresses':
      case 'split':
      case 'each-within':
        return some(this.list(from));
      case 'public-address': {
        const found = this.listOf(from.of).map((value) => addressIn(textOf(value)));
        const all = found.filter((address) => address !== null);
        return all.find((address) => !isPrivate(address)) ?? all[0] ?? null;
      }
      case 'first-of':
        return this.listOf(from.of)[0] ?? null;
      case 'total':
        return total(from.how, this.listOf(from.of));
      case 'case':
        return this.read(from.when.find(([when]) => this.holds(when))?.[1] ?? from.otherwise);
    }
  }

  private holds(condition: Condition): boolean {
    const value = this.read(condition.of);
    return condition.op === 'present' ? value !== null : condition.oneOf.includes(textOf(value) ?? '\0');
  }

  private text(from: Expression): string | null {
    return textOf(this.read(from));
  }

  private addressText({ of: candidates, avoid = [] }: Extract<Expression, { op: 'address' | 'port' }>): string | null {
    const texts = candidates.map((of) => this.text(of));
    if (texts.length === 1) return texts[0] ?? null;
    const likely = texts.filter((text) => text !== null && looksLikeAddress(text));
    const isOutside = (text: string | null): boolean => addressIn(text) !== null && !isWithin(addressIn(text) ?? '', avoid);
    return (avoid.length > 0 ? texts.find(isOutside) : undefined) ?? likely[0] ?? null;
  }

  private pairs(from: Extract<Expression, { op: 'pairs' | 'value-of' }>): [string | null, string | null][] {
    const element = (of: unknown, field: string): string | null => textOf(readAs(valueAt(of, stepsOf(field)), 'text'));
    return elements(valueAt(this.record, stepsOf(from.path))).map((of) => [element(of, from.keys.name), element(of, from.keys.value)]);
  }

  private listOf(from: Expression): readonly Value[] {
    if (listOps.includes(from.op)) return this.list(from as ListExpression);
    const value = this.read(from);
    return Array.isArray(value) ? (value as readonly Value[]) : [];
  }

  private list(from: ListExpression): Value[] {
    if (from.op === 'union') {
      const values = from.of.flatMap((of) => [...this.listOf(of)]);
      return values.filter((value, index) => values.indexOf(value) === index);
    }
    if (from.op === 'addresses') {
      const found = this.listOf(from.of).map((value) => addressIn(textOf(value)));
      return found.filter((address, index) => address !== null && found.indexOf(address) === index);
    }
    if (from.op === 'split') {
      const parts = (this.text(from.of) ?? '').split(from.by).map((part) => part.trim());
      return parts.filter((part) => part !== '');
    }
    if (from.op === 'each-within') return textsOfJson(this.text(from.of), stepsOf(from.path), from.joined);
    const chains = everyElement([this.record], [...stepsOf(from.path), 'each']);
    if (from.op === 'each') {
      const values = chains.map((chain) => scalar(valueAt(innermost(chain), stepsOf(from.field)), from.as));
      return values.filter((value) => value !== null);
    }
    const own = Object.keys(from.fields).filter((name) => from.fields[name]?.paths.some((path) => caretsOf(path) === 0));
    const structs = chains.map((chain) => structOf(from.fields, chain.slice(1)));
    return structs.filter((struct) => (from.needs ?? own).some((name) => struct[name] !== null));
  }
}

function structOf(fields: Readonly<Record<string, StructField>>, chain: readonly unknown[]): Record<string, Value> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, structField(field, chain)]));
}

function structField({ paths, as }: StructField, chain: readonly unknown[]): Value {
  for (const path of paths) {
    const outwards = caretsOf(path);
    const element = chain[chain.length - 1 - outwards];
    if (chain.length <= outwards) throw new Error(`path '${path}' leaves the record`);
    const steps = stepsOf(path.slice(outwards));
    const value = as === 'texts' ? some(textsWithin(element, steps)) : scalar(valueAt(element, steps), as === 'time' ? 'text' : as);
    const read = as === 'time' ? timeOf(textOf(value)) : value;
    if (read !== null) return read;
  }
  return null;
}

function textsWithin(element: unknown, steps: readonly Step[]): Value[] {
  const end = steps.includes('each') ? steps.lastIndexOf('each') + 1 : steps.length;
  const list: readonly Step[] = end === steps.length && !steps.includes('each') ? [...steps, 'each'] : steps.slice(0, end);
  const chains = everyElement([element], list);
  return chains.map((chain) => scalar(valueAt(innermost(chain), steps.slice(end)), 'text')).filter((value) => value !== null);
}

/** Every way down to an element that the steps lead to, with the elements it goes through. */
function everyElement(chain: readonly unknown[], steps: readonly Step[]): (readonly unknown[])[] {
  const end = steps.indexOf('each');
  if (end < 0) return [chain];
  const inner = elements(valueAt(innermost(chain), steps.slice(0, end)));
  return inner.flatMap((element) => everyElement([...chain, element], steps.slice(end + 1)));
}

function valueAt(from: unknown, steps: readonly Step[]): unknown {
  return steps.reduce((holder, step) => {
    if (step === 'each') throw new Error('a single value is not read from a list');
    return member(holder, step.name);
  }, from);
}

/** Undefined where there is no such member, and of whatever is no object. */
function member(holder: unknown, name: string): unknown {
  const isObject = typeof holder === 'object' && holder !== null && !Array.isArray(holder);
  return isObject && Object.hasOwn(holder, name) ? (holder as Record<string, unknown>)[name] : undefined;
}

const elements = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);

function innermost(chain: readonly unknown[]): unknown {
  if (chain.length === 0) throw new Error('a chain has elements');
  return chain.at(-1);
}

function scalar(value: unknown, as: 'text' | 'long' | 'double' | 'boolean' | 'json'): Value {
  if (as === 'json') return isNothing(value) ? null : jsonText(value);
  const read = readAs(value, as);
  return as === 'text' ? nonEmpty(textOf(read)) : read;
}

function withinText(text: string | null, steps: readonly Step[]): string | null {
  if (text === null) return null;
  try {
    return textOf(readAs(valueAt(JSON.parse(text), steps), 'text'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function textsOfJson(text: string | null, steps: readonly Step[], joined?: JoinedFields): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text ?? 'null');
  } catch {
    return [];
  }
  const end = steps.lastIndexOf('each') + 1;
  const found = everyElement([value], steps.slice(0, end)).map((chain) => valueAt(innermost(chain), steps.slice(end)));
  const texts = joined === undefined ? found : found.map((one) => joinedFields(one, joined));
  return texts.filter((one): one is string => typeof one === 'string' && one !== '');
}

/** NULL where one of both is missing. */
function joinedFields(of: unknown, { fields, by }: JoinedFields): string | null {
  const both = fields.map((name) => valueAt(of, [{ name }]));
  return both.some((one) => typeof one !== 'string' || one === '') ? null : both.join(by);
}

function total(how: 'count' | 'sum' | 'max', values: readonly Value[]): Value {
  if (values.length === 0) return null;
  if (how === 'count') return BigInt(values.length);
  const numbers = values.filter((value) => typeof value === 'bigint');
  return numbers.reduce(
    (sum, value) => (how === 'sum' ? sum + value : value > sum ? value : sum),
    numbers.length > 0 && how === 'max' ? (numbers[0] ?? 0n) : 0n,
  );
}

const nonEmpty = (text: string | null): string | null => (text === '' ? null : text);
const some = (values: readonly Value[]): Value => (values.length > 0 ? values : null);
