/**
 * A normalized dataset: a pure function of landed raw objects, so that it can be rebuilt at any time without Microsoft.
 *
 * One raw object gives one object of each dataset that is derived from its log type; the rows stand in the raw rows' order. Several
 * datasets may be derived from one raw object.
 */

import { duckdbType, type DatasetType } from '../domain/columns.ts';
import { literal } from '../domain/literal.ts';
import type { LogTypeId } from '../log-types/index.ts';

/** One normalized dataset: its columns as SQL over the raw ones. */
export interface NormalizedDataset<Name extends string = string> {
  readonly name: Name;
  readonly vendor: string;
  readonly product: string;
  /** What a row is, in one line. */
  readonly meaning: string;
  /** Log types whose raw objects it is derived from. */
  readonly logTypes: readonly LogTypeId[];
  /** Names that `where` and the columns read besides the raw columns: each is worked out once a row. */
  readonly given?: Readonly<Record<string, SqlOfLogType>>;
  /** Which raw rows give a row; every one when absent. A condition that is NULL is false. */
  readonly where?: SqlOfLogType;
  /** In their order. Every dataset has the columns of {@link rawRow}. */
  readonly columns: NormalizedColumns;
}

/** The declaration as it is; its name becomes part of the union DatasetName (index.ts). */
export function normalizedDataset<const Name extends string>(declared: NormalizedDataset<Name>): NormalizedDataset<Name> {
  return declared;
}

/** By name, in the order they stand in the dataset; lower_snake_case. */
export type NormalizedColumns = Readonly<Record<string, NormalizedColumn>>;

/** One column of a normalized dataset. */
export interface NormalizedColumn {
  readonly type: DatasetType;
  /** One line for people. */
  readonly meaning: string;
  /** A value as people would see it; lists, structs and maps as JSON. */
  readonly example: string;
  readonly sql: SqlOfLogType;
  /** What people are shown for an SQL that is too long to read. */
  readonly source?: string;
}

/**
 * DuckDB SQL over the columns of the raw dataset (shared/log-types), with the macros of domain/sql-macros.ts: one for all log types, or
 * one each, by id; a log type that is not named has none (NULL). Two names more are there to be read: `raw_dataset`, the name of the
 * raw dataset, and `raw_object`, the key of the raw object. A value that does not fit the column's type is NULL.
 */
export type SqlOfLogType = string | Readonly<Partial<Record<LogTypeId, string>>>;

/** Where to find the raw row; every normalized dataset has these columns. */
export const rawRow = {
  record_id: {
    type: 'text',
    meaning: 'Id of the record, as in the raw row',
    example: '0a6f3c52-2f4e-4b7d-9a51-08de2a1b7c11',
    sql: 'record_id',
  },
  record_key: {
    type: 'text',
    meaning: 'Key of the record, as in the raw row: equal for what Microsoft served twice',
    example: '3f1c2a9d5b7e4c60a8d1e2f394b5c6d7',
    sql: 'record_key',
  },
  dataset: { type: 'text', meaning: 'Raw dataset that has the row', example: 'msft_o365_exchange_online_raw', sql: 'raw_dataset' },
  object: {
    type: 'text',
    meaning: 'Key of the raw object that has the row',
    example: 'raw/msft_o365_exchange_online_raw/dt=2026-11-20/hr=09/4f0c9e7a1b2d3c4e5f60718293a4b5c6.parquet',
    sql: 'raw_object',
  },
} satisfies NormalizedColumns;

/** The rows of one raw object, as SQL, and where they come from. */
export interface RawRows {
  /** SQL that stands where a table would: rows with the columns of the log type. */
  readonly rows: string;
  readonly logTypeId: string;
  readonly dataset: string;
  /** The object's key. */
  readonly object: string;
}

/** Whether a log type's raw objects give rows of the dataset. */
export function isDerivedFrom({ logTypes }: Pick<NormalizedDataset, 'logTypes'>, logTypeId: string): boolean {
  return logTypes.some((id) => id === logTypeId);
}

/** The rows of a dataset that one raw object gives. */
export function normalizedSelect({ name, columns, where, logTypes, given = {} }: NormalizedDataset, raw: RawRows): string {
  if (!isDerivedFrom({ logTypes }, raw.logTypeId)) throw new Error(`dataset '${name}' is not derived from '${raw.logTypeId}'`);
  const list = Object.entries(columns).map(
    ([column, { type, sql }]) => `TRY_CAST(${sqlOf(sql, raw.logTypeId)} AS ${duckdbType(type)}) AS "${column}"`,
  );
  return `SELECT ${list.join(',\n  ')}
FROM ${givenRows(given, raw)}${where === undefined ? '' : `\nWHERE ${sqlOf(where, raw.logTypeId)}`}`;
}

/**
 * One row with a boolean for each dataset, in their order: whether any raw row gives a row of it.
 *
 * @throws When two datasets give different things one name.
 */
export function occurringSelect(datasets: readonly NormalizedDataset[], raw: RawRows): string {
  const given: Record<string, SqlOfLogType> = {};
  for (const { name, given: own = {} } of datasets)
    for (const [as, sql] of Object.entries(own)) {
      if (as in given && sqlOf(given[as] ?? '', raw.logTypeId) !== sqlOf(sql, raw.logTypeId))
        throw new Error(`dataset '${name}' gives '${as}' another meaning than a dataset before it`);
      given[as] = sql;
    }
  const any = datasets.map(({ where = 'true' }) => `coalesce(bool_or(${sqlOf(where, raw.logTypeId)}), false)`);
  return `SELECT ${any.join(', ')} FROM ${givenRows(given, raw)}`;
}

function givenRows(given: Readonly<Record<string, SqlOfLogType>>, { rows, logTypeId, dataset, object }: RawRows): string {
  const givens = Object.entries(given).map(([as, sql]) => `, ${sqlOf(sql, logTypeId)} AS ${as}`);
  return `(SELECT *, ${literal(dataset)} AS raw_dataset, ${literal(object)} AS raw_object${givens.join('')} FROM ${rows})`;
}

/** The SQL of one log type; `NULL` where it has none. */
export function sqlOf(sql: SqlOfLogType, logTypeId: string): string {
  return typeof sql === 'string' ? sql : (new Map(Object.entries(sql)).get(logTypeId) ?? 'NULL');
}
