/** Rows in the order of their event times, however many: DuckDB holds what it sorts in memory, so that many are sorted slice by slice. */

import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { landingDateColumn } from '../../shared/log-types/raw-dataset.ts';
import { asPattern, partsSelect, sizeOfFilesSelect, slicesOfFilesSelect, spansOfFilesSelect, type TypedColumn } from '../lake-sql.ts';

/** Files of one kind, and how their rows are read. */
interface SortSource {
  readonly files: readonly string[];
  /** The rows of some of them. @param patterns Each matches one file. */
  readonly select: (patterns: readonly string[]) => string;
}

/** Which rows are written, where. */
export interface SortedRows {
  readonly sources: readonly SortSource[];
  /** In SQL, of the rows that are wanted. */
  readonly condition: string;
  readonly columns: readonly TypedColumn[];
  readonly file: string;
}

/**
 * Of the rows that are sorted at once, as Parquet has them unpacked. In 200 MB, simulated rows of every dataset are sorted with 12 MB a slice,
 * and not with 24.
 */
const bytesOfSlice = 8e6;
const order = `ORDER BY event_time, ${landingDateColumn.name}`;

/** What a file is not written as usual. */
export interface HowWritten {
  readonly mostRowsOfGroup?: number | undefined;
  readonly compression?: 'zstd' | 'snappy';
}

/**
 * Writes rows to a file in the order of their event times: all at once where they fit, else spans of time one after the other, each into a
 * file of its own, which are then strung together.
 *
 * @param copy Writes what a select answers to a file, and answers the number of rows.
 * @param folder For the files in between; made when it is missing.
 * @returns How many rows.
 */
export async function copySorted(
  { sources, condition, columns, file }: SortedRows,
  connection: DuckDBConnection,
  copy: (select: string, file: string, how?: HowWritten) => Promise<number>,
  folder: string,
): Promise<number> {
  const answers = async (sql: string): Promise<Answer> => (await connection.runAndReadAll(sql)).getRows();
  const atOnce = await rowsAtOnce(sources, answers);
  const bounds = atOnce === undefined ? [] : await boundsOf(sources, condition, atOnce, answers);
  const spans = bounds.length === 0 ? everything : await spansOf(sources, answers);
  const sorted = (rows: string): string => `SELECT * FROM (${rows}) ${order}`;
  if (bounds.length === 0) return copy(sorted(rowsOf(sources, spans, condition, [undefined, undefined])), file);
  await mkdir(folder, { recursive: true });
  const slices: string[] = [];
  try {
    for (const slice of [undefined, ...bounds].map((from, index): Slice => [from, bounds[index]])) {
      const rows = rowsOf(sources, spans, condition, slice);
      // Where many rows have the earliest time of all, none is before it.
      if (rows === '') continue;
      const between = join(folder, `slice-${randomUUID()}.parquet`);
      slices.push(between);
      await copy(sorted(rows), between, { compression: 'snappy' });
    }
    return await copy(partsSelect(slices.map(asPattern), columns), file, { mostRowsOfGroup: atOnce });
  } finally {
    for (const slice of slices) await rm(slice, { force: true });
  }
}

type Answer = readonly (readonly unknown[])[];
type Answers = (sql: string) => Promise<Answer>;
/** In µs since 1970: from this time, before that one; undefined for no end. */
type Slice = readonly [from: bigint | undefined, to: bigint | undefined];
/** Of each file with an event time its first and its last; a file that is not in it may have any. */
type Spans = ReadonlyMap<string, readonly [first: bigint, last: bigint]>;

const everything: Spans = new Map();

/** How many rows are sorted at once; undefined where all are. */
async function rowsAtOnce(sources: readonly SortSource[], answers: Answers): Promise<number | undefined> {
  const [[bytes, rows] = []] = await answers(sizeOfFilesSelect(patternsOf(sources)));
  const most = Math.max(500, Math.floor((bytesOfSlice * Number(rows)) / Number(bytes)));
  return Number(rows) > most ? most : undefined;
}

/** The event times at which the second slice begins, and each later one. */
async function boundsOf(sources: readonly SortSource[], condition: string, rows: number, answers: Answers): Promise<bigint[]> {
  const times = await answers(slicesOfFilesSelect(patternsOf(sources), condition, rows));
  return times.flatMap(([time]) => (typeof time === 'bigint' ? [time] : []));
}

const patternsOf = (sources: readonly SortSource[]): string[] => sources.flatMap(({ files }) => files.map(asPattern));

async function spansOf(sources: readonly SortSource[], answers: Answers): Promise<Spans> {
  const rows = await answers(spansOfFilesSelect(patternsOf(sources)));
  return new Map(
    rows.flatMap(([name, first, last]) =>
      typeof first === 'bigint' && typeof last === 'bigint' ? [[String(name), [first, last] as const] as const] : [],
    ),
  );
}

function rowsOf(sources: readonly SortSource[], spans: Spans, condition: string, [from, to]: Slice): string {
  const meets = (file: string): boolean => {
    const [first, last] = spans.get(file) ?? [];
    return (from === undefined || last === undefined || last >= from) && (to === undefined || first === undefined || first < to);
  };
  const ends = [
    ...(from === undefined ? [] : [`event_time >= make_timestamptz(${String(from)})`]),
    ...(to === undefined ? [] : [`event_time < make_timestamptz(${String(to)})`]),
  ];
  const where = [condition, ...ends].join(' AND ');
  return sources
    .flatMap(({ files, select }) => {
      const some = files.filter(meets).map(asPattern);
      return some.length === 0 ? [] : [`SELECT * FROM (${select(some)}) WHERE ${where}`];
    })
    .join(' UNION ALL ');
}
