/**
 * Compaction on the emulator: objects in its bucket, state in its table, views in its Glue, and statements on a stand-in for Athena that runs
 * them by DuckDB. After every run the view's own text gives one row a record of all that landed.
 */

import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { AthenaClient } from '@aws-sdk/client-athena';
import { CreateDatabaseCommand, CreateTableCommand, GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { makeCompactHandler } from '../../lambdas/compact/handler.ts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { askErasure } from '../../shared/aws/compaction/ask-erasure.ts';
import { openHourCompaction } from '../../shared/aws/compaction/open.ts';
import { compactedTableOf } from '../../shared/datasets/compacted-tables.ts';
import { viewText } from '../../shared/datasets/presto-view.ts';
import { shownColumns } from '../../shared/domain/compacted-table.ts';
import { compactedViewSelect } from '../../shared/domain/compacted-view.ts';
import { streamKey } from '../../shared/domain/stream.ts';
import { days, hours, minutes } from '../../shared/domain/window.ts';
import { contoso } from '../contracts/samples.ts';
import { FakeLog } from '../fakes/fake-log.ts';
import { landRecords } from '../helpers/land-records.ts';
import { alert, exchangeRecord, signIn } from '../helpers/sample-records.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';
import { AthenaStandIn } from './athena-stand-in.ts';
import { emulated, makeBucket, makeTable } from './emulated.ts';

jest.setTimeout(minutes(2));

const { clients, emulator } = emulated();
const makeFolder = temporaryFolders();
const noon = Date.parse('2026-11-22T12:00:00Z');
const tables = ['msft_o365_exchange_online_raw', 'msft_azure_ad_raw', 'msft_graph_security_alerts_raw', 'msft_o365_dlp_raw'].map(
  compactedTableOf,
);
let time = noon;
const clock = { now: () => time, sleep: () => Promise.resolve() };
const log = new FakeLog();
let [bucket, tableName, lake] = ['', '', ''];
let athena!: AthenaStandIn;
let glue!: GlueClient;
let compact!: () => Promise<void>;

beforeAll(async () => {
  const { s3, dynamodb } = clients();
  const place = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  [bucket, tableName] = [await makeBucket(s3), await makeTable(dynamodb)];
  glue = new GlueClient({ ...place, endpoint: emulator().endpoint });
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'lake' } }));
  for (const table of tables) await makeView(table.dataset);
  athena = await AthenaStandIn.start({ s3, glue, bucket, folder: await makeFolder() });
  const names = { tableName, bucket, database: 'lake', workgroup: 'compaction', by: 'day' } as const;
  const client = new AthenaClient({ ...place, endpoint: athena.endpoint, maxAttempts: 1 });
  const compaction = openHourCompaction({ dynamodb, s3, glue, athena: client, clock, ...names });
  const handler = makeCompactHandler({ compaction, clock, log, tables, everyHours: 1 });
  compact = () => handler({}, { getRemainingTimeInMillis: () => minutes(14) });
});

afterAll(async () => {
  glue.destroy();
  await athena.stop();
});

/** As the deployment makes it: nothing is compacted. */
async function makeView(dataset: string): Promise<void> {
  const table = compactedTableOf(dataset);
  const select = compactedViewSelect(table, undefined);
  const { original } = viewText({ name: table.view, database: 'lake', description: '', columns: shownColumns(table), select });
  await glue.send(new CreateTableCommand({ DatabaseName: 'lake', TableInput: { Name: table.view, ViewOriginalText: original } }));
}

/** Lands records as workers do, and puts the objects into the bucket. */
async function land(groups: Parameters<typeof landRecords>[1]): Promise<void> {
  lake = join(await makeFolder(), 'lake');
  await mkdir(lake, { recursive: true });
  await landRecords(lake, groups);
  const names = await readdir(join(lake, 'raw'), { recursive: true });
  for (const name of names.filter((one) => one.endsWith('.parquet'))) {
    await clients().s3.send(new PutObjectCommand({ Bucket: bucket, Key: `raw/${name}`, Body: await readFile(join(lake, 'raw', name)) }));
  }
}

/** What the view that stands in Glue gives, by the text that stands there. */
async function seen(view: string, column: string): Promise<string[]> {
  const { Table } = await glue.send(new GetTableCommand({ DatabaseName: 'lake', Name: view }));
  const [, encoded = ''] = /Presto View: (\S+)/.exec(Table?.ViewOriginalText ?? '') ?? [];
  const { originalSql } = JSON.parse(Buffer.from(encoded, 'base64').toString()) as { readonly originalSql: string };
  const rows = await athena.ask(`SELECT CAST(${column} AS VARCHAR) FROM (\n${originalSql}\n) seen`);
  return rows.map(([value]) => String(value)).sort();
}

const everything = {
  records: ['one', 'three', 'two'],
  signIns: ['a corrected', 'b null'],
};

async function expectEverything(): Promise<void> {
  expect(await seen('msft_o365_exchange_online', 'record_id')).toEqual(everything.records);
  expect(await seen('msft_azure_ad', "record_id || ' ' || coalesce(user_agent, 'null')")).toEqual(everything.signIns);
  expect(await seen('msft_graph_security_alerts', 'record_id')).toEqual(['alert']);
}

const compactedRows = async (dataset: string): Promise<number> =>
  Number((await athena.ask(`SELECT count(*) FROM ${compactedTableOf(dataset).compacted}`))[0]?.[0]);

/** One for each table that has rows. */
const verbs = (verb: string): string[] => [verb, verb, verb];

/** Statements since the last look, by their first word. */
function statements(): string[] {
  return athena.statements.splice(0).map((statement) => String(/^\w+/.exec(statement)?.[0]));
}

describe('landed hours', () => {
  test('that are not over yet are read from their objects', async () => {
    await land([
      { logType: 'audit-exchange', at: noon, blob: 'first', records: [exchangeRecord('one'), exchangeRecord('two')] },
      { logType: 'audit-exchange', at: noon + minutes(5), blob: 'again', records: [exchangeRecord('two'), exchangeRecord('three')] },
      { logType: 'sign-ins-interactive', at: noon, records: [signIn('a'), signIn('b')] },
      { logType: 'sign-ins-interactive', at: noon + minutes(10), records: [signIn('a', { userAgent: 'corrected' })] },
      { logType: 'alerts', at: noon, records: [alert('alert', '2026-11-21T09:00:00Z')] },
    ]);
    time = noon + minutes(30);
    await compact();
    expect(statements()).toEqual([]);
    await expectEverything();
  });

  test('that are over are merged, one statement a dataset, and a view says the same before and after', async () => {
    time = noon + minutes(90);
    athena.failing.push({ begins: 'MERGE INTO "msft_o365_exchange_online', when: 'after' });
    await compact();
    const ran = statements().sort();
    expect(ran.filter((verb) => verb === 'CREATE')).toHaveLength(3);
    // One of them took effect and was reported as failed: its days are asked for, and merged again.
    expect(ran.filter((verb) => verb === 'MERGE')).toHaveLength(4);
    expect(ran.filter((verb) => verb === 'SELECT')).toHaveLength(1);
    await expectEverything();
    expect(await compactedRows('msft_o365_exchange_online_raw')).toBe(3);
    expect(await compactedRows('msft_azure_ad_raw')).toBe(2);
  });

  test('that have nothing new cost no statement', async () => {
    time = noon + hours(5);
    await compact();
    expect(statements()).toEqual([]);
    await expectEverything();
  });

  test('of a job that is pending stay open, and what lands there late is seen at once and merged when it has landed', async () => {
    const stream = { cloud: 'enterprise', tenantId: contoso, logType: 'audit-exchange' } as const;
    const item = { pk: streamKey(stream), sk: 'job#late', hour: '2026-11-22T16', dueShard: '0', dueAt: noon };
    await clients().dynamodb.send(new PutItemCommand({ TableName: tableName, Item: marshall(item) }));
    time = noon + hours(6);
    await compact();
    await land([{ logType: 'audit-exchange', at: noon + hours(4), blob: 'late', records: [exchangeRecord('late')] }]);
    expect(await seen('msft_o365_exchange_online', 'record_id')).toEqual(['late', ...everything.records]);
    expect(await compactedRows('msft_o365_exchange_online_raw')).toBe(3);

    const { dueShard: _landed, dueAt: _done, ...final } = item;
    await clients().dynamodb.send(new PutItemCommand({ TableName: tableName, Item: marshall(final) }));
    time = noon + hours(7);
    await compact();
    expect(statements()).toEqual(['MERGE']);
    expect(await compactedRows('msft_o365_exchange_online_raw')).toBe(4);
    expect(await seen('msft_o365_exchange_online', 'record_id')).toEqual(['late', ...everything.records]);
  });

  test('are maintained by the week, and no object under raw/ is ever written or removed', async () => {
    time = noon + days(8);
    await compact();
    expect(statements().sort()).toEqual(['OPTIMIZE', 'OPTIMIZE', 'OPTIMIZE', 'VACUUM', 'VACUUM', 'VACUUM']);
    const { Contents = [] } = await clients().s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    expect(Contents.map(({ Key = '' }) => Key.split('/')[1])).toHaveLength(6);
  });

  test('of a tenant that is erased leave the compacted tables too, and their files a week later', async () => {
    await askErasure(DynamoDBDocumentClient.from(clients().dynamodb), tableName, { tenantId: contoso, tenantName: 'contoso' });
    time = noon + days(8) + hours(1);
    await compact();
    expect(statements().sort()).toEqual([...verbs('DELETE'), ...verbs('OPTIMIZE'), ...verbs('VACUUM')]);
    expect(await compactedRows('msft_o365_exchange_online_raw')).toBe(0);
    expect(await compactedRows('msft_azure_ad_raw')).toBe(0);
    time = noon + days(16);
    await compact();
    expect(statements().sort()).toEqual([...verbs('OPTIMIZE'), ...verbs('VACUUM')]);
    time = noon + days(24);
    await compact();
    expect(statements()).toEqual([]);
  });

  test('whose statements fail are reported, and tried again by the next run', async () => {
    await land([{ logType: 'audit-exchange', at: noon + days(24), blob: 'new', records: [exchangeRecord('new')] }]);
    time = noon + days(24) + hours(2);
    for (const begins of ['MERGE', 'SELECT', 'SELECT']) athena.failing.push({ begins, when: 'before' });
    await compact();
    expect(log.lines.filter(({ level }) => level === 'warn').length).toBeGreaterThanOrEqual(3);
    expect(await seen('msft_o365_exchange_online', 'record_id')).toEqual(['new']);
    await compact();
    expect(await compactedRows('msft_o365_exchange_online_raw')).toBe(1);
    expect(await seen('msft_o365_exchange_online', 'record_id')).toEqual(['new']);
  });
});
