import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { contentJob, windowJob } from '../../../shared/domain/fetch-job.ts';
import { literal } from '../../../shared/domain/literal.ts';
import { minutes } from '../../../shared/domain/window.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { connectDuckDb, openLanding } from '../../../shared/landing/landing.ts';
import { at, contoso } from '../../contracts/samples.ts';

let folder: string;
let landing: Awaited<ReturnType<typeof openLanding>>;
let reader: DuckDBConnection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'large-files-'));
  landing = await openLanding({ memoryMb: 110, spillFolder: join(folder, 'spill') });
  reader = await connectDuckDb({ memoryMb: 300, spillFolder: join(folder, 'spill') });
});
afterAll(async () => {
  landing.close();
  reader.closeSync();
  await rm(folder, { recursive: true });
});

const exchange = logTypeById('audit-exchange');
const audits = logTypeById('directory-audits');
const padding = 'x'.repeat(40_000);

/** The later records first. */
async function writeRecords(name: string, count: number, record: (number: number) => object): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, JSON.stringify(Array.from({ length: count }, (_, index) => record(count - 1 - index))));
  return file;
}

const query = async (sql: string): Promise<unknown> => (await reader.runAndReadAll(sql)).getRowObjectsJson()[0];

test('content too large for memory lands whole, each row with its contentId, sorted in stretches', async () => {
  const record = (number: number): object => ({
    Id: String(number),
    CreationTime: new Date(at('06:00') + number * 1_000).toISOString().slice(0, 19),
    padding,
  });
  const files = [await writeRecords('a.json', 900, record), await writeRecords('b.json', 600, (number) => record(number + 900))];
  const job = contentJob({ cloud: 'enterprise', tenantId: contoso, logType: exchange.id }, 'contoso', [], 0);
  const into = join(folder, 'content.parquet');
  const from = files.map((file, index) => ({ file, contentId: `blob ${String(index)}` }));
  const landed = await landing.toParquet({ logType: exchange, job, from, into, landedAt: 0, without: [], metadata: { job: job.jobId } });

  expect(landed).toMatchObject({ kind: 'written', rows: 1_500 });
  const rows = `(SELECT *, lag(event_time) OVER () AS previous FROM read_parquet(${literal(into)}))`;
  expect(
    await query(`SELECT count(DISTINCT record_id)::INT AS ids, count(*) FILTER (content_id = 'blob 1')::INT AS second, count(DISTINCT record_key)::INT AS keys,
      min(length(raw))::INT > 40000 AS whole, count(*) FILTER (event_time < previous)::INT < 20 AS stretches FROM ${rows}`),
  ).toEqual({ ids: 1_500, second: 600, keys: 1_500, whole: true, stretches: true });
  expect(await query(`SELECT decode(value) AS job FROM parquet_kv_metadata(${literal(into)}) WHERE decode(key) = 'job'`)).toEqual({
    job: job.jobId,
  });
  expect((await readdir(folder)).filter((name) => name.includes('piece'))).toEqual([]);
}, 60_000);

test('a window too large for memory drops what is outside, what is repeated, and what an earlier pass landed', async () => {
  const window = { start: at('06:00'), end: at('06:05') };
  const job = windowJob({ cloud: 'global', tenantId: contoso, logType: audits.id }, 'contoso', window, 1, at('07:00'));
  // Two a second, and each twice; the last five minutes are outside.
  const record = (number: number): object => ({
    id: String(number % 600),
    activityDateTime: new Date(at('06:00') + (number % 600) * 1_000).toISOString(),
    padding,
  });
  const file = await writeRecords('window.json', 1_200, record);
  const earlier = await writeRecords('earlier.json', 100, record);
  const request = { logType: audits, job, landedAt: 0, metadata: { job: job.jobId } };
  const known = join(folder, 'known.parquet');
  await landing.toParquet({ ...request, from: [{ file: earlier }], into: known, without: [] });
  const into = join(folder, 'window.parquet');
  const landed = await landing.toParquet({ ...request, from: [{ file }], into, window, without: [known] });

  expect(landed).toMatchObject({ kind: 'written', rows: 200 });
  expect(await query(`SELECT min(record_id::INT) AS first, max(record_id::INT) AS last FROM read_parquet(${literal(into)})`)).toEqual({
    first: 100,
    last: 299,
  });
  expect(window.end - window.start).toBe(minutes(5));
}, 60_000);

test('a record longer than DuckDB reads at once lands', async () => {
  const file = join(folder, 'long.json');
  await writeFile(file, JSON.stringify([{ Id: '1', CreationTime: '2026-11-22T06:00:00', padding: 'x'.repeat(6_000_000) }]));
  const job = contentJob({ cloud: 'enterprise', tenantId: contoso, logType: exchange.id }, 'contoso', [], 0);
  const into = join(folder, 'long.parquet');
  const landed = await landing.toParquet({
    logType: exchange,
    job,
    from: [{ file }],
    into,
    landedAt: 0,
    without: [],
    metadata: { job: job.jobId },
  });
  expect(landed).toMatchObject({ kind: 'written', rows: 1 });
  expect(await query(`SELECT record_id FROM read_parquet(${literal(into)})`)).toEqual({ record_id: '1' });
}, 60_000);
