/** OCSF attributes as data: a type, and the SQL that fills it over the columns of one log type's raw dataset. */

import type { DatasetType } from '../../domain/columns.ts';
import { literal } from '../../domain/literal.ts';

export interface Field {
  readonly type: DatasetType;
  readonly sql: string;
}
export type Fields = Readonly<Record<string, Field>>;

export const text = (sql: string): Field => ({ type: 'text', sql });
export const long = (sql: string): Field => ({ type: 'long', sql });
export const double = (sql: string): Field => ({ type: 'double', sql });
export const boolean = (sql: string): Field => ({ type: 'boolean', sql });
export const texts = (sql: string): Field => ({ type: 'texts', sql });
export const constant = (value: string): Field => text(literal(value));

/** OCSF's timestamp_t: milliseconds since 1970. */
export const millis = (sql: string): Field => long(`epoch_ms(${sql})`);

/**
 * An object; NULL as a whole where it would say nothing that OCSF requires of it.
 *
 * @param needs Names of fields of which one at least must be filled; any field when absent.
 */
export function object(fields: Fields, needs: readonly string[] = Object.keys(fields)): Field {
  const present = needs.map((name) => `(${fields[name]?.sql ?? 'NULL'}) IS NOT NULL`).join(' OR ');
  return { type: { structOf: typesOf(fields) }, sql: `CASE WHEN ${present} THEN ${structSql(fields)} END` };
}

/** A list of what is filled among these objects, which all have the same fields; NULL where nothing is. */
export function listOf(...objects: readonly Field[]): Field {
  const [first] = objects;
  if (first === undefined || typeof first.type === 'string' || !('structOf' in first.type)) throw new Error('a list has objects');
  return {
    type: { listOf: first.type.structOf },
    sql: `lake_some(list_filter([${objects.map(({ sql }) => sql).join(', ')}], x -> x IS NOT NULL))`,
  };
}

/**
 * One object for each element of a list.
 *
 * @param element Fields over the element `x`.
 * @param needs Names of fields of which one at least must be filled.
 */
export function each(list: string, element: Fields, needs: readonly string[]): Field {
  const { sql } = object(element, needs);
  return { type: { listOf: typesOf(element) }, sql: `lake_some(list_filter(list_transform(${list}, x -> ${sql}), x -> x IS NOT NULL))` };
}

/** What has no place in the class, as a JSON object; NULL where there is nothing. Columns by their own names. */
export function unmapped(...columns: readonly string[]): Field {
  // Built as text: a list of pairs that is filtered and made a map takes three times as long.
  const entries = columns.map((name) => `'"${name}":' || CAST(to_json("${name}") AS VARCHAR)`);
  return { type: 'json', sql: columns.length === 0 ? 'NULL' : `nullif('{' || concat_ws(',', ${entries.join(', ')}) || '}', '{}')` };
}

/** A word of ours for each word of a table (keys in lower case), else NULL. */
export function translated(sql: string, table: Readonly<Record<string, string | number>>): string {
  const list = (words: readonly string[]): string => `string_split(${literal(words.join('|'))}, '|')`;
  return `(${list(Object.values(table).map(String))})[list_position(${list(Object.keys(table))}, ${sql})]`;
}

/** An id, and the caption beside it. */
export function captioned(id: string, captions: Readonly<Record<number, string>>): { readonly id: Field; readonly caption: Field } {
  return { id: long(id), caption: text(translated(`CAST(${id} AS VARCHAR)`, captions)) };
}

/** A text that OCSF would take for an address of mail; NULL for others. */
export const mailAddress = (sql: string): string =>
  `CASE WHEN regexp_full_match(${sql}, '[a-zA-Z0-9!#$%&''*+/=?^_\`{|}~.-]+@[a-zA-Z0-9-]+[.][a-zA-Z0-9.-]+') THEN ${sql} END`;

const typesOf = (fields: Fields): Record<string, DatasetType> =>
  Object.fromEntries(Object.entries(fields).map(([name, { type }]) => [name, type]));

const structSql = (fields: Fields): string =>
  `struct_pack(${Object.entries(fields)
    .map(([name, { sql }]) => `"${name}" := ${sql}`)
    .join(', ')})`;
