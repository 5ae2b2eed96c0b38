import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CreateBucketCommand, DeleteObjectCommand, GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from '../../local/clock.ts';
import { readFooter } from '../../local/parquet-footer.ts';
import { openEvidence } from '../../shared/aws/evidence.ts';
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

test('evidence that is put with a lock stays until its days are over, and nothing else is held', async () => {
  const { s3 } = clients();
  const Bucket = `lake-${randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  const clock = { now: () => Date.parse('2099-01-01T00:00:00Z'), sleep: () => Promise.resolve() };
  const lock = { mode: 'compliance', days: 10 } as const;
  const key = landingKey('msft_o365_exchange_online_raw', blobs('a'));
  const lake = openLake(s3, Bucket, clock, lock);
  expect(await lake.putOnce(key, await stageBytes('PAR1'), { job: 'a' })).toBe('put');
  const quarantined = key.replace('raw/', 'quarantine/');
  await lake.putOnce(quarantined, await stageBytes('html'), {});
  const manifest = 'manifests/msft_o365_exchange_online_raw/00000001.json';
  const { dynamodb } = clients();
  const documents = DynamoDBDocumentClient.from(dynamodb);
  await openEvidence({ table: { documents, name: 'ledger', clock }, s3, bucket: Bucket, lock }).putManifest(manifest, '{}');

  const versionOf = async (Key: string) => (await s3.send(new HeadObjectCommand({ Bucket, Key }))).VersionId;
  for (const Key of [key, manifest]) {
    const { ObjectLockMode, ObjectLockRetainUntilDate: until } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect({ ObjectLockMode, until: until?.toISOString() }).toEqual({ ObjectLockMode: 'COMPLIANCE', until: '2099-01-11T00:00:00.000Z' });
    await expect(s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: await versionOf(Key) }))).rejects.toThrow(/denied|lock/i);
  }
  await s3.send(new DeleteObjectCommand({ Bucket, Key: quarantined, VersionId: await versionOf(quarantined) }));
  expect(await lake.head(quarantined)).toBeUndefined();
});

test('a bucket that is not there is an error, not a free key', async () => {
  const lake = openLake(clients().s3, 'no-such-bucket', systemClock);
  const key = landingKey('msft_o365_exchange_online_raw', blobs('a'));
  await expect(lake.get(key, folder)).rejects.toThrow();
  await expect(lake.putOnce(key, await stageBytes('x'), {})).rejects.toThrow();
  await expect(clients().s3.send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: key }))).rejects.toThrow();
});
