/**
 * The view of a compacted table, for Athena: what was compacted, and the landed rows of the last hours that it has not.
 *
 * Its rows are one a record of all that landed, whatever compaction is doing, died at or does twice, as long as every landed row is in
 * the compacted table or in an hour after the watermark or in an open one.
 */

import { isNewer, isSameRecord, oneOfEachSelect } from './compacted-rows.ts';
import { hoursAfter, landedSelect, quoted, shownColumns, type CompactedTable } from './compacted-table.ts';
import type { LandingHour } from './landing-hour.ts';

/** Which landed hours a view reads besides the compacted table. Literals in its text: planners prune partitions with nothing else. */
export interface ViewedHours {
  /** Every hour up to this one is compacted, unless it is open. */
  readonly watermark: LandingHour;
  readonly open: readonly LandingHour[];
}

/** @param hours Undefined where nothing is compacted: the view reads every landed row. */
export function compactedViewSelect(table: CompactedTable, hours: ViewedHours | undefined): string {
  const list = shownColumns(table)
    .map(({ name }) => quoted(name))
    .join(', ');
  if (hours === undefined) return oneOfEachSelect(table, landedSelect(table, []));
  const recent = oneOfEachSelect(table, landedSelect(table, hoursAfter(hours.watermark, hours.open)));
  const branches = table.keeps.kind === 'newest version' ? versionBranches(table, table.keeps.timeColumn) : recordBranches(table);
  return `WITH recent AS (\n${recent}\n)\n${branches.map((branch) => `SELECT ${list} ${branch}`).join('\nUNION ALL\n')}`;
}

/**
 * What has an event time and what has none stand apart: only an equality lets a condition on the event time reach the other side of a join,
 * and NULL equals nothing. A condition on the event time makes the second branch empty.
 */
function recordBranches(table: CompactedTable): string[] {
  const compacted = quoted(table.compacted);
  const isKnown = (time: string): string => `NOT EXISTS (SELECT 1 FROM ${compacted} c WHERE ${isSameRecord(table, 'c', 'r')} AND ${time})`;
  return [
    `FROM ${compacted}`,
    `FROM recent r WHERE r.event_time IS NOT NULL AND ${isKnown(sameTime)}`,
    `FROM recent r WHERE r.event_time IS NULL AND ${isKnown(noTime)}`,
  ];
}

/** Of two versions one is left out, whichever side it is on; of the same version the recent one. */
function versionBranches(table: CompactedTable, timeColumn: string | undefined): string[] {
  const compacted = quoted(table.compacted);
  const same = isSameRecord(table, 'c', 'r');
  const newer = isNewer(timeColumn, 'r', 'c');
  const isSuperseded = (time: string): string => `NOT EXISTS (SELECT 1 FROM recent r WHERE ${same} AND ${time} AND ${newer})`;
  const isKnown = (time: string): string => `NOT EXISTS (SELECT 1 FROM ${compacted} c WHERE ${same} AND ${time} AND NOT ${newer})`;
  return [
    `FROM ${compacted} c WHERE c.event_time IS NOT NULL AND ${isSuperseded(sameTime)}`,
    `FROM ${compacted} c WHERE c.event_time IS NULL AND ${isSuperseded(noTime)}`,
    `FROM recent r WHERE r.event_time IS NOT NULL AND ${isKnown(sameTime)}`,
    `FROM recent r WHERE r.event_time IS NULL AND ${isKnown(noTime)}`,
  ];
}

const sameTime = 'c.event_time = r.event_time';
const noTime = 'c.event_time IS NULL AND r.event_time IS NULL';
