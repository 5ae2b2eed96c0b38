/** A compacted table as SQL sees it, and the selects of landed rows that its statements and its view share. */

import type { DatasetType } from './columns.ts';
import { partitionOf, type HourRange, type LandingHour } from './landing-hour.ts';
import { prestoType } from './presto-type.ts';
import type { RowsKept } from './views.ts';

/**
 * Which rows a compacted table has.
 *
 * `every row`: an object's rows are taken together or not at all, so that the table has each landed row as often as it landed.
 */
type CompactedRows = RowsKept | { readonly kind: 'every row' };

/** One compacted table: what it is made of and what it is called. */
export interface CompactedTable {
  /** Of the keys: `raw/<dataset>/…`. */
  readonly dataset: string;
  /** The table over the landed objects. */
  readonly landed: string;
  /** The Iceberg table. */
  readonly compacted: string;
  /** The table over rows that were made again from their records, for as long as a rebuild takes; of raw datasets alone. */
  readonly again?: string;
  /** The view that people ask. */
  readonly view: string;
  /** What a row of the view is, in one line. */
  readonly meaning: string;
  /** What the table over the landed objects has, in one line. */
  readonly landedMeaning: string;
  /** The dataset's columns, in their order, without the landing date. */
  readonly columns: readonly CompactedColumn[];
  readonly keeps: CompactedRows;
}

/** A column of a dataset. */
export interface CompactedColumn {
  readonly name: string;
  readonly type: DatasetType | 'date';
  readonly meaning: string;
}

/** Where rows lie that were made again, by the keys of their objects: for as long as a rebuild takes. */
export const againPrefix = (dataset: string): string => `${allAgain}${dataset}/`;
/** The same of all datasets: what stays here was left by a rebuild that was killed. */
export const allAgain = 'compacted/again/';

/** The landing date, a column of views and of compacted tables. */
const landingDateName = 'dt';

/**
 * The event's date, in compacted tables alone, and never NULL: joined by it, a MERGE looks into the files of the days that it has rows of,
 * and records without an event time have a day too.
 */
export const eventDayName = 'event_day';
/** The event day of what has no event time. */
const noEventDay = '1970-01-01';
/** The event day of a row. */
export const eventDaySql = `coalesce(CAST(event_time AS date), DATE '${noEventDay}')`;

/** A name in Athena's queries and MERGE. */
export const quoted = (name: string): string => `"${name}"`;

/** The columns that a view shows: the dataset's and the landing date. */
export const shownColumns = ({ columns }: Pick<CompactedTable, 'columns'>): readonly CompactedColumn[] => [
  ...columns,
  { name: landingDateName, type: 'date', meaning: 'Landing date (UTC) of the object: internal, no query has to name it' },
];

/** Landed rows with the types of the compacted table: times in microseconds, cast once, here. */
export function landedSelect(table: CompactedTable, conditions: readonly string[]): string {
  const list = shownColumns(table).map(asCompacted).join(', ');
  const one = (condition?: string): string =>
    `SELECT ${list} FROM ${quoted(table.landed)}${condition === undefined ? '' : ` WHERE ${condition}`}`;
  return conditions.length === 0 ? one() : conditions.map(one).join('\nUNION ALL ');
}

/** A column of a landed table, as the compacted table has it. */
export function asCompacted({ name, type }: CompactedColumn): string {
  const presto = prestoType(type);
  return presto.includes('timestamp') ? `CAST(${quoted(name)} AS ${presto}) AS ${quoted(name)}` : quoted(name);
}

/**
 * Conditions on the partition columns, each of which names one run of partitions and none of which overlap: a planner prunes with each by
 * itself, which it may not with one that has OR.
 */
export function hoursAfter(watermark: LandingHour | undefined, open: readonly LandingHour[]): string[] {
  if (watermark === undefined) return [];
  const { dt, hr } = partitionOf(watermark);
  const rest = hr === 23 ? [] : [`dt = DATE '${dt}' AND hr > ${String(hr)}`];
  return [`dt > DATE '${dt}'`, ...rest, ...hoursAmong(open.filter((hour) => hour <= watermark))];
}

/** The same of single hours: one condition a date. */
function hoursAmong(open: readonly LandingHour[]): string[] {
  const byDate = Map.groupBy([...open].sort(), (hour) => partitionOf(hour).dt);
  return [...byDate].map(([dt, those]) => `dt = DATE '${dt}' AND hr IN (${those.map((hour) => String(partitionOf(hour).hr)).join(', ')})`);
}

/** The same of a run of hours. */
export function hoursWithin({ from, to }: HourRange): string[] {
  const [first, last] = [partitionOf(from), partitionOf(to)];
  if (first.dt === last.dt) return [`dt = DATE '${first.dt}' AND hr BETWEEN ${String(first.hr)} AND ${String(last.hr)}`];
  return [
    `dt = DATE '${first.dt}' AND hr >= ${String(first.hr)}`,
    `dt > DATE '${first.dt}' AND dt < DATE '${last.dt}'`,
    `dt = DATE '${last.dt}' AND hr <= ${String(last.hr)}`,
  ];
}
