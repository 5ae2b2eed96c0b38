/** A deployment's landed objects, and what its rules remember, for whoever looks back with their own rights. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DuckDBConnection } from '@duckdb/node-api';
import { systemClock } from '../../local/clock.ts';
import { UsageError } from '../../local/exit.ts';
import { openSightings as openLocalSightings } from '../../local/sightings.ts';
import { openWorkspace } from '../../local/workspace.ts';
import { ruleLibrary } from '../../rules/library.ts';
import { openEvidence } from '../../shared/aws/evidence.ts';
import { openIndicators } from '../../shared/aws/indicators.ts';
import { openInventory } from '../../shared/aws/lake-inventory.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { openOutbox } from '../../shared/aws/outbox.ts';
import { addedRules } from '../../shared/aws/rule-objects.ts';
import { openSightings } from '../../shared/aws/sightings.ts';
import { ruleSetOf } from '../../shared/detections/rule-set.ts';
import type { Deployment } from '../../shared/domain/deployment.ts';
import { openFindingFiles } from '../../shared/landing/finding-files.ts';
import { openIndexFile } from '../../shared/landing/index-file.ts';
import { connectDuckDb } from '../../shared/landing/landing.ts';
import { readRows } from '../../shared/landing/read-rows.ts';
import type { LookBackOptions, LookBackPlace } from '../detections/looking-back.ts';
import { notingLake } from '../../shared/aws/noting-lake.ts';
import { deploymentStreams } from '../reconcile/ledger-streams.ts';
import { readDeployment } from './deployment.ts';

const memoryMb = 100;

/** The deployment that this shell's credentials and `LAKE_DEPLOYMENT` name. @throws UsageError when it evaluates no rules. */
export async function openDeploymentToLookBack(options: LookBackOptions): Promise<LookBackPlace> {
  const deployment = await readDeployment();
  const { tableName, bucketName: bucket, objectLock } = deployment;
  const sightingsTable = evaluates(deployment);
  const clients = { dynamodb: new DynamoDBClient({}), s3: new S3Client({}) };
  const { s3, dynamodb } = clients;
  const work = await mkdtemp(join(tmpdir(), 'm365-audit-lake-detect-'));
  const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const evidence = openEvidence({ table: { documents, name: tableName, clock: systemClock }, s3, bucket });
  const noting = { evidence, clock: systemClock, because: options.because };
  const memory = options.isDryRun ? openLocalSightings(':memory:') : undefined;
  let connection: Promise<DuckDBConnection> | undefined;
  return {
    set: ruleSetOf({ ...ruleLibrary(), ...(await addedRules({ client: s3, bucket })) }),
    files: openFindingFiles(() => (connection ??= connectDuckDb({ memoryMb, spillFolder: work }))),
    outbox: openOutbox(dynamodb, tableName, systemClock),
    deps: {
      lake: notingLake(openLake(s3, bucket, systemClock, objectLock), noting),
      inventory: openInventory(s3, bucket, () => Promise.resolve({ metadata: {} })),
      workspace: await openWorkspace(join(work, 'objects')),
      detecting: {
        indicators: openIndicators({ client: s3, bucket }, work, systemClock, openIndexFile),
        sightings: memory ?? openSightings(dynamodb, sightingsTable, systemClock),
        readRows,
      },
      collected: await collectedIn(deployment),
    },
    close: async () => {
      memory?.close();
      (await connection)?.closeSync();
      for (const client of Object.values(clients)) client.destroy();
      await rm(work, { recursive: true, force: true });
    },
  };
}

/** @throws UsageError naming the setting. */
function evaluates({ sightingsTableName }: Deployment): string {
  if (sightingsTableName !== undefined) return sightingsTableName;
  throw new UsageError('this deployment evaluates no rules: set detections to true and run npx cdk deploy again');
}

/** By tenant, the log types that are configured. */
async function collectedIn(deployment: Deployment): Promise<LookBackPlace['deps']['collected']> {
  const { streams, close } = await deploymentStreams(deployment, systemClock);
  close();
  const byTenant = Map.groupBy(streams, ({ stream }) => stream.tenantId);
  return (tenantId) => new Set((byTenant.get(tenantId) ?? []).map(({ stream }) => stream.logType));
}
