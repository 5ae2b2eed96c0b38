/** The parts of a deployment that `lake erase --aws` works on. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from '../../local/clock.ts';
import { askErasure } from '../../shared/aws/compaction/ask-erasure.ts';
import { loadState } from '../../shared/aws/compaction/state-item.ts';
import { openEvidence } from '../../shared/aws/evidence.ts';
import { forgetNotices } from '../../shared/aws/outbox.ts';
import type { Deployment } from '../../shared/domain/deployment.ts';
import { openAsking } from '../asking/open-asking.ts';
import { compactDeployment } from '../compact/compact-deployment.ts';
import { connectCompaction } from '../compact/connect-compaction.ts';
import type { PersonErasureDeps } from './erase-person.ts';

/** The caller closes it. */
export async function connectPersonErasure(
  deployment: Deployment,
  onProgress: (text: string) => void,
): Promise<PersonErasureDeps & { close(): Promise<void> }> {
  const { bucketName: bucket, tableName } = deployment;
  const [s3, dynamodb] = [new S3Client({}), new DynamoDBClient({})];
  const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const asking = await openAsking({ lake: '', aws: true });
  return {
    bucket: { client: s3, bucket },
    evidence: openEvidence({ table: { documents, name: tableName, clock: systemClock }, s3, bucket }),
    clock: systemClock,
    ask: async (sql) => {
      const rows: (readonly unknown[])[] = [];
      for await (const batch of (await asking.ask({ sql })).batches) rows.push(...batch);
      return rows;
    },
    state: (dataset) => loadState(documents, tableName, dataset),
    deleteCompacted: async (rows, datasets) => {
      const asked = await askErasure(documents, tableName, rows, datasets);
      if (asked.length === 0) return;
      const deployed = connectCompaction(deployment);
      try {
        await compactDeployment({ datasets: asked, clock: systemClock, onProgress }, deployed);
      } finally {
        deployed.close();
      }
    },
    forgetNotices: (findingIds) => forgetNotices(dynamodb, tableName, findingIds),
    onProgress,
    close: async () => {
      await asking.close();
      s3.destroy();
      dynamodb.destroy();
    },
  };
}
