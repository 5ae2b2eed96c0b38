/** Objects of a lake folder that hold rows to be erased: found, rewritten without them, or removed. */

import { createReadStream, existsSync } from 'node:fs';
import { rename, rm, stat, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { findingColumns, type FindingColumnName } from '../../shared/datasets/findings.ts';
import { duckdbType } from '../../shared/domain/columns.ts';
import { erasedMetadata } from '../../shared/domain/erasure.ts';
import { notesOf } from '../../shared/domain/evidence/manifest.ts';
import type { ObjectMetadata } from '../../shared/domain/landing-key.ts';
import { literal } from '../../shared/domain/literal.ts';
import type { Instant } from '../../shared/domain/window.ts';
import { digestOfStream } from '../../shared/file-digest.ts';
import type { EvidenceNotes } from '../../shared/ports/evidence.ts';
import { droppedRowsSql, type DroppedRows } from '../compaction/dropped-rows.ts';
import { landingHours, objectsAt } from '../compaction/landed-files.ts';
import { flush } from '../flush.ts';
import { asPattern } from '../lake-sql.ts';
import { readFooter } from '../parquet-footer.ts';

/** An object with rows that go. */
export interface FoundObject {
  readonly key: string;
  readonly bytes: number;
  /** Rows that go. */
  readonly rows: number;
}

/** Where objects are read and written. */
export interface ErasurePlace {
  /** The lake's folder. */
  readonly root: string;
  /** A folder of the same filesystem for what is not complete yet. */
  readonly temp: string;
  readonly connection: DuckDBConnection;
  readonly now: Instant;
  /** Where what goes, or is put in a place, is noted first: a run that dies in between is run again. */
  readonly evidence: EvidenceNotes;
}

/** Files that one statement opens. */
const filesAtOnce = 500;

/** The objects of a dataset that have any of the rows, in the order of their keys. */
export async function findObjects(dataset: string, rows: DroppedRows, { root, connection }: ErasurePlace): Promise<FoundObject[]> {
  const keys = landingHours(root, dataset).flatMap((hour) => objectsAt(root, dataset, hour));
  const found: FoundObject[] = [];
  for (let from = 0; from < keys.length; from += filesAtOnce) {
    const some = keys.slice(from, from + filesAtOnce);
    const files = `[${some.map((key) => literal(asPattern(join(root, key)))).join(', ')}]`;
    const sql = `SELECT filename, count(*) FROM read_parquet(${files}, schema = ${schemaOf(rows)}, filename = true)
      WHERE ${droppedRowsSql(rows)} GROUP BY ALL`;
    const counts = new Map((await connection.runAndReadAll(sql)).getRows().map(([file, count]) => [String(file), Number(count)]));
    if (rows.kind === 'of tenant')
      for (const file of await filesOfTenant(files, rows.name, connection)) counts.set(file, counts.get(file) ?? 0);
    for (const key of some) {
      const count = counts.get(join(root, key));
      if (count !== undefined) found.push({ key, bytes: (await stat(join(root, key))).size, rows: count });
    }
  }
  return found;
}

/** Objects without a row say whose they are as well. @param files DuckDB's list. */
async function filesOfTenant(files: string, tenant: string, connection: DuckDBConnection): Promise<string[]> {
  const sql = `SELECT file_name FROM parquet_kv_metadata(${files}) WHERE decode(key) = 'tenant' AND decode(value) = ${literal(tenant)}`;
  return (await connection.runAndReadAll(sql)).getRows().map(([file]) => String(file));
}

/** The columns that conditions name; a normalized object has no `raw`. */
function schemaOf({ kind }: DroppedRows): string {
  const names: readonly FindingColumnName[] = ['tenant_name', 'evidence', 'finding_key', 'because', 'group_values'];
  const columns =
    kind === 'finding with text'
      ? names.map((name) => ({ name, type: duckdbType(findingColumns[name].type) }))
      : ['record_key', 'tenant_name', 'raw'].map((name) => ({ name, type: 'VARCHAR' }));
  return `MAP {${columns.map(({ name, type }) => `'${name}': {name: '${name}', type: '${type}', default_value: NULL}`).join(', ')}}`;
}

/**
 * Puts an object without the rows in the place of the one that has them. It stays also where no row is left, for it decides its job, and says
 * how many rows were erased.
 *
 * @param id The column that names a row: of raw objects `record_key`.
 */
export async function rewriteDeciding(
  { key }: FoundObject,
  rows: DroppedRows,
  place: ErasurePlace,
  id: 'record_key' | 'finding_id' = 'record_key',
): Promise<void> {
  const { metadata } = await readFooter(join(place.root, key));
  const sql = `SELECT ${id} FROM read_parquet(${fileSql(key, place)}) WHERE ${droppedRowsSql(rows)}`;
  const keys = (await place.connection.runAndReadAll(sql)).getRows().map(([name]) => String(name));
  const draft = join(place.temp, 'erasing.parquet');
  await copyWithout(key, rows, draft, 'ROW_GROUP_SIZE 20480', erasedMetadata(metadata, keys, place.now), place);
  await putInPlace(draft, key, place);
}

/** The same of a normalized object, which goes where no row is left. @param derive Makes it again in a file; undefined where it cannot. */
export async function rewriteNormalized(
  { key }: FoundObject,
  rows: DroppedRows,
  derive: (into: string) => Promise<number | undefined>,
  place: ErasurePlace,
): Promise<void> {
  const draft = join(place.temp, 'erasing.parquet');
  await rm(draft, { force: true });
  const { metadata } = await readFooter(join(place.root, key));
  const left = (await derive(draft)) ?? (await copyWithout(key, rows, draft, 'ROW_GROUP_SIZE 40960', metadata, place));
  await (left === 0 ? removeLanded(key, place) : putInPlace(draft, key, place));
}

async function copyWithout(
  key: string,
  rows: DroppedRows,
  into: string,
  options: string,
  metadata: ObjectMetadata,
  place: ErasurePlace,
): Promise<number> {
  const pairs = Object.entries(metadata).map(([name, value]) => `"${name}": ${literal(value)}`);
  const written = await place.connection
    .runAndReadAll(`COPY (SELECT * FROM read_parquet(${fileSql(key, place)}) WHERE (${droppedRowsSql(rows)}) IS NOT TRUE)
    TO ${literal(into)} (FORMAT parquet, COMPRESSION zstd, ${options}, KV_METADATA {${pairs.join(', ')}})`);
  return Number(written.getRows()[0]?.[0]);
}

/** At once: whoever reads the object has either. It keeps its time of change, by which a rebuilt ledger knows when its job landed. */
async function putInPlace(draft: string, key: string, { root, evidence, now }: ErasurePlace): Promise<void> {
  const file = join(root, key);
  const entry = { kind: 'rewritten' as const, key, ...(await digestOfStream(createReadStream(draft))), because };
  await evidence.add(notesOf(now, key, [entry]));
  const { atime, mtime } = await stat(file);
  await utimes(draft, atime, mtime);
  await flush(draft);
  await rename(draft, file);
  await flush(dirname(file));
}

const fileSql = (key: string, { root }: ErasurePlace): string => literal(asPattern(join(root, key)));

const because = 'lake erase';

/** Removes a landed object, with a note of it. */
export async function removeLanded(key: string, { root, evidence, now }: ErasurePlace): Promise<void> {
  await evidence.add(notesOf(now, key, [{ kind: 'removed', key, because }]));
  await removeObject(key, root);
}

/** Removes an object; one that is gone already is no fault. */
export async function removeObject(key: string, root: string): Promise<void> {
  const file = join(root, key);
  if (!existsSync(file)) return;
  await unlink(file);
  await flush(dirname(file));
}
