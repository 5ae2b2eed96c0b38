/** JSON files in, one Parquet file out, by DuckDB: one statement, sorted by event time, zstd level 1. */

import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection, type DuckDBResult } from '@duckdb/node-api';
import { deriveStatement, occurringStatement, type DeriveRequest, type RawFile } from './datasets/derive-statement.ts';
import type { NormalizedDataset } from './datasets/normalized-dataset.ts';
import { sqlMacros } from './domain/sql-macros.ts';
import { literal } from './domain/sql.ts';
import { copyStatement, joinStatement, rowGroupRows } from './landing/copy-statement.ts';
import { mend, piecesOf } from './landing/json-pieces.ts';
import type { Derived, Landed, Landing, LandingRequest } from './ports.ts';

export interface DuckDbLimits {
  /** What DuckDB may hold in memory before it spills, in MB. */
  readonly memoryMb: number;
  readonly spillFolder: string;
}

/**
 * Landing by an embedded DuckDB of its own.
 *
 * One thread: more cost CPU and change the bytes. Everything it reads and writes are files; nothing is ever downloaded.
 */
export async function openLanding(limits: DuckDbLimits): Promise<Landing & { close(): void }> {
  const connection = await connectDuckDb(limits);
  // What a landing reads twice it names itself (domain/sql.ts); looking for more takes DuckDB longer than it saves.
  await connection.run("SET disabled_optimizers = 'common_subexpressions'");
  // Each file is read once: what is kept of it for a second time is memory (measured: 433 instead of 401 MB for the whole line).
  await connection.run('SET enable_external_file_cache = false');
  for (const macro of sqlMacros) await connection.run(macro);
  return {
    toParquet: (request) => toParquet(connection, request),
    occurring: (datasets, from) => occurring(connection, datasets, from),
    derive: (request) => derive(connection, request),
    close: () => {
      connection.closeSync();
    },
  };
}

export async function connectDuckDb(limits: DuckDbLimits): Promise<DuckDBConnection> {
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

/**
 * DuckDB refuses a whole file for one lone surrogate or one invalid byte, which JavaScript reads. So when the statement
 * fails, every file is looked at: those that are no JSON array are named, in the others only what DuckDB refuses is replaced.
 */
async function toParquet(connection: DuckDBConnection, request: LandingRequest): Promise<Landed> {
  try {
    return await copyHoweverLarge(connection, request);
  } catch (error) {
    const looks = [];
    for (const { file } of request.from) looks.push({ file, look: await mend(file) });
    const unreadable = looks.filter(({ look }) => look === 'unreadable').map(({ file }) => file);
    if (unreadable.length > 0) return { kind: 'unreadable', files: unreadable };
    if (looks.every(({ look }) => look === 'clean')) throw error;
    return await copyHoweverLarge(connection, request);
  }
}

/** DuckDB holds what it sorts and cannot always spill it; what is too much for it at once is landed in pieces. */
async function copyHoweverLarge(connection: DuckDBConnection, request: LandingRequest): Promise<Landed> {
  try {
    return await copy(connection, request);
  } catch (error) {
    if (/Out of Memory Error|maximum_object_size/.test(String(error))) return await copyInPieces(connection, request);
    throw error;
  }
}

/**
 * Every piece becomes a Parquet file of its own, sorted; joined, they stand one after the other. So the file is sorted in
 * stretches of a few MB, which is what its row groups are pruned by.
 */
async function copyInPieces(connection: DuckDBConnection, request: LandingRequest): Promise<Landed> {
  const { window: _window, ...unfiltered } = request;
  const folder = `${request.into}.pieces`;
  await mkdir(folder, { recursive: true });
  try {
    const parts: string[] = [];
    let [bytes, rows] = [0, 0];
    for (const { file, ...said } of request.from) {
      for await (const piece of piecesOf(file, pieceBytes)) {
        const { size } = await stat(piece);
        const part = join(folder, `${String(parts.length)}.parquet`);
        const landed = await copy(connection, { ...unfiltered, from: [{ file: piece, ...said }], without: [], into: part }, size);
        rows += landed.rows;
        bytes += size;
        parts.push(part);
      }
    }
    if (rows === 0) return await copy(connection, { ...request, from: [] });
    const groupRows = Math.min(rowGroupRows, Math.ceil((2 * pieceBytes * rows) / bytes));
    return await written(await connection.run(joinStatement(request, parts, groupRows)), request.into);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const pieceBytes = 4e6;

/** Looked at only where it can save a select that gives nothing: planning one takes a fifth of what its rows do. */
async function occurring(connection: DuckDBConnection, datasets: readonly NormalizedDataset[], from: RawFile) {
  if (datasets.filter(({ where }) => where !== undefined).length < 2) return datasets;
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

async function copy(connection: DuckDBConnection, request: LandingRequest, longestRecord = usualLongestRecord): Promise<Written> {
  for (const { file } of request.from) if (!(await endsAsArray(file))) throw new Error(`${file} does not end as a JSON array does`);
  return await written(await connection.run(copyStatement(request, longestRecord)), request.into);
}

/** In bytes. DuckDB reads with a buffer of twice this size, so that it is not made as large as it might be. */
const usualLongestRecord = 2 << 20;

type Written = Extract<Landed, { kind: 'written' }>;

async function written(result: DuckDBResult, into: string): Promise<Written> {
  return { kind: 'written', rows: Number(await firstValue(result)), bytes: (await stat(into)).size };
}

/** DuckDB takes a file of nothing, and an array cut off after a comma, for whole. */
async function endsAsArray(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    for (let end = (await handle.stat()).size; end > 0; end -= tailBytes) {
      const start = Math.max(0, end - tailBytes);
      const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(end - start), position: start });
      const tail = buffer.toString('latin1', 0, bytesRead).trimEnd();
      if (tail !== '') return tail.endsWith(']');
    }
    return false;
  } finally {
    await handle.close();
  }
}

const tailBytes = 4_096;

async function firstValue(result: DuckDBResult): Promise<unknown> {
  const rows = await result.getRows();
  return rows[0]?.[0];
}
