import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from '@jest/globals';
import { eraseFromDeployment, lockedWords } from '../../cli/erase/erase-from-deployment.ts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from '../../local/clock.ts';
import { findTenantObjects, removeVersions, type BucketPlace } from '../../shared/aws/erase-objects.ts';
import { openEvidence } from '../../shared/aws/evidence.ts';
import { findingsDataset } from '../../shared/datasets/findings.ts';
import type { FindingRow } from '../../shared/detections/finding-row.ts';
import { openFindingFiles } from '../../shared/landing/finding-files.ts';
import { connectDuckDb } from '../../shared/landing/landing.ts';
import { openOutbox } from '../../shared/aws/outbox.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { claimKey } from '../../shared/domain/fetch-job.ts';
import { blobs, contoso, due, fabrikam, member } from '../contracts/samples.ts';
import { findingJson, findingNotice } from '../helpers/finding-notice.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';
import { emulated, makeTable } from './emulated.ts';

const { clients } = emulated();
const makeFolder = temporaryFolders();
const hour = 'dt=2026-11-20/hr=09';
const [ours, ours2, theirs] = ['a', 'b', 'c'].map((letter) => letter.repeat(32));
const claim = 'd'.repeat(32);

interface Options {
  readonly isLocked?: boolean;
  readonly isVersioned?: boolean;
}

async function bucket({ isLocked = false, isVersioned = true }: Options = {}): Promise<BucketPlace> {
  const client = clients().s3;
  const Bucket = `lake-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: isLocked }));
  if (isVersioned) await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const put = (Key: string, Metadata = {}) => client.send(new PutObjectCommand({ Bucket, Key, Body: 'rows', Metadata }));
  const stream = (tenantId: string): string => `global#${tenantId}#sign-ins-interactive`;
  await put(`raw/msft_azure_ad_raw/${hour}/${String(ours)}.parquet`, { job: String(ours), stream: stream(contoso), rows: '3' });
  await put(`raw/msft_azure_ad_raw/${hour}/${String(ours2)}.parquet`, { job: String(ours2), stream: stream(contoso), rows: '4' });
  await put(`raw/msft_azure_ad_raw/${hour}/${String(theirs)}.parquet`, { job: String(theirs), stream: stream(fabrikam), rows: '5' });
  for (const job of [ours, theirs]) await put(`raw/authentication_story/${hour}/${String(job)}.parquet`, { job: String(job) });
  for (const name of [claim, 'e'.repeat(32)]) await put(`quarantine/msft_azure_ad_raw/${hour}/${name}-0.bin`);
  return { client, bucket: Bucket };
}

const request = {
  tenantId: contoso,
  rawDatasets: ['msft_azure_ad_raw'],
  normalizedDatasets: ['authentication_story'],
  claims: new Set([claim]),
};

async function keysOf({ client, bucket: Bucket }: BucketPlace): Promise<string[]> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
  return [...Versions, ...DeleteMarkers].map(({ Key = '' }) => Key).sort();
}

const left = [
  `quarantine/msft_azure_ad_raw/${hour}/${'e'.repeat(32)}-0.bin`,
  `raw/authentication_story/${hour}/${String(theirs)}.parquet`,
  `raw/msft_azure_ad_raw/${hour}/${String(theirs)}.parquet`,
];

test.each([true, false])(
  "every version of a tenant's objects goes, and nothing of another (bucket with versions: %p)",
  async (isVersioned) => {
    const place = await bucket({ isVersioned });
    // What a lifecycle or a person has deleted already is still there as an older version.
    if (isVersioned)
      await place.client.send(
        new DeleteObjectCommand({ Bucket: place.bucket, Key: `raw/msft_azure_ad_raw/${hour}/${String(ours2)}.parquet` }),
      );
    const found = await findTenantObjects(place, request);
    expect(found.reduce((sum, { rows }) => sum + rows, 0)).toBe(7);
    expect(await removeVersions(place, found)).toEqual([]);
    expect(await keysOf(place)).toEqual(left);
    expect(await findTenantObjects(place, request)).toEqual([]);
  },
);

test('a removal that was cut off anywhere is ended by the next', async () => {
  const { length } = await findTenantObjects(await bucket(), request);
  expect(length).toBe(4);
  for (let cut = 0; cut < length; cut += 1) {
    const place = await bucket();
    await removeVersions(place, (await findTenantObjects(place, request)).slice(0, cut));
    await removeVersions(place, await findTenantObjects(place, request));
    expect(await keysOf(place)).toEqual(left);
  }
});

test('what Object Lock holds stays, and the report says until when', async () => {
  const place = await bucket({ isLocked: true });
  const until = new Date('2099-01-01T00:00:00Z');
  const stream = `global#${contoso}#sign-ins-interactive`;
  const Key = `raw/msft_azure_ad_raw/${hour}/${'f'.repeat(32)}.parquet`;
  const held = `raw/msft_azure_ad_raw/${hour}/${'0'.repeat(32)}.parquet`;
  const lock = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: until } as const;
  await place.client.send(new PutObjectCommand({ Bucket: place.bucket, Key, Body: 'rows', Metadata: { stream }, ...lock }));
  await place.client.send(new PutObjectCommand({ Bucket: place.bucket, Key: held, Body: 'rows', Metadata: { stream } }));
  await place.client.send(new PutObjectLegalHoldCommand({ Bucket: place.bucket, Key: held, LegalHold: { Status: 'ON' } }));
  const locked = await removeVersions(place, await findTenantObjects(place, request));
  expect(locked.map(({ key, until: time }) => ({ key, until: time }))).toEqual(
    expect.arrayContaining([
      { key: Key, until: until.getTime() },
      { key: held, until: undefined },
    ]),
  );
  expect(await keysOf(place)).toEqual([...left, Key, held].sort());
});

describe('lake tenant erase --aws', () => {
  async function deployment(options: Options = {}) {
    const { bucket: bucketName } = await bucket(options);
    const tableName = await makeTable(clients().dynamodb);
    const ledger = openLedger(clients().dynamodb, tableName, systemClock);
    await ledger.noteTenantId('contoso', contoso);
    await ledger.noteTenantId('fabrikam', fabrikam);
    await ledger.createJob(blobs('one', 'two'), due);
    const place = { client: clients().s3, bucket: bucketName };
    const { s3, dynamodb } = clients();
    const erase = (name: string, others: readonly string[], isDryRun: boolean) =>
      eraseFromDeployment({ bucketName, tableName }, { name, others, isDryRun }, { s3, dynamodb });
    const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
    const evidence = openEvidence({ table: { documents, name: tableName, clock: systemClock }, s3, bucket: bucketName });
    const noted = async (dataset: string) => (await evidence.notes(dataset, Infinity)).flatMap(({ entries }) => entries);
    return { erase, place, ledger, noted, outbox: openOutbox(dynamodb, tableName, systemClock) };
  }

  test('reports in a dry run what goes, erases bucket and ledger, and knows nothing of the tenant afterwards', async () => {
    const { erase, place, ledger } = await deployment();
    const before = await keysOf(place);
    const planned = await erase('contoso', ['fabrikam'], true);
    expect(planned.erased).toMatchObject([
      { dataset: 'authentication_story', objects: 1 },
      { dataset: 'msft_azure_ad_raw', objects: 2, rows: 7 },
    ]);
    expect(await keysOf(place)).toEqual(before);
    const done = await erase('contoso', ['fabrikam'], false);
    expect(done).toEqual({ ...planned, ledgerRows: 4 });
    expect(await keysOf(place)).toEqual(before.filter((key) => ![ours, ours2].some((job) => key.includes(String(job)))));
    expect(await ledger.tenantId('contoso')).toBeUndefined();
    expect(await ledger.tenantId('fabrikam')).toBe(fabrikam);
    await expect(erase('contoso', [], false)).rejects.toThrow("the ledger does not know tenant 'contoso'");
  });

  test('reaches the findings of the tenant, those of no job among them, and the notices of them', async () => {
    const { erase, place, outbox } = await deployment();
    const folder = await makeFolder();
    const duckdb = await connectDuckDb({ memoryMb: 100, spillFolder: folder });
    const files = openFindingFiles(() => Promise.resolve(duckdb));
    const keyOf = (name: string): string => `raw/${findingsDataset}/${hour}/${name.repeat(32)}.parquet`;
    for (const [name, tenant] of Object.entries({ f: contoso, '0': fabrikam })) {
      const file = join(folder, `${name}.parquet`);
      await files.write([JSON.parse(findingJson(`finding ${name}`, { tenant_id: tenant })) as FindingRow], file, { job: name });
      await place.client.send(new PutObjectCommand({ Bucket: place.bucket, Key: keyOf(name), Body: await readFile(file) }));
    }
    duckdb.closeSync();
    await outbox.add(['finding f', 'finding 0'].map((id) => findingNotice(id, due)));
    const { erased } = await erase('contoso', ['fabrikam'], false);
    expect(erased).toMatchObject([{ dataset: findingsDataset, objects: 1, rows: 1 }, {}, {}]);
    expect((await keysOf(place)).filter((key) => key.includes(findingsDataset))).toEqual([keyOf('0')]);
    expect((await outbox.unsent(10, due)).map(({ findingId }) => findingId)).toEqual(['finding 0']);
  });

  test('notes for the manifests what it removes, before it does, and what Object Lock holds as it stands', async () => {
    const { erase, place, noted } = await deployment({ isLocked: true });
    await erase('contoso', [], true);
    expect(await noted('msft_azure_ad_raw')).toEqual([]);
    const Key = `raw/msft_azure_ad_raw/${hour}/${'f'.repeat(32)}.parquet`;
    const lock = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date('2099-01-01T00:00:00Z') } as const;
    const Metadata = { stream: `global#${contoso}#sign-ins-interactive` };
    await place.client.send(new PutObjectCommand({ Bucket: place.bucket, Key, Body: 'rows', Metadata, ...lock }));
    await erase('contoso', [], false);
    const because = 'lake tenant erase --aws';
    const removed = [ours, ours2].map((job) => ({ kind: 'removed', key: `raw/msft_azure_ad_raw/${hour}/${String(job)}.parquet`, because }));
    const entries = await noted('msft_azure_ad_raw');
    expect(entries).toEqual(expect.arrayContaining([...removed, { kind: 'removed', key: Key, because }]));
    expect(entries.at(-1)).toMatchObject({ kind: 'adopted', key: Key, bytes: 4 });
    expect(await noted('authentication_story')).toMatchObject([{ kind: 'removed' }]);
  });

  test('finds what was quarantined of the content blobs that the ledger knows', async () => {
    const { erase, place } = await deployment();
    const Key = `quarantine/msft_o365_exchange_online_raw/${hour}/${claimKey(member('one').contentId)}-0123.bin`;
    await place.client.send(new PutObjectCommand({ Bucket: place.bucket, Key, Body: 'bytes' }));
    expect((await erase('contoso', [], true)).erased).toContainEqual(expect.objectContaining({ dataset: 'quarantine', objects: 1 }));
    await erase('contoso', [], false);
    expect(await keysOf(place)).not.toContain(Key);
  });

  test('keeps the ledger as long as something is locked, so that it can be run again', async () => {
    const { erase, place, ledger } = await deployment({ isLocked: true });
    const Key = `raw/msft_azure_ad_raw/${hour}/${'f'.repeat(32)}.parquet`;
    const lock = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date('2099-01-01T00:00:00Z') } as const;
    const Metadata = { stream: `global#${contoso}#sign-ins-interactive` };
    await place.client.send(new PutObjectCommand({ Bucket: place.bucket, Key, Body: 'rows', Metadata, ...lock }));
    const { locked, ledgerRows } = await erase('contoso', [], false);
    expect(lockedWords(locked)).toMatch(
      /holds 1 versions of objects, such as raw.*1 of them until 2099-01-01T00:00:00\.000Z at the latest: run it again then/,
    );
    expect(ledgerRows).toBe(0);
    expect(await ledger.tenantId('contoso')).toBe(contoso);
  });

  test('refuses a tenant whose data is another one as well', async () => {
    const { erase, place, ledger } = await deployment();
    const before = await keysOf(place);
    await ledger.noteTenantId('again', contoso);
    await expect(erase('contoso', ['again'], false)).rejects.toThrow("'contoso' and 'again' are one tenant at Microsoft");
    expect(await keysOf(place)).toEqual(before);
  });
});
