/** Everything of a tenant, erased from a deployment in AWS. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { askErasure } from '../../shared/aws/compaction/ask-erasure.ts';
import { findTenantObjects, removeVersions, type FoundVersion, type LockedVersion } from '../../shared/aws/erase-objects.ts';
import { forgetTenantInTable, tenantInTable } from '../../shared/aws/forget-tenant.ts';
import { openEvidence } from '../../shared/aws/evidence.ts';
import { forgetNotices } from '../../shared/aws/outbox.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { knownDatasets } from '../../shared/datasets/index.ts';
import type { Deployment } from '../../shared/domain/deployment.ts';
import { notesOf, type EvidenceNote, type ManifestEntry } from '../../shared/domain/evidence/manifest.ts';
import type { Lake } from '../../shared/ports/lake.ts';
import { iso } from '../../shared/domain/window.ts';
import { rawDatasets } from '../../shared/log-types/index.ts';
import { systemClock } from '../../local/clock.ts';
import type { ErasedDataset } from '../../local/erasure/erase-lake.ts';
import { UsageError } from '../../local/exit.ts';
import { createProgress } from '../terminal/progress.ts';
import { count } from '../terminal/quantity.ts';
import { findingsOfTenant } from './findings-of-tenant.ts';

/** What was erased of a tenant, or would be. */
export interface Erased {
  readonly erased: readonly ErasedDataset[];
  /** Rows of the ledger; in a dry run none. */
  readonly ledgerRows: number;
  /** What Object Lock holds. */
  readonly locked: readonly LockedVersion[];
}

/** Whose data, and how. */
export interface TenantErasure {
  readonly name: string;
  /** Names of the other tenants. */
  readonly others: readonly string[];
  readonly isDryRun: boolean;
}

/** The clients; tests have theirs. */
export interface DeploymentClients {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
}

/**
 * The bucket first, then compaction is asked, which deletes compacted rows; the ledger last: it alone knows the tenant's id, and as long as anything is locked it goes on knowing it.
 *
 * @throws UsageError for a tenant that the ledger does not know, or that is the same one at Microsoft as another.
 */
export async function eraseFromDeployment(
  deployment: Pick<Deployment, 'bucketName' | 'tableName'>,
  { name, others: otherTenants, isDryRun }: TenantErasure,
  { s3, dynamodb }: DeploymentClients = { s3: new S3Client({}), dynamodb: new DynamoDBClient({}) },
): Promise<Erased> {
  const { bucketName: bucket, tableName } = deployment;
  const known = await tenantInTable(dynamodb, tableName, systemClock, name, otherTenants);
  if (!known) throw new UsageError(`the ledger does not know tenant '${name}': nothing was collected of it, or it was erased already`);
  if (known.sameAs !== undefined)
    throw new UsageError(`'${name}' and '${known.sameAs}' are one tenant at Microsoft, and their data is the same: nothing was erased`);
  const place = { client: s3, bucket };
  const progress = createProgress(systemClock);
  try {
    const onPrefix = (prefix: string): void => {
      progress.update(`looking into ${prefix}`);
    };
    const findings = await findingsOfTenant(place, known.tenantId, systemClock, onPrefix);
    const normalized = knownDatasets.map((dataset) => dataset.name);
    const others = await findTenantObjects(place, { ...known, rawDatasets, normalizedDatasets: normalized, onPrefix });
    // Before the raw objects, which are the last to go: whatever is cut off is found again.
    const versions = [...findings.versions, ...others];
    const erased = summaries(versions);
    if (isDryRun) return { erased, ledgerRows: 0, locked: [] };
    const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
    const evidence = openEvidence({ table: { documents, name: tableName, clock: systemClock }, s3, bucket });
    // Before: a run that dies on the way is run again, and an object that is removed without a word would be missed for ever.
    await evidence.add(removalsOf(versions));
    await forgetNotices(dynamodb, tableName, findings.findingIds);
    const locked = await removeVersions(place, versions, (done) => {
      progress.update(`deleted ${count(done)} of ${count(versions.length)} versions of objects`);
    });
    if (locked.length > 0) await evidence.add(await stillThere(locked, openLake(s3, bucket, systemClock)));
    if (locked.length > 0) return { erased, ledgerRows: 0, locked };
    await askErasure(documents, tableName, { tenantId: known.tenantId, tenantName: name });
    return { erased, ledgerRows: await forgetTenantInTable(dynamodb, tableName, systemClock, name, otherTenants, 'forget'), locked };
  } finally {
    progress.done();
  }
}

const because = 'lake tenant erase --aws';

/** Landed objects that go, for the manifests. */
function removalsOf(versions: readonly FoundVersion[]): EvidenceNote[] {
  const keys = new Set(versions.map(({ key }) => key).filter((key) => key.startsWith('raw/')));
  return notesOf(
    systemClock.now(),
    'erase',
    [...keys].map((key) => ({ kind: 'removed', key, because })),
  );
}

/** What is held is listed as it stands, until it can go: it was said to have gone. */
async function stillThere(locked: readonly LockedVersion[], lake: Lake): Promise<EvidenceNote[]> {
  const keys = new Set(locked.map(({ key }) => key).filter((key) => key.startsWith('raw/')));
  const entries: ManifestEntry[] = [];
  for (const key of keys) {
    const digest = await lake.digest(key);
    if (digest) entries.push({ kind: 'adopted', key, ...digest, because: `${because}: Object Lock holds it` });
  }
  return notesOf(systemClock.now() + 1, 'erase held', entries);
}

function summaries(versions: readonly FoundVersion[]): ErasedDataset[] {
  const datasetOf = ({ key }: FoundVersion): string => (key.startsWith('quarantine/') ? 'quarantine' : (key.split('/')[1] ?? ''));
  return [...Map.groupBy(versions, datasetOf)].map(([dataset, all]) => ({
    dataset,
    objects: all.length,
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    rows: all.reduce((sum, { rows }) => sum + rows, 0),
    parts: 0,
    partRows: 0,
  }));
}

/** What is still there, and what to do about it. */
export function lockedWords(locked: readonly LockedVersion[]): string {
  const [first] = locked;
  const times = locked.flatMap(({ until }) => (until === undefined ? [] : [until]));
  const held = locked.length - times.length;
  const until =
    times.length === 0 ? '' : `; ${count(times.length)} of them until ${iso(Math.max(...times))} at the latest: run it again then`;
  const holds = held === 0 ? '' : `; ${count(held)} have a legal hold, which has to be removed first`;
  return `Object Lock holds ${count(locked.length)} versions of objects, such as ${first?.key ?? ''}${until}${holds}`;
}
