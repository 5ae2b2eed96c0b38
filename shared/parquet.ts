/** JSON files in, one Parquet file out, by DuckDB: one statement, sorted by event time, zstd level 1. */

import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { NormalizedDataset } from './datasets/normalized-dataset.ts';
import type { Column, Expression, GivenName } from './domain/columns.ts';
import { sqlMacros } from './domain/sql-macros.ts';
import { columnSql, literal, type NamedSql } from './domain/sql.ts';
import { iso, type Window } from './domain/window.ts';
import type { LogType } from './log-types/log-type.ts';
import type { ObjectMetadata } from './domain/landing-key.ts';
import type { Landed, Landing, LandingRequest } from './ports.ts';

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
  for (const macro of sqlMacros) await connection.run(macro);
  return {
    toParquet: (request) => toParquet(connection, request),
    derive: (dataset, raw, into, metadata) => derive(connection, dataset, raw, into, metadata),
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
  // to twice what it needs (measured for 20 MB of JSON: 1.9 CPU s and 220 MB, 1.5 s and 236 MB, 1.4 s and 400 MB for 1, 32 and 128 MB).
  await connection.run("SET allocator_flush_threshold = '32MB'");
  await connection.run("SET allocator_bulk_deallocation_flush_threshold = '32MB'");
  // What a landing reads twice it names itself (domain/sql.ts); looking for more takes DuckDB longer than it saves.
  await connection.run("SET disabled_optimizers = 'common_subexpressions'");
  return connection;
}

/**
 * DuckDB refuses a whole file for one lone surrogate or one invalid byte, which JavaScript reads. So when the statement
 * fails, every file is looked at: those that are no JSON array are named, in the others only what DuckDB refuses is replaced.
 */
async function toParquet(connection: DuckDBConnection, request: LandingRequest): Promise<Landed> {
  try {
    return await copy(connection, request);
  } catch (error) {
    const looks = [];
    for (const { file } of request.from) looks.push({ file, look: await mend(file) });
    const unreadable = looks.filter(({ look }) => look === 'unreadable').map(({ file }) => file);
    if (unreadable.length > 0) return { kind: 'unreadable', files: unreadable };
    if (looks.every(({ look }) => look === 'clean')) throw error;
    return await copy(connection, request);
  }
}

async function derive(connection: DuckDBConnection, dataset: NormalizedDataset, raw: string, into: string, metadata: ObjectMetadata) {
  const select = dataset.select(`read_parquet(${literal(raw)})`);
  const result = await connection.run(
    `COPY (${select}) TO ${literal(into)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, KV_METADATA ${metadataSql(metadata)})`,
  );
  return { rows: Number(await firstValue(result)), bytes: (await stat(into)).size };
}

/** Rewrites a file that only JavaScript can read. Text alone is changed: numbers, repeated keys and the other records stay as they came. */
async function mend(file: string): Promise<'clean' | 'mended' | 'unreadable'> {
  const bytes = await readFile(file);
  // Takes the byte order mark as well, which DuckDB reads and JSON.parse does not.
  const text = bytes.toString('utf8').trim();
  try {
    if (!Array.isArray(JSON.parse(text))) return 'unreadable';
  } catch {
    return 'unreadable';
  }
  const mended = Buffer.from(text.replace(escapes, (escape, half?: string) => (half === undefined ? escape : '\\ufffd')));
  if (mended.equals(bytes)) return 'clean';
  await writeFile(file, mended);
  return 'mended';
}

/** Surrogate pairs, halves of one (captured), and every other escape, so that `\\ud800`, which is no surrogate, is stepped over. */
const escapes = /\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(\\u[dD][89a-fA-F]..)|\\./g;

async function copy(connection: DuckDBConnection, request: LandingRequest): Promise<Landed> {
  for (const { file } of request.from) await refuseCutOff(file);
  const result = await connection.run(copyStatement(request));
  const rows = Number(await firstValue(result));
  return { kind: 'written', rows, bytes: (await stat(request.into)).size };
}

/** DuckDB takes a file of nothing, and an array cut off after a comma, for whole. */
async function refuseCutOff(file: string): Promise<void> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(64), position: Math.max(0, size - 64) });
    if (!buffer.toString('latin1', 0, bytesRead).trimEnd().endsWith(']')) throw new Error(`${file} does not end as a JSON array does`);
  } finally {
    await handle.close();
  }
}

async function firstValue(result: Awaited<ReturnType<DuckDBConnection['run']>>): Promise<unknown> {
  const rows = await result.getRows();
  return rows[0]?.[0];
}

/** The one statement. Read it from the inside out: records, their fields, columns, key, order, file. */
export function copyStatement(request: LandingRequest): string {
  const { logType } = request;
  const { records, layers, expressions } = columnSql(logType.columns, givens(request));
  const taken = `SELECT raw, file, ${records.map(namedSql).join(', ')} FROM (${recordsSql(request)})`;
  const ready = layers.reduce((from, layer) => `SELECT *, ${layer.map(namedSql).join(', ')} FROM (${from})`, taken);
  const rows = `SELECT * EXCLUDE raw, ${recordKeySql(logType)} AS record_key, raw
  FROM (
    SELECT ${expressions.map(namedSql).join(',\n      ')},
      CAST(raw AS VARCHAR) AS raw
    FROM (${ready})
  )`;
  return `COPY (
  ${isFiltered(request) ? `${newRows(rows, request)}\n  ORDER BY event_time` : rows}
) TO ${literal(request.into)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE ${rowGroupRows}, KV_METADATA ${metadataSql(request.metadata)})`;
}

/** A writer holds a whole row group: DuckDB's own 122,880 rows of 4 kB would be half a gigabyte. */
const rowGroupRows = '4096';

const isFiltered = ({ window, without }: LandingRequest): boolean => window !== undefined || without.length > 0;

const namedSql = ({ name, sql }: NamedSql): string => `${sql} AS ${name}`;

/**
 * `null` elements are no records; whatever else stands in the array is kept, if only as `raw`.
 *
 * Sorted here, while a record is nothing but its text: sorting finished rows holds every column twice (measured: 427 against
 * 281 MB for 20 MB of JSON, at the same CPU time). What is filtered by key loses its order and is sorted at the end.
 */
function recordsSql(request: LandingRequest): string {
  const { from, logType } = request;
  if (from.length === 0) return `SELECT CAST(NULL AS JSON) AS raw, '' AS file WHERE false`;
  const files = from.map(({ file }) => fileSql(file)).join(', ');
  return `SELECT json AS raw, filename AS file FROM read_json_objects([${files}], format = 'array', filename = true, maximum_object_size = ${String(2 << 20)}) WHERE json <> 'null'${isFiltered(request) ? '' : ` ORDER BY ${textTimeSql(logType)}`}`;
}

/** The event time, read from the record's text alone. */
function textTimeSql({ columns }: LogType): string {
  const paths = columns.event_time ? fieldPaths(columns.event_time.from) : [];
  return `TRY_CAST(coalesce(${paths.map((path) => `json_extract_string(json, ${literal(jsonPath(path))})`).join(', ')}, NULL) AS TIMESTAMPTZ)`;
}

const jsonPath = (path: string): string =>
  `$${path
    .split('.')
    .map((name) => `."${name}"`)
    .join('')}`;

function fieldPaths(from: Expression): string[] {
  if (from.op === 'field') return [from.path];
  if (from.op === 'first') return from.of.flatMap(fieldPaths);
  return from.op === 'time' ? fieldPaths(from.of) : [];
}

/** A file's name as an SQL literal in which nothing is a pattern. */
const fileSql = (file: string): string => literal(file.replaceAll(/[[*?]/g, '[$&]'));

function givens(request: LandingRequest): Record<GivenName, string> {
  const { logType, job } = request;
  return {
    tenant_id: literal(job.stream.tenantId),
    tenant_name: literal(job.tenantName),
    cloud: literal(job.stream.cloud),
    log_type: literal(logType.id),
    vendor: literal(logType.vendor),
    product: literal(logType.product),
    content_id: contentIdSql(request.from),
    landed_at: `TIMESTAMPTZ ${literal(iso(request.landedAt))}`,
  };
}

function contentIdSql(from: LandingRequest['from']): string {
  const known = from.flatMap(({ file, contentId }) => (contentId === undefined ? [] : [{ file, contentId }]));
  if (known.length === 0) return 'CAST(NULL AS VARCHAR)';
  const files = known.map(({ file }) => literal(file)).join(', ');
  const ids = known.map(({ contentId }) => literal(contentId)).join(', ');
  return `([${ids}])[list_position([${files}], file)]`;
}

/** md5 over the identity as text; never over the JSON, whose key order Microsoft changes, and never DuckDB's own hash. */
function recordKeySql(logType: LogType): string {
  const names =
    logType.identity === 'every typed column' ? Object.keys(logType.columns).filter((name) => !saidByTheJob.has(name)) : logType.identity;
  const parts = names.map((name) => `coalesce(${asText(name, logType.columns[name]?.type)}, chr(30))`);
  return `md5(concat_ws(chr(31), ${parts.join(', ')}))`;
}

function asText(name: string, type: Column['type'] | undefined): string {
  if (type === 'text') return name;
  if (type === 'json') return `lake_unordered(${name})`;
  if (type === 'time') return `CAST(epoch_us(${name}) AS VARCHAR)`;
  if (typeof type !== 'object')
    return type === 'map' || type === 'texts' ? `CAST(to_json(${name}) AS VARCHAR)` : `CAST(${name} AS VARCHAR)`;
  const json = `CAST(to_json(${name}) AS VARCHAR)`;
  return Object.values(type.listOf).includes('json') ? `lake_unordered(${json})` : json;
}

const saidByTheJob = new Set(['tenant_id', 'tenant_name', 'cloud', 'log_type', 'vendor', 'product', 'content_id', 'landed_at']);

/** The rows that are inside the window and not in an earlier pass's files, each record key once. */
function newRows(rows: string, { logType, window, without }: LandingRequest): string {
  const wanted = [
    ...(window && logType.source.kind === 'windows' ? [insideSql(logType.source.timeColumn, window)] : []),
    ...(without.length === 0 ? [] : [`record_key NOT IN (SELECT record_key FROM read_parquet([${without.map(fileSql).join(', ')}]))`]),
  ];
  return `SELECT * FROM (${rows})${wanted.length === 0 ? '' : ` WHERE ${wanted.join('\n  AND ')}`}
  ${window ? 'QUALIFY row_number() OVER (PARTITION BY record_key ORDER BY raw) = 1' : ''}`;
}

/** Microsoft's filters include both ends. A record whose time cannot be read is kept: Microsoft says it is inside. */
function insideSql(column: string, { start, end }: Window): string {
  return `(${column} IS NULL OR (${column} >= TIMESTAMPTZ ${literal(iso(start))} AND ${column} < TIMESTAMPTZ ${literal(iso(end))}))`;
}

function metadataSql(metadata: LandingRequest['metadata']): string {
  const pairs = Object.entries(metadata).map(([key, value]) => `"${key}": ${literal(value)}`);
  return `{${pairs.join(', ')}}`;
}
