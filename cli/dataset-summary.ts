/** What there is of each dataset: counted in the lake's files, not remembered. */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { normalizedDatasets } from '../shared/datasets/index.ts';
import type { Instant } from '../shared/domain/window.ts';
import type { LakeReader } from '../local/lake-reader.ts';
import { logTypeIdsOf, type LakeTable } from '../local/lake-views.ts';

/** What a lake has of one dataset or view. */
export interface DatasetSummary {
  readonly name: string;
  readonly kind: LakeTable['kind'];
  readonly rows: number;
  /** Of the dataset's objects; a view has none of its own. */
  readonly objects?: { readonly files: number; readonly bytes: number };
  /** The newest event_time; absent when there is no row. */
  readonly newestEvent?: Instant;
  readonly logTypes: readonly string[];
}

/** Whether a list shows a dataset: one that lands by choice only (OCSF) is shown once it has rows. */
export function isShown({ name, kind, rows }: DatasetSummary): boolean {
  return rows > 0 || kind !== 'normalized' || normalizedDatasets.some((dataset) => dataset.name === name);
}

/** A summary of each of the reader's tables, in their order. */
export async function summarizeDatasets(reader: LakeReader): Promise<DatasetSummary[]> {
  const summaries: DatasetSummary[] = [];
  for (const one of reader.tables) summaries.push(await summarize(reader, one));
  return summaries;
}

async function summarize(reader: LakeReader, one: LakeTable): Promise<DatasetSummary> {
  const objects = one.kind === 'view' ? {} : { objects: await objectsIn(join(reader.path, 'raw', one.name)) };
  const { rows, newestMs } = await countRows(reader, one.name);
  const newest = newestMs === null ? {} : { newestEvent: newestMs };
  return { name: one.name, kind: one.kind, rows, ...objects, ...newest, logTypes: logTypeIdsOf(one) };
}

async function countRows(reader: LakeReader, name: string): Promise<{ rows: number; newestMs: number | null }> {
  const result = await reader.query(`SELECT count(*) AS counted, CAST(epoch_ms(max(event_time)) AS DOUBLE) AS newest FROM ${name}`);
  const [row] = await result.getRows();
  const [rows, newest] = row ?? [];
  return { rows: Number(rows ?? 0), newestMs: typeof newest === 'number' ? newest : null };
}

async function objectsIn(folder: string): Promise<{ files: number; bytes: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.parquet'));
  let bytes = 0;
  for (const file of files) bytes += (await stat(join(file.parentPath, file.name))).size;
  return { files: files.length, bytes };
}
