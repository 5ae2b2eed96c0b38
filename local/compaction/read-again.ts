/** Landed objects with the columns of today: their records read again by the engine, from the JSON text that every row carries. */

import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { CompactableObject } from '../../shared/domain/compaction.ts';
import { contentJob } from '../../shared/domain/fetch-job.ts';
import { literal } from '../../shared/domain/literal.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { Compaction } from '../../shared/ports/compaction.ts';
import type { Landing } from '../../shared/ports/landing.ts';
import { asPattern } from '../lake-sql.ts';
import { throwNamingMissingPart } from '../missing-part.ts';

/** Where objects are read and written, and what reads them. */
export interface ReadAgainTools {
  /** The lake's folder. */
  readonly root: string;
  /** A folder of its own: objects have their keys in it as in the lake's. */
  readonly again: string;
  readonly connection: DuckDBConnection;
  readonly landing: Pick<Landing, 'toParquet'>;
}

/** What reads the records of parts again. */
export type RecordsTools = Pick<ReadAgainTools, 'connection' | 'landing'>;

/**
 * Compaction whose writer finds each step's objects, read again, in the folder `again`; they are removed after the step.
 *
 * @param compaction Its writer takes objects from `again`.
 */
export function readingAgain(compaction: Compaction, tools: ReadAgainTools): Compaction {
  const forgetStep = (): Promise<void> => rm(tools.again, { recursive: true, force: true });
  return {
    uncompacted: (dataset) => compaction.uncompacted(dataset),
    eventDays: async (dataset, objects) => {
      await forgetStep();
      for (const object of objects) await readAgain(object, tools);
      return compaction.eventDays(dataset, objects);
    },
    parts: (dataset, day) => compaction.parts(dataset, day),
    write: (request) => compaction.write(request),
    commit: async (step) => {
      await compaction.commit(step);
      await forgetStep();
    },
    clean: () => compaction.clean(),
  };
}

/** All rows of an object are of one job, landed at one time; only what came in which content blob differs. */
async function readAgain({ key }: CompactableObject, tools: ReadAgainTools): Promise<void> {
  const [from, into] = [join(tools.root, key), join(tools.again, key)];
  await mkdir(dirname(into), { recursive: true });
  if ((await readFileAgain(key, from, into, tools)) === 'not of one job') await copyFile(from, into);
}

/**
 * Lands the records of a file again, from their JSON text.
 *
 * @param named What the error calls them.
 * @returns `not of one job`, and nothing is written, where the rows are of none or of several.
 */
export async function readFileAgain(
  named: string,
  file: string,
  into: string,
  { connection, landing }: RecordsTools,
): Promise<'read' | 'not of one job'> {
  const jobs = await rowsOf<JobRow>(connection, `SELECT DISTINCT ${jobColumns} FROM read_parquet($1)`, file);
  const [job] = jobs;
  if (!job || jobs.length > 1) return 'not of one job';
  const records = await rowsOf<RecordRow>(connection, 'SELECT content_id, raw FROM read_parquet($1)', file);
  await landAgain(named, job, records, into, { landing });
  return 'read';
}

/**
 * Lands records of one job again.
 *
 * @param named What the error calls them.
 * @throws When they cannot be read, or are not as many as they were.
 */
export async function landAgain(
  named: string,
  job: JobRow,
  records: readonly RecordRow[],
  into: string,
  { landing }: Pick<ReadAgainTools, 'landing'>,
): Promise<void> {
  const from = await jsonFiles(records, `${into}.json`);
  const landedAt = Number(job.landed_ms);
  const stream = { cloud: job.cloud, tenantId: job.tenant_id, logType: job.log_type } as Parameters<typeof contentJob>[0];
  const logType = logTypeById(job.log_type);
  const request = { logType, job: contentJob(stream, job.tenant_name, [], landedAt), from, into, landedAt, without: [], metadata: {} };
  const landed = await landing.toParquet(request);
  if (landed.kind === 'unreadable' || landed.rows !== records.length)
    throw new Error(`the records of ${named} cannot be read again as they were landed: nothing of this step is taken`);
  for (const { file } of from) await rm(file);
}

const jobColumns = 'tenant_id, tenant_name, cloud, log_type, CAST(epoch_ms(landed_at) AS DOUBLE) AS landed_ms';

/** What all rows of a job have in common. */
export type JobRow = Readonly<Record<'tenant_id' | 'tenant_name' | 'cloud' | 'log_type' | 'landed_ms', string>>;

/** A record and the content blob that it came in. */
export interface RecordRow {
  readonly content_id: string | null;
  readonly raw: string;
}

/** The jobs that a part has rows of, with their landing dates, in an order that is always the same. */
export function jobsIn(part: string, { connection }: RecordsTools): Promise<(JobRow & { readonly dt: string })[]> {
  const columns = `${jobColumns}, CAST(dt AS VARCHAR) AS dt`;
  return rowsOf(connection, `SELECT DISTINCT ${columns} FROM read_parquet($1) ORDER BY ALL`, part);
}

/** The records that a part has of a job, in the part's order. */
export function recordsOf(part: string, job: JobRow & { readonly dt: string }, { connection }: RecordsTools): Promise<RecordRow[]> {
  const is = (column: string, value: string): string => `${column} = ${literal(value)}`;
  const names = (['tenant_id', 'tenant_name', 'cloud', 'log_type'] as const).map((name) => is(name, job[name]));
  const conditions = [...names, `epoch_ms(landed_at) = ${job.landed_ms}`, `dt = DATE ${literal(job.dt)}`];
  return rowsOf(connection, `SELECT content_id, raw FROM read_parquet($1) WHERE ${conditions.join(' AND ')}`, part);
}

async function rowsOf<T>(connection: DuckDBConnection, sql: string, file: string): Promise<T[]> {
  const result = await connection.runAndReadAll(sql, [asPattern(file)]).catch(throwNamingMissingPart);
  return result.getRowObjects() as T[];
}

/** A JSON array for each content blob, the records in their order. */
async function jsonFiles(records: readonly RecordRow[], base: string): Promise<{ file: string; contentId?: string }[]> {
  const blobs = Map.groupBy(records, ({ content_id: contentId }) => contentId);
  return Promise.all(
    [...blobs].map(async ([contentId, ofBlob], index) => {
      const file = `${base}.${String(index)}`;
      await writeFile(file, `[${ofBlob.map(({ raw }) => raw).join(',')}]`);
      return { file, ...(contentId === null ? {} : { contentId }) };
    }),
  );
}
