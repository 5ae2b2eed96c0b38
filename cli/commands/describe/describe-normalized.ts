/** Where the columns of a normalized dataset come from: columns of the raw row, and through them JSON paths of the record. */

import { sqlOf, type NormalizedColumn, type NormalizedDataset } from '../../../shared/datasets/normalized-dataset.ts';
import { duckdbType } from '../../../shared/domain/columns.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { bySource } from './by-source.ts';
import type { ColumnDescription } from './column-description.ts';
import { sourceOf } from './source-of.ts';

/** In their order. */
export function describeNormalized({ columns, logTypes }: NormalizedDataset): ColumnDescription[] {
  return Object.entries(columns).map(([name, column]) => ({
    name,
    type: duckdbType(column.type),
    meaning: column.meaning,
    source: bySource(logTypes, (logType) => sourceIn(column, logType)),
    example: column.example,
  }));
}

/** @example "actor_upn: UserId" for an SQL of `actor_upn`; values of the job and constants have no path. */
function sourceIn({ sql, source }: NormalizedColumn, logTypeId: string): string {
  const text = sqlOf(sql, logTypeId);
  if (text === 'NULL') return '';
  const paths = pathsRead(text, logTypeId);
  const shown = (source ?? text).replace(/\s+/g, ' ');
  return paths === '' ? shown : `${shown}: ${paths}`;
}

/** JSON paths of the raw columns that an SQL names, each once. */
function pathsRead(sql: string, logTypeId: string): string {
  const { columns } = logTypeById(logTypeId);
  const names = new Set(sql.replace(/'(?:[^']|'')*'/g, '').match(/\b[a-z_]\w*\b/g));
  const paths = Object.entries(columns).flatMap(([name, { from }]) => (names.has(name) && from.op !== 'given' ? [sourceOf(from)] : []));
  return [...new Set(paths)].filter((path) => path !== '').join('; ');
}
