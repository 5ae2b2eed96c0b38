/** The lake folder as tables: every dataset and every view by its name. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { knownDatasets } from '../shared/datasets/index.ts';
import type { NormalizedDataset } from '../shared/datasets/normalized-dataset.ts';
import { views, type View } from '../shared/datasets/views.ts';
import { duckdbType, type DatasetType } from '../shared/domain/columns.ts';
import { sqlMacros } from '../shared/domain/sql-macros.ts';
import { literal } from '../shared/domain/literal.ts';
import { rawDatasets } from '../shared/log-types/index.ts';
import { landingDateColumn, rawDataset, type RawDataset } from '../shared/log-types/raw-dataset.ts';

/** What of the lake can be named in a query. A dataset is a table over its objects; a view is one over other tables. */
export type LakeTable =
  | { readonly kind: 'raw'; readonly name: string; readonly raw: RawDataset }
  | { readonly kind: 'view'; readonly name: string; readonly view: View }
  | { readonly kind: 'normalized'; readonly name: string; readonly normalized: NormalizedDataset };

/** Every table, in the catalog's order: each `_raw` dataset, the view beside it; the normalized datasets; the view over everything. */
export function lakeTables(normalized: readonly NormalizedDataset[] = knownDatasets): LakeTable[] {
  const beside = rawDatasets
    .map(rawDataset)
    .flatMap((raw): LakeTable[] => [
      { kind: 'raw', name: raw.name, raw },
      ...views.filter(({ name }) => name === raw.view).map((view): LakeTable => ({ kind: 'view', name: view.name, view })),
    ]);
  const others = views.filter(({ name }) => !beside.some((table) => table.name === name));
  return [
    ...beside,
    ...normalized.map((one): LakeTable => ({ kind: 'normalized', name: one.name, normalized: one })),
    ...others.map((view): LakeTable => ({ kind: 'view', name: view.name, view })),
  ];
}

/** The tables of these names, and those that they read, in the order given. */
export function withWhatTheyRead(names: ReadonlySet<string>, tables: readonly LakeTable[]): LakeTable[] {
  const wanted = new Set(names);
  // A view comes after what it reads, so one look from the end finds all.
  for (const table of tables.toReversed())
    if (table.kind === 'view' && wanted.has(table.name)) table.view.reads.forEach((name) => wanted.add(name));
  return tables.filter(({ name }) => wanted.has(name));
}

/** The ids of the log types whose records a table has. */
export function logTypeIdsOf(table: LakeTable): readonly string[] {
  if (table.kind === 'raw') return table.raw.logTypes.map(({ id }) => id);
  return table.kind === 'normalized' ? table.normalized.logTypes : table.view.logTypes;
}

/**
 * Creates a view for each table of the lake at `root`. A dataset without an object is an empty table.
 *
 * Objects that land later are seen, but for a dataset that had none: create its view again. An object is at its key complete or not
 * at all, so a collector may be at work meanwhile.
 *
 * @param tables A view comes after what it reads.
 */
export async function createLakeViews(connection: DuckDBConnection, root: string, tables: readonly LakeTable[]): Promise<void> {
  for (const macro of sqlMacros) await connection.run(macro);
  for (const table of tables) await connection.run(`CREATE OR REPLACE VIEW ${table.name} AS ${await selectOf(table, root)}`);
}

/** The objects of a dataset, as DuckDB's glob. @param root The lake's folder; nothing in its name is taken for a pattern. */
export function objectsOf(root: string, dataset: string): string {
  return join(asPattern(root), 'raw', dataset, 'dt=*', '*.parquet');
}

/** A path as a glob that matches it alone. */
export const asPattern = (path: string): string => path.replaceAll(/[[*?]/g, '[$&]');

/** Whether the dataset has an object: DuckDB refuses a glob that finds nothing. Looks no further than to the first one. */
export async function hasObjects(root: string, dataset: string): Promise<boolean> {
  const folder = join(root, 'raw', dataset);
  for (const day of await namesIn(folder)) {
    if (day.startsWith('dt=') && (await namesIn(join(folder, day))).some((name) => name.endsWith('.parquet'))) return true;
  }
  return false;
}

/** Empty for a folder that is not there. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  });
}

async function selectOf(table: LakeTable, root: string): Promise<string> {
  if (table.kind === 'view') return table.view.select;
  const columns = table.kind === 'raw' ? table.raw.columns : columnsOf(table.normalized);
  if (!(await hasObjects(root, table.name))) return emptySelect(columns);
  return `SELECT ${columns.map(({ name }) => `"${name}"`).join(', ')}, ${landingDateOfFile} AS ${landingDateColumn.name}
FROM ${readObjects(root, table.name, columns)}`;
}

interface TypedColumn {
  readonly name: string;
  readonly type: DatasetType;
}

function columnsOf({ columns }: NormalizedDataset): TypedColumn[] {
  return Object.entries(columns).map(([name, { type }]) => ({ name, type }));
}

function emptySelect(columns: readonly TypedColumn[]): string {
  const nulls = columns.map(({ name, type }) => `CAST(NULL AS ${duckdbType(type)}) AS "${name}"`);
  return `SELECT ${nulls.join(', ')}, CAST(NULL AS DATE) AS ${landingDateColumn.name} WHERE false`;
}

/**
 * The objects with the columns of the catalog: a declared column that an object lacks is NULL, a column that is declared no more is left
 * out.
 *
 * DuckDB is told the columns, so that it opens no file to learn them; `union_by_name` would open every one before any is left out, and keep
 * what it read (measured: 0.28 MB a file).
 */
function readObjects(root: string, dataset: string, columns: readonly TypedColumn[]): string {
  const schema = columns.map(
    ({ name, type }) => `${literal(name)}: {name: ${literal(name)}, type: ${literal(duckdbType(type))}, default_value: NULL}`,
  );
  return `read_parquet(${literal(objectsOf(root, dataset))}, schema = MAP {${schema.join(', ')}}, filename = true)`;
}

/** A condition on it is asked of the files' names, before any of them is opened. */
const landingDateOfFile = "CAST(regexp_extract(filename, '/dt=(\\d{4}-\\d\\d-\\d\\d)/[^/]*$', 1) AS DATE)";
