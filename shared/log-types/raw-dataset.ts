/** A `_raw` dataset as a table: what the log types that land in it declare, side by side. */

import { duckdbType, type Column } from '../domain/columns.ts';
import { viewName, type RowsKept } from '../domain/views.ts';
import { logTypesOfDataset } from './index.ts';
import type { LogType } from './log-type.ts';

export interface RawDataset {
  readonly name: string;
  /** Name of the view beside it. */
  readonly view: string;
  readonly logTypes: readonly LogType[];
  /** The columns of the Parquet files: what any of the log types declares, then what landing adds. */
  readonly columns: readonly DatasetColumn[];
  readonly keeps: RowsKept;
}

export interface DatasetColumn {
  readonly name: string;
  readonly type: Column['type'];
  readonly meaning: string;
}

/** The partition column: a part of the object's key, in no Parquet file. Its type is DATE everywhere. */
export const landingDateColumn = { name: 'dt', meaning: 'Landing date (UTC); never before the date of the event' } as const;

/** @throws When no log type lands in the dataset, or when two declare one column with different types: a bug of the catalog. */
export function rawDataset(name: string): RawDataset {
  const logTypes = logTypesOfDataset(name);
  if (logTypes.length === 0) throw new Error(`no log type lands in '${name}'`);
  const columns = new Map<string, DatasetColumn>();
  for (const logType of logTypes) addColumns(columns, logType);
  return { name, view: viewName(name), logTypes, columns: [...columns.values(), ...landed], keeps: rowsKept(logTypes) };
}

const landed: readonly DatasetColumn[] = [
  { name: 'record_key', type: 'text', meaning: 'Equal for what is the same record: md5 of its identity' },
  { name: 'raw', type: 'text', meaning: 'The record as Microsoft sent it, JSON' },
];

function addColumns(columns: Map<string, DatasetColumn>, logType: LogType): void {
  for (const [name, { type, meaning }] of Object.entries(logType.columns)) {
    const known = columns.get(name);
    if (!known) columns.set(name, { name, type, meaning });
    else if (duckdbType(known.type) !== duckdbType(type)) {
      throw new Error(
        `column '${name}' of ${logType.id} is ${duckdbType(type)}, and ${duckdbType(known.type)} in another log type of its dataset`,
      );
    }
  }
}

/** Content never changes; what Graph serves does. */
function rowsKept(logTypes: readonly LogType[]): RowsKept {
  const timeColumns = new Set(logTypes.flatMap(({ source }) => (source.kind === 'windows' ? [source.timeColumn] : [])));
  if (timeColumns.size === 0) return { kind: 'one per record key' };
  timeColumns.delete('event_time');
  const [timeColumn] = timeColumns;
  return timeColumn === undefined ? { kind: 'newest version' } : { kind: 'newest version', timeColumn };
}
