/** SQL over the lake folder, by an embedded DuckDB that can read the lake's objects and nothing else. */

import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import { literal } from '../shared/domain/literal.ts';
import { connectDuckDb } from '../shared/landing/landing.ts';
import { withValues, type Question } from '../shared/ports/asking.ts';
import { isCompacted } from './compaction/manifest-file.ts';
import { UsageError } from './exit.ts';
import { openLakeFolder } from './lake-folder.ts';
import { asPattern } from './lake-sql.ts';
import { createLakeMacros, createLakeViews, lakeTables, withWhatTheyRead, type LakeTable } from './lake-views.ts';
import { throwNamingMissingPart } from './missing-part.ts';
import { openQueryPlanner, type QueryPlanner } from './query-planner.ts';
import { explainedBy, readingStatement } from './reading-statement.ts';

/** Reads a lake folder by SQL. */
export interface LakeReader {
  /** Absolute path of the lake folder. */
  readonly path: string;
  /** The tables that can be named. */
  readonly tables: readonly LakeTable[];
  /**
   * Runs one reading statement over what the lake has now; its rows are made while they are taken.
   *
   * @throws UsageError when it is not one statement that reads, or calls what queries may not call; else what DuckDB says.
   */
  query(question: string | Question): Promise<DuckDBResult>;
  /** Ends the query that is running: it fails. */
  interrupt(): void;
  close(): Promise<void>;
}

/**
 * Opens the lake for reading; a run may write to it meanwhile. The caller closes it.
 *
 * @param sql Only the tables that this text names can be named in queries; all when it names none.
 * @throws UsageError when there is no lake, or one of a newer version.
 */
export async function openLakeReader(
  lake: string,
  sql = '',
  { memoryMb = usualMemoryMb() }: { readonly memoryMb?: number } = {},
): Promise<LakeReader> {
  const { path } = await openLakeFolder(lake, { exclusive: false }).catch((error: unknown) => {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  });
  const spillFolder = await mkdtemp(join(tmpdir(), 'm365-audit-lake-query-'));
  const connection = await connectDuckDb({ memoryMb, spillFolder });
  let opened: QueryPlanner | undefined;
  const planner = async (): Promise<QueryPlanner> => (opened ??= await openQueryPlanner({ memoryMb: 100, spillFolder }));
  const close = async (): Promise<void> => {
    connection.closeSync();
    opened?.close();
    await rm(spillFolder, { recursive: true, force: true });
  };
  try {
    const tables = tablesNamedIn(sql, lakeTables());
    await prepareForReading(connection, path);
    const query = async (asked: string | Question): Promise<DuckDBResult> => {
      const { sql, values = {} }: Question = typeof asked === 'string' ? { sql: asked } : asked;
      const named = tablesNamedIn(sql, tables);
      const days = isCompacted(path) ? await (await planner()).askedDays(plannable({ sql, values }), named) : undefined;
      await createLakeViews(connection, path, named, days && { asked: days });
      const statement = await readingStatement(
        connection,
        withValues({ sql, values }, (name) => `$${name}`),
      ).catch(throwNamingMissingPart);
      if (Object.keys(values).length > 0) statement.bind(boundValues(values));
      return statement.stream().catch(throwNamingMissingPart);
    };
    const interrupt = (): void => {
      connection.interrupt();
    };
    return { path, tables, query, interrupt, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A whole number is bound as one: as a limit, DuckDB takes no other. */
const boundValues = (values: NonNullable<Question['values']>): Record<string, string | number | bigint> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number.isSafeInteger(value) ? BigInt(value) : value]));

/** What a query asks for, to be planned: with its values in it, for a plan without them knows no days. It is not run. */
function plannable(question: Question): string {
  const text = withValues(question, (_, value) => (typeof value === 'number' ? String(value) : literal(value)));
  return explainedBy(text) ?? text;
}

/** A view needs what it reads, so they come together. */
function tablesNamedIn(sql: string, tables: readonly LakeTable[]): readonly LakeTable[] {
  const named = withWhatTheyRead(new Set(sql.toLowerCase().match(/\w+/g)), tables);
  return named.length === 0 ? tables : named;
}

/** From the last line on, the connection cannot reach any file but the objects, nor be talked out of it. */
async function prepareForReading(connection: DuckDBConnection, path: string): Promise<void> {
  await connection.run(`SET threads = ${String(availableParallelism())}`);
  // Files are read once a query: what DuckDB would keep of them for the next is memory.
  await connection.run('SET enable_external_file_cache = false');
  await createLakeMacros(connection);
  const readable = [path, asPattern(path)].flatMap((root) => ['raw', 'compacted'].map((name) => literal(join(root, name, '/'))));
  await connection.run(`SET allowed_directories = [${readable.join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

function usualMemoryMb(): number {
  return Math.round(Math.min(4_096, totalmem() / 2 ** 20 / 4));
}
