/** The parts of a deployment, and of this machine, that a rebuild of raw datasets in AWS works with. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from '../../local/clock.ts';
import { readFooter } from '../../local/parquet-footer.ts';
import { openWorkspace } from '../../local/workspace.ts';
import { askRefill } from '../../shared/aws/compaction/change-state.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { openInventory } from '../../shared/aws/lake-inventory.ts';
import type { Deployment } from '../../shared/domain/deployment.ts';
import { connectDuckDb, openLanding } from '../../shared/landing/landing.ts';
import { compactDeployment, type DeployedCompaction } from './compact-deployment.ts';
import type { RowsAgainDeps } from './rows-again.ts';

const memoryMb = 512;

/** The caller closes it. */
export async function connectRowsAgain(
  { bucketName: bucket, tableName }: Deployment,
  deployed: DeployedCompaction,
  onProgress: (text: string) => void,
): Promise<RowsAgainDeps & { close(): Promise<void> }> {
  const [s3, dynamodb] = [new S3Client({}), new DynamoDBClient({})];
  const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const temp = await mkdtemp(join(tmpdir(), 'm365-audit-lake-rebuild-'));
  const limits = { memoryMb, spillFolder: join(temp, 'spill') };
  const [landing, connection] = [await openLanding(limits), await connectDuckDb(limits)];
  return {
    s3,
    bucket,
    lake: openLake(s3, bucket, systemClock),
    inventory: openInventory(s3, bucket, readFooter),
    workspace: await openWorkspace(join(temp, 'work')),
    tools: { connection, landing },
    state: (dataset) => deployed.state(dataset),
    refill: (dataset, hours) => askRefill(documents, tableName, dataset, hours),
    compact: (dataset) => compactDeployment({ datasets: [dataset], clock: systemClock, onProgress }, deployed),
    onProgress,
    close: async () => {
      connection.closeSync();
      landing.close();
      s3.destroy();
      dynamodb.destroy();
      await rm(temp, { recursive: true, force: true });
    },
  };
}
