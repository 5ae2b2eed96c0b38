/** Everything that a reconciliation needs, from a deployment: with the rights of whoever runs it, and the tenants' own credentials. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { openJobs } from '../../shared/aws/jobs.ts';
import { openInventory } from '../../shared/aws/lake-inventory.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { openTenants } from '../../shared/aws/tenants.ts';
import { webIdentity } from '../../shared/aws/web-identity.ts';
import { homes } from '../../shared/clouds.ts';
import { normalizedDatasets } from '../../shared/datasets/index.ts';
import type { Deployment } from '../../shared/domain/deployment.ts';
import { connectMicrosoft } from '../../shared/microsoft/connect.ts';
import { openLanding } from '../../shared/landing/landing.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import { readFooter } from '../../local/parquet-footer.ts';
import type { Connected } from '../reconcile/connect.ts';
import { openWorkspace } from '../../local/workspace.ts';

const memoryMb = 300;

/** @param simulator In place of Microsoft; tests only. */
export async function connectDeployment(deployment: Deployment, clock: Clock, log: Log, simulator?: string): Promise<Connected> {
  const { tableName, bucketName, tenantsPrefix: prefix, credentialsPrefix, isFedramp, queueUrls, objectLock } = deployment;
  const clients = {
    dynamodb: new DynamoDBClient({}),
    s3: new S3Client({}),
    sqs: new SQSClient({ useQueueUrlAsEndpoint: false }),
    ssm: new SSMClient({}),
    sts: new STSClient({}),
  };
  const work = await mkdtemp(join(tmpdir(), 'm365-audit-lake-reconcile-'));
  const landing = await openLanding({ memoryMb, spillFolder: work });
  const assertion = webIdentity(clients.sts, clock);
  const tenants = openTenants({ client: clients.ssm, prefix, credentialsPrefix, homes, deployment: { isFedramp }, assertion, clock });
  return {
    deps: {
      ledger: openLedger(clients.dynamodb, tableName, clock),
      jobs: openJobs(clients.sqs, queueUrls, clock, log),
      lake: openLake(clients.s3, bucketName, clock, objectLock),
      inventory: openInventory(clients.s3, bucketName, readFooter),
      microsoft: connectMicrosoft({ tenants, clock, log, ...(simulator !== undefined && { hostOverride: { baseUrl: simulator } }) }),
      workspace: await openWorkspace(join(work, 'attempts')),
      normalized: normalizedDatasets,
      ...{ landing, tenants, clock, log },
    },
    close: async () => {
      landing.close();
      for (const client of Object.values(clients)) client.destroy();
      await rm(work, { recursive: true, force: true });
    },
  };
}
