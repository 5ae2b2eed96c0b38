/** The lake folder as tables: every dataset and every view by its name. */

import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { findingColumns, findingsDataset } from '../shared/datasets/findings.ts';
import { knownDatasets } from '../shared/datasets/index.ts';
import type { NormalizedDataset } from '../shared/datasets/normalized-dataset.ts';
import { findings, ocsfFindings, views, type View } from '../shared/datasets/views.ts';
import { sqlMacros } from '../shared/domain/sql-macros.ts';
import { rawDatasets } from '../shared/log-types/index.ts';
import { rawDataset, type RawDataset } from '../shared/log-types/raw-dataset.ts';
import type { AskedDays } from './day-span.ts';
import { filesAtOneMoment } from './compaction/landed-files.ts';
import { Manifest } from './compaction/manifest.ts';
import { throwNamingMissingPart } from './missing-part.ts';
import { asPattern, emptySelect, objectsOf, objectsSelect, partsSelect, type TypedColumn } from './lake-sql.ts';

/** What of the lake can be named in a query. A dataset is a table over its objects; a view is one over other tables. */
export type LakeTable =
  | { readonly kind: 'raw'; readonly name: string; readonly raw: RawDataset }
  | { readonly kind: 'view'; readonly name: string; readonly view: View }
  | { readonly kind: 'normalized'; readonly name: string; readonly normalized: NormalizedDataset }
  | { readonly kind: 'findings'; readonly name: string };

/** Every table, in the catalog's order: each `_raw` dataset, the view beside it; the normalized datasets; findings; the views over everything. */
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
    { kind: 'findings', name: findingsDataset },
    ...[...others, findings, ocsfFindings].map((view): LakeTable => ({ kind: 'view', name: view.name, view })),
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
  if (table.kind === 'findings') return [];
  return table.kind === 'normalized' ? table.normalized.logTypes : table.view.logTypes;
}

/** Which files views read, and how they name them. */
export interface LakeFilesChoice {
  /** Of a dataset that is named here, compacted files of other event days are left out. */
  readonly asked?: AskedDays;
  /** Files are named as they are from the lake's folder, so that it can be moved. */
  readonly isRelative?: boolean;
}

/** Creates what the views' selects and queries call. */
export async function createLakeMacros(connection: DuckDBConnection): Promise<void> {
  for (const macro of sqlMacros) await connection.run(macro);
}

/**
 * Creates a view for each table of the lake at `root`, or creates it again. A dataset without an object is an empty table.
 *
 * An object is at its key complete or not at all, and a step of compaction is taken whole, so a collector may be at work meanwhile. What
 * lands or is compacted later is seen once the views are created again.
 *
 * @param tables A view comes after what it reads.
 */
export async function createLakeViews(
  connection: DuckDBConnection,
  root: string,
  tables: readonly LakeTable[],
  choice: LakeFilesChoice = {},
): Promise<void> {
  const manifest = Manifest.openForReading(root);
  try {
    for (const table of tables) {
      const view = `CREATE OR REPLACE VIEW ${table.name} AS ${await selectOf(table, root, manifest, choice)}`;
      await connection.run(view).catch(throwNamingMissingPart);
    }
  } finally {
    manifest?.close();
  }
}

/** Whether the dataset has an object: DuckDB refuses a glob that finds nothing. Looks no further than to the first one. */
export async function hasObjects(root: string, dataset: string): Promise<boolean> {
  const folder = join(root, 'raw', dataset);
  for (const day of await namesIn(folder)) {
    for (const hour of day.startsWith('dt=') ? await namesIn(join(folder, day)) : []) {
      if (hour.startsWith('hr=') && (await namesIn(join(folder, day, hour))).some((name) => name.endsWith('.parquet'))) return true;
    }
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

/** The dataset's columns, without the landing date. */
export function columnsOf(table: Exclude<LakeTable, { kind: 'view' }>): readonly TypedColumn[] {
  if (table.kind === 'raw') return table.raw.columns;
  return Object.entries<{ readonly type: TypedColumn['type'] }>(table.kind === 'findings' ? findingColumns : table.normalized.columns).map(
    ([name, { type }]) => ({ name, type }),
  );
}

async function selectOf(
  table: LakeTable,
  root: string,
  manifest: Manifest | undefined,
  { asked, isRelative = false }: LakeFilesChoice,
): Promise<string> {
  if (table.kind === 'view') return table.view.select;
  const columns = columnsOf(table);
  const { parts, objects } = manifest?.has(table.name)
    ? filesAtOneMoment(root, table.name, manifest, asked?.get(table.name))
    : { parts: [], objects: (await hasObjects(root, table.name)) ? [objectsOf(root, table.name)] : [] };
  const named = (patterns: readonly string[]): readonly string[] =>
    isRelative ? patterns.map((pattern) => relative(asPattern(root), pattern)) : patterns;
  const selects = [
    ...(parts.length > 0 ? [partsSelect(named(parts), columns)] : []),
    ...(objects.length > 0 ? [objectsSelect(named(objects), columns)] : []),
  ];
  return selects.length > 0 ? selects.join('\nUNION ALL\n') : emptySelect(columns);
}
