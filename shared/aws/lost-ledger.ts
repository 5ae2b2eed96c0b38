/** A lake whose ledger is gone would be filled a second time: every blob that Microsoft still serves looks new to an empty table. */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { isOfCompaction } from './compaction/state-item.ts';
import { isOfEvidence } from './ledger-items.ts';

/** The table and the bucket of one deployment. */
export interface LedgerAndLake {
  readonly dynamodb: DynamoDBClient;
  readonly tableName: string;
  readonly s3: S3Client;
  readonly bucketName: string;
}

/** What landed stands below this, and nothing else: queries' results and quarantined bytes do not, and imports land on one machine only. So one object is enough. */
const landedPrefix = 'raw/';

/** More than there are datasets: compaction notes how far it is of each, of a lake without a ledger too. */
const itemsLookedAt = 200;

/**
 * Asks both, in one request each, before a function lists for the first time.
 *
 * @throws With the cure, when the table is empty and the bucket has objects that landed: a new table over an old bucket, or one that was
 *   lost. Nothing has to be mended by hand then, for nothing was listed.
 */
export async function refuseLostLedger({ dynamodb, tableName, s3, bucketName }: LedgerAndLake): Promise<void> {
  const scan = new ScanCommand({ TableName: tableName, Limit: itemsLookedAt, ConsistentRead: true, ProjectionExpression: 'pk' });
  const { Items = [] } = await DynamoDBDocumentClient.from(dynamodb).send(scan);
  if (Items.some(({ pk }) => !isOfCompaction(String(pk)) && !isOfEvidence(String(pk)))) return;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucketName, Prefix: landedPrefix, MaxKeys: 1 }));
  const [object] = Contents;
  if (!object) return;
  throw new Error(
    `the bucket ${bucketName} has objects, such as ${String(object.Key)}, and the table ${tableName} is empty: everything that Microsoft still serves ` +
      "would land a second time. Run 'lake reconcile --aws --rebuild', which makes the ledger again from the lake; or deploy into a bucket without raw/",
  );
}
