/**
 * Rules in a deployment, with attacks in what Microsoft serves: what they find lies in the lake, and the topic, the bus and a webhook hear
 * of it. Policies are enforced.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { plantedIncidents } from '../../cli/run/planted-incidents.ts';
import { systemClock } from '../../local/clock.ts';
import { ruleLibrary } from '../../rules/library.ts';
import { openOutbox } from '../../shared/aws/outbox.ts';
import { writeAddedRules } from '../../shared/aws/rule-objects.ts';
import type { FindingRow } from '../../shared/detections/finding-row.ts';
import { ruleSetOf } from '../../shared/detections/rule-set.ts';
import { hours, minutes, seconds } from '../../shared/domain/window.ts';
import { connectDuckDb } from '../../shared/landing/landing.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { apiOf, type Api } from './deployment/api.ts';
import { deploy, type Deployed } from './deployment/cdk.ts';
import { listen, type Heard } from './deployment/heard.ts';
import { batchOver, landedFindings } from './deployment/judged-findings.ts';
import { LakeCopy } from './deployment/landed-rows.ts';
import { configure, letTimePass, settled, tenantOf, worldOf, type Proving } from './deployment/proving.ts';
import { startReceiver, type Receiver } from './deployment/receiver.ts';
import { killWorkersOf } from './deployment/workers.ts';
import { emulated } from './emulated.ts';

jest.setTimeout(minutes(10));

const { clients, emulator } = emulated({ isEnforcing: true });
let folder = '';
let simulator: Simulator | undefined;
let receiver: Receiver | undefined;
let deployed!: Deployed;
let proving!: Proving;
let api!: Api;
let hear!: () => Promise<Heard>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'm365-audit-lake-findings-'));
  const world = worldOf(['contoso', 'fabrikam'], systemClock.now(), { recordsPerDay: 400, hasIncidents: true });
  [simulator, receiver] = [await startSimulator({ world, clock: systemClock }), await startReceiver()];
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x64';
  const settings = { simulatorUrl: simulator.baseUrl, architecture, listEveryMinutes: '1', fetchConcurrency: '2', compaction: 'false' };
  deployed = await deploy(emulator(), settings, folder);
  const { outputs } = deployed;
  const copy = new LakeCopy(clients().s3, String(outputs.BucketName), await mkdtemp(join(folder, 'copy-')));
  const duckdb = await connectDuckDb({ memoryMb: 500, spillFolder: folder });
  proving = { clients: clients(), outputs, world, copy, duckdb, backMs: hours(24) };
  api = apiOf(emulator());
  await writeAddedRules({ client: clients().s3, bucket: String(outputs.BucketName) }, { 'absence.yml': absenceRule });
  hear = await listen(emulator(), clients().sqs, String(outputs.FindingsTopicArn));
  const Value = JSON.stringify({ url: receiver.url, secret: 'shared' });
  await clients().ssm.send(new PutParameterCommand({ Name: '/m365-audit-lake/webhooks/test', Value, Type: 'SecureString' }));
});

afterAll(async () => {
  await simulator?.close();
  await receiver?.close();
  await rm(folder, { recursive: true, force: true });
});

const absenceTitle = 'No role was granted for an hour';
/** Each planted day has one grant; in the hours after it there is none. */
const absenceRule = `
title: ${absenceTitle}
id: no-role-granted
logsource: {product: azure, service: auditlogs}
detection: {s: {OperationName: Add member to role}, condition: s}
custom: {lake: {absence: {for: 1h}, tests: [{name: t, findings: 1, records: [{log-type: directory-audits, at: 2026-11-20T09:00:00Z, record: {activityDisplayName: Add member to role}}], complete-to: 2026-11-20T12:00:00Z}]}}
`;

const idOf = ({ finding_id: id }: FindingRow): string => (typeof id === 'string' ? id : '');

/** As if a quarter of an hour had gone by. */
async function sweepNow(): Promise<void> {
  if ((await letTimePass(proving)) > 0) await api.invoke('Sweep');
}

/** Everything of a tenant has landed: what was found is what one batch over the lake finds, and who hears of findings heard of each once. */
async function judge(name: string, titles: readonly string[]): Promise<void> {
  const { tenantId } = tenantOf(proving.world, name);
  const rows = await landedFindings(proving, tenantId, folder);
  const ids = (state: string) => new Set(rows.flatMap((row) => (row.state === state ? [idOf(row)] : [])));
  const superseded = ids('superseded');
  // Absences are no part of a batch over records.
  const absent = new Set(rows.flatMap((row) => (row.kind === 'absence' ? [idOf(row)] : [])));
  const found = [...ids('new')].filter((id) => !superseded.has(id) && !absent.has(id)).sort();
  const truth = await batchOver(proving, tenantId);
  expect(found).toEqual([...truth.keys()].sort());
  // An attack at the edge of what is collected, or in the last hour, is not served whole.
  const planted = titles.filter((title) => [...truth.values()].includes(title));
  expect(planted.length).toBeGreaterThanOrEqual(Math.ceil(titles.length * 0.6));
  expect(rows.filter(({ state }) => state === 'error')).toEqual([]);

  const loud = [...new Set(rows.flatMap((row) => (row.state === 'new' && row.quiet_because === null ? [idOf(row)] : [])))];
  const { events, mails } = await delivered();
  expect(events.filter((id) => loud.includes(id)).sort()).toEqual(loud.sort());
  expect(mails.length).toBeGreaterThan(0);
}

/** What is in the outbox is delivered, until nothing is due; what channels get in a digest waits a quarter of an hour and is not waited for. */
async function delivered(): Promise<Heard> {
  for (let round = 0; round < 3; round += 1) await api.invoke('NotificationsNestedStack');
  return hear();
}

/** One of each planted attack that has any. */
const plantedRules = plantedIncidents.flatMap(({ rules }) => rules.slice(0, 1));

const titlesOf = (names: readonly string[]): string[] => {
  const { detections } = ruleSetOf(ruleLibrary());
  return names.map((name) => detections.find((detection) => detection.name === name)?.title ?? `no rule is called ${name}`);
};

test('what is planted is found as it lands, lies in the findings dataset once, and is heard of once', async () => {
  const listedAt = systemClock.now();
  await configure(proving, 'contoso');
  const { missing, repeated, pending } = await settled(proving, ['contoso'], listedAt, sweepNow);
  expect({ missing, repeated, pending }).toEqual({ missing: 0, repeated: 0, pending: 0 });

  await judge('contoso', titlesOf(plantedRules));
});

test('the webhook got what is signed, and no finding twice', () => {
  const got = receiver?.got ?? [];
  expect(got.length).toBeGreaterThan(0);
  expect(got.filter(({ isSigned }) => !isSigned)).toEqual([]);
  const ids = got.flatMap(({ id, body }) => (JSON.parse(body) as { data: { finding_ids?: string[] } }).data.finding_ids ?? [id]);
  expect(new Set(ids).size).toBe(ids.length);
});

test(
  'a function that is killed between landing and its final write leaves each finding once',
  async () => {
    const listedAt = systemClock.now();
    const { s3 } = clients();
    const keys = async (): Promise<ReadonlySet<string>> => {
      const listing = { Bucket: String(proving.outputs.BucketName), Prefix: 'raw/' };
      const { Contents = [] } = await s3.send(new ListObjectsV2Command(listing));
      return new Set(Contents.flatMap(({ Key = '' }) => (/^raw\/(msft|findings)/.test(Key) ? [Key] : [])));
    };
    await configure(proving, 'fabrikam');
    // Whenever something lands, whoever landed it dies: it has not been made final by then, or only just.
    const known = new Set(await keys());
    let kills = 0;
    for (const end = systemClock.now() + minutes(3); systemClock.now() < end && kills < 8;) {
      const fresh = [...(await keys())].filter((key) => !known.has(key));
      if (fresh.length > 0) kills += await killWorkersOf(emulator(), 'Fetch');
      for (const key of fresh) known.add(key);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(kills).toBeGreaterThanOrEqual(3);
    const { missing, repeated, pending } = await settled(proving, ['fabrikam'], listedAt, sweepNow);
    expect({ missing, repeated, pending }).toEqual({ missing: 0, repeated: 0, pending: 0 });
    await judge('fabrikam', titlesOf(plantedRules));
  },
  minutes(15),
);

test('what stays away after it was there is found by the hourly run, lies in the lake once, and is heard of once', async () => {
  const { tenantId } = tenantOf(proving.world, 'contoso');
  for (let run = 0; run < 3; run += 1) await api.invoke('FetchWindows');
  const rows = (await landedFindings(proving, tenantId, folder)).filter(({ kind }) => kind === 'absence');
  expect(rows.filter(({ title }) => title === absenceTitle).length).toBeGreaterThan(0);
  const found = rows.map((row) => idOf(row)).sort();
  expect(new Set(found).size).toBe(found.length);
  const loud = rows.filter((row) => row.quiet_because === null).map((row) => idOf(row));
  const { events } = await delivered();
  expect(events.filter((id) => found.includes(id)).sort()).toEqual(loud.sort());
});

test('the outbox has nothing left but what the digest of a channel waits for', async () => {
  const outbox = openOutbox(clients().dynamodb, String(deployed.outputs.TableName), systemClock);
  const left = await outbox.unsent(1_000, systemClock.now() + seconds(1));
  const undelivered = left.filter(({ deliveries = {} }) => deliveries.eventbridge?.state !== 'taken');
  expect(undelivered.map(({ findingId }) => findingId)).toEqual([]);
});

test('the rules in force are stored under their hash', async () => {
  const { Contents = [] } = await clients().s3.send(
    new ListObjectsV2Command({ Bucket: String(deployed.outputs.BucketName), Prefix: 'rules/' }),
  );
  // In the order of the hash, which may begin with a digit.
  const hashed = Contents.flatMap(({ Key }) => (Key === 'rules/added.json' ? [] : [Key]));
  expect(hashed).toEqual([expect.stringMatching(/^rules\/[0-9a-f]{32}\.json$/)]);
  expect(Contents).toHaveLength(2);
});
