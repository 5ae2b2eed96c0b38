/** A new table over an old bucket. */

import { expect, test } from '@jest/globals';
import type { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { saveState } from '../../shared/aws/compaction/state-item.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { refuseLostLedger } from '../../shared/aws/lost-ledger.ts';
import { at, blobs, due } from '../contracts/samples.ts';
import { MemoryDynamoDb } from '../fakes/memory-dynamodb.ts';
import { fakeClient } from './fake-client.ts';
import { leapingClock } from './leaping-clock.ts';

const landed = { Contents: [{ Key: 'raw/msft_o365_exchange_online_raw/dt=2026-11-22/hr=10/0a.parquet' }] };

function open(objects: object) {
  const table = new MemoryDynamoDb();
  const { client: s3, sent } = fakeClient<S3Client>(objects);
  const check = (): Promise<void> => refuseLostLedger({ dynamodb: table.client(), tableName: 'ledger', s3, bucketName: 'lake' });
  return { ledger: openLedger(table.client(), 'ledger', leapingClock(at('09:00'))), check, sent, table };
}

test('an empty table over a bucket with objects is refused, with one of them and the cure', async () => {
  await expect(open(landed).check()).rejects.toThrow(
    /^the bucket lake has objects, such as raw\/msft_o365_exchange_online_raw\/.*would land a second time\. Run 'lake reconcile --aws --rebuild'/,
  );
});

test('a table in which nothing stands but how far compaction is counts as empty', async () => {
  const { table, check } = open(landed);
  await saveState(DynamoDBDocumentClient.from(table.client()), 'ledger', 'msft_azure_ad_raw', 0, { open: [], failures: 0 });
  await expect(check()).rejects.toThrow('would land a second time');
});

test('a new deployment begins: nothing in the table, nothing in the bucket', async () => {
  const { check, sent } = open({});
  await expect(check()).resolves.toBeUndefined();
  expect(sent).toEqual([{ Bucket: 'lake', Prefix: 'raw/', MaxKeys: 1 }]);
});

test('a table that knows a job goes on, and the bucket is not asked', async () => {
  const { ledger, check, sent } = open(landed);
  await ledger.createJob(blobs('a'), due);
  await expect(check()).resolves.toBeUndefined();
  expect(sent).toEqual([]);
});
