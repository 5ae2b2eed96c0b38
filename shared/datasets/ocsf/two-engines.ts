/** Values in the SQL of both engines that read a lake: DuckDB, and Athena's, which is Presto's. */

import type { DatasetType } from '../../domain/columns.ts';
import { literal } from '../../domain/literal.ts';
import { prestoType } from '../../domain/presto-type.ts';

/** The same value in both engines' SQL. */
export interface Value {
  readonly type: DatasetType;
  readonly duckdb: string;
  readonly presto: string;
}
/** Values by name. */
export type Values = Readonly<Record<string, Value>>;

/** A value whose SQL may differ. */
export const value = (type: DatasetType, duckdb: string, presto = duckdb): Value => ({ type, duckdb, presto });
/** A text that both engines write alike. */
export const text = (sql: string): Value => value('text', sql);
/** A whole number. */
export const long = (sql: string): Value => value('long', `CAST(${sql} AS BIGINT)`);
/** The same text in every row. */
export const constant = (words: string): Value => text(`CAST(${literal(words)} AS VARCHAR)`);
/** OCSF's timestamp_t: milliseconds since 1970. */
export const millis = (sql: string): Value => value('long', `epoch_ms(${sql})`, `CAST(to_unixtime(${sql}) * 1000 AS BIGINT)`);
const typesOf = (fields: Values): Record<string, DatasetType> =>
  Object.fromEntries(Object.entries(fields).map(([name, { type }]) => [name, type]));

/** A struct, or a row as Athena calls it. */
export function object(fields: Values): Value {
  const type = { structOf: typesOf(fields) };
  const packed = Object.entries(fields).map(([name, { duckdb }]) => `"${name}" := ${duckdb}`);
  const row = Object.values(fields).map(({ presto }) => presto);
  return value(type, `struct_pack(${packed.join(', ')})`, `CAST(ROW(${row.join(', ')}) AS ${prestoType(type)})`);
}

/** NULL unless what it needs is there. */
export const where = (needs: Value, { type, duckdb, presto }: Value): Value =>
  value(type, `CASE WHEN ${needs.duckdb} IS NOT NULL THEN ${duckdb} END`, `CASE WHEN ${needs.presto} IS NOT NULL THEN ${presto} END`);

/** One object for each text of a list, as `x`; NULL for an empty list. */
export function each(list: string, fields: Values): Value {
  const element = object(fields);
  const some = (sql: string): string => `CASE WHEN cardinality(${list}) > 0 THEN ${sql} END`;
  return value(
    { listOf: typesOf(fields) },
    `CASE WHEN len(${list}) > 0 THEN list_transform(${list}, x -> ${element.duckdb}) END`,
    some(`transform(${list}, x -> ${element.presto})`),
  );
}

/** Those of the objects that are there; NULL where none is. */
export function listOf(first: Value, ...more: readonly Value[]): Value {
  if (typeof first.type === 'string' || !('structOf' in first.type)) throw new Error('a list has objects');
  const all = [first, ...more];
  const list = (sqls: readonly string[]): string => sqls.join(', ');
  const isSome = (sqls: readonly string[]): string => sqls.map((sql) => `${sql} IS NOT NULL`).join(' OR ');
  const [duckdb, presto] = [all.map((one) => one.duckdb), all.map((one) => one.presto)];
  return value(
    { listOf: first.type.structOf },
    `CASE WHEN ${isSome(duckdb)} THEN list_filter([${list(duckdb)}], x -> x IS NOT NULL) END`,
    `CASE WHEN ${isSome(presto)} THEN filter(ARRAY[${list(presto)}], x -> x IS NOT NULL) END`,
  );
}
