/** OCSF attributes as data: a type, and the SQL that fills it over the columns of one log type's raw dataset. */

import { duckdbType, type DatasetType } from '../../domain/columns.ts';
import { literal } from '../../domain/literal.ts';

/** An attribute. */
export interface Field {
  readonly type: DatasetType;
  readonly sql: string;
  /** SQL of whether it is filled, where that is shorter than testing the value. */
  readonly isFilled?: string;
}
/** Attributes by name. */
export type Fields = Readonly<Record<string, Field>>;

/** A text. */
export const text = (sql: string): Field => ({ type: 'text', sql });
/** A whole number. */
export const long = (sql: string): Field => ({ type: 'long', sql });
/** A floating-point number. */
export const double = (sql: string): Field => ({ type: 'double', sql });
/** True or false. */
export const boolean = (sql: string): Field => ({ type: 'boolean', sql });
/** A list of texts. */
export const texts = (sql: string): Field => ({ type: 'texts', sql });
/** The same text for every record. */
export const constant = (value: string): Field => ({ ...text(literal(value)), isFilled: 'true' });

/** OCSF's timestamp_t: milliseconds since 1970. */
export const millis = (sql: string): Field => long(`epoch_ms(${sql})`);

/**
 * An object; NULL as a whole where it would have nothing that OCSF requires of it.
 *
 * @param needs Names of fields of which one at least must be filled; any field when absent.
 */
export function object(fields: Fields, needs: readonly string[] = Object.keys(fields)): Field {
  const type = { structOf: typesOf(fields) };
  const filled = needs.map((name) => filledSql(fields[name]));
  if (filled.includes('true')) return { type, sql: structSql(fields), isFilled: 'true' };
  const isFilled = filled.filter((condition) => condition !== 'false').join(' OR ') || 'false';
  return { type, sql: `CASE WHEN ${isFilled} THEN ${structSql(fields)} END`, isFilled };
}

function filledSql(field: Field | undefined): string {
  if (field === undefined || field.sql === 'NULL') return 'false';
  return field.isFilled ?? `(${field.sql}) IS NOT NULL`;
}

/** A list of what is filled among these objects, which all have the same fields; NULL where nothing is. */
export function listOf(...objects: readonly Field[]): Field {
  const [first] = objects;
  if (first === undefined || typeof first.type === 'string' || !('structOf' in first.type)) throw new Error('a list has objects');
  const list = `[${objects.map(({ sql }) => sql).join(', ')}]`;
  // Most records fill all of them, and a filter looks at each.
  const allFilled = objects.map((one) => `(${filledSql(one)})`).join(' AND ');
  return {
    type: { listOf: first.type.structOf },
    sql: `CASE WHEN ${allFilled} THEN ${list} ELSE lake_some(list_filter(${list}, x -> x IS NOT NULL)) END`,
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
  const entries = columns.map((name) => `CASE WHEN "${name}" IS NOT NULL THEN '"${name}":' || CAST(to_json("${name}") AS VARCHAR) END`);
  return { type: 'json', sql: columns.length === 0 ? 'NULL' : `nullif('{' || concat_ws(',', ${entries.join(', ')}) || '}', '{}')` };
}

/** The value of a table for a text (keys in lower case); NULL for other texts. */
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
    .map(([name, field]) => `"${name}" := ${typedSql(field)}`)
    .join(', ')})`;

/** Of its type from the first: a struct with one field of another type is taken apart and put together again to be cast. */
function typedSql({ type, sql }: Field): string {
  const isTyped = typeof type !== 'string' || (type === 'text' && sql !== 'NULL');
  return isTyped ? sql : `TRY_CAST(${sql} AS ${duckdbType(type)})`;
}
