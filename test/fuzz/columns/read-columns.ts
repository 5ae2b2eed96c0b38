/**
 * The columns of a record, read by plain JavaScript: what the SQL that lands records must agree with.
 *
 * It follows the words of shared/domain/columns.ts. What it shares with the SQL is the plan of what is taken out of a record as what
 * (json-shape.ts), for a number that is also read as text becomes a number again by way of its text.
 */

import type { Columns, Condition, Expression, GivenName, StructField } from '../../../shared/domain/columns.ts';
import { shapesOf, stepsOf, type Shape, type Step } from '../../../shared/domain/json-shape.ts';
import { caretsOf, readsOf } from '../../../shared/domain/reads.ts';
import { recordOf } from '../../../shared/domain/scope.ts';
import { addressIn, looksLikeAddress, portIn } from './address.ts';
import { cast, isNothing, jsonText, readAs, textOf, timeOf, type Value } from './values.ts';

/** A value of the record and what is read of it. */
interface Place {
  readonly value: unknown;
  readonly shape: Shape;
}
type ListExpression = Extract<Expression, { op: 'each' | 'structs' | 'union' }>;

export type Row = Readonly<Record<string, Value>>;

/** Plans once for all records. @param givens What the job says rather than the record. */
export function columnReader(columns: Columns, givens: Readonly<Record<GivenName, Value>>): (record: unknown) => Row {
  const shapes = shapesOf(Object.values(columns).flatMap((column) => readsOf(column.from)));
  const shapeOf = (from: Expression): Shape => {
    const places = shapes.map((shape) => ({ shape, sql: '', kind: 'object' as const }));
    return recordOf(from, { records: places, opened: new Map(), givens: {} as never }).shape;
  };
  return (record) => {
    const reader = new Reader(record, shapeOf, givens);
    return Object.fromEntries(Object.entries(columns).map(([name, { from, type }]) => [name, cast(reader.read(from), type)]));
  };
}

class Reader {
  private readonly record: unknown;
  private readonly shapeOf: (from: Expression) => Shape;
  private readonly givens: Readonly<Record<GivenName, Value>>;

  constructor(record: unknown, shapeOf: (from: Expression) => Shape, givens: Readonly<Record<GivenName, Value>>) {
    this.record = record;
    this.shapeOf = shapeOf;
    this.givens = givens;
  }

  read(from: Expression): Value {
    switch (from.op) {
      case 'field':
        if (from.as === 'texts') return some(this.texts(from));
        return scalar(walk(this.root(from), stepsOf(from.path)), from.as);
      case 'first':
        return from.of.map((of) => this.read(of)).find((value) => value !== null) ?? null;
      case 'constant':
        return from.value;
      case 'none':
        return null;
      case 'given':
        return this.givens[from.name];
      case 'time':
        return timeOf(this.text(from.of));
      case 'address':
        return addressIn(this.addressText(from.of));
      case 'port':
        return portIn(this.addressText(from.of));
      case 'trim':
        return this.text(from.of)?.replace(/^[ \r\n\t]+|[ \r\n\t]+$/g, '') ?? null;
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
        return withinText(this.text(from.of), stepsOf(from.path));
      case 'value-of':
        return nonEmpty(this.pairs(from).find(([name]) => name === from.name)?.[1] ?? null);
      case 'pairs': {
        const pairs = this.pairs(from).filter((pair): pair is [string, string | null] => pair[0] !== null);
        return pairs.length === 0 ? null : new Map(pairs.reverse());
      }
      case 'each':
      case 'structs':
      case 'union':
        return some(this.list(from));
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

  private addressText(candidates: readonly Expression[]): string | null {
    const texts = candidates.map((of) => this.text(of));
    return texts.length === 1 ? (texts[0] ?? null) : (texts.find((text) => text !== null && looksLikeAddress(text)) ?? null);
  }

  private root(from: Expression): Place {
    return { value: this.record, shape: this.shapeOf(from) };
  }

  private pairs(from: Extract<Expression, { op: 'pairs' | 'value-of' }>): [string | null, string | null][] {
    const element = (of: Place, field: string): string | null => textRead(walk(of, stepsOf(field)));
    return elements(walk(this.root(from), stepsOf(from.path))).map((of) => [element(of, from.keys.name), element(of, from.keys.value)]);
  }

  private texts(from: Extract<Expression, { op: 'field' }>): Value[] {
    return this.list({ op: 'each', path: from.path, field: '', as: 'text' }, from);
  }

  private listOf(from: Expression): readonly Value[] {
    if (from.op === 'each' || from.op === 'structs' || from.op === 'union') return this.list(from);
    const value = this.read(from);
    return Array.isArray(value) ? (value as readonly Value[]) : [];
  }

  /** @param read The expression that the record's shape was made for, where it is another one. */
  private list(from: ListExpression, read: Expression = from): Value[] {
    if (from.op === 'union') {
      const values = from.of.flatMap((of) => [...this.listOf(of)]);
      return values.filter((value, index) => values.indexOf(value) === index);
    }
    const chains = everyElement([this.root(read)], [...stepsOf(from.path), 'each']);
    if (from.op === 'each') {
      const values = chains.map((chain) => scalar(walk(innermost(chain), stepsOf(from.field)), from.as));
      return values.filter((value) => value !== null);
    }
    const own = Object.keys(from.fields).filter((name) => from.fields[name]?.paths.some((path) => caretsOf(path) === 0));
    const structs = chains.map((chain) => structOf(from.fields, chain.slice(1)));
    return structs.filter((struct) => (from.needs ?? own).some((name) => struct[name] !== null));
  }
}

function structOf(fields: Readonly<Record<string, StructField>>, chain: readonly Place[]): Record<string, Value> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, structField(field, chain)]));
}

function structField({ paths, as }: StructField, chain: readonly Place[]): Value {
  for (const path of paths) {
    const outwards = caretsOf(path);
    const element = chain[chain.length - 1 - outwards];
    if (!element) throw new Error(`path '${path}' leaves the record`);
    const steps = stepsOf(path.slice(outwards));
    const value =
      as === 'texts'
        ? some(textsWithin(element, steps))
        : scalar(as === 'time' ? walk(element, steps) : walk(element, steps), as === 'time' ? 'text' : as);
    const read = as === 'time' ? timeOf(textOf(value)) : value;
    if (read !== null) return read;
  }
  return null;
}

function textsWithin(element: Place, steps: readonly Step[]): Value[] {
  const end = steps.includes('each') ? steps.lastIndexOf('each') + 1 : steps.length;
  const list: readonly Step[] = end === steps.length && !steps.includes('each') ? [...steps, 'each'] : steps.slice(0, end);
  const chains = everyElement([element], list);
  return chains.map((chain) => scalar(walk(innermost(chain), steps.slice(end)), 'text')).filter((value) => value !== null);
}

/** Every way down to an element that the steps lead to, with the places it goes through. */
function everyElement(chain: readonly Place[], steps: readonly Step[]): (readonly Place[])[] {
  const end = steps.indexOf('each');
  if (end < 0) return [chain];
  const inner = elements(walk(innermost(chain), steps.slice(0, end)));
  return inner.flatMap((element) => everyElement([...chain, element], steps.slice(end + 1)));
}

function walk(from: Place, steps: readonly Step[]): Place {
  return steps.reduce<Place>((at, step) => {
    if (step === 'each') throw new Error('a single value is not read from a list');
    const shape = at.shape.fields.get(step.name);
    if (!shape) throw new Error(`nothing reads '${step.name}'`);
    const holder = at.value;
    const isObject = typeof holder === 'object' && holder !== null && !Array.isArray(holder);
    return { shape, value: isObject && Object.hasOwn(holder, step.name) ? (holder as Record<string, unknown>)[step.name] : undefined };
  }, from);
}

function elements({ value, shape }: Place): Place[] {
  if (!Array.isArray(value) || !shape.element) return [];
  const { element } = shape;
  return value.map((one: unknown) => ({ value: one, shape: element }));
}

function innermost(chain: readonly Place[]): Place {
  const last = chain.at(-1);
  if (!last) throw new Error('a chain has places');
  return last;
}

const textRead = (at: Place): string | null => textOf(readAs(at.value, 'text', at.shape));

function scalar(at: Place, as: 'text' | 'long' | 'double' | 'boolean' | 'json'): Value {
  if (as === 'json') return isNothing(at.value) ? null : jsonText(at.value);
  const value = readAs(at.value, as, at.shape);
  return as === 'text' ? nonEmpty(textOf(value)) : value;
}

function withinText(text: string | null, steps: readonly Step[]): string | null {
  if (text === null) return null;
  try {
    let value: unknown = JSON.parse(text);
    for (const step of steps) {
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      if (step === 'each' || !isObject) return null;
      value = (value as Record<string, unknown>)[step.name];
    }
    return value === undefined || value === null ? null : typeof value === 'string' ? value : jsonText(value);
  } catch {
    return null;
  }
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
