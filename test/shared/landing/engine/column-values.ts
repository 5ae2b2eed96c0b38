import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Columns } from '../../../../shared/domain/columns.ts';
import { contentJob } from '../../../../shared/domain/fetch-job.ts';
import { literal } from '../../../../shared/domain/literal.ts';
import { land } from '../../../../shared/landing/land.ts';
import type { LogType } from '../../../../shared/log-types/log-type.ts';
import { connectDuckDb } from '../../../../shared/landing/landing.ts';
import { at, contoso } from '../../../contracts/samples.ts';

/** Lands records of made-up log types and reads the rows back: each record is an object, or JSON text where its spelling matters. */
export async function openColumnValues() {
  const folder = await mkdtemp(join(tmpdir(), 'column-values-'));
  const duckdb = await connectDuckDb({ memoryMb: 200, spillFolder: join(folder, 'spill') });
  let landed = 0;
  return {
    of: async (columns: Columns, record: object | string): Promise<Readonly<Record<string, unknown>>> => {
      landed += 1;
      // DuckDB keeps what it has read of a file, and takes one of the same size and second for the same.
      const into = join(folder, `row-${String(landed)}.parquet`);
      await landOne(columns, typeof record === 'string' ? record : JSON.stringify(record), folder, into);
      return readRow(duckdb, into);
    },
    close: async (): Promise<void> => {
      duckdb.closeSync();
      await rm(folder, { recursive: true });
    },
  };
}

async function landOne(columns: Columns, record: string, folder: string, into: string): Promise<void> {
  const file = join(folder, 'records.json');
  await writeFile(file, `[${record}]`);
  const logType = logTypeOf(columns);
  const job = contentJob({ cloud: 'enterprise', tenantId: contoso, logType: logType.id }, 'contoso', [], at('09:00'));
  const request = { logType, job, from: [{ file }], into, landedAt: at('09:00'), without: [] };
  const landed = await land({ ...request, metadata: { job: job.jobId } }, new Set());
  if (landed.kind !== 'written' || landed.rows !== 1) throw new Error(`one record landed as ${JSON.stringify(landed)}`);
}

/** The columns of the log type alone. */
async function readRow(duckdb: DuckDBConnection, path: string): Promise<Readonly<Record<string, unknown>>> {
  const file = literal(path);
  const result = await duckdb.runAndReadAll(`SELECT * EXCLUDE (record_key, raw) FROM read_parquet(${file})`);
  return result.getRowObjectsJson()[0] ?? {};
}

function logTypeOf(columns: Columns): LogType {
  return {
    id: 'made-up',
    title: 'Made up',
    reference: 'https://learn.microsoft.com',
    source: { kind: 'content', contentType: 'Made.Up' },
    permissions: [],
    latencyMs: 0,
    retentionMs: 0,
    clouds: ['enterprise'],
    isOfferedInFedramp: false,
    dataset: 'made_up_raw',
    vendor: 'msft',
    product: 'made-up',
    identity: 'every typed column',
    columns,
    recognize: { id: [], times: [], organization: '' },
  };
}
