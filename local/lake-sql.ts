/** A lake's files as DuckDB reads them. */

import { join } from 'node:path';
import { duckdbType, type DatasetType } from '../shared/domain/columns.ts';
import { literal } from '../shared/domain/literal.ts';
import { landingDateColumn } from '../shared/log-types/raw-dataset.ts';

/** A column of a dataset. */
export interface TypedColumn {
  readonly name: string;
  readonly type: DatasetType;
}

/** A path as a glob that matches it alone. */
export const asPattern = (path: string): string => path.replaceAll(/[[*?]/g, '[$&]');

/** The objects of a dataset, as DuckDB's glob. @param root The lake's folder; nothing in its name is taken for a pattern. */
export function objectsOf(root: string, dataset: string): string {
  return join(asPattern(root), 'raw', dataset, 'dt=*', 'hr=*', '*.parquet');
}

/** The columns and the landing date, without a row. */
export function emptySelect(columns: readonly TypedColumn[]): string {
  const nulls = columns.map(({ name, type }) => `CAST(NULL AS ${duckdbType(type)}) AS "${name}"`);
  return `SELECT ${nulls.join(', ')}, CAST(NULL AS DATE) AS ${landingDateColumn.name} WHERE false`;
}

/**
 * The rows of objects, with the columns of the catalog and the landing date: a declared column that an object lacks is NULL, a column that
 * is declared no more is left out.
 *
 * DuckDB is given the columns, so that it opens no file to learn them; `union_by_name` would open every one before any is left out, and keep
 * what it read (measured: 0.28 MB a file).
 *
 * @param patterns At least one, each of which matches a file.
 */
export function objectsSelect(patterns: readonly string[], columns: readonly TypedColumn[]): string {
  return `SELECT ${namesOf(columns)}, ${landingDateOfFile} AS ${landingDateColumn.name}
FROM read_parquet(${list(patterns)}, schema = ${schemaOf(columns)}, filename = true)`;
}

/** The rows of parts, in the same columns. The landing date is a column of theirs. @param patterns At least one. */
export function partsSelect(patterns: readonly string[], columns: readonly TypedColumn[]): string {
  const dated = `${schemaOf(columns).slice(0, -1)}, ${definitionOf(landingDateColumn.name, 'DATE')}}`;
  return `SELECT ${namesOf(columns)}, ${landingDateColumn.name}
FROM read_parquet(${list(patterns)}, schema = ${dated})`;
}

/** Each file with each day (UTC) that it has rows of, in ms since 1970; NULL for rows without an event time. */
export function daysOfFilesSelect(patterns: readonly string[]): string {
  return `SELECT DISTINCT filename, CAST(epoch_ms(date_trunc('day', event_time)) AS DOUBLE) FROM ${timesOf(patterns)}`;
}

/** How many bytes the files take unpacked, and how many rows they have. */
export const sizeOfFilesSelect = (patterns: readonly string[]): string =>
  `SELECT sum(total_uncompressed_size), sum(row_group_num_rows) FILTER (WHERE column_id = 0) FROM parquet_metadata(${list(patterns)})`;

/** Each file with its first and last event time, in µs since 1970. */
export const spansOfFilesSelect = (patterns: readonly string[]): string =>
  `SELECT filename, epoch_us(min(event_time)), epoch_us(max(event_time)) FROM ${timesOf(patterns)} GROUP BY filename`;

/** The event times, in µs since 1970, at which every so many rows begin, but for the first; in their order. */
export const slicesOfFilesSelect = (patterns: readonly string[], condition: string, rows: number): string =>
  `SELECT DISTINCT epoch_us(event_time) AS bound FROM (
  SELECT event_time, row_number() OVER (ORDER BY event_time) AS nth FROM ${timesOf(patterns)} WHERE ${condition}
) WHERE nth % ${String(rows)} = 0 ORDER BY bound`;

const timesOf = (patterns: readonly string[]): string =>
  `read_parquet(${list(patterns)}, schema = MAP {${definitionOf('event_time', duckdbType('time'))}}, filename = true)`;

/** Each file with the name of the tenant whose rows it has. */
export function tenantsOfFilesSelect(patterns: readonly string[]): string {
  const schema = `MAP {${definitionOf('tenant_name', duckdbType('text'))}}`;
  return `SELECT DISTINCT filename, tenant_name FROM read_parquet(${list(patterns)}, schema = ${schema}, filename = true)`;
}

/** A condition on it is asked of the files' names, before any of them is opened. */
const landingDateOfFile = "CAST(regexp_extract(filename, '/dt=(\\d{4}-\\d\\d-\\d\\d)/hr=[^/]*/[^/]*$', 1) AS DATE)";

const list = (patterns: readonly string[]): string => `[${patterns.map(literal).join(', ')}]`;

const namesOf = (columns: readonly TypedColumn[]): string => columns.map(({ name }) => `"${name}"`).join(', ');

const schemaOf = (columns: readonly TypedColumn[]): string =>
  `MAP {${columns.map(({ name, type }) => definitionOf(name, duckdbType(type))).join(', ')}}`;

const definitionOf = (name: string, type: string): string =>
  `${literal(name)}: {name: ${literal(name)}, type: ${literal(type)}, default_value: NULL}`;
