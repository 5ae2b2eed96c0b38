/** The lake folder as tables: every dataset and every view by its name. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { normalizedDatasets } from '../shared/datasets/index.ts';
import type { NormalizedDataset } from '../shared/datasets/normalized-dataset.ts';
import { duckdbType } from '../shared/domain/columns.ts';
import { sqlMacros } from '../shared/domain/sql-macros.ts';
import { literal } from '../shared/domain/sql.ts';
import { viewSelect } from '../shared/domain/views.ts';
import { rawDatasets } from '../shared/log-types/index.ts';
import { landingDateColumn, rawDataset, type RawDataset } from '../shared/log-types/raw-dataset.ts';

/** What of the lake can be named in a query. `name` is the table's, `dataset` names the folder of the objects it reads. */
export type LakeTable =
  | { readonly kind: 'raw' | 'view'; readonly name: string; readonly dataset: string; readonly raw: RawDataset }
  | { readonly kind: 'normalized'; readonly name: string; readonly dataset: string; readonly normalized: NormalizedDataset };

/** Every table, in the catalog's order: each `_raw` dataset, the view beside it; then the normalized datasets. */
export function lakeTables(normalized: readonly NormalizedDataset[] = normalizedDatasets): LakeTable[] {
  const tables = rawDatasets.map(rawDataset).flatMap((raw): LakeTable[] => [
    { kind: 'raw', name: raw.name, dataset: raw.name, raw },
    { kind: 'view', name: raw.view, dataset: raw.name, raw },
  ]);
  return [...tables, ...normalized.map((one): LakeTable => ({ kind: 'normalized', name: one.name, dataset: one.name, normalized: one }))];
}

/** The ids of the log types whose records a table has. */
export function logTypeIdsOf(table: LakeTable): readonly string[] {
  return table.kind === 'normalized' ? table.normalized.logTypes : table.raw.logTypes.map(({ id }) => id);
}

/**
 * Creates a view for each table of the lake at `root`. A dataset without an object is an empty table.
 *
 * Objects that land later are seen, but for a dataset that had none: create its view again. An object is at its key complete or not
 * at all, so a collector may be at work meanwhile.
 *
 * @param tables Of a view, its `_raw` dataset comes before it.
 */
export async function createLakeViews(connection: DuckDBConnection, root: string, tables: readonly LakeTable[]): Promise<void> {
  for (const macro of sqlMacros) await connection.run(macro);
  for (const table of tables) await connection.run(`CREATE OR REPLACE VIEW ${table.name} AS ${await selectOf(table, root)}`);
}

/** The objects of a dataset, as DuckDB's glob. */
export function objectsOf(root: string, dataset: string): string {
  return join(root, 'raw', dataset, 'dt=*', '*.parquet');
}

/** Whether the dataset has an object: DuckDB refuses a glob that finds nothing. */
export async function hasObjects(root: string, dataset: string): Promise<boolean> {
  const folder = join(root, 'raw', dataset);
  const names = await readdir(folder, { recursive: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return names.some((name) => name.endsWith('.parquet'));
}

async function selectOf(table: LakeTable, root: string): Promise<string> {
  const isFilled = table.kind !== 'view' && (await hasObjects(root, table.dataset));
  if (table.kind === 'normalized')
    return isFilled ? `SELECT * FROM ${readObjects(root, table.dataset)}` : emptyNormalized(table.normalized);
  const columns = [...table.raw.columns.map(({ name }) => name), landingDateColumn.name];
  if (table.kind === 'view') return viewSelect({ table: table.dataset, columns, keeps: table.raw.keeps });
  const empty = emptyRaw(table.raw);
  // A declared column that no object has is NULL; a column of old objects that is not declared any more is left out.
  return isFilled
    ? `SELECT ${columns.join(', ')} FROM (${empty} UNION ALL BY NAME SELECT * FROM ${readObjects(root, table.dataset)})`
    : empty;
}

function emptyRaw({ columns }: RawDataset): string {
  const nulls = columns.map(({ name, type }) => `CAST(NULL AS ${duckdbType(type)}) AS ${name}`);
  return `SELECT ${nulls.join(', ')}, CAST(NULL AS DATE) AS ${landingDateColumn.name} WHERE false`;
}

/** A normalized dataset declares a select: its columns are those of that select over nothing. */
function emptyNormalized({ name, logTypes, select }: NormalizedDataset): string {
  const raw = rawDatasets.map(rawDataset).find((dataset) => dataset.logTypes.some(({ id }) => logTypes.includes(id)));
  if (!raw) throw new Error(`normalized dataset '${name}' is derived from no log type of the catalog`);
  return `SELECT *, CAST(NULL AS DATE) AS ${landingDateColumn.name} FROM (${select(`(${emptyRaw(raw)})`)})`;
}

function readObjects(root: string, dataset: string): string {
  const options = `union_by_name = true, hive_partitioning = true, hive_types = {'${landingDateColumn.name}': DATE}`;
  return `read_parquet(${literal(objectsOf(root, dataset))}, ${options})`;
}
