/** Landed objects of tenants with days of their own, deleted from a deployment in AWS. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { loadState } from '../../shared/aws/compaction/state-item.ts';
import { openEvidence } from '../../shared/aws/evidence.ts';
import { pastObjects, removeObjects, type PastObject } from '../../shared/aws/expire-objects.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { tenantsKeeping } from '../../shared/aws/tenants-keeping.ts';
import { knownDatasets } from '../../shared/datasets/index.ts';
import type { Deployment } from '../../shared/domain/deployment.ts';
import { notesOf } from '../../shared/domain/evidence/manifest.ts';
import { isHourMerged, type CompactionState } from '../../shared/domain/hour-compaction.ts';
import { cutoffsOf, type TenantKeeping } from '../../shared/domain/keeping.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { rawDatasets } from '../../shared/log-types/index.ts';
import { rawDaysOf } from '../aws/verify-bucket.ts';

/** The clients; tests have theirs. */
export interface ExpiryClients {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly ssm: SSMClient;
}

/** What of one dataset went, or would. */
interface ExpiredOnAws {
  readonly dataset: string;
  readonly objects: number;
  readonly bytes: number;
  /** Objects that are past, and stay because their rows are in no compacted table yet. */
  readonly waiting: number;
}

/** What one run did. */
export interface Expiry {
  readonly expired: readonly ExpiredOnAws[];
  /** Tenants that keep theirs for longer than the bucket's lifecycle lets anybody. */
  readonly cutShort: readonly string[];
  /** Of that lifecycle. */
  readonly bucketDays: number | undefined;
}

interface Expiring {
  readonly clock: Clock;
  readonly isDryRun: boolean;
  /** Called with the prefix that comes next. */
  readonly onPrefix?: (prefix: string) => void;
}

/**
 * Deletes the objects that are past by the own `rawDays` of tenants. A run that is cut off anywhere is ended by the next.
 *
 * @throws TenantsUnavailable When the tenants cannot be read: nothing is deleted.
 */
export async function expireDeployment(
  { bucketName: bucket, tableName, tenantsPrefix: prefix }: Pick<Deployment, 'bucketName' | 'tableName' | 'tenantsPrefix'>,
  { clock, isDryRun, onPrefix }: Expiring,
  { s3, dynamodb, ssm }: ExpiryClients = { s3: new S3Client({}), dynamodb: new DynamoDBClient({}), ssm: new SSMClient({ maxAttempts: 1 }) },
): Promise<Expiry> {
  const tenants = await tenantsKeeping({ client: ssm, clock, salt: '', prefix });
  const ledger = openLedger(dynamodb, tableName, clock);
  const ids = new Map<string, string | undefined>();
  for (const name of tenants.keys()) ids.set(name, await ledger.tenantId(name));
  const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const normalizedDatasets = knownDatasets.map(({ name }) => name);
  const states = new Map<string, CompactionState>();
  for (const dataset of [...rawDatasets, ...normalizedDatasets]) states.set(dataset, await loadState(documents, tableName, dataset));
  const isMerged = (dataset: string, hour: string): boolean => {
    const state = states.get(dataset);
    return state !== undefined && isHourMerged(state, hour);
  };
  const place = { client: s3, bucket };
  const cutoffs = cutoffsById(tenants, ids, clock);
  const { going, waiting } = await pastObjects(place, {
    ...{ cutoffs, rawDatasets, normalizedDatasets, isMerged },
    ...(onPrefix && { onPrefix }),
  });
  if (!isDryRun && going.length > 0) {
    const entries = going.map(({ key }) => ({ kind: 'removed' as const, key, because: 'kept no longer' }));
    // Before: an object that is removed without a word would be missed for ever.
    await openEvidence({ table: { documents, name: tableName, clock }, s3, bucket }).add(notesOf(clock.now(), 'expire', entries));
    await removeObjects(place, going);
  }
  const bucketDays = await rawDaysOf(s3, bucket);
  const isCutShort = (keeping: TenantKeeping): boolean =>
    keeping !== 'unknown' && bucketDays !== undefined && (keeping.rawDays ?? 0) > bucketDays;
  const cutShort = [...tenants].flatMap(([name, keeping]) => (isCutShort(keeping) ? [name] : []));
  return { expired: summaries(going, waiting), cutShort, bucketDays };
}

/** Two names of one tenant at Microsoft have the same objects: these stay as long as the one that keeps them longer says. */
function cutoffsById(
  tenants: ReadonlyMap<string, TenantKeeping>,
  ids: ReadonlyMap<string, string | undefined>,
  clock: Clock,
): Map<string, string> {
  const { own } = cutoffsOf('rawDays', {}, tenants, clock.now());
  const byId = Map.groupBy(tenants.keys(), (name) => ids.get(name));
  const found = new Map<string, string>();
  for (const [id, names] of byId) {
    const dates = names.map((name) => own.get(name));
    const kept = dates.filter((date) => date !== undefined).sort();
    const [first] = kept;
    if (id !== undefined && first !== undefined && kept.length === dates.length) found.set(id, first);
  }
  return found;
}

function summaries(going: readonly PastObject[], waiting: readonly PastObject[]): ExpiredOnAws[] {
  const datasets = new Set([...going, ...waiting].map(({ dataset }) => dataset));
  return [...datasets].map((dataset) => {
    const those = going.filter((one) => one.dataset === dataset);
    return {
      dataset,
      objects: those.length,
      bytes: those.reduce((sum, { bytes }) => sum + bytes, 0),
      waiting: waiting.filter((one) => one.dataset === dataset).length,
    };
  });
}
