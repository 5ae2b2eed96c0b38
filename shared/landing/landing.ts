/** The landing port: JSON files become Parquet by our own engine (landing/), what is derived from it is derived by DuckDB. */

import { stat } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import { deriveStatement, occurringStatement, type DeriveRequest, type RawFile } from '../datasets/derive-statement.ts';
import type { NormalizedDataset } from '../datasets/normalized-dataset.ts';
import { sqlMacros } from '../domain/sql-macros.ts';
import { literal } from '../domain/literal.ts';
import { land } from './land.ts';
import type { Derived, Landing } from '../ports/landing.ts';

/** What an embedded DuckDB may use. */
export interface DuckDbLimits {
  /** What DuckDB may hold in memory before it spills, in MB. */
  readonly memoryMb: number;
  readonly spillFolder: string;
  /**
   * V8 does not look through all its objects whenever 64 MB of buffers have come and gone, which is a fifth of what landing from gzip takes.
   * Its peak is some megabytes more: nearly all buffers are given back when they have been used (whole line of one machine: 290 and 283 MiB).
   */
  readonly garbageMayWait?: boolean;
  /** DuckDB is loaded when it is first needed: never, where nothing is derived. Else at once, so that it is known to be there. */
  readonly loadsLater?: boolean;
}

/**
 * Landing, with an embedded DuckDB of its own.
 *
 * One thread: more cost CPU and change the bytes. Everything it reads and writes are files; nothing is ever downloaded.
 */
export async function openLanding(limits: DuckDbLimits): Promise<Landing & { close(): void }> {
  if (limits.garbageMayWait === true) setFlagsFromString('--external-memory-accounted-in-global-limit');
  let open: DuckDBConnection | undefined;
  let opening: Promise<DuckDBConnection> | undefined;
  const connection = (): Promise<DuckDBConnection> =>
    (opening ??= connectForDeriving(limits).then(
      (opened) => (open = opened),
      (error: unknown) => {
        opening = undefined;
        throw error;
      },
    ));
  if (limits.loadsLater !== true) await connection();
  return {
    // The record keys of earlier files are DuckDB's to read; everything else is done without it.
    toParquet: async (request) =>
      land(request, request.without.length === 0 ? new Set() : await keysOf(await connection(), request.without)),
    occurring: async (datasets, from) => (needsLook(datasets) ? occurring(await connection(), datasets, from) : datasets),
    derive: async (request) => derive(await connection(), request),
    close: () => {
      open?.closeSync();
    },
  };
}

async function connectForDeriving(limits: DuckDbLimits): Promise<DuckDBConnection> {
  const connection = await connectDuckDb(limits);
  // Looking for expressions that occur twice takes DuckDB longer than it saves.
  await connection.run("SET disabled_optimizers = 'common_subexpressions'");
  // Each file is read once: what is kept of it for a second time is memory (measured: 433 instead of 401 MB for the whole line).
  await connection.run('SET enable_external_file_cache = false');
  for (const macro of sqlMacros) await connection.run(macro);
  return connection;
}

/** A DuckDB in memory that loads no extension, with times in UTC. The caller closes it. */
export async function connectDuckDb(limits: DuckDbLimits): Promise<DuckDBConnection> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: `${String(limits.memoryMb)}MB`,
    temp_directory: limits.spillFolder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  // Returned at once, freed memory has to be asked for again and zeroed by the kernel, at a fifth of all CPU time; kept, the process grows
  // to twice what it needs (measured for 20 MB of JSON: 1.9 CPU s and 220 MB, 1.5 s and 236 MB, 1.4 s and 400 MB for 1, 32 and 128 MB;
  // for the whole line of one machine 60 CPU s a million records and 401 MB at 32 MB, 68 s and 386 MB at 16 MB).
  await connection.run("SET allocator_flush_threshold = '16MB'");
  await connection.run("SET allocator_bulk_deallocation_flush_threshold = '16MB'");
  return connection;
}

async function keysOf(connection: DuckDBConnection, files: readonly string[]): Promise<ReadonlySet<string>> {
  const list = `[${files.map(fileSql).join(', ')}]`;
  const keys = await connection.runAndReadAll(`SELECT record_key FROM read_parquet(${list})`);
  const erased = await connection.runAndReadAll(erasedKeysSelect(list));
  return new Set([...keys.getRows(), ...erased.getRows()].map(([key]) => String(key)));
}

/** Record keys of rows that were erased from Parquet files, which say so themselves (domain/erasure.ts). @param files DuckDB's list of them. */
export const erasedKeysSelect = (files: string): string =>
  `SELECT unnest(string_split(decode(value), ',')) AS record_key FROM parquet_kv_metadata(${files}) WHERE decode(key) = 'erased_keys'`;

/** A file's name as an SQL literal in which nothing is a pattern. */
const fileSql = (file: string): string => literal(file.replaceAll(/[[*?]/g, '[$&]'));

/** Looked at only where it can save a select that gives nothing: planning one takes a fifth of what its rows do. */
const needsLook = (datasets: readonly NormalizedDataset[]): boolean => datasets.filter(({ where }) => where !== undefined).length > 1;

async function occurring(connection: DuckDBConnection, datasets: readonly NormalizedDataset[], from: RawFile) {
  const result = await connection.run(occurringStatement(datasets, from, await columnsOf(connection, from.raw)));
  const [answers = []] = await result.getRows();
  return datasets.filter((_, index) => answers[index] === true);
}

async function derive(connection: DuckDBConnection, request: DeriveRequest): Promise<Derived> {
  const result = await connection.run(deriveStatement(request, await columnsOf(connection, request.raw)));
  return { rows: Number(await firstValue(result)), bytes: (await stat(request.into)).size };
}

async function columnsOf(connection: DuckDBConnection, parquet: string): Promise<ReadonlySet<string>> {
  const schema = await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet(${literal(parquet)})`);
  return new Set(schema.getRows().map(([name]) => String(name)));
}

async function firstValue(result: DuckDBResult): Promise<unknown> {
  const rows = await result.getRows();
  return rows[0]?.[0];
}
