/** A deployment's bucket for `lake verify --aws`: objects are read again, whole. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetBucketLifecycleConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { openEvidence, textAt } from '../../shared/aws/evidence.ts';
import { openInventory } from '../../shared/aws/lake-inventory.ts';
import { openLake } from '../../shared/aws/lake.ts';
import type { Deployment } from '../../shared/domain/deployment.ts';
import { manifestPrefix, sequenceOfKey } from '../../shared/domain/evidence/manifest.ts';
import type { ManifestFile } from '../../shared/domain/evidence/read-chain.ts';
import { days, utcDate } from '../../shared/domain/window.ts';
import { systemClock } from '../../local/clock.ts';
import type { VerifyPlace } from '../evidence/verify-place.ts';
import { deploymentStreams, type LedgerStreams } from '../reconcile/ledger-streams.ts';
import { readDeployment } from './deployment.ts';

/** The clients; tests have theirs. */
export interface VerifyClients {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
}

/** The deployment that this shell's credentials and `LAKE_DEPLOYMENT` name. */
export async function openBucketToVerify(): Promise<VerifyPlace> {
  const deployment = await readDeployment();
  const clients = { dynamodb: new DynamoDBClient({}), s3: new S3Client({}) };
  return bucketToVerify(deployment, clients, await deploymentStreams(deployment, systemClock));
}

/** @param streams Whose jobs the ledger is asked for. */
export async function bucketToVerify(
  { tableName, bucketName }: Pick<Deployment, 'tableName' | 'bucketName'>,
  { dynamodb, s3 }: VerifyClients,
  { ledger, streams, close }: Pick<LedgerStreams, 'ledger' | 'streams' | 'close'>,
): Promise<VerifyPlace> {
  const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const evidence = openEvidence({ table: { documents, name: tableName, clock: systemClock }, s3, bucket: bucketName });
  const lake = openLake(s3, bucketName, systemClock);
  const inventory = openInventory(s3, bucketName, () => Promise.resolve({ metadata: {} }));
  const rawDays = await rawDaysOf(s3, bucketName);
  return {
    chain: (dataset) => evidence.load(dataset),
    notes: (dataset) => evidence.notes(dataset, Infinity),
    manifests: async (dataset) => {
      const files: ManifestFile[] = [];
      for await (const { key } of inventory.objects(manifestPrefix(dataset))) {
        const sequence = sequenceOfKey(key);
        if (sequence !== undefined) files.push({ sequence, text: await textAt(s3, bucketName, key) });
      }
      return files;
    },
    objects: (dataset) => inventory.objects(`raw/${dataset}/`),
    file: (key, folder) => lake.get(key, folder),
    jobs: async () => (await Promise.all(streams.map(({ stream }) => ledger.jobs(stream)))).flat(),
    ...(rawDays !== undefined && { expiredBefore: utcDate(systemClock.now() - days(rawDays)) }),
    adopt: (notes) => evidence.add(notes),
    close: () => {
      close();
      dynamodb.destroy();
      s3.destroy();
    },
  };
}

/** After how many days the bucket's own rule removes landed objects; undefined where it has none. */
export async function rawDaysOf(s3: S3Client, bucket: string): Promise<number | undefined> {
  const { Rules = [] } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket })).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'NoSuchLifecycleConfiguration') return { Rules: [] };
    throw error;
  });
  const days = Rules.filter(({ Status, Filter }) => Status === 'Enabled' && Filter?.Prefix === 'raw/').flatMap(
    ({ Expiration }) => Expiration?.Days ?? [],
  );
  return days.length > 0 ? Math.min(...days) : undefined;
}
