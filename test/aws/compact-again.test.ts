/**
 * What people ask of compaction in AWS, on the emulator and the stand-in for Athena: to merge now, and to merge again what was replaced. The
 * function is its handler, called as Lambda does.
 */

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { AthenaClient } from '@aws-sdk/client-athena';
import { CreateDatabaseCommand, CreateTableCommand, GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { compactDeployment, type DeployedCompaction } from '../../cli/compact/compact-deployment.ts';
import { fillFromRecords } from '../../cli/compact/rows-again.ts';
import { erasePerson, type PersonErasureDeps } from '../../cli/erase/erase-person.ts';
import { NotedBucket } from '../../cli/normalize/noted-bucket.ts';
import { rebuild } from '../../cli/normalize/rebuild.ts';
import { openWorkspace } from '../../local/workspace.ts';
import { readFooter } from '../../local/parquet-footer.ts';
import { makeCompactHandler } from '../../lambdas/compact/handler.ts';
import { askErasure } from '../../shared/aws/compaction/ask-erasure.ts';
import { askMergeAgain, askRefill } from '../../shared/aws/compaction/change-state.ts';
import { openHourCompaction } from '../../shared/aws/compaction/open.ts';
import { loadState } from '../../shared/aws/compaction/state-item.ts';
import { openEvidence } from '../../shared/aws/evidence.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { forgetNotices, openOutbox } from '../../shared/aws/outbox.ts';
import { findingsDataset } from '../../shared/datasets/findings.ts';
import type { FindingRow } from '../../shared/detections/finding-row.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { openFindingFiles } from '../../shared/landing/finding-files.ts';
import { readRows } from '../../shared/landing/read-rows.ts';
import { openInventory } from '../../shared/aws/lake-inventory.ts';
import { compactedTableOf } from '../../shared/datasets/compacted-tables.ts';
import type { NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import { viewText } from '../../shared/datasets/presto-view.ts';
import { saasAuditLogs } from '../../shared/datasets/saas-audit-logs.ts';
import { shownColumns } from '../../shared/domain/compacted-table.ts';
import { compactedViewSelect } from '../../shared/domain/compacted-view.ts';
import { identifiersOf } from '../../shared/domain/erasure.ts';
import { cutoffsOf } from '../../shared/domain/keeping.ts';
import { hourLater } from '../../shared/domain/landing-hour.ts';
import { days, hours, minutes, utcHour } from '../../shared/domain/window.ts';
import { connectDuckDb, openLanding } from '../../shared/landing/landing.ts';
import { FakeLog } from '../fakes/fake-log.ts';
import { findingJson } from '../helpers/finding-notice.ts';
import { landRecords } from '../helpers/land-records.ts';
import { exchangeRecord } from '../helpers/sample-records.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';
import { AthenaStandIn } from './athena-stand-in.ts';
import { emulated, makeBucket, makeTable } from './emulated.ts';

jest.setTimeout(minutes(2));

const { clients, emulator } = emulated();
const makeFolder = temporaryFolders();
const noon = Date.parse('2026-11-22T12:00:00Z');
const emulatedPlace = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
const [raw, saas] = ['msft_o365_exchange_online_raw', 'saas_audit_logs'].map(compactedTableOf) as [
  ReturnType<typeof compactedTableOf>,
  ReturnType<typeof compactedTableOf>,
];
let time = noon;
const clock = { now: () => time, sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) };
let [bucket, tableName] = ['', ''];
let athena!: AthenaStandIn;
let glue!: GlueClient;
let landing!: Awaited<ReturnType<typeof openLanding>>;
let deployed!: DeployedCompaction;
const reported: string[] = [];
let busy = 0;

beforeAll(async () => {
  const { s3, dynamodb } = clients();
  [bucket, tableName] = [await makeBucket(s3), await makeTable(dynamodb)];
  glue = new GlueClient({ ...emulatedPlace, endpoint: emulator().endpoint });
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'lake' } }));
  for (const table of [raw, saas]) {
    const select = compactedViewSelect(table, undefined);
    const { original } = viewText({ name: table.view, database: 'lake', description: '', columns: shownColumns(table), select });
    await glue.send(new CreateTableCommand({ DatabaseName: 'lake', TableInput: { Name: table.view, ViewOriginalText: original } }));
  }
  athena = await AthenaStandIn.start({ s3, glue, bucket, folder: await makeFolder() });
  landing = await openLanding({ memoryMb: 200, spillFolder: await makeFolder() });
  const client = new AthenaClient({ ...emulatedPlace, endpoint: athena.endpoint, maxAttempts: 1 });
  const names = { tableName, bucket, database: 'lake', workgroup: 'compaction', by: 'day' } as const;
  const compaction = openHourCompaction({ dynamodb, s3, glue, athena: client, clock, ...names });
  const handler = makeCompactHandler({ compaction, clock, log: new FakeLog(), tables: [raw, saas], everyHours: 6 });
  const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  deployed = {
    state: (dataset) => loadState(documents, tableName, dataset),
    run: async (event) => {
      busy -= 1;
      if (busy >= 0) return 'busy';
      await handler(event, { getRemainingTimeInMillis: () => minutes(14) });
      return 'ended';
    },
    mergeAgain: (dataset, again) => askMergeAgain(documents, tableName, dataset, again),
  };
});

afterAll(async () => {
  glue.destroy();
  landing.close();
  await athena.stop();
});

/** As `lake compact --aws` does. */
const compactNow = (...datasets: string[]) => compactDeployment({ datasets, clock, onProgress: (text) => reported.push(text) }, deployed);

/** As workers do, with the metadata that names whose an object is. */
async function land(blob: string, at: number, records: readonly unknown[], tenantName = 'contoso'): Promise<void> {
  const lake = join(await makeFolder(), 'lake');
  await mkdir(lake, { recursive: true });
  const [job] = await landRecords(lake, [{ logType: 'audit-exchange', at, blob, records, tenantName }]);
  if (!job) throw new Error('nothing landed');
  const { cloud, tenantId, logType } = job.stream;
  const Metadata = { stream: [cloud, tenantId, logType].join('#'), rows: String(records.length) };
  for (const name of (await readdir(join(lake, 'raw'), { recursive: true })).filter((one) => one.endsWith('.parquet')))
    await clients().s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: `raw/${name}`, Body: await readFile(join(lake, 'raw', name)), Metadata }),
    );
}

/** As `lake normalize --aws` does. */
async function normalize(dataset: NormalizedDataset, isReplacing: boolean) {
  const { s3, dynamodb } = clients();
  time += 1_000;
  const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const noted = new NotedBucket({ s3, bucket, table: { documents, name: tableName, clock } });
  const counts = await rebuild(
    { datasets: [dataset] },
    {
      lake: noted.lake,
      inventory: openInventory(s3, bucket, readFooter),
      landing,
      workspace: await openWorkspace(await makeFolder()),
      ...(isReplacing && { replace: (key: string, file: string) => noted.replace(key, file) }),
    },
  );
  await noted.end();
  return counts;
}

async function seen(view: string, column: string): Promise<string[]> {
  const { Table } = await glue.send(new GetTableCommand({ DatabaseName: 'lake', Name: view }));
  const [, encoded = ''] = /Presto View: (\S+)/.exec(Table?.ViewOriginalText ?? '') ?? [];
  const { originalSql } = JSON.parse(Buffer.from(encoded, 'base64').toString()) as { readonly originalSql: string };
  return (await athena.ask(`SELECT CAST(${column} AS VARCHAR) FROM (\n${originalSql}\n) seen`)).map(([value]) => String(value)).sort();
}

const compacted = async (column: string, { compacted: table }: { readonly compacted: string }): Promise<string[]> =>
  (await athena.ask(`SELECT CAST(${column} AS VARCHAR) FROM ${table}`)).map(([value]) => String(value)).sort();

const statements = (): string[] => athena.statements.splice(0).map((statement) => String(/^\w+/.exec(statement)?.[0]));

test('what is due is merged at once when somebody asks, though the schedule would wait', async () => {
  await land('first', noon, [exchangeRecord('one'), exchangeRecord('two')]);
  await normalize(saasAuditLogs, false);
  time = noon + minutes(90);
  await deployed.run({});
  expect(statements()).toEqual([]);
  busy = 1;
  const done = await compactNow(raw.dataset);
  expect(statements()).toEqual(['CREATE', 'MERGE', 'OPTIMIZE', 'VACUUM']);
  expect(done).toEqual([{ dataset: raw.dataset, mergedUpTo: '2026-11-22T12', openHours: 0 }]);
  expect(reported).toContain(`${raw.dataset}: merging 2026-11-22T12 to 2026-11-22T12`);
  expect((await compactNow(saas.dataset)).map(({ mergedUpTo }) => mergedUpTo)).toEqual(['2026-11-22T12']);
  expect(statements()).toEqual(['CREATE', 'INSERT', 'OPTIMIZE', 'VACUUM']);
  expect(await compacted('operation_name', saas)).toHaveLength(2);
});

/** The same rows, but for one column's values: as after a mapping was mended. */
const mended: NormalizedDataset = {
  ...saasAuditLogs,
  columns: {
    ...saasAuditLogs.columns,
    operation_name: { ...saasAuditLogs.columns.operation_name, sql: "'mended'" },
  } as NormalizedDataset['columns'],
};

test('objects that are replaced are merged again: the old rows are deleted and made again, and the view has every row meanwhile', async () => {
  expect(await normalize(saasAuditLogs, true)).toMatchObject({ same: 1, replaced: 0 });
  expect(await normalize(mended, true)).toMatchObject({ same: 0, replaced: 1 });
  expect(await compacted('operation_name', saas)).not.toContain('mended');
  expect(await seen(saas.view, 'operation_name')).toHaveLength(2);

  athena.failing.push({ begins: 'INSERT', when: 'before' }, { begins: 'SELECT', when: 'before' });
  await deployed.run({});
  const ran = statements();
  expect(ran[0]).toBe('DELETE');
  expect(ran.filter((verb) => verb === 'INSERT').length).toBeGreaterThan(1);
  expect(await compacted('operation_name', saas)).toEqual(['mended', 'mended']);
  expect(await seen(saas.view, 'operation_name')).toEqual(['mended', 'mended']);
  expect(await compacted('record_id', raw)).toEqual(['one', 'two']);
});

test('between the deletion and the merge the view reads the rows from their objects', async () => {
  await normalize(saasAuditLogs, true);
  const fails = { begins: 'INSERT', when: 'before' } as const;
  athena.failing.push(fails, { begins: 'SELECT', when: 'before' }, { begins: 'SELECT', when: 'before' }, fails, fails, fails);
  await deployed.run({});
  expect(await compacted('operation_name', saas)).toEqual([]);
  expect(await seen(saas.view, 'operation_name')).toHaveLength(2);
  athena.failing.splice(0);
  await compactNow(saas.dataset);
  expect(await compacted('operation_name', saas)).toHaveLength(2);
  expect(await compacted('operation_name', saas)).not.toContain('mended');
});

test('an object that is made where compaction has passed is merged, and what was written is noted for the manifests', async () => {
  time = noon + hours(6);
  await compactNow(raw.dataset, saas.dataset);
  await land('late', noon + minutes(30), [exchangeRecord('three')]);
  expect(await normalize(saasAuditLogs, false)).toMatchObject({ made: 1 });
  await compactNow(saas.dataset);
  expect(await seen(saas.view, 'operation_name')).toHaveLength(3);
  expect(await compacted('operation_name', saas)).toHaveLength(3);
  const documents = DynamoDBDocumentClient.from(clients().dynamodb);
  const table = { documents, name: tableName, clock };
  const notes = await openEvidence({ table, s3: clients().s3, bucket }).notes(saas.dataset);
  expect(notes.flatMap(({ entries }) => entries.map(({ kind }) => kind)).sort()).toEqual(['landed', 'landed', 'rewritten', 'rewritten']);
});

test('rows of a landing date are merged again when somebody asks, of records too', async () => {
  statements();
  await deployed.mergeAgain(raw.dataset, { hours: { from: '2026-11-22T00', to: '2026-11-22T16' }, from: time });
  await compactNow(raw.dataset);
  const ran = statements();
  expect(ran.filter((verb) => verb === 'DELETE')).toHaveLength(2);
  // The late one had landed in an hour that was merged, beside the ledger.
  expect(await compacted('record_id', raw)).toEqual(['one', 'three', 'two']);
  expect(await seen(raw.view, 'record_id')).toEqual(['one', 'three', 'two']);
});

describe('a column that was added', () => {
  const added = compactedTableOf('msft_o365_exchange_online_raw');
  const asked = { from: '2026-11-22T00', to: '2026-11-22T16' };
  const operations = (): Promise<string[]> => seen(added.view, 'operation');

  /** Lands as before there was the column. */
  async function landWithout(column: string): Promise<void> {
    const [key = ''] = (await keysUnder(`raw/${raw.dataset}/`)).filter((name) => name.includes('/hr=12/'));
    const { s3 } = clients();
    const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const [file, without] = [join(await makeFolder(), 'object'), join(await makeFolder(), 'without')];
    await writeFile(file, (await Body?.transformToByteArray()) ?? '');
    const duckdb = await connectDuckDb({ memoryMb: 200, spillFolder: await makeFolder() });
    await duckdb.run(`COPY (SELECT * EXCLUDE (${column}) FROM read_parquet('${file}')) TO '${without}' (FORMAT parquet)`);
    duckdb.closeSync();
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: await readFile(without), Metadata }));
  }

  async function keysUnder(Prefix: string): Promise<string[]> {
    const { Contents = [] } = await clients().s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
    return Contents.map(({ Key = '' }) => Key);
  }

  /** As `lake compact --aws --rebuild` does. */
  async function fill(compact = (dataset: string): Promise<unknown> => compactNow(dataset)): Promise<number> {
    const { s3, dynamodb } = clients();
    const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
    const connection = await connectDuckDb({ memoryMb: 200, spillFolder: await makeFolder() });
    const objects = await fillFromRecords(raw.dataset, asked, {
      s3,
      bucket,
      lake: openLake(s3, bucket, clock),
      inventory: openInventory(s3, bucket, readFooter),
      workspace: await openWorkspace(await makeFolder()),
      tools: { connection, landing },
      refill: (dataset, range) => askRefill(documents, tableName, dataset, range),
      state: (dataset) => deployed.state(dataset),
      compact,
      onProgress: (text) => reported.push(text),
    });
    connection.closeSync();
    return objects;
  }

  test('is filled in the rows of records that landed before it, by a rebuild that reads their records again', async () => {
    await landWithout('operation');
    await deployed.mergeAgain(raw.dataset, { hours: asked, from: time });
    await compactNow(raw.dataset);
    expect((await operations()).filter((name) => name === 'null').length).toBeGreaterThan(0);
    const before = await keysUnder('raw/');
    statements();
    expect(await fill()).toBe(2);
    expect(statements()).toContain('MERGE');
    expect((await operations()).filter((name) => name === 'null')).toEqual([]);
    expect(await operations()).toHaveLength(3);
    expect(await compacted('record_id', raw)).toEqual(['one', 'three', 'two']);
    expect(await keysUnder('raw/')).toEqual(before);
    expect(await keysUnder('compacted/again/')).toEqual([]);
  });

  test('is filled in slices where a statement cannot write every day at once', async () => {
    athena.failing.push({ begins: 'MERGE', when: 'before' });
    await fill();
    expect(statements()).toEqual(['MERGE', 'SELECT', 'MERGE']);
    expect((await operations()).filter((name) => name === 'null')).toEqual([]);
  });

  test('is given up where its statements fail again and again, and keeps no merge from its turn', async () => {
    const fails = (begins: string) => ({ begins, when: 'before' }) as const;
    athena.failing.push(fails('MERGE'), fails('SELECT'), fails('SELECT'), fails('SELECT'), fails('SELECT'));
    await expect(fill()).rejects.toThrow('4 statements of msft_o365_exchange_online_raw failed one after the other');
    athena.failing.splice(0);
    await land('meanwhile', time, [exchangeRecord('one')]);
    time += hours(2);
    await compactNow(raw.dataset);
    expect((await deployed.state(raw.dataset)).watermark).toBe('2026-11-22T18');
    await fill();
    expect((await deployed.state(raw.dataset)).refill).toBeUndefined();
  });

  test('is filled by the next rebuild where one died; what it had put beside the lake is removed', async () => {
    await expect(fill(() => Promise.reject(new Error('killed')))).rejects.toThrow('killed');
    expect(await keysUnder('compacted/again/')).toEqual([]);
    await clients().s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: `compacted/again/${raw.dataset}/dt=2026-11-22/hr=12/left.parquet`, Body: 'left' }),
    );
    await fill();
    expect(await keysUnder('compacted/again/')).toEqual([]);
    const { refill, turn } = await deployed.state(raw.dataset);
    expect([refill, turn]).toEqual([undefined, undefined]);
    expect(await operations()).toHaveLength(3);
  });
});

test('with compactedDays, rows of older events leave the table and the view with the week, and younger ones and those of a tenant with more days stay', async () => {
  await land('old', time, [exchangeRecord('old', { CreationTime: '2026-09-01T08:00:00' }), exchangeRecord('young')]);
  await land('kept', time, [exchangeRecord('kept', { CreationTime: '2026-09-01T08:00:00' })], 'fabrikam');
  time += hours(3);
  await compactNow(raw.dataset);
  expect(await compacted('record_id', raw)).toEqual(['kept', 'old', 'one', 'three', 'two', 'young']);
  statements();
  time += days(9);
  const { dynamodb, s3 } = clients();
  const client = new AthenaClient({ ...emulatedPlace, endpoint: athena.endpoint, maxAttempts: 1 });
  const names = { tableName, bucket, database: 'lake', workgroup: 'compaction', by: 'day' } as const;
  const compaction = openHourCompaction({ dynamodb, s3, glue, athena: client, clock, ...names });
  const own = new Map([['fabrikam', { compactedDays: 400 }]]);
  const keeping = (now: number) => Promise.resolve(cutoffsOf('compactedDays', { compactedDays: 36 }, own, now));
  const handler = makeCompactHandler({ compaction, clock, log: new FakeLog(), tables: [raw], everyHours: 6, keeping });
  await handler({}, { getRemainingTimeInMillis: () => minutes(14) });
  expect(statements()).toEqual(['DELETE', 'OPTIMIZE', 'VACUUM']);
  expect(await compacted('record_id', raw)).toEqual(['kept', 'one', 'three', 'two', 'young']);
  expect(await seen(raw.view, 'record_id')).toEqual(['kept', 'one', 'three', 'two', 'young']);
});

describe('a person who is erased', () => {
  const person = { kind: 'person', identifiers: identifiersOf('megan@contoso.example', []) } as const;
  const rawKeys = async (): Promise<string[]> =>
    (await versions()).map(({ key }) => key).filter((key) => key.startsWith(`raw/${raw.dataset}/`));

  async function versions(): Promise<{ readonly key: string; readonly isLatest: boolean }[]> {
    const { Versions = [], DeleteMarkers = [] } = await clients().s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    return [...Versions, ...DeleteMarkers].map(({ Key = '', IsLatest = false }) => ({ key: Key, isLatest: IsLatest }));
  }

  function erase(isDryRun: boolean) {
    time += 1_000;
    const { dynamodb, s3 } = clients();
    const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
    const deleteCompacted: PersonErasureDeps['deleteCompacted'] = async (rows, datasets) => {
      const asked = await askErasure(documents, tableName, rows, datasets);
      if (asked.length > 0) await compactNow(...asked);
    };
    return erasePerson(person, isDryRun, {
      bucket: { client: s3, bucket },
      evidence: openEvidence({ table: { documents, name: tableName, clock }, s3, bucket }),
      clock,
      ask: (sql) => athena.ask(sql),
      state: (dataset) => loadState(documents, tableName, dataset),
      deleteCompacted,
      forgetNotices: (findingIds) => forgetNotices(dynamodb, tableName, findingIds),
      onProgress: (text) => reported.push(text),
    });
  }

  /** A finding, and what somebody made of another. */
  const findingRows: readonly FindingRow[][] = [
    [findingJson('her finding'), findingJson('a finding', { evidence: '{"actor_upn": "xmegan@contoso.example"}' })],
    [findingJson('another', { evidence: '{}', state: 'closed', because: 'megan@contoso.example was on holiday', object: null })],
    [findingJson('in a group', { evidence: '{}', group_values: { actor_upn: 'megan@contoso.example' } })],
  ].map((object) => object.map((row) => JSON.parse(row) as FindingRow));
  const keyOfFindings = (index: number): string =>
    landingKey(findingsDataset, { jobId: String(index).repeat(32), landingHour: utcHour(Date.parse('2026-11-22T09:00:00Z')) });

  async function landFindings(): Promise<void> {
    const { s3, dynamodb } = clients();
    const folder = await makeFolder();
    const duckdb = await connectDuckDb({ memoryMb: 100, spillFolder: folder });
    const files = openFindingFiles(() => Promise.resolve(duckdb));
    for (const [index, rows] of findingRows.entries()) {
      const file = join(folder, `${String(index)}.parquet`);
      await files.write(rows, file, { job: String(index).repeat(32) });
      await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: keyOfFindings(index), Body: await readFile(file), Metadata: { job: 'j' } }),
      );
    }
    duckdb.closeSync();
    const outbox = openOutbox(dynamodb, tableName, clock);
    await outbox.add(['her finding', 'a finding'].map((id) => ({ findingId: id, finding: findingJson(id), at: time })));
  }

  async function findingsLeft(): Promise<string[]> {
    const lake = openLake(clients().s3, bucket, clock);
    const ids: string[] = [];
    for (const [index] of findingRows.entries()) {
      const file = await lake.get(keyOfFindings(index), await makeFolder());
      if (file === undefined) throw new Error('an object of findings is gone, and with it what its job has found');
      for await (const rows of readRows(file, ['finding_id'])) ids.push(...rows.map(({ finding_id: id }) => id as string));
    }
    return ids;
  }

  beforeAll(async () => {
    await clients().s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    const hers = { UserId: 'Megan@contoso.example', CreationTime: '2026-11-30T08:00:00' };
    await land('hers merged', time, [exchangeRecord('hers', hers), exchangeRecord('joann', { UserId: 'xmegan@contoso.example' })]);
    await normalize(saasAuditLogs, false);
    time += hours(7);
    await compactNow(raw.dataset, saas.dataset);
    await land('hers alone, not merged', time, [exchangeRecord('hers too', hers)]);
    await normalize(saasAuditLogs, false);
    await landFindings();
  });

  test('is found in a dry run, which changes nothing', async () => {
    const before = await versions();
    const { erased, locked } = await erase(true);
    expect(erased).toEqual([
      { dataset: raw.dataset, objects: 2, bytes: expect.any(Number), rows: 2, parts: 0, partRows: 1 },
      { dataset: saas.dataset, objects: 2, bytes: expect.any(Number), rows: 0, parts: 0, partRows: 0 },
      { dataset: findingsDataset, objects: 3, bytes: expect.any(Number), rows: 3, parts: 0, partRows: 0 },
    ]);
    expect(await findingsLeft()).toEqual(['her finding', 'a finding', 'another', 'in a group']);
    expect(locked).toEqual([]);
    expect(await versions()).toEqual(before);
    expect(await seen(raw.view, 'record_id')).toEqual(expect.arrayContaining(['hers', 'hers too', 'joann']));
  });

  test('is in no object, version or compacted row afterwards, raw or normalized, and everybody else is', async () => {
    const keys = (await rawKeys()).length;
    const others = (await seen(raw.view, 'record_id')).filter((id) => !id.startsWith('hers'));
    const othersOfSaas = (await seen(saas.view, 'record_id')).filter((id) => !id.startsWith('hers'));
    await erase(false);
    expect(await seen(raw.view, 'record_id')).toEqual(others);
    expect(await seen(saas.view, 'record_id')).toEqual(othersOfSaas);
    expect(await findingsLeft()).toEqual(['a finding']);
    const unsent = await openOutbox(clients().dynamodb, tableName, clock).unsent(10, time + days(1));
    expect(unsent.map(({ findingId }) => findingId)).toEqual(['a finding']);
    expect(await compacted('record_id', raw)).not.toContain('hers');
    expect(await compacted('record_id', saas)).not.toContain('hers');
    expect((await versions()).filter(({ isLatest }) => !isLatest)).toEqual([]);
    // Raw objects stay at their keys, and a normalized one without a row goes.
    expect(await rawKeys()).toHaveLength(keys);
    time += hours(7);
    await compactNow(raw.dataset, saas.dataset);
    await deployed.mergeAgain(raw.dataset, {
      hours: { from: hourLater(utcHour(time), -20), to: hourLater(utcHour(time), -2) },
      from: time,
    });
    await compactNow(raw.dataset);
    expect(await seen(raw.view, 'record_id')).not.toEqual(expect.arrayContaining([expect.stringContaining('hers')]));
    expect((await erase(true)).erased).toEqual([]);
  }, 300_000);
});

test('statements that fail run after run end the command, and the queries are right all the same', async () => {
  await land('last', time, [exchangeRecord('four')]);
  time += hours(7);
  for (let times = 0; times < 8; times += 1) athena.failing.push({ begins: 'MERGE', when: 'before' }, { begins: 'SELECT', when: 'before' });
  await expect(compactNow(raw.dataset)).rejects.toThrow(`statements of ${raw.dataset} failed one after the other`);
  expect(await seen(raw.view, 'record_id')).toEqual(['four', 'joann', 'kept', 'one', 'three', 'two', 'young']);
});
