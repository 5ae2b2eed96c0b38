/** What landing writes, beside what DuckDB makes of the same rows and columns at the same level of zstd. */

import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { auditRecord, randomNumbers, type RecordKind } from '../../bench/records.ts';
import { contentJob } from '../../shared/domain/fetch-job.ts';
import { literal } from '../../shared/domain/literal.ts';
import { connectDuckDb, openLanding } from '../../shared/landing/landing.ts';
import { logTypeById } from '../../shared/log-types/index.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-size-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const kinds: readonly RecordKind[] = ['audit-exchange', 'audit-sharepoint', 'audit-azure-active-directory'];

test.each(kinds)('a file of %s is at most two hundredths larger than what DuckDB writes of it', async (kind) => {
  const [ours, duckDbs] = [join(folder, `${kind}.parquet`), join(folder, `${kind}-duckdb.parquet`)];
  await landRecords(kind, ours);
  const connection = await connectDuckDb({ memoryMb: 300, spillFolder: folder });
  await connection.run(`COPY (FROM ${literal(ours)}) TO ${literal(duckDbs)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`);
  connection.closeSync();
  const bytes = await Promise.all([ours, duckDbs].map(async (file) => (await stat(file)).size));
  expect((bytes[0] ?? 0) / (bytes[1] ?? 0)).toBeLessThan(1.02);
});

async function landRecords(kind: RecordKind, into: string): Promise<void> {
  const random = randomNumbers(1);
  const begun = Date.UTC(2026, 10, 22, 6);
  const records = Array.from({ length: 5_000 }, () => auditRecord(kind, begun + Math.floor(random() * 3_600_000), random));
  const blob = `${into}.json`;
  await writeFile(blob, JSON.stringify(records));
  const landing = await openLanding({ memoryMb: 300, spillFolder: folder });
  const job = contentJob({ cloud: 'enterprise', tenantId: '11111111-1111-4111-8111-111111111111', logType: kind }, 'contoso', [], 0);
  const from = [{ file: blob, contentId: 'blob' }];
  await landing.toParquet({ logType: logTypeById(kind), job, from, into, landedAt: 0, without: [], metadata: {} });
  landing.close();
}
