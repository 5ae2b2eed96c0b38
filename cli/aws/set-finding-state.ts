/** Sets the state of a finding of a deployment, with the rights of whoever runs the command. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from '../../local/clock.ts';
import { openEvidence } from '../../shared/aws/evidence.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { findingsDataset } from '../../shared/datasets/findings.ts';
import type { FindingRow } from '../../shared/detections/finding-row.ts';
import { allRows, textOf, type Asking } from '../../shared/ports/asking.ts';
import type { Lake } from '../../shared/ports/lake.ts';
import { landState, type SetState, type StatePlace } from '../detections/land-state.ts';
import { notingLake } from '../../shared/aws/noting-lake.ts';
import { readDeployment } from './deployment.ts';

/** Athena says in which object the finding is; its row is read from there. @throws Error where it is gone. */
export async function setFindingState(asking: Asking, findingId: string, set: SetState): Promise<void> {
  const { tableName: name, bucketName: bucket, objectLock } = await readDeployment();
  const [dynamodb, s3] = [new DynamoDBClient({}), new S3Client({})];
  const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const evidence = openEvidence({ table: { documents, name, clock: systemClock }, s3, bucket });
  const lake = openLake(s3, bucket, systemClock, objectLock);
  try {
    const finding = async (place: StatePlace): Promise<FindingRow> => readFinding(lake, await keyOf(asking, findingId), findingId, place);
    await landState(finding, set, notingLake(lake, { evidence, clock: systemClock, because: 'lake findings' }));
  } finally {
    dynamodb.destroy();
    s3.destroy();
  }
}

async function keyOf(asking: Asking, id: string): Promise<string> {
  const sql = `SELECT "$path" FROM ${findingsDataset} WHERE finding_id = {{id}} AND object IS NOT NULL LIMIT 1`;
  const [[path] = []] = await allRows(await asking.ask({ sql, values: { id } }));
  if (path === undefined) throw new Error(`the finding '${id}' is gone`);
  return textOf(path).replace(/^s3:\/\/[^/]+\//, '');
}

/** From the object at a key of the lake. */
async function readFinding(lake: Pick<Lake, 'get'>, key: string, findingId: string, { files, work }: StatePlace): Promise<FindingRow> {
  const file = await lake.get(key, work);
  const row = file === undefined ? undefined : (await files.read(file)).find(({ finding_id: id }) => id === findingId);
  if (!row) throw new Error(`the finding '${findingId}' is not in ${key} any more`);
  return row;
}
