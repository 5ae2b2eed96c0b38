/** `lake expire --aws` on the emulator: landed objects of tenants with days of their own. */

import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { expireDeployment } from '../../cli/expire/expire-deployment.ts';
import { saveState } from '../../shared/aws/compaction/state-item.ts';
import { openEvidence } from '../../shared/aws/evidence.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import type { StateChange } from '../../shared/domain/hour-compaction.ts';
import { contoso, fabrikam } from '../contracts/samples.ts';
import { emulated, makeTable } from './emulated.ts';

const { clients } = emulated();
const clock = { now: () => Date.parse('2026-11-30T12:00:00Z'), sleep: () => Promise.resolve() };
const merged: StateChange = { open: [], failures: 0, watermark: '2026-11-29T00' };
const [old, kept] = ['dt=2026-09-01/hr=09', 'dt=2026-11-01/hr=09'];
const [ours, theirs] = ['a'.repeat(32), 'b'.repeat(32)];
const rawOf = (hour: string, job: string): string => `raw/msft_azure_ad_raw/${hour}/${job}.parquet`;
const storyOf = (hour: string, job: string): string => `raw/authentication_story/${hour}/${job}.parquet`;

let [bucketName, tableName, tenantsPrefix] = ['', '', ''];
let documents!: DynamoDBDocumentClient;

/** What is compacted of both datasets. */
async function deployment(states: { readonly raw?: StateChange; readonly story?: StateChange } = {}): Promise<void> {
  const { s3, dynamodb } = clients();
  [bucketName, tableName, tenantsPrefix] = [`lake-${randomUUID()}`, await makeTable(dynamodb), `/t${randomUUID()}`];
  await s3.send(new CreateBucketCommand({ Bucket: bucketName }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: bucketName, VersioningConfiguration: { Status: 'Enabled' } }));
  for (const [job, tenant] of [
    [ours, contoso],
    [theirs, fabrikam],
  ] as const)
    for (const hour of [old, kept]) {
      const Metadata = { job, stream: `global#${tenant}#sign-ins-interactive`, rows: '3' };
      await s3.send(new PutObjectCommand({ Bucket: bucketName, Key: rawOf(hour, job), Body: 'rows', Metadata }));
      await s3.send(new PutObjectCommand({ Bucket: bucketName, Key: storyOf(hour, job), Body: 'rows', Metadata: { job } }));
    }
  const ledger = openLedger(dynamodb, tableName, clock);
  await ledger.noteTenantId('contoso', contoso);
  await ledger.noteTenantId('fabrikam', fabrikam);
  documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const { raw = merged, story = merged } = states;
  await saveState(documents, tableName, 'msft_azure_ad_raw', 0, raw);
  await saveState(documents, tableName, 'authentication_story', 0, story);
}

async function configure(name: string, config: unknown, home = 'enterprise'): Promise<void> {
  const Value = typeof config === 'string' ? config : JSON.stringify(config);
  await clients().ssm.send(
    new PutParameterCommand({ Name: `${tenantsPrefix}/${home}/${name}/config`, Value, Type: 'String', Overwrite: true }),
  );
}

const expire = (isDryRun = false) => expireDeployment({ bucketName, tableName, tenantsPrefix }, { clock, isDryRun }, clients());

async function keys(): Promise<string[]> {
  const { Contents = [] } = await clients().s3.send(new ListObjectsV2Command({ Bucket: bucketName, Prefix: 'raw/' }));
  return Contents.map(({ Key = '' }) => Key);
}

describe('of a tenant with fewer days of its own', () => {
  beforeAll(async () => {
    await deployment();
    await configure('contoso', { rawDays: 60 });
    await configure('fabrikam', {});
  });

  test('a dry run says what would go, and changes nothing', async () => {
    const before = await keys();
    const { expired } = await expire(true);
    expect(expired).toEqual([
      { dataset: 'authentication_story', objects: 1, bytes: 4, waiting: 0 },
      { dataset: 'msft_azure_ad_raw', objects: 1, bytes: 4, waiting: 0 },
    ]);
    expect(await keys()).toEqual(before);
  });

  test('older landed objects go, raw and normalized; younger ones and those of others stay', async () => {
    await expire();
    const left = [storyOf(old, theirs), storyOf(kept, ours), storyOf(kept, theirs)];
    const leftRaw = [rawOf(old, theirs), rawOf(kept, ours), rawOf(kept, theirs)];
    expect(await keys()).toEqual([...left, ...leftRaw]);
    expect((await expire()).expired).toEqual([]);
  });

  test('they stay as older versions, and the manifests get a note of them', async () => {
    const { Versions = [] } = await clients().s3.send(new ListObjectVersionsCommand({ Bucket: bucketName, Prefix: rawOf(old, ours) }));
    expect(Versions).toHaveLength(1);
    const evidence = openEvidence({ table: { documents, name: tableName, clock }, s3: clients().s3, bucket: bucketName });
    const entries = (await evidence.notes('msft_azure_ad_raw', Infinity)).flatMap((note) => note.entries);
    expect(entries).toMatchObject([{ kind: 'removed', key: rawOf(old, ours), because: 'kept no longer' }]);
  });
});

test.each([
  { what: 'an hour that is open', states: { raw: { ...merged, open: ['2026-09-01T09'] } } },
  { what: 'an hour after the watermark', states: { raw: { ...merged, watermark: '2026-09-01T08' } } },
  { what: 'an hour of which something derived waits', states: { story: { ...merged, watermark: '2026-09-01T08' } } },
  {
    what: 'an hour that is merged again',
    states: { story: { ...merged, changed: [{ hours: { from: '2026-09-01T00', to: '2026-09-01T12' }, from: 0 }] } },
  },
])('objects of $what stay: their rows are nowhere else', async ({ states }) => {
  await deployment(states);
  await configure('contoso', { rawDays: 60 });
  const before = await keys();
  const { expired } = await expire();
  expect(expired.map(({ objects, waiting }) => [objects, waiting])).toEqual([
    [0, 1],
    [0, 1],
  ]);
  expect(await keys()).toEqual(before);
});

test.each([
  { what: 'whose configuration is broken', configs: [['contoso', '{', 'enterprise']] },
  { what: 'that has no days of its own', configs: [['contoso', {}, 'enterprise']] },
  {
    what: 'that is in two homes',
    configs: [
      ['contoso', { rawDays: 60 }, 'enterprise'],
      ['contoso', { rawDays: 60 }, 'gcc'],
    ],
  },
] as const)('everything stays of a tenant $what', async ({ configs }) => {
  await deployment();
  for (const [name, config, home] of configs) await configure(name, config, home);
  const before = await keys();
  expect((await expire()).expired).toEqual([]);
  expect(await keys()).toEqual(before);
});

test('of one tenant at Microsoft with two names the one that keeps longer decides', async () => {
  await deployment();
  await openLedger(clients().dynamodb, tableName, clock).noteTenantId('contoso-again', contoso);
  await configure('contoso', { rawDays: 60 });
  await configure('contoso-again', { rawDays: 400 });
  expect((await expire()).expired).toEqual([]);
});

test('who keeps longer than the bucket is named: its rule deletes what is theirs as well', async () => {
  await deployment();
  const rule = { ID: 'raw', Status: 'Enabled', Filter: { Prefix: 'raw/' }, Expiration: { Days: 90 } } as const;
  await clients().s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucketName, LifecycleConfiguration: { Rules: [rule] } }));
  await configure('contoso', { rawDays: 60 });
  await configure('fabrikam', { rawDays: 400 });
  expect(await expire(true)).toMatchObject({ cutShort: ['fabrikam'], bucketDays: 90 });
});
