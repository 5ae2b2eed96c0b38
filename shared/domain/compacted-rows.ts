/** Which of several rows stands for a record: among landed rows, and between landed and compacted ones. */

import { quoted, type CompactedTable } from './compacted-table.ts';
import { rankingOf } from './views.ts';

/** One of each of the rows that a select gives, by the dataset's rule; all of them where it keeps every row. */
export function oneOfEachSelect({ keeps, columns }: CompactedTable, rows: string): string {
  if (keeps.kind === 'every row') return rows;
  const list = [...columns.map(({ name }) => quoted(name)), 'dt'].join(', ');
  const { group, order } = rankingOf(keeps);
  return `SELECT ${list} FROM (
  SELECT ${list}, row_number() OVER (PARTITION BY ${group.join(', ')} ORDER BY ${order.join(', ')}) AS row_of_group
  FROM (${rows}) landed
) ranked WHERE row_of_group = 1`;
}

/** That two rows are of one record, or of one object where every row is kept; what joins them by day or time stands beside it. */
export function isSameRecord({ keeps }: Pick<CompactedTable, 'keeps'>, one: string, other: string): string {
  if (keeps.kind === 'every row') return `${one}.object = ${other}.object`;
  const tenant = `${one}.tenant_id = ${other}.tenant_id`;
  if (keeps.kind === 'one per record key') return `${tenant} AND ${one}.record_key = ${other}.record_key`;
  const version = (row: string): string => `coalesce(${row}.record_id, ${row}.record_key)`;
  return `${tenant} AND ${version(one)} = ${version(other)}`;
}

/** That two rows are of one time, which is NULL for both or for none. A version never changes when its record began. */
export const isSameTime = (one: string, other: string): string =>
  `(${one}.event_time = ${other}.event_time OR (${one}.event_time IS NULL AND ${other}.event_time IS NULL))`;

/** That a version is newer than another: the order of {@link rankingOf}, term by term. NULL is older than anything. */
export function isNewer(timeColumn: string | undefined, one: string, other: string): string {
  const times = [...(timeColumn === undefined ? [] : [timeColumn]), 'landed_at'].map((name): [string, string] => [
    `coalesce(${one}.${name}, ${noTime})`,
    `coalesce(${other}.${name}, ${noTime})`,
  ]);
  const last = `(${one}.dt > ${other}.dt OR (${one}.dt = ${other}.dt AND ${one}.record_key < ${other}.record_key))`;
  return times.reduceRight((rest, [a, b]) => `(${a} > ${b} OR (${a} = ${b} AND ${rest}))`, last);
}

const noTime = "TIMESTAMP '0001-01-01 00:00:00.000000'";
