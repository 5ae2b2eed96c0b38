/** The adapters of the fetch worker: those of every function, and lake, DuckDB and disk. A file of its own, so that only this bundle has DuckDB. */

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { openLake } from '../shared/aws/lake.ts';
import { openWorkspace } from '../shared/aws/workspace.ts';
import { seconds } from '../shared/domain/window.ts';
import { openLanding } from '../shared/landing/landing.ts';
import type { Detecting } from '../shared/ports/detecting.ts';
import type { Lake } from '../shared/ports/lake.ts';
import type { Landing } from '../shared/ports/landing.ts';
import type { Workspace } from '../shared/ports/workspace.ts';
import { connectAbsences, connectDetecting, rulesNow } from './connect-detecting.ts';
import { clientSettings, connectTenants, objectStoreSettings, type TenantAdapters } from './connect.ts';
import type { FetchEnvironment } from './environment.ts';
import type { AbsenceDeps } from './fetch/find-absences.ts';

/** What the fetch worker calls. */
export interface FetchAdapters extends TenantAdapters {
  readonly lake: Lake;
  readonly landing: Landing;
  readonly workspace: Workspace;
  readonly sqs: SQSClient;
  /** Absent where no rules are evaluated. */
  readonly detecting?: Detecting;
  /** What absences are found with; there where rules are evaluated. */
  readonly absenceDeps?: Pick<AbsenceDeps, 'detecting' | 'outbox' | 'lake'>;
}

/** What DuckDB may hold of the function's memory before it spills; Node and the files in flight need the rest. */
const landingShare = 0.4;

/** @throws When DuckDB cannot be loaded or the disk cannot be written: nothing was fetched then. */
export async function connectFetch(environment: FetchEnvironment): Promise<FetchAdapters> {
  const adapters = connectTenants(environment);
  const s3 = new S3Client({
    ...objectStoreSettings(),
    // An object is up to some dozens of megabytes.
    requestHandler: { ...clientSettings.requestHandler, requestTimeout: seconds(60) },
  });
  const workspace = await openWorkspace(join(tmpdir(), 'm365-audit-lake'));
  const memoryMb = Math.floor(Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? '1024') * landingShare);
  const landing = await openLanding({ memoryMb, spillFolder: workspace.spillFolder, garbageMayWait: true });
  const { BUCKET_NAME: bucket, SIGHTINGS_TABLE_NAME: tableName, OBJECT_LOCK: lock } = environment;
  const places = { s3, bucket, spillFolder: workspace.spillFolder, clock: adapters.clock };
  const lake = openLake(s3, bucket, adapters.clock, lock);
  const own = { ...adapters, lake, landing, workspace };
  if (tableName === undefined) return own;
  const detecting = connectDetecting({ ...places, tableName });
  const inForce = { ...detecting, rules: rulesNow(places) };
  return {
    ...own,
    detecting,
    absenceDeps: { detecting: inForce, ...connectAbsences({ ...places, lake, tableName: environment.TABLE_NAME }) },
  };
}
