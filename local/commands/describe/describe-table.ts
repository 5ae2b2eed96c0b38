/** What is known of a table without looking at a row: columns, types, meanings, and where each value comes from. */

import { duckdbType } from '../../../shared/domain/columns.ts';
import type { LogType } from '../../../shared/log-types/log-type.ts';
import { landingDateColumn, type DatasetColumn, type RawDataset } from '../../../shared/log-types/raw-dataset.ts';
import { sourceOf } from './source-of.ts';

export interface ColumnDescription {
  readonly name: string;
  readonly type: string;
  readonly meaning: string;
  /** Where the value comes from in a record; by log type where they differ. Empty: this dataset does not say it. */
  readonly source: string;
}

/** The columns of a raw dataset, and of the view beside it, in their order. */
export function describeColumns(dataset: RawDataset): ColumnDescription[] {
  const columns = dataset.columns.map((column) => ({
    name: column.name,
    type: duckdbType(column.type),
    meaning: column.meaning,
    source: landedSource(column, dataset) ?? recordSource(column, dataset.logTypes),
  }));
  return [...columns, { ...landingDateColumn, type: 'DATE', source: 'the job' }];
}

function recordSource({ name }: DatasetColumn, logTypes: readonly LogType[]): string {
  const bySource = new Map<string, string[]>();
  for (const { id, columns } of logTypes) {
    const column = columns[name];
    const source = column ? sourceOf(column.from) : '';
    bySource.set(source, [...(bySource.get(source) ?? []), id]);
  }
  if (bySource.size === 1) return [...bySource.keys()].join('');
  const said = [...bySource].filter(([source]) => source !== '');
  return said.map(([source, ids]) => `${source} (${ids.join(', ')})`).join('; ');
}

function landedSource({ name }: DatasetColumn, { logTypes }: RawDataset): string | undefined {
  if (name === 'raw') return 'the whole record';
  if (name !== 'record_key') return undefined;
  const [first] = logTypes;
  return first === undefined || first.identity === 'every typed column'
    ? 'every column that comes from the record'
    : first.identity.join(', ');
}
