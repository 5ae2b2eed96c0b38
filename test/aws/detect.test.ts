/** Commands over the rules, the indicators and the landed objects of a deployment: `--aws`, on the emulator's stores. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { systemClock } from '../../local/clock.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { LocalLake } from '../../local/lake.ts';
import { openIndicators } from '../../shared/aws/indicators.ts';
import { openInventory } from '../../shared/aws/lake-inventory.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { openOutbox } from '../../shared/aws/outbox.ts';
import { minutes } from '../../shared/domain/window.ts';
import { openFindingFiles } from '../../shared/landing/finding-files.ts';
import { openIndexFile } from '../../shared/landing/index-file.ts';
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
