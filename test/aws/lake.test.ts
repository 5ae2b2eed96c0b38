import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { systemClock } from '../../local/clock.ts';
import { readFooter } from '../../local/parquet-footer.ts';
import { openInventory } from '../../shared/aws/lake-inventory.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { landingKey, type ObjectMetadata } from '../../shared/domain/landing-key.ts';
import type { Lake, LakeInventory } from '../../shared/ports/lake.ts';
import { lakeContract } from '../contracts/lake-contract.ts';
import { blobs } from '../contracts/samples.ts';
import { emulated, makeBucket } from './emulated.ts';

const { clients } = emulated();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lake-'));
});
afterAll(() => rm(folder, { recursive: true }));

let staged = 0;
async function stageBytes(bytes: string): Promise<string> {
  staged += 1;
  const file = join(folder, `staged-${String(staged)}`);
  await writeFile(file, bytes);
  return file;
}

/** A Parquet file of so many rows that says the metadata of itself, as the landing step's do. */
async function stageParquet(rows: number, metadata: ObjectMetadata): Promise<string> {
  staged += 1;
  const file = join(folder, `staged-${String(staged)}`);
  const duckdb = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  const pairs = Object.entries(metadata).map(([name, value]) => `'${name}': '${value}'`);
  await duckdb.run(`COPY (SELECT range AS n FROM range(${String(rows)})) TO '${file}' (FORMAT parquet, KV_METADATA {${pairs.join(', ')}})`);
  return file;
}

function lakeIn(bucket: string): Lake & LakeInventory {
  return { ...openLake(clients().s3, bucket, systemClock), ...openInventory(clients().s3, bucket, readFooter) };
}

describe('the lake in S3', () => {
  lakeContract(async () => ({
    lake: lakeIn(await makeBucket(clients().s3)),
    folder,
    stage: stageParquet,
    stageBytes,
    bytesOf: (file) => readFile(file),
  }));

  test('describes an object whose footer is longer than what is usually read of it', async () => {
    const lake = lakeIn(await makeBucket(clients().s3));
    const key = landingKey('msft_o365_exchange_online_raw', blobs('a'));
    const members = JSON.stringify(
      Array.from({ length: 2_000 }, (_, index) => `a-content-id-of-some-length-that-is-number-${String(index)}`),
    );
    await lake.putOnce(key, await stageParquet(50_000, { job: 'x', members }), { job: 'x' });
    expect(await lake.describe(key)).toMatchObject({ job: 'x', members });
  });
});

test('an object carries its metadata, and S3 keeps its checksum', async () => {
  const Bucket = await makeBucket(clients().s3);
  const Key = landingKey('msft_o365_exchange_online_raw', blobs('a'));
  await openLake(clients().s3, Bucket, systemClock).putOnce(Key, await stageBytes('PAR1'), { job: 'a' });
  const head = await clients().s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
  expect(head).toMatchObject({ ContentType: 'application/vnd.apache.parquet', ContentLength: 4, Metadata: { job: 'a' } });
  expect(head.ChecksumSHA256).toMatch(/^[A-Za-z0-9+/]{43}=$/);
});

test('a bucket that is not there is an error, not a free key', async () => {
  const lake = openLake(clients().s3, 'no-such-bucket', systemClock);
  const key = landingKey('msft_o365_exchange_online_raw', blobs('a'));
  await expect(lake.get(key, folder)).rejects.toThrow();
  await expect(lake.putOnce(key, await stageBytes('x'), {})).rejects.toThrow();
  await expect(clients().s3.send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: key }))).rejects.toThrow();
});
