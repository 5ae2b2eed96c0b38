/** Findings as Parquet files, written by DuckDB and read like any other file. */

import { rm, writeFile } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { findingColumns, type FindingColumnName } from '../datasets/findings.ts';
import type { FindingRow } from '../detections/finding-row.ts';
import type { Value } from '../detections/compile/row.ts';
import { duckdbType } from '../domain/columns.ts';
import { literal } from '../domain/literal.ts';
import type { FindingFiles } from '../ports/detecting.ts';
import { readRows } from './read-rows.ts';

const names = Object.keys(findingColumns) as FindingColumnName[];

/** @param connect Called at the first finding: most objects have none. It runs one statement at a time. */
export function openFindingFiles(connect: () => Promise<DuckDBConnection>): FindingFiles {
  let last: Promise<unknown> = Promise.resolve();
  return {
    write: (rows, into, metadata) => {
      const written = last.then(async () => write(await connect(), rows, into, metadata));
      last = written.catch(() => undefined);
      return written;
    },
    read,
  };
}

async function write(
  connection: DuckDBConnection,
  rows: readonly FindingRow[],
  into: string,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const json = `${into}.json`;
  await writeFile(json, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const columns = names.map((name) => `${literal(name)}: ${literal(duckdbType(findingColumns[name].type))}`).join(', ');
  const pairs = Object.entries(metadata).map(([key, value]) => `"${key}": ${literal(value)}`);
  try {
    await connection.run(
      `COPY (SELECT ${names.join(', ')} FROM read_json(${literal(json)}, format = 'newline_delimited', columns = {${columns}})) ` +
        `TO ${literal(into)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {${pairs.join(', ')}})`,
    );
  } finally {
    await rm(json, { force: true });
  }
}

async function read(file: string): Promise<readonly FindingRow[]> {
  const rows: FindingRow[] = [];
  for await (const group of readRows(file, names)) {
    for (const row of group) rows.push(Object.fromEntries(names.map((name) => [name, asJson(row[name])])) as FindingRow);
  }
  return rows;
}

/** As the row was before it was written: times as ISO texts, whole numbers as numbers. */
function asJson(value: Value): Value {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'bigint' ? Number(value) : (value ?? null);
}
