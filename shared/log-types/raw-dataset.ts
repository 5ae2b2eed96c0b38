/** A `_raw` dataset as a table: what the log types that land in it declare, side by side. */

import { duckdbType, type Column } from '../domain/columns.ts';
import { viewName, type RowsKept } from '../domain/views.ts';
import { logTypesOfDataset, rawDatasets } from './index.ts';
import type { LogType } from './log-type.ts';

/** One `_raw` dataset: its name, view, columns, and which of its rows the view keeps. */
export interface RawDataset {
  readonly name: string;
  /** Name of the view beside it. */
  readonly view: string;
  readonly logTypes: readonly LogType[];
  /** The columns of the Parquet files: what any of the log types declares, then what landing adds. */
  readonly columns: readonly DatasetColumn[];
  readonly keeps: RowsKept;
}

/** A column of a raw dataset as tables and docs show it. */
export interface DatasetColumn {
  readonly name: string;
  readonly type: Column['type'];
  readonly meaning: string;
  readonly example: string;
}

/** The partition column: a part of the object's key, in no Parquet file. Its type is DATE everywhere. */
export const landingDateColumn = {
  name: 'dt',
  meaning: 'Landing date (UTC) of the object: an internal partition, which no query has to name',
  example: '2026-11-20',
} as const;

/**
 * The second partition column of Athena's tables, beside {@link landingDateColumn}: with it a statement reads the objects of single hours. No
 * view has it, and no table on one machine, where compaction knows objects by their names.
 */
export const landingHourColumn = {
  name: 'hr',
  meaning: 'Landing hour (UTC), 0 to 23',
  example: '9',
} as const;

/** @throws When no log type lands in the dataset, or when two declare one column with different types: a bug of the catalog. */
export function rawDataset(name: string): RawDataset {
  const logTypes = logTypesOfDataset(name);
  if (logTypes.length === 0) throw new Error(`no log type lands in '${name}'`);
  const columns = new Map<string, DatasetColumn>();
  for (const logType of logTypes) addColumns(columns, logType);
  return { name, view: viewName(name), logTypes, columns: [...columns.values(), ...landed], keeps: rowsKept(logTypes) };
}

const landed: readonly DatasetColumn[] = [
  {
    name: 'record_key',
    type: 'text',
    meaning: 'Equal for what is the same record: md5 of its identity',
    example: '3f1c2a9d5b7e4c60a8d1e2f394b5c6d7',
  },
  {
    name: 'raw',
    type: 'text',
    meaning: 'The record as Microsoft sent it, JSON',
    example: '{"CreationTime":"2026-11-20T09:14:03","Operation":"New-InboxRule", ...}',
  },
];

function addColumns(columns: Map<string, DatasetColumn>, logType: LogType): void {
  const own = ownExamples(logType);
  for (const [name, { type, meaning, example, from }] of Object.entries(logType.columns)) {
    const known = columns.get(name);
    if (known && duckdbType(known.type) !== duckdbType(type)) {
      throw new Error(
        `column '${name}' of ${logType.id} is ${duckdbType(type)}, and ${duckdbType(known.type)} in another log type of its dataset`,
      );
    }
    const shown = from.op === 'absent' ? notProvided : (own.get(name) ?? example);
    if (!known) columns.set(name, { name, type, meaning, example: shown });
    // What one log type does not have, another may.
    else if (known.example === '' || known.example === notProvided) columns.set(name, { ...known, example: shown });
  }
}

/** The example of a column that is always empty. */
const notProvided = 'NULL';

/** Columns whose value follows from the log type itself. */
function ownExamples({ id, vendor, product, clouds, source }: LogType): ReadonlyMap<string, string> {
  const cloud = clouds.slice(0, 1).join('');
  const own = { log_type: id, vendor, product, cloud, ...(source.kind === 'windows' ? { content_id: notProvided } : {}) };
  return new Map(Object.entries(own));
}

/** The views that keep the newest version of each record, in the catalog's order. */
export const newestVersionViews: readonly string[] = rawDatasets
  .filter((name) => rowsKept(logTypesOfDataset(name)).kind === 'newest version')
  .map(viewName);

/** Content never changes; what Graph serves does. */
function rowsKept(logTypes: readonly LogType[]): RowsKept {
  const timeColumns = new Set(logTypes.flatMap(({ source }) => (source.kind === 'windows' ? [source.timeColumn] : [])));
  if (timeColumns.size === 0) return { kind: 'one per record key' };
  timeColumns.delete('event_time');
  const [timeColumn] = timeColumns;
  return timeColumn === undefined ? { kind: 'newest version' } : { kind: 'newest version', timeColumn };
}
