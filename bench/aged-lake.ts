/** Lakes of any age, made cheaply: the newest day is landed and compacted hour by hour, and copied to the days before it. */

import { linkSync, mkdirSync, statSync } from 'node:fs';
import { cp, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DuckDBConnection } from '@duckdb/node-api';
import { compactLake } from '../local/compaction/compact-lake.ts';
import { Manifest } from '../local/compaction/manifest.ts';
import { inTransaction } from '../local/database.ts';
import { openLakeFolder } from '../local/lake-folder.ts';
import type { Part } from '../shared/domain/compaction.ts';
import { hourFolder } from '../shared/domain/landing-key.ts';
import { literal } from '../shared/domain/literal.ts';
import { days, hours, utcDate, utcHour, type Instant } from '../shared/domain/window.ts';
import { connectDuckDb } from '../shared/landing/landing.ts';

/** What such a lake is made of. */
export interface AgedLake {
  /** Absolute path; nothing is there yet. */
  readonly path: string;
  /** A folder with a landed object for each dataset, `<dataset>.parquet`, whose events are of the newest day. */
  readonly templates: string;
  readonly datasets: readonly string[];
  /** Midnight that the newest day begins with. */
  readonly newestDay: Instant;
  /** Objects a day and dataset. */
  readonly objects: number;
  /** Days of the lake. */
  readonly age: number;
  /** A lake of one day that was made so before: the newest day is taken from there. */
  readonly dayFrom?: string;
}

/** Makes the lake, compacted. @returns How many objects it has. */
export async function makeAgedLake(lake: AgedLake): Promise<number> {
  if (lake.dayFrom === undefined) await makeNewestDay(lake);
  else await cp(lake.dayFrom, lake.path, { recursive: true });
  await comeToRest(lake);
  const folder = await openLakeFolder(lake.path, { exclusive: true });
  const duckdb = await connectDuckDb({ memoryMb: 2_000, spillFolder: folder.spillTemp });
  const manifest = Manifest.openForWriting(lake.path);
  for (const dataset of lake.datasets) await copyDataset(lake, dataset, duckdb, manifest);
  manifest.close();
  duckdb.closeSync();
  folder.close();
  return lake.objects * lake.age * lake.datasets.length;
}

/** As a collector does: a few objects land in an hour, then they are compacted. */
async function makeNewestDay({ path, templates, datasets, newestDay, objects }: AgedLake): Promise<void> {
  const folder = await openLakeFolder(path, { exclusive: true });
  for (let hour = 0; hour < 24; hour += 1) {
    const names = namesOfHour(hour, objects);
    if (names.length === 0) continue;
    for (const dataset of datasets)
      for (const name of names) {
        const file = join(path, 'raw', dataset, hourFolder(utcHour(newestDay + hours(hour))), name);
        mkdirSync(dirname(file), { recursive: true });
        linkSync(join(templates, `${dataset}.parquet`), file);
      }
    await compactLake(folder, { clock, datasets });
  }
  folder.close();
}

const clock = { now: () => Date.now() + days(1), sleep: () => Promise.resolve() };

/** What has come to rest is noted by the runs after: hours first, then dates. */
async function comeToRest({ path, datasets }: AgedLake): Promise<void> {
  const folder = await openLakeFolder(path, { exclusive: true });
  for (let run = 1; run <= 3; run += 1) await compactLake(folder, { clock, datasets });
  folder.close();
}

/** The objects of a day in equal shares an hour. */
function namesOfHour(hour: number, objects: number): string[] {
  const indexes = Array.from({ length: objects }, (_, index) => index).filter((index) => Math.floor((index * 24) / objects) === hour);
  return indexes.map((index) => `${index.toString(16).padStart(32, '0')}.parquet`);
}

/** The newest day's objects and parts for every day before it, and what the manifest says of them. */
async function copyDataset(lake: AgedLake, dataset: string, duckdb: DuckDBConnection, manifest: Manifest): Promise<void> {
  const { path, templates, newestDay, age, objects } = lake;
  if (age < 2) return;
  const copies = await mkdtemp(join(path, 'copies-'));
  const first = await movedToEachDay(join(templates, `${dataset}.parquet`), join(copies, 'raw'), lake, duckdb);
  const parts: { readonly part: Part; readonly files: ReadonlyMap<string, string> }[] = [];
  for (const part of manifest.parts(dataset, utcDate(newestDay)))
    parts.push({ part, files: await movedToEachDay(join(path, part.name), join(copies, basename(part.name)), lake, duckdb) });
  for (let back = 1; back < age; back += 1) {
    const date = utcDate(newestDay - days(back));
    const keys = linkDay(path, dataset, newestDay - days(back), objects, first.get(date) ?? '');
    const added: { day: string; part: Part }[] = [];
    for (const { part, files } of parts) {
      const name = `compacted/${dataset}/day=${date}/${basename(part.name)}`;
      mkdirSync(dirname(join(path, name)), { recursive: true });
      await rename(files.get(date) ?? '', join(path, name));
      added.push({ day: date, part: { name, rows: part.rows, bytes: (await stat(join(path, name))).size } });
    }
    manifest.commit({ dataset, objects: keys.map((key) => ({ key, bytes: 0 })), added, retired: [] }, Date.now());
  }
  settleAll(lake, dataset);
  await rm(copies, { recursive: true });
}

/** A file for each earlier day with the rows of the newest one: their times moved, and their ids and keys other ones. */
async function movedToEachDay(
  from: string,
  into: string,
  { age, newestDay }: AgedLake,
  duckdb: DuckDBConnection,
): Promise<Map<string, string>> {
  const [{ hasDate } = { hasDate: false }] = (
    await duckdb.runAndReadAll(`SELECT count(*) > 0 AS "hasDate" FROM parquet_schema(${literal(from)}) WHERE name = 'dt'`)
  ).getRowObjects();
  const files = new Map<string, string>();
  for (let first = 1; first < age; first += daysAtOnce) {
    const folder = join(into, String(first));
    mkdirSync(folder, { recursive: true });
    await duckdb.run(
      `COPY (
         SELECT rows.* REPLACE (event_time - back * INTERVAL 1 DAY AS event_time, record_id || '-' || back AS record_id,
           md5(record_key || '-' || back) AS record_key ${hasDate === true ? ', dt - CAST(back AS INTEGER) AS dt' : ''}),
           strftime(DATE '${utcDate(newestDay)}' - CAST(back AS INTEGER), '%Y-%m-%d') AS day_of_copy
         FROM read_parquet(${literal(from)}) AS rows, range(${String(first)}, ${String(Math.min(age, first + daysAtOnce))}) AS copies (back)
         ORDER BY day_of_copy, rows.event_time
       ) TO ${literal(folder)} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (day_of_copy), OVERWRITE_OR_IGNORE)`,
    );
    for (const day of await readdir(folder)) {
      const [file, ...more] = await readdir(join(folder, day));
      if (file === undefined || more.length > 0) throw new Error(`${day} of ${from} was written as ${String(more.length + 1)} files`);
      files.set(day.replace('day_of_copy=', ''), join(folder, day, file));
    }
  }
  return files;
}

/** Each holds a row group in memory while they are written. */
const daysAtOnce = 15;

/** The day's objects, all of them one file under many names. @returns Their keys. */
function linkDay(path: string, dataset: string, day: Instant, objects: number, file: string): string[] {
  const keys: string[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    const folder = `raw/${dataset}/${hourFolder(utcHour(day + hours(hour)))}`;
    const names = namesOfHour(hour, objects);
    if (names.length > 0) mkdirSync(join(path, folder), { recursive: true });
    for (const name of names) {
      linkSync(file, join(path, folder, name));
      keys.push(`${folder}/${name}`);
    }
  }
  return keys;
}

/** What compaction notes of hours and dates at rest, of all days in one transaction: each note alone waits for the disk. */
function settleAll({ path, objects, newestDay, age }: AgedLake, dataset: string): void {
  const changedNs = (folder: string): string => String(statSync(join(path, 'raw', dataset, folder), { bigint: true }).mtimeNs);
  const db = new DatabaseSync(join(path, 'compacted.sqlite'));
  inTransaction(db, () => {
    const settleHour = db.prepare('INSERT OR REPLACE INTO hours VALUES (?, ?, ?)');
    const settleDate = db.prepare('INSERT OR REPLACE INTO dates VALUES (?, ?, ?)');
    for (let back = 1; back < age; back += 1) {
      const day = newestDay - days(back);
      for (let hour = 0; hour < 24; hour += 1) {
        if (namesOfHour(hour, objects).length === 0) continue;
        const landed = utcHour(day + hours(hour));
        settleHour.run(dataset, landed, changedNs(hourFolder(landed)));
      }
      settleDate.run(dataset, utcDate(day), changedNs(`dt=${utcDate(day)}`));
    }
  });
  db.close();
}
