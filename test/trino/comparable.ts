/** Rows of both engines in one form, so that they can be compared. */

import type { Value } from '../../shared/ports/asking.ts';

/** Each row as a text; in the order of the texts, since SQL promises none. */
export function comparable(rows: readonly (readonly unknown[])[]): string[] {
  return rows.map((row) => JSON.stringify(row.map(plain))).sort();
}

/**
 * What differs by nature: instants are texts of two forms, and Athena's tables hold them in milliseconds; structs are lists in one and
 * objects in the other; the keys of a map have no order; a double has as many digits as an engine prints.
 */
function plain(value: unknown): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'number') return Number(value.toPrecision(12));
  if (typeof value === 'string') return instantIn(value) ?? value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object')
    return Object.entries(value)
      .sort(byName)
      .map(([name, one]) => [name, plain(one)]);
  return JSON.stringify(value);
}

const byName = ([one]: [string, unknown], [other]: [string, unknown]): number => (one < other ? -1 : one > other ? 1 : 0);

function instantIn(text: string): string | undefined {
  const [, date, time, micros = ''] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z?$/.exec(text) ?? [];
  if (date === undefined || time === undefined) return undefined;
  // Trino rounds what it reads of microseconds.
  const ms = Math.round(Number(micros.padEnd(6, '0')) / 1_000);
  return new Date(Date.parse(`${date}T${time}Z`) + ms).toISOString();
}

/** A struct's fields in the order of its type, as Trino gives them. */
export function withoutNames(value: Value, type: string): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (type.startsWith('array(')) return (value as readonly Value[]).map((one) => withoutNames(one, type.slice(6, -1)));
  if (!type.startsWith('row(') || Array.isArray(value)) return value;
  const fields = fieldsOf(type);
  return fields.map(([name, field]) => withoutNames((value as Readonly<Record<string, Value>>)[name] ?? null, field));
}

/** `row(a varchar, b array(row(c bigint)))` as names and types. */
function fieldsOf(type: string): [string, string][] {
  const fields: string[] = [];
  let [depth, start] = [0, 4];
  for (let at = 4; at < type.length - 1; at += 1) {
    if (type[at] === '(') depth += 1;
    if (type[at] === ')') depth -= 1;
    if (type[at] === ',' && depth === 0) {
      fields.push(type.slice(start, at));
      start = at + 1;
    }
  }
  fields.push(type.slice(start, -1));
  return fields.map((field) => {
    const [, name = '', of = ''] = /^"?(\w+)"? (.+)$/.exec(field.trim()) ?? [];
    return [name, of];
  });
}
