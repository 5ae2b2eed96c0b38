/** Places as functions of a row. */

import type { Place, Step } from '../fields/place.ts';
import { textOf, type Row, type Value } from './row.ts';

/** Hands every text of a place to `test` until one answers true. */
export type ReadPlace = (row: Row, test: (text: string) => boolean) => boolean;

/** @returns Whether any text of the place passes. */
export function readerOf(place: Place): ReadPlace {
  if (place.kind === 'column') return ({ [place.column]: value }, test) => passes(value, test);
  if (place.kind === 'key') return ({ [place.column]: map }, test) => passes(ownMember(map, place.key), test);
  if (place.kind === 'texts') return ({ [place.column]: list }, test) => anyElement(list, (one) => passes(one, test));
  if (place.kind === 'values')
    return ({ [place.column]: map }, test) => isObject(map) && Object.values(map).some((one) => passes(one, test));
  if (place.kind === 'raw') return (row, test) => follow(parsed(row), place.steps, 0, test);
  return ({ [place.column]: list }, test) =>
    anyElement(list, (one) => {
      const value = ownMember(one, place.field);
      return Array.isArray(value) ? anyElement(value, (text) => passes(text, test)) : passes(value, test);
    });
}

/** The first text of the first of these places that has one. */
export function firstText(places: readonly ReadPlace[]): (row: Row) => string | undefined {
  return (row) => {
    let found: string | undefined;
    for (const read of places) {
      if (read(row, (text) => ((found = text), true))) return found;
    }
    return undefined;
  };
}

function passes(value: Value, test: (text: string) => boolean): boolean {
  const text = textOf(value);
  return text !== undefined && test(text);
}

const anyElement = (list: Value, test: (element: Value) => boolean): boolean =>
  Array.isArray(list) && (list as readonly Value[]).some(test);

function isObject(value: Value): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Nothing is inherited: a record may name any member. */
const ownMember = (value: Value, name: string): Value => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined);

function follow(value: Value, steps: readonly Step[], from: number, test: (text: string) => boolean): boolean {
  const step = steps[from];
  if (step === undefined) return passes(value, test);
  if (step === 'each') return anyElement(value, (one) => follow(one, steps, from + 1, test));
  return follow(ownMember(value, step.member), steps, from + 1, test);
}

/** Each record's JSON is read once, however many rules ask. */
const records = new WeakMap<Row, Value>();

function parsed(row: Row): Value {
  if (records.has(row)) return records.get(row);
  const value = typeof row.raw === 'string' ? parseJson(row.raw) : undefined;
  records.set(row, value);
  return value;
}

function parseJson(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    // What landed is JSON; a row that was made by hand may not be, and then it has no places.
    return undefined;
  }
}
