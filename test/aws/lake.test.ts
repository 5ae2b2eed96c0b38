import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { systemClock } from '../../local/clock.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { lakeContract } from '../contracts/lake-contract.ts';
import { blobs } from '../contracts/samples.ts';
import { emulated, makeBucket } from './ground.ts';

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

describe('the lake in S3', () => {
  lakeContract(async () => ({
    lake: openLake(clients().s3, await makeBucket(clients().s3), systemClock),
    folder,
    // S3 keeps the metadata beside the object, so that any bytes do.
    stage: (rows, metadata) => stageBytes(JSON.stringify({ rows, metadata })),
    stageBytes,
    bytesOf: (file) => readFile(file),
  }));
});

test('an object says what it is, and S3 keeps its checksum', async () => {
  const Bucket = await makeBucket(clients().s3);
  const Key = landingKey('msft_o365_exchange_online_raw', blobs('a'));
  await openLake(clients().s3, Bucket, systemClock).putOnce(Key, await stageBytes('PAR1'), { job: 'a' });
  const head = await clients().s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
  expect(head).toMatchObject({ ContentType: 'application/vnd.apache.parquet', ContentLength: 4, Metadata: { job: 'a' } });
  expect(head.ChecksumCRC32).toBeDefined();
});

test('a bucket that is not there is an error, not a free key', async () => {
  const lake = openLake(clients().s3, 'no-such-bucket', systemClock);
  const key = landingKey('msft_o365_exchange_online_raw', blobs('a'));
  await expect(lake.get(key, folder)).rejects.toThrow();
  await expect(lake.putOnce(key, await stageBytes('x'), {})).rejects.toThrow();
  await expect(clients().s3.send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: key }))).rejects.toThrow();
});
