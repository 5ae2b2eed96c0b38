/**
 * The whole line, deployed for real: CDK, schedules, queues, functions, table and bucket, with the simulator as Microsoft. Policies
 * are enforced: what a function may not do, it cannot.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { GetQueueAttributesCommand, GetQueueUrlCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { systemClock } from '../../local/clock.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { normalizedDatasets } from '../../shared/datasets/index.ts';
import { viewName } from '../../shared/domain/views.ts';
import { hours, minutes, seconds } from '../../shared/domain/window.ts';
import { logTypesOfDataset, rawDatasets } from '../../shared/log-types/index.ts';
import { connectDuckDb } from '../../shared/landing/landing.ts';
import { apiOf, type Api } from './deployment/api.ts';
import { deploy, destroy, type Deployed } from './deployment/cdk.ts';
import { LakeCopy } from './deployment/landed-rows.ts';
import { configure, letTimePass, settled, tenantOf, worldOf, type Proving } from './deployment/proving.ts';
import { killWorkersUntil, killedFetches } from './deployment/workers.ts';
import { emulated } from './emulated.ts';

jest.setTimeout(minutes(10));

const { clients, emulator } = emulated({ isEnforcing: true });
let folder = '';
let simulator: Simulator | undefined;
let deployed!: Deployed;
let proving!: Proving;
let api!: Api;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'm365-audit-lake-deployment-'));
  const world = worldOf(['contoso', 'fabrikam', 'tailspin', 'wingtip'], systemClock.now());
  simulator = await startSimulator({ world, clock: systemClock });
  // Functions run on the host's processor here.
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x64';
  const settings = { simulatorUrl: simulator.baseUrl, architecture, listEveryMinutes: '1', fetchConcurrency: '2' };
  deployed = await deploy(emulator(), settings, folder);
  const { outputs } = deployed;
  const copy = new LakeCopy(clients().s3, String(outputs.BucketName), await mkdtemp(join(folder, 'copy-')));
  const duckdb = await connectDuckDb({ memoryMb: 500, spillFolder: folder });
  proving = { clients: clients(), outputs, world, copy, duckdb, backMs: hours(3) };
  api = apiOf(emulator());
});

afterAll(async () => {
  await simulator?.close();
  await rm(folder, { recursive: true, force: true });
});

const nothingWrong = { missing: 0, repeated: 0, pending: 0, examples: [] };

test('everything that Microsoft serves to two tenants lands once, beside a third one whose configuration is no JSON', async () => {
  const listedAt = systemClock.now();
  const path = `${String(deployed.outputs.TenantsPrefix)}/enterprise/broken/config`;
  await clients().ssm.send(new PutParameterCommand({ Name: path, Value: '{ "clientId": ', Type: 'String' }));
  for (const name of ['contoso', 'fabrikam']) await configure(proving, name);

  // What Microsoft throttled is parked; the sweep is called more often than every five minutes.
  const { served, ...found } = await settled(proving, ['contoso', 'fabrikam'], listedAt, () => api.invoke('Sweep'));
  expect(found).toMatchObject(nothingWrong);
  expect(served).toBeGreaterThan(100);
});

test(
  'the same, while the functions are killed at any point of their work',
  async () => {
    const listedAt = systemClock.now();
    // Long enough for every list to run, and on until enough fetches were hit; a tenant that joins brings most of them.
    const joining = ['tailspin', 'wingtip'];
    for (let round = 0; round < 4 || (round < 10 && (await killedFetches(emulator())) < 5); round += 1) {
      if (round % 2 === 0) for (const name of joining.splice(0, 1)) await configure(proving, name);
      await killWorkersUntil(emulator(), systemClock.now() + seconds(25), 2 ** Math.max(0, Math.min(round - 3, 3)));
      await sweepNow();
    }
    expect(await killedFetches(emulator())).toBeGreaterThanOrEqual(3);

    const { served, ...found } = await settled(proving, ['contoso', 'fabrikam', 'tailspin', 'wingtip'], listedAt, sweepNow);
    expect(found).toMatchObject(nothingWrong);
    expect(served).toBeGreaterThan(200);
  },
  minutes(15),
);

/** As if a quarter of an hour had gone by: what was in the hands of a worker that died is sent again. */
async function sweepNow(): Promise<void> {
  if ((await letTimePass(proving)) > 0) await api.invoke('Sweep');
}

test('a message that is not ours is in the dead-letter queue at once, with the reason', async () => {
  const { sqs } = clients();
  const { ContentQueueUrl = '' } = deployed.outputs;
  await sqs.send(new SendMessageCommand({ QueueUrl: ContentQueueUrl, MessageBody: '{"hello":"there"}' }));
  const QueueUrl = await deadLettersOf(ContentQueueUrl);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MessageAttributeNames: ['All'] }));
  expect(Messages.map(({ Body }) => Body)).toEqual(['{"hello":"there"}']);
  expect(Messages[0]?.MessageAttributes?.reason?.StringValue).toMatch('stream');
});

async function deadLettersOf(QueueUrl: string): Promise<string> {
  const { sqs } = clients();
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }));
  const { deadLetterTargetArn } = JSON.parse(String(Attributes?.RedrivePolicy)) as { readonly deadLetterTargetArn: string };
  return String((await sqs.send(new GetQueueUrlCommand({ QueueName: String(deadLetterTargetArn.split(':').at(-1)) }))).QueueUrl);
}

interface GlueTable {
  readonly Name: string;
  readonly TableType: string;
  readonly Parameters: Readonly<Record<string, string>>;
  readonly StorageDescriptor: { readonly Columns: readonly { readonly Name: string }[] };
}

test('every dataset has its table and its view in Glue', async () => {
  const found = await api.call('glue', 'AWSGlue.GetTables', { DatabaseName: deployed.outputs.DatabaseName });
  const tables = new Map((found.TableList as GlueTable[]).map((table) => [table.Name, table]));
  for (const dataset of rawDatasets) {
    const columns = logTypesOfDataset(dataset).flatMap((logType) => Object.keys(logType.columns));
    const table = tables.get(dataset);
    expect(table?.StorageDescriptor.Columns.map(({ Name }) => Name)).toEqual(expect.arrayContaining(columns));
    expect(table?.Parameters).toMatchObject({ 'projection.enabled': 'true', 'projection.dt.type': 'date' });
    expect(tables.get(viewName(dataset))?.TableType).toBe('VIRTUAL_VIEW');
  }
});

test.each(normalizedDatasets.map(({ name }) => name))('beside raw, %s has landed', async (name) => {
  const { KeyCount = 0 } = await clients().s3.send(
    new ListObjectsV2Command({ Bucket: String(deployed.outputs.BucketName), Prefix: `raw/${name}/` }),
  );
  expect(KeyCount).toBeGreaterThan(0);
});

test('the queries to start from, which the emulator does not take from a template, are made by the properties they have there', async () => {
  const queries = Object.values(deployed.leftOut);
  const WorkGroup = deployed.outputs.WorkgroupName;
  for (const { Properties } of queries) await api.call('athena', 'AmazonAthena.CreateNamedQuery', { ...Properties, WorkGroup });
  const { NamedQueryIds } = await api.call('athena', 'AmazonAthena.ListNamedQueries', { WorkGroup });
  expect(NamedQueryIds).toHaveLength(queries.length);
  expect(queries.length).toBeGreaterThan(0);
});

test('nothing in the logs is a secret, a token or a person', async () => {
  const { logGroups } = await api.call('logs', 'Logs_20140328.DescribeLogGroups', {});
  const lines: string[] = [];
  for (const { logGroupName } of logGroups as { readonly logGroupName: string }[]) {
    const { events } = await api.call('logs', 'Logs_20140328.FilterLogEvents', { logGroupName, limit: 10_000 });
    lines.push(...(events as { readonly message: string }[]).map(({ message }) => message));
  }
  const text = lines.join('\n');
  expect(text).toContain('a tenant cannot be collected');
  const secrets = proving.world.tenants.map(({ name }) => String(tenantOf(proving.world, name).apps[0]?.secrets[0]?.value));
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(text).not.toMatch(
    /eyJ[\w-]{8,}\.|Bearer |[\w.]+@(contoso|fabrikam|tailspin|wingtip)\.|\b(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+/,
  );
});

test('cdk destroy leaves no function and no queue, and everything that holds data', async () => {
  const { BucketName = '', TableName = '', ContentQueueUrl = '' } = deployed.outputs;
  const keysBefore = await proving.copy.refresh();
  await destroy(emulator(), folder);

  expect(await api.functions()).toEqual([]);
  await expect(clients().sqs.send(new GetQueueAttributesCommand({ QueueUrl: ContentQueueUrl }))).rejects.toThrow();
  const { KeyCount = 0 } = await clients().s3.send(new ListObjectsV2Command({ Bucket: BucketName, Prefix: 'raw/msft' }));
  expect(KeyCount).toBeGreaterThanOrEqual(Math.min(keysBefore.length, 1_000));
  expect((await clients().dynamodb.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus).toBe('ACTIVE');
});
