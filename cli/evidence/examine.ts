/** What one object's bytes are, and whether its rows say what the records in them say. */

import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { digestOfStream } from '../../shared/file-digest.ts';
import type { FoundObject } from '../../shared/domain/evidence/judge-objects.ts';
import type { StandingEntry } from '../../shared/domain/evidence/manifest.ts';
import type { Landing } from '../../shared/ports/landing.ts';
import { readFileAgain } from '../../local/compaction/read-again.ts';
import { asPattern } from '../../local/lake-sql.ts';
import { readFooter } from '../../local/parquet-footer.ts';

/** What reads records. */
export interface ExamineTools {
  readonly connection: DuckDBConnection;
  readonly landing: Pick<Landing, 'toParquet'>;
  /** For files of our own. */
  readonly folder: string;
}

/** How closely an object is looked at. */
export interface Closeness {
  /** What it should be; undefined where nobody knows. */
  readonly expected: StandingEntry | undefined;
  /** Whether its rows carry their records. */
  readonly hasRecords: boolean;
  /** Intact objects are left at their digest. */
  readonly isQuick: boolean;
}

/** @param file The object's bytes. */
export async function examine(file: string, { expected, hasRecords, isQuick }: Closeness, tools: ExamineTools): Promise<FoundObject> {
  const digest = await digestOfStream(createReadStream(file));
  const isIntact = expected?.sha256 === digest.sha256;
  if (isIntact && isQuick) return digest;
  const footer = await readFooter(file).catch(() => undefined);
  if (!footer) return digest;
  const { rows } = footer;
  return { ...digest, rows, ...(hasRecords && rows > 0 && (await againstRecords(file, rows, !isIntact, tools))) };
}

type Rows = Pick<FoundObject, 'wrongKeys' | 'differing'>;

/** The rows beside those that the landing makes of their records now. @param isCloser Every column, not the record key alone. */
async function againstRecords(file: string, rows: number, isCloser: boolean, tools: ExamineTools): Promise<Rows> {
  const again = join(tools.folder, 'read-again.parquet');
  try {
    const read = await readFileAgain('an object', file, again, tools);
    if (read === 'not of one job') return { wrongKeys: rows, differing: { 'tenant, cloud, log type or time of landing': rows } };
    const { record_key: wrongKeys = 0, ...differing } = await compared(
      file,
      again,
      isCloser ? undefined : ['record_key'],
      tools.connection,
    );
    return { wrongKeys, ...(isCloser && { differing }) };
  } catch {
    // Its records are no records any more.
    return { wrongKeys: rows };
  } finally {
    await rm(again, { force: true });
  }
}

/** In how many rows each column differs, where it does in any. A record that is there twice is compared with either. */
async function compared(
  file: string,
  again: string,
  only: readonly string[] | undefined,
  connection: DuckDBConnection,
): Promise<Readonly<Record<string, number>>> {
  const [there, now] = [await columnsOf(file, connection), await columnsOf(again, connection)];
  const columns = (only ?? [...there].filter(([name, type]) => name !== 'raw' && now.get(name) === type).map(([name]) => name)).map(quoted);
  const side = (from: string): string => `(
    SELECT ${columns.join(', ')}, md5(raw) AS "#record", row_number() OVER (PARTITION BY md5(raw) ORDER BY content_id) AS "#turn" FROM read_parquet(${from}))`;
  const counts = columns.map((name) => `count(*) FILTER (a.${name} IS DISTINCT FROM b.${name})`);
  const sql = `SELECT [${counts.join(', ')}] FROM ${side('$1')} a JOIN ${side('$2')} b USING ("#record", "#turn")`;
  const answer = await connection.runAndReadAll(sql, [asPattern(file), asPattern(again)]);
  const [[list] = []] = answer.getRowsJS();
  const found = (list as readonly bigint[]).map(Number);
  const names = only ?? [...there.keys()].filter((name) => name !== 'raw' && now.get(name) === there.get(name));
  return Object.fromEntries(names.flatMap((name, index) => ((found[index] ?? 0) > 0 ? [[name, found[index] ?? 0]] : [])));
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

async function columnsOf(file: string, connection: DuckDBConnection): Promise<Map<string, string>> {
  const answer = await connection.runAndReadAll('DESCRIBE SELECT * FROM read_parquet($1)', [asPattern(file)]);
  return new Map(answer.getRows().map(([name, type]) => [String(name), String(type)]));
}
