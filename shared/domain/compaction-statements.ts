/** What compaction runs on Athena: each statement is one commit of an Iceberg table, or a read. */

import { glueType } from './columns.ts';
import { partitionFields, type CompactedBy } from './compacted-by.ts';
import { isNewer, isSameRecord, isSameTime, oneOfEachSelect } from './compacted-rows.ts';
import {
  asCompacted,
  eventDayName,
  eventDaySql,
  hoursWithin,
  landedSelect,
  quoted,
  shownColumns,
  type CompactedColumn,
  type CompactedTable,
} from './compacted-table.ts';
import { eraseDerivedStatement, eraseStatement as erasePersonStatement } from './delete-statements.ts';
import type { HourRange } from './landing-hour.ts';
import { literal } from './literal.ts';

/** Event days, both inclusive, `YYYY-MM-DD`. */
export interface DaySlice {
  readonly first: string;
  readonly last: string;
}

/** A tenant, as rows name it. */
interface TenantOfRows {
  readonly tenantId: string;
  readonly tenantName: string;
}

/** A person, as records name them: see {@link Erasure}. */
export interface PersonOfRows {
  readonly identifiers: readonly string[];
  /** Of this tenant alone. */
  readonly tenant?: string;
}

/** Whose rows are deleted. */
export type RowsToErase = TenantOfRows | PersonOfRows;

/** Every column of the compacted table, in its order. */
export const compactedColumns = (table: Pick<CompactedTable, 'columns'>): readonly CompactedColumn[] => [
  ...shownColumns(table),
  { name: eventDayName, type: 'date', meaning: 'Date of the event (UTC); 1970-01-01 where it has no time' },
];

/**
 * Merges landed hours into the compacted table, in one commit. Run again, it changes nothing.
 *
 * @param slice Merges the rows of these event days only.
 */
export function mergeStatement(table: CompactedTable, hours: HourRange, slice?: DaySlice): string {
  const names = compactedColumns(table).map(({ name }) => quoted(name));
  const landed = landedSelect(
    table,
    hoursWithin(hours).map((condition) => (slice ? `${condition} AND ${isWithin(slice)}` : condition)),
  );
  const source = `SELECT picked.*, ${eventDaySql} AS ${eventDayName} FROM (\n${oneOfEachSelect(table, landed)}\n) picked`;
  const target = quoted(table.compacted);
  if (table.keeps.kind === 'every row') {
    // A MERGE refuses a row that several others match, and an object's rows all match each other.
    return `INSERT INTO ${target} (${names.join(', ')})
SELECT ${names.join(', ')} FROM (\n${source}\n) s
WHERE NOT EXISTS (SELECT 1 FROM ${target} c WHERE ${isSame(table)})`;
  }
  return `MERGE INTO ${target} c
USING (\n${source}\n) s
ON ${isSame(table)}${whenMatched(table, names)}
WHEN NOT MATCHED THEN INSERT (${names.join(', ')}) VALUES (${names.map((name) => `s.${name}`).join(', ')})`;
}

const isSame = (table: CompactedTable): string => `${isSameRecord(table, 'c', 's')} AND c.${eventDayName} = s.${eventDayName}`;

/** A record that has changed replaces its older version. Others stay as they are. */
function whenMatched({ keeps }: CompactedTable, names: readonly string[]): string {
  if (keeps.kind !== 'newest version') return '';
  const sets = names.map((name) => `${name} = s.${name}`);
  return ` AND ${isSameTime('c', 's')}
WHEN MATCHED AND ${isNewer(keeps.timeColumn, 's', 'c')} THEN UPDATE SET ${sets.join(', ')}`;
}

/** The event days that landed hours have rows of, in their order. @param of `again`: those of rows that were made again. */
export function eventDaysStatement(table: CompactedTable, hours: HourRange, of: 'landed' | 'again' = 'landed'): string {
  const from = quoted(of === 'landed' ? table.landed : againOf(table));
  const days = hoursWithin(hours).map((condition) => `SELECT ${eventDaySql} AS ${eventDayName} FROM ${from} WHERE ${condition}`);
  return `SELECT DISTINCT ${eventDayName} FROM (\n${days.join('\nUNION ALL ')}\n) landed ORDER BY 1`;
}

/** Event days in slices that one statement each can write. @param days In their order. */
export function slicesOf(days: readonly string[], most: number): DaySlice[] {
  const slices: DaySlice[] = [];
  for (let from = 0; from < days.length; from += most) {
    const [first = '', last = first] = [days[from], days[Math.min(from + most, days.length) - 1]];
    slices.push({ first, last });
  }
  return slices;
}

const isWithin = ({ first, last }: DaySlice): string => `${eventDaySql} BETWEEN DATE '${first}' AND DATE '${last}'`;

/**
 * A day's files are rewritten into one when there are so many: a query of a day opens as few, and what is written by the hour is read once more
 * at most. Athena's own are 5.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html
 */
const filesOfDay = 16;
/** A file that rows were deleted from is rewritten, so that they are gone from it. */
const deletesOfFile = 1;

const rewritten = `'optimize_rewrite_data_file_threshold' = '${String(filesOfDay)}', 'optimize_rewrite_delete_file_threshold' = '${String(deletesOfFile)}'`;

/** Makes the compacted table, if it is not there. @param location Folder of the bucket that is its alone, such as `s3://lake/compacted/x/`. */
export function createStatement(table: CompactedTable, location: string, by: CompactedBy): string {
  return `CREATE TABLE IF NOT EXISTS ${inDdl(table.compacted)} (
  ${compactedColumns(table).map(columnInDdl).join(',\n  ')}
)
PARTITIONED BY (${partitionFields(table, by)})
LOCATION '${location}'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd', ${rewritten})`;
}

/** Adds columns that the catalog has and the table has not. */
export function addColumnsStatement(table: CompactedTable, columns: readonly CompactedColumn[]): string {
  return `ALTER TABLE ${inDdl(table.compacted)} ADD COLUMNS (${columns.map(columnInDdl).join(', ')})`;
}

/**
 * Deletes a tenant's rows, or those of a person's records.
 *
 * @param records Tables that have the text of the records which a normalized dataset is derived from; none for a raw one, which has it itself.
 */
export function eraseStatement({ compacted, columns }: CompactedTable, rows: RowsToErase, records: readonly string[]): string {
  if ('identifiers' in rows) {
    const erasure = { kind: 'person', ...rows } as const;
    return records.length === 0 ? erasePersonStatement({ compacted }, erasure) : eraseDerivedStatement({ compacted }, records, erasure);
  }
  const hasId = columns.some(({ name }) => name === 'tenant_id');
  const condition = hasId ? `tenant_id = ${literal(rows.tenantId)}` : `tenant_name = ${literal(rows.tenantName)}`;
  return `DELETE FROM ${quoted(compacted)} WHERE ${condition}`;
}

/**
 * Gives compacted rows what rows that were made again from their records have: columns that were added since, and those of a mapping that was
 * mended. A row is known by its record and the time that it landed, so that it takes what its own object gave. Run again, it changes nothing.
 * The landing dates alone show which files need no look: the event day may be another one now.
 *
 * @param table With `again`: of a raw dataset.
 */
export function refillStatement(table: CompactedTable, hours: HourRange, slice?: DaySlice): string {
  const from = { ...table, landed: againOf(table) };
  const landed = landedSelect(
    from,
    hoursWithin(hours).map((condition) => (slice ? `${condition} AND ${isWithin(slice)}` : condition)),
  );
  const names = compactedColumns(table).map(({ name }) => quoted(name));
  const list = [...table.columns.map(({ name }) => quoted(name)), 'dt'].join(', ');
  const identity = ['tenant_id', 'record_key', 'landed_at'];
  const updated = names.filter((name) => !identity.map(quoted).includes(name) && name !== 'dt' && name !== quoted('dt'));
  // A record that stands twice in one object is one row there.
  return `MERGE INTO ${quoted(table.compacted)} c
USING (
SELECT ${list}, ${eventDaySql} AS ${eventDayName} FROM (
  SELECT ${list}, row_number() OVER (PARTITION BY ${identity.join(', ')} ORDER BY dt) AS row_of_group
  FROM (${landed}) landed
) ranked WHERE row_of_group = 1
) s
ON ${identity.map((name) => `c.${name} = s.${name}`).join(' AND ')} AND c.dt BETWEEN DATE '${hours.from.slice(0, 10)}' AND DATE '${hours.to.slice(0, 10)}'
WHEN MATCHED THEN UPDATE SET ${updated.map((name) => `${name} = s.${name}`).join(', ')}`;
}

/** The table over rows that were made again. @throws For a normalized dataset: its objects themselves are replaced. */
function againOf({ dataset, again }: CompactedTable): string {
  if (again === undefined) throw new Error(`${dataset} is derived: its landed objects are made again, by 'lake normalize --replace'`);
  return again;
}

/** Deletes the rows that came from what stands in landed hours now: those of an object, or of a record as it landed there. */
export function unmergeStatement(table: CompactedTable, hours: HourRange): string {
  const names = table.keeps.kind === 'every row' ? ['object'] : ['tenant_id', 'record_key', 'landed_at'];
  const columns = table.columns.filter(({ name }) => names.includes(name));
  const landed = hoursWithin(hours).map(
    (condition) => `SELECT ${columns.map(asCompacted).join(', ')} FROM ${quoted(table.landed)} WHERE ${condition}`,
  );
  const list = columns.map(({ name }) => quoted(name)).join(', ');
  return `DELETE FROM ${quoted(table.compacted)} WHERE ${columns.length === 1 ? list : `(${list})`} IN (\n${landed.join('\nUNION ALL ')}\n)`;
}

/** Rewrites small files of a day into one, and what older versions of records were deleted from. */
export const optimizeStatement = ({ compacted }: CompactedTable): string => `OPTIMIZE ${inDdl(compacted)} REWRITE DATA USING BIN_PACK`;

/** Removes files that no snapshot needs, those that a failed statement left among them. */
export const vacuumStatement = ({ compacted }: CompactedTable): string => `VACUUM ${inDdl(compacted)}`;

const inDdl = (name: string): string => `\`${name}\``;

const columnInDdl = ({ name, type }: CompactedColumn): string => `${inDdl(name)} ${type === 'date' ? 'date' : glueType(type)}`;
