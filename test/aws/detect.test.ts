/** Commands over the rules, the indicators and the landed objects of a deployment: `--aws`, on the emulator's stores. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CreateTableCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { setFindingState } from '../../cli/aws/set-finding-state.ts';
import { systemClock } from '../../local/clock.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { LocalLake } from '../../local/lake.ts';
import { openEvidence } from '../../shared/aws/evidence.ts';
import { openIndicators } from '../../shared/aws/indicators.ts';
import { openInventory } from '../../shared/aws/lake-inventory.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { openOutbox } from '../../shared/aws/outbox.ts';
import type { FindingRow } from '../../shared/detections/finding-row.ts';
import { minutes } from '../../shared/domain/window.ts';
import { openFindingFiles } from '../../shared/landing/finding-files.ts';
import { openIndexFile } from '../../shared/landing/index-file.ts';
import type { AnswerRow, Asking } from '../../shared/ports/asking.ts';
import { landRecords } from '../helpers/land-records.ts';
import { runLake } from '../helpers/run-lake.ts';
import { emulated, makeBucket, makeTable } from './emulated.ts';

const { clients, emulator } = emulated();
const before = { ...process.env };
const now = systemClock.now();
let [folder, bucket, tableName] = ['', '', ''];

const rule = `
title: Bad
id: bad
logsource: {product: azure, service: auditlogs}
detection: {s: {OperationName: Bad}, condition: s}
custom: {lake: {tests: [{name: t, findings: 1, records: []}]}}
`;
const audit = (id: string, activityDisplayName: string) => ({
  ...{ id, activityDateTime: new Date(now - minutes(30)).toISOString(), activityDisplayName },
  initiatedBy: { user: { id: 'u', userPrincipalName: 'lee@contoso.example', ipAddress: '203.0.113.7' } },
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'detect-aws-'));
  Object.assign(process.env, emulator().env);
  [bucket, tableName] = [await makeBucket(clients().s3), await makeTable(clients().dynamodb)];
  const sightingsTableName = 'sightings';
  await clients().dynamodb.send(
    new CreateTableCommand({
      TableName: sightingsTableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  const none = {
    queueUrls: {},
    credentialsPrefix: '/m365-audit-lake/credentials',
    keyArn: 'none',
    credentialsKeyArn: 'none',
    federationRoleArn: 'none',
  };
  const names = { tableName, bucketName: bucket, tenantsPrefix: '/m365-audit-lake/tenants', checkFunction: 'none' };
  const rest = { databaseName: 'none', workgroupName: 'none', isFedramp: false, sightingsTableName };
  const Value = JSON.stringify({ ...none, ...names, ...rest });
  await clients().ssm.send(new PutParameterCommand({ Name: '/m365-audit-lake/deployment', Type: 'String', Value }));
  await upload();
});

afterAll(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, before);
  await rm(folder, { recursive: true, force: true });
});

/** Two objects, landed on this machine as a worker lands them. */
async function upload(): Promise<void> {
  const path = join(folder, 'lake');
  await landRecords(path, [
    { logType: 'directory-audits', at: now - minutes(20), blob: 'one', records: [audit('a', 'Bad'), audit('b', 'Good')] },
    { logType: 'directory-audits', at: now - minutes(19), blob: 'two', records: [audit('a', 'Bad')] },
  ]);
  const lakeFolder = await openLakeFolder(path, { exclusive: true });
  const local = new LocalLake({ root: lakeFolder.path, temp: lakeFolder.objectsTemp });
  const lake = openLake(clients().s3, bucket, systemClock);
  for await (const { key } of local.objects('raw/')) await lake.putOnce(key, (await local.get(key)) ?? '', (await local.head(key)) ?? {});
  lakeFolder.close();
}

const firstSeenRule = `
title: Seen
id: seen
logsource: {product: azure, service: auditlogs}
detection: {s: {OperationName: [Bad, Good]}, condition: s}
custom: {lake: {first-seen: {of: OperationName, per: actor_upn, within: 30d}, tests: [{name: t, findings: 1, records: []}]}}
`;

async function findingKeys(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of openInventory(clients().s3, bucket, () => Promise.resolve({ metadata: {} })).objects('raw/findings_raw/'))
    keys.push(key);
  return keys;
}

async function rowsAt(key: string): Promise<readonly FindingRow[]> {
  const files = openFindingFiles(() => Promise.reject(new Error('nothing is written here')));
  return files.read((await openLake(clients().s3, bucket, systemClock).get(key, folder)) ?? '');
}

async function dayItems(): Promise<number> {
  const { Items = [] } = await clients().dynamodb.send(new ScanCommand({ TableName: 'sightings' }));
  return Items.filter(({ pk }) => pk?.S?.startsWith('days#')).length;
}

// eslint-disable-next-line @typescript-eslint/require-await -- what Athena gives is asynchronous
async function* batchesOf(...batches: readonly (readonly AnswerRow[])[]) {
  yield* batches;
}

async function landedFindings() {
  const lake = openLake(clients().s3, bucket, systemClock);
  const files = openFindingFiles(() => Promise.reject(new Error('nothing is written here')));
  const rows = [];
  for await (const { key } of openInventory(clients().s3, bucket, () => Promise.resolve({ metadata: {} })).objects('raw/findings_raw/'))
    rows.push(...(await files.read((await lake.get(key, folder)) ?? '')));
  return rows.map(({ title, quiet_because: quiet }) => ({ title, quiet }));
}

test('a rule that is added to the deployment is among those in force', async () => {
  await writeFile(join(folder, 'bad.yml'), rule);
  expect(await runLake('rules', 'add', join(folder, 'bad.yml'), '--aws')).toMatchObject({ code: 0, err: '' });
  const { out } = await runLake('rules', 'list', '--aws', '--json');
  expect((JSON.parse(out) as { id: string }[]).filter(({ id }) => id === 'bad')).toHaveLength(1);
});

test('a dry run over the bucket counts what a rule would find, and lands nothing', async () => {
  const { code, out } = await runLake('detect', '--since', '1d', '--rule', 'bad', '--dry-run', '--aws', '--json');
  expect({ code, ...(JSON.parse(out) as object) }).toMatchObject({ code: 0, objects: 2, findings: 1 });
  expect(await landedFindings()).toEqual([]);
});

test('what was there before the rule is found once, lands, and is sent where that is asked for', async () => {
  const outbox = openOutbox(clients().dynamodb, tableName, systemClock);
  expect(await runLake('detect', '--since', '1d', '--rule', 'bad', '--notify', '--aws')).toMatchObject({ code: 0 });
  expect(await landedFindings()).toEqual([{ title: 'Bad', quiet: null }]);
  expect(await outbox.unsent(10, systemClock.now())).toHaveLength(1);
  await runLake('detect', '--since', '1d', '--rule', 'bad', '--notify', '--aws');
  expect(await landedFindings()).toHaveLength(1);
});

test('a finding that is closed has a row of who closed it and why beside it, and the manifests know of it', async () => {
  const [key = ''] = await findingKeys();
  const [finding] = await rowsAt(key);
  const id = finding?.finding_id as string;
  const asked: unknown[] = [];
  const asking: Asking = {
    engine: 'athena',
    ask: ({ values }) => {
      asked.push(values);
      return Promise.resolve({ columns: [], batches: batchesOf([[`s3://${bucket}/${key}`]]), cost: () => ({}) });
    },
    close: () => Promise.resolve(),
  };
  const set = { state: 'closed', because: 'a test of ours', by: 'lee', at: systemClock.now() } as const;
  await setFindingState(asking, id, set);
  expect(asked).toEqual([{ id }]);
  const [stateKey = '', ...others] = (await findingKeys()).filter((one) => one !== key);
  expect(others).toEqual([]);
  expect(await rowsAt(stateKey)).toEqual([
    { ...finding, state: 'closed', because: 'a test of ours', set_by: 'lee', found_at: expect.anything(), object: null },
  ]);
  const documents = DynamoDBDocumentClient.from(clients().dynamodb);
  const evidence = openEvidence({ table: { documents, name: tableName, clock: systemClock }, s3: clients().s3, bucket });
  const notes = (await evidence.notes('findings_raw', Infinity)).flatMap(({ entries }) => entries);
  expect(notes).toEqual(expect.arrayContaining([expect.objectContaining({ key: stateKey })]));
  await expect(setFindingState(asking, 'another', set)).rejects.toThrow("the finding 'another' is not in");
});

test('values seen first are learned from the bucket, and nothing of them lands', async () => {
  await writeFile(join(folder, 'seen.yml'), firstSeenRule);
  expect(await runLake('rules', 'add', join(folder, 'seen.yml'), '--aws')).toMatchObject({ code: 0 });
  const [before, items] = [await findingKeys(), await dayItems()];
  expect(await runLake('detect', '--since', '1d', '--rule', 'seen', '--learn', '--aws')).toMatchObject({ code: 0 });
  expect(await findingKeys()).toEqual(before);
  // Two operations of one person, and the day of the rule itself.
  expect((await dayItems()) - items).toBe(3);
});

test('a list of indicators is seen by workers, is looked for in what has landed, and can be removed', async () => {
  await writeFile(join(folder, 'feed.csv'), 'value,type\n203.0.113.0/30,ip\n203.0.113.4/30,ip\n');
  const worker = openIndicators({ client: clients().s3, bucket }, folder, systemClock, openIndexFile);
  expect((await worker()).find('ip', '203.0.113.7', undefined)).toBeUndefined();
  const { code, out } = await runLake('indicators', 'import', join(folder, 'feed.csv'), '--since', '1d', '--aws', '--json');
  expect({ code, ...(JSON.parse(out) as object) }).toMatchObject({ code: 0, taken: 2, all: 2, lookedBack: { objects: 2 } });
  const found = (await landedFindings()).filter(({ quiet }) => quiet === 'the indicator is newer than the record');
  expect(found.length).toBeGreaterThan(0);

  let time = systemClock.now();
  const later = openIndicators({ client: clients().s3, bucket }, folder, { now: () => time }, openIndexFile);
  expect((await later()).find('ip', '203.0.113.7', undefined)?.source).toBe('feed');
  expect(JSON.parse((await runLake('indicators', 'list', '--aws', '--json')).out)).toEqual([{ list: 'feed', indicators: 2 }]);
  expect(await runLake('indicators', 'remove', 'feed', '--aws')).toMatchObject({ code: 0 });
  expect((await later()).find('ip', '203.0.113.7', undefined)?.source).toBe('feed');
  time += minutes(5);
  expect((await later()).find('ip', '203.0.113.7', undefined)).toBeUndefined();
}, 120_000);
