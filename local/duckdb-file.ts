/** The lake as a DuckDB database: its tables and views over the lake's files, for DuckDB's own tools. */

import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { literal } from '../shared/domain/literal.ts';
import type { LakeFolder } from './lake-folder.ts';
import { createLakeMacros, createLakeViews, lakeTables } from './lake-views.ts';

/** The database's name in the lake's folder. */
export const duckdbFileName = 'lake.duckdb';

/**
 * Writes it, in place of one that is there. Its views name the files that hold the lake's rows now, as paths from the lake's folder: what
 * lands or is compacted later is in it when it is written again.
 *
 * @returns How many tables and views it has.
 */
export async function writeDuckDbFile({ path }: Pick<LakeFolder, 'path'>): Promise<number> {
  const draft = join(path, `${duckdbFileName}.new`);
  await rm(draft, { force: true });
  const instance = await DuckDBInstance.create(draft, { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' });
  const connection = await instance.connect();
  const tables = lakeTables();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run(`SET file_search_path = ${literal(path)}`);
    await createLakeMacros(connection);
    await createLakeViews(connection, path, tables, { isRelative: true });
    await connection.run('CHECKPOINT');
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  await rename(draft, join(path, duckdbFileName));
  if (existsSync(`${draft}.wal`)) await rm(`${draft}.wal`);
  return tables.length;
}
