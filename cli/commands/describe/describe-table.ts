/** What is known of a table without looking at a row: columns, types, meanings, examples, and where each value comes from. */

import { findingColumns } from '../../../shared/datasets/findings.ts';
import { rowsKept, type View } from '../../../shared/datasets/views.ts';
import { duckdbType } from '../../../shared/domain/columns.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import type { LogType } from '../../../shared/log-types/log-type.ts';
import { landingDateColumn, type DatasetColumn, type RawDataset } from '../../../shared/log-types/raw-dataset.ts';
import { lakeTables, logTypeIdsOf, type LakeTable } from '../../../local/lake-views.ts';
import { bySource } from './by-source.ts';
import type { ColumnDescription } from './column-description.ts';
import { describeNormalized } from './describe-normalized.ts';
import { sourceOf } from './source-of.ts';

/** A table as `lake describe --json` prints it. */
export interface TableDescription {
  readonly name: string;
  readonly kind: LakeTable['kind'];
  /** What a row is, in one line. */
  readonly what: string;
  readonly logTypes: readonly string[];
  readonly columns: readonly ColumnDescription[];
}

/** Describes a table from its declaration; the lake is not read. */
export function describeTable(table: LakeTable): TableDescription {
  return { name: table.name, kind: table.kind, what: whatIsIn(table), logTypes: logTypeIdsOf(table), columns: columnsIn(table) };
}

function whatIsIn(table: LakeTable): string {
  if (table.kind === 'view') return table.view.meaning;
  if (table.kind === 'normalized') return table.normalized.meaning;
  if (table.kind === 'findings')
    return 'a finding each time that an object showed it, and each state that people gave it; findings has one row a finding';
  return `every record as often as it was served; ${table.raw.view} has ${rowsKept(table.raw.keeps)}`;
}

function columnsIn(table: LakeTable): ColumnDescription[] {
  if (table.kind === 'raw') return describeColumns(table.raw);
  if (table.kind === 'normalized') return [...describeNormalized(table.normalized), landingDate];
  if (table.kind === 'findings') return [...describeFindings(), landingDate];
  return describeView(table.view);
}

const landingDate: ColumnDescription = { ...landingDateColumn, type: 'DATE', source: 'the job' };

function describeFindings(): ColumnDescription[] {
  return Object.entries(findingColumns).map(([name, { type, meaning, example }]) => ({
    name,
    type: duckdbType(type),
    meaning,
    source: 'the rule',
    example,
  }));
}

/** The columns of a raw dataset, in their order. */
export function describeColumns(dataset: RawDataset): ColumnDescription[] {
  const columns = dataset.columns.map((column) => ({
    name: column.name,
    type: duckdbType(column.type),
    meaning: column.meaning,
    source: landedSource(column, dataset) ?? recordSource(column, dataset.logTypes),
    example: column.example,
  }));
  return [...columns, landingDate];
}

/** A view's columns are those of what it reads, unless it says what they are made of. */
function describeView({ columns, reads }: View): ColumnDescription[] {
  const below = lakeTables().flatMap((table) => (table.kind === 'raw' && reads.includes(table.name) ? describeColumns(table.raw) : []));
  return columns.map(({ name, type, meaning, example, source }) => ({
    name,
    type: type === 'date' ? 'DATE' : duckdbType(type),
    meaning,
    source: source ?? below.find((column) => column.name === name)?.source ?? '',
    example,
  }));
}

function recordSource({ name }: DatasetColumn, logTypes: readonly LogType[]): string {
  return bySource(
    logTypes.map(({ id }) => id),
    (id) => {
      const column = logTypeById(id).columns[name];
      return column ? sourceOf(column.from) : '';
    },
  );
}

function landedSource({ name }: DatasetColumn, { logTypes }: RawDataset): string | undefined {
  if (name === 'raw') return 'the whole record';
  if (name !== 'record_key') return undefined;
  const [first] = logTypes;
  return first === undefined || first.identity === 'every typed column'
    ? 'every column that comes from the record'
    : first.identity.join(', ');
}
