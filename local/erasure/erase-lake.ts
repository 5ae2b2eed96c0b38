/** Erasing from a lake folder: every record of a person, or everything of a tenant. */

import { join } from 'node:path';
import { mkdir, rm } from 'node:fs/promises';
import type { EventDay, Part } from '../../shared/domain/compaction.ts';
import { personPattern, type Erasure } from '../../shared/domain/erasure.ts';
import { literal } from '../../shared/domain/literal.ts';
import { connectDuckDb, openLanding } from '../../shared/landing/landing.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Landing } from '../../shared/ports/landing.ts';
import { openCompaction } from '../compaction/compact-lake.ts';
import type { DroppedRows } from '../compaction/dropped-rows.ts';
import { droppedRowsSql } from '../compaction/dropped-rows.ts';
import { forgetMissing } from '../compaction/expired-objects.ts';
import type { LocalCompaction } from '../compaction/local-compaction.ts';
import { isCompacted } from '../compaction/manifest-file.ts';
import type { PartWriter } from '../compaction/part-writer.ts';
import { emptySelect, asPattern } from '../lake-sql.ts';
import { lakeTables, type LakeTable } from '../lake-views.ts';
import { openEvidence } from '../evidence/local-evidence.ts';
import type { LakeFolder } from '../lake-folder.ts';
import { deriveAgain } from './derived-again.ts';
import {
  findObjects,
  removeLanded,
  removeObject,
  rewriteNormalized,
  rewriteDeciding,
  type ErasurePlace,
  type FoundObject,
} from './found-objects.ts';
import { findQuarantined } from './quarantined.ts';
import { eraseRemembered } from './remembered.ts';

/** What of one dataset goes. */
export interface ErasedDataset {
  /** `quarantine` for what could not be read as records. */
  readonly dataset: string;
  /** Landed files that are rewritten without the rows, or removed. */
  readonly objects: number;
  readonly bytes: number;
  /** Rows in them. */
  readonly rows: number;
  /** Compacted files that are rewritten, or removed. */
  readonly parts: number;
  /** Rows in them: mostly the same ones. */
  readonly partRows: number;
}

/** What is erased, and how. */
export interface EraseOptions {
  readonly clock: Clock;
  readonly erasure: Erasure;
  /** Nothing is changed; the answer is what would be. */
  readonly isDryRun: boolean;
  /** Called before each dataset, and each time that something of it is done. */
  readonly onProgress?: (dataset: string) => void;
}

interface Deps {
  readonly options: EraseOptions;
  readonly place: ErasurePlace;
  readonly landing: Pick<Landing, 'derive'>;
  /** Which raw rows go. */
  readonly rawRows: DroppedRows;
  /** Absent for a lake that was never compacted. */
  readonly parts?: { readonly compaction: LocalCompaction; readonly writer: PartWriter };
}

interface FoundPart {
  readonly day: EventDay;
  readonly part: Part;
  readonly rows: number;
}

/** What was found of one dataset. */
interface Found {
  readonly table: Dataset;
  readonly rows: DroppedRows;
  readonly objects: readonly FoundObject[];
  readonly parts: readonly FoundPart[];
}

type Dataset = Exclude<LakeTable, { kind: 'view' }>;

/**
 * Erases, or reports what would go.
 *
 * Rows are found by what they say, and raw rows, by which normalized ones are found, go last: a run that is killed anywhere leaves what the next
 * one finds again. Objects and compacted files are each replaced at once, and the manifest goes on counting what it counted.
 *
 * @param folder Opened exclusively. @returns The datasets that have anything.
 */
export async function eraseFromLake(folder: LakeFolder, options: EraseOptions): Promise<ErasedDataset[]> {
  const connection = await connectDuckDb({ memoryMb: 300, spillFolder: folder.spillTemp });
  await connection.run('SET enable_external_file_cache = false');
  await mkdir(folder.workTemp, { recursive: true });
  const opened = isCompacted(folder.path) ? await openCompaction(folder, options.clock) : undefined;
  const evidence = openEvidence(folder);
  const place: ErasurePlace = { root: folder.path, temp: folder.workTemp, connection, now: options.clock.now(), evidence };
  const landing = await openLanding({ memoryMb: 300, spillFolder: folder.spillTemp });
  const deps: Deps = { options, place, landing, rawRows: rawRowsOf(options.erasure), ...(opened && { parts: opened }) };
  try {
    const found = await find(deps);
    const quarantined = await findQuarantined(options.erasure, folder.path, folder.ledgerFile);
    if (!options.isDryRun) {
      for (const one of found) await erase(one, deps);
      for (const { key } of quarantined) await removeObject(key, folder.path);
      // Also what was merged lately, and what a killed run left: a query that still reads such a file fails, and can be run again.
      await opened?.compaction.clean('at once');
    }
    const remembered = eraseRemembered(folder, options.erasure, options.isDryRun);
    const ofRules = [
      { dataset: 'what rules remember', objects: 0, bytes: 0, rows: remembered.sightings, parts: 0, partRows: 0 },
      { dataset: 'notices of findings', objects: 0, bytes: 0, rows: remembered.notices, parts: 0, partRows: 0 },
    ];
    const inQuarantine = { dataset: 'quarantine', ...sizes(quarantined), parts: 0, partRows: 0 };
    return [...found.map(summary), inQuarantine, ...ofRules].filter(({ objects, parts, rows }) => objects + parts + rows > 0);
  } finally {
    opened?.close();
    evidence.close();
    landing.close();
    connection.closeSync();
    await rm(join(folder.workTemp, keysFile), { force: true });
  }
}

const keysFile = 'erased-keys.parquet';

/** Normalized datasets first: the raw rows decide which of their rows go. */
async function find(deps: Deps): Promise<Found[]> {
  const { erasure } = deps.options;
  const tables = lakeTables().filter((table) => table.kind !== 'view');
  const [raw, normalized] = [tables.filter(({ kind }) => kind === 'raw'), tables.filter(({ kind }) => kind === 'normalized')];
  const findings = tables.filter(({ kind }) => kind === 'findings');
  if (erasure.kind === 'tenant') return findRows([...findings, ...normalized, ...raw], deps.rawRows, deps);
  const named = { kind: 'finding with text', pattern: personPattern(erasure.identifiers), ...tenantOf(erasure) } as const;
  const inFindings = await findRows(findings, named, deps);
  const inRaw = await findRows(raw, deps.rawRows, deps);
  if (inRaw.length === 0) return inFindings;
  const file = join(deps.place.temp, keysFile);
  await writeKeys(inRaw, file, deps.place);
  const ofTheirs = { kind: 'of records', keysFile: file, ...tenantOf(erasure) } as const;
  return [...inFindings, ...(await findRows(normalized, ofTheirs, deps)), ...inRaw];
}

function rawRowsOf(erasure: Erasure): DroppedRows {
  if (erasure.kind === 'tenant') return { kind: 'of tenant', name: erasure.tenant };
  return { kind: 'with text', pattern: personPattern(erasure.identifiers), ...tenantOf(erasure) };
}

const tenantOf = ({ tenant }: Erasure): { readonly tenant?: string } => (tenant === undefined ? {} : { tenant });

async function findRows(tables: readonly Dataset[], rows: DroppedRows, deps: Deps): Promise<Found[]> {
  const found: Found[] = [];
  for (const table of tables) {
    deps.options.onProgress?.(table.name);
    const one = { table, rows, objects: await findObjects(table.name, rows, deps.place), parts: await findParts(table.name, rows, deps) };
    if (one.objects.length + one.parts.length > 0) found.push(one);
  }
  return found;
}

async function findParts(dataset: string, rows: DroppedRows, { parts }: Deps): Promise<FoundPart[]> {
  const found: FoundPart[] = [];
  for (const [day, ofDay] of parts?.compaction.place().manifest.partsByDay(dataset) ?? [])
    for (const part of ofDay) {
      const count = (await parts?.writer.count(dataset, part, rows)) ?? 0;
      if (count > 0) found.push({ day, part, rows: count });
    }
  return found;
}

/** The record keys of everything found. */
async function writeKeys(found: readonly Found[], file: string, { root, connection }: ErasurePlace): Promise<void> {
  const selects = found.flatMap(({ rows, objects, parts }) =>
    [...objects.map(({ key }) => key), ...parts.map(({ part }) => part.name)].map(
      (name) => `SELECT record_key FROM read_parquet(${literal(asPattern(join(root, name)))}) WHERE ${droppedRowsSql(rows)}`,
    ),
  );
  const none = emptySelect([{ name: 'record_key', type: 'text' }]);
  await connection.run(`CREATE OR REPLACE TEMP TABLE erased_keys AS SELECT record_key FROM (${none})`);
  for (const select of selects) await connection.run(`INSERT INTO erased_keys ${select}`);
  await connection.run(`COPY (SELECT DISTINCT record_key FROM erased_keys) TO ${literal(file)} (FORMAT parquet)`);
}

/** Objects before parts: of rows that are in both, those in the parts are found again by a run after one that was killed. */
async function erase(found: Found, deps: Deps): Promise<void> {
  const { table, rows, objects, parts } = found;
  const isRaw = table.kind === 'raw';
  // What normalized rows are found by is in raw ones, which come last; among those, parts do.
  if (!isRaw) await eraseParts(table.name, rows, parts, deps);
  for (const object of objects) {
    if (rows.kind === 'of tenant') await removeLanded(object.key, deps.place);
    else if (table.kind === 'raw') await rewriteDeciding(object, rows, deps.place);
    else if (table.kind === 'findings') await rewriteDeciding(object, rows, deps.place, 'finding_id');
    else
      await rewriteNormalized(
        object,
        rows,
        (into) => deriveAgain(object.key, table.normalized, deps.rawRows, into, { ...deps.place, landing: deps.landing }),
        deps.place,
      );
    deps.options.onProgress?.(table.name);
  }
  if (deps.parts) forgetGone(table.name, objects, deps.parts.compaction);
  if (isRaw) await eraseParts(table.name, rows, parts, deps);
}

function forgetGone(dataset: string, objects: readonly FoundObject[], compaction: LocalCompaction): void {
  if (objects.length > 0) forgetMissing(compaction.place(), dataset, () => true);
}

/** Each part is replaced in one change. */
async function eraseParts(dataset: string, rows: DroppedRows, found: readonly FoundPart[], { parts, options }: Deps): Promise<void> {
  for (const { day, part, rows: count } of found) {
    if (!parts) return;
    const left = count === part.rows ? undefined : await parts.compaction.writeWithout(dataset, day, part, rows);
    await parts.compaction.commit({ dataset, objects: [], added: left ? [{ day, part: left }] : [], retired: [part] });
    options.onProgress?.(dataset);
  }
}

function summary({ table, objects, parts }: Found): ErasedDataset {
  const partRows = parts.reduce((sum, { rows }) => sum + rows, 0);
  return { dataset: table.name, ...sizes(objects), parts: parts.length, partRows };
}

const sizes = (objects: readonly FoundObject[]): Pick<ErasedDataset, 'objects' | 'bytes' | 'rows'> => ({
  objects: objects.length,
  bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
  rows: objects.reduce((sum, { rows }) => sum + rows, 0),
});
