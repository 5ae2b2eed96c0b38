/** Columns that the normalized datasets share, under the names they have in the raw ones. */

import { logTypeById, type LogTypeId } from '../log-types/index.ts';
import { rawDataset } from '../log-types/raw-dataset.ts';
import { rawRow, type NormalizedColumn, type NormalizedColumns, type SqlOfLogType } from './normalized-dataset.ts';

const column =
  (type: NormalizedColumn['type']) =>
  (sql: SqlOfLogType, meaning: string, example: string, source?: string): NormalizedColumn => ({
    type,
    meaning,
    example,
    sql,
    ...(source === undefined ? {} : { source }),
  });

/** A column of text. */
export const text = column('text');
/** A column of whole numbers. */
export const long = column('long');
/** A column of floating-point numbers. */
export const double = column('double');
/** A column of true and false. */
export const boolean = column('boolean');
/** A column of lists of text. */
export const texts = column('texts');
/** A column of name/value pairs. */
export const map = column('map');
/** A list of structs. */
export const structs = (
  listOf: Readonly<Record<string, NormalizedColumn['type']>>,
  sql: SqlOfLogType,
  meaning: string,
  example: string,
  source?: string,
): NormalizedColumn => column({ listOf })(sql, meaning, example, source);
/** One struct. */
export const struct = (
  structOf: Readonly<Record<string, NormalizedColumn['type']>>,
  sql: SqlOfLogType,
  meaning: string,
  example: string,
  source?: string,
): NormalizedColumn => column({ structOf })(sql, meaning, example, source);

/** A text as an SQL constant. */
const constant = (value: string): string => `'${value}'`;

/** Columns of the raw row as they are: what they mean is declared there. @param logType Whose examples are shown. */
function asInRaw(logType: LogTypeId, names: readonly string[]): NormalizedColumns {
  const raw = rawDataset(logTypeById(logType).dataset).columns;
  return Object.fromEntries(
    names.map((name) => {
      const found = raw.find((one) => one.name === name);
      if (!found) throw new Error(`raw rows of ${logType} have no column '${name}'`);
      return [name, { type: found.type, meaning: found.meaning, example: found.example, sql: name }];
    }),
  );
}

/** What every row begins with: when, whose, and where its raw row is. */
export function rowColumns(vendor: string, product: string, logType: LogTypeId): NormalizedColumns {
  const { dataset } = logTypeById(logType);
  const object = `raw/${dataset}/dt=2026-11-20/hr=09/4f0c9e7a1b2d3c4e5f60718293a4b5c6.parquet`;
  return {
    ...asInRaw(logType, ['event_time', 'record_id', 'record_key']),
    dataset: { ...rawRow.dataset, example: dataset },
    object: { ...rawRow.object, example: object },
    ...asInRaw(logType, ['tenant_id', 'tenant_name', 'cloud', 'log_type']),
    vendor: text(constant(vendor), 'Vendor of the dataset', vendor),
    product: text(constant(product), 'Product of the dataset', product),
    ...asInRaw(logType, ['landed_at']),
  };
}

/** Who did it, from where, and how it ended: the columns that are joined and filtered on most, named as in the raw datasets. */
export const actorColumns = (logType: LogTypeId): NormalizedColumns =>
  asInRaw(logType, [
    'service',
    'actor_id',
    'actor_upn',
    'actor_type',
    'source_ip',
    'source_port',
    'user_agent',
    'app_id',
    'app_name',
    'outcome',
  ]);

/** The part of an address-like name after its last `@`, in lower case; NULL without an `@`. */
export const domainOf = (sql: string): string => `CASE WHEN contains(${sql}, '@') THEN lower(string_split(${sql}, '@')[-1]) END`;

/** The value of a table (keys in lower case) for a text in any case; NULL for other texts. */
export function translated(sql: string, table: Readonly<Record<string, string>>): string {
  const list = (words: readonly string[]): string => `string_split(${constant(words.join('|'))}, '|')`;
  return `(${list(Object.values(table))})[list_position(${list(Object.keys(table))}, lower(${sql}))]`;
}
