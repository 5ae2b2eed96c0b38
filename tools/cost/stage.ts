/** Where the workloads run: the emulator's stores, the simulator as Microsoft, and functions put together as in Lambda. */

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import type { AthenaClient } from '@aws-sdk/client-athena';
import type { GlueClient } from '@aws-sdk/client-glue';
import { simulatedTenant } from '../../simulator/tenants.ts';
import { openHourCompaction } from '../../shared/aws/compaction/open.ts';
import { openJobs } from '../../shared/aws/jobs.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { ledgerTable } from '../../shared/aws/ledger-table.ts';
import { configPath, credentialPath } from '../../shared/aws/tenant-parameters.ts';
import { openTenants } from '../../shared/aws/tenants.ts';
import { openIndicators } from '../../shared/aws/indicators.ts';
import { openOutbox } from '../../shared/aws/outbox.ts';
import { addedRules } from '../../shared/aws/rule-objects.ts';
import { openRuleSets, openRulesInForce } from '../../shared/aws/rule-sets.ts';
import { openSightings } from '../../shared/aws/sightings.ts';
import { sightingsTable } from '../../shared/aws/sightings-table.ts';
import { openWorkspace } from '../../shared/aws/workspace.ts';
import { compactedTables } from '../../shared/datasets/compacted-tables.ts';
import { normalizedDatasets } from '../../shared/datasets/index.ts';
import { rawDatasets } from '../../shared/log-types/index.ts';
import { iso, type Instant } from '../../shared/domain/window.ts';
import { connectMicrosoft } from '../../shared/microsoft/connect.ts';
import { ruleSetOf } from '../../shared/detections/rule-set.ts';
import { openFindingFiles } from '../../shared/landing/finding-files.ts';
import { openIndexFile } from '../../shared/landing/index-file.ts';
import { connectDuckDb, openLanding } from '../../shared/landing/landing.ts';
import { readRows } from '../../shared/landing/read-rows.ts';
import { ruleLibrary } from '../../rules/library.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CompactAdapters } from '../../lambdas/compact/handler.ts';
import type { TenantAdapters } from '../../lambdas/connect.ts';
import type { FetchAdapters } from '../../lambdas/connect-fetch.ts';
import { startEmulator } from '../aws-emulator.ts';
import { landedBytes, type LandedBytes } from './compaction.ts';
import { clientsOf, type CountedClients, type Tally } from './counted-clients.ts';
import { CountedOutput } from './counted-output.ts';

/** A deployment for measuring: its stores, its Microsoft, its clock. */
export interface Stage {
  readonly tally: Tally;
  readonly output: CountedOutput;
  /** Of the one cloud of content. */
  readonly contentQueueUrl: string;
  /** Uncounted: what Lambda and people do. */
  readonly free: CountedClients;
  /** The time as functions and Microsoft have it. */
  now(): Instant;
  moveTo(time: Instant): Promise<void>;
  /** Requests that Microsoft had so far. */
  microsoftRequests(): Promise<number>;
  addTenant(name: string, logTypes: readonly string[], windowLogTypes: readonly string[]): Promise<void>;
  /** What one function of the deployment has: its own caches and connections. */
  openFunction(): TenantAdapters;
  openFetch(): Promise<Omit<FetchAdapters, 'sqs'>>;
  /** Our rules as a worker has them. @param state Where calls for what rules remember are noted. */
  openRules(state: Tally): Required<Pick<FetchAdapters, 'detecting' | 'absenceDeps'>> & { readonly hash: () => Promise<string> };
  /** Compaction of the default datasets, before anything is there to be merged: it has no Athena and no Glue. */
  openCompaction(): CompactAdapters;
  landed(): Promise<LandedBytes>;
  close(): Promise<void>;
}

/** What Microsoft has to serve. */
export interface World {
  readonly startAt: Instant;
  /** Of the whole world. */
  readonly records: number;
  readonly recordBytes: number;
  readonly blobs: number;
}

const paths = { prefix: '/m365-audit-lake/tenants', credentialsPrefix: '/m365-audit-lake/credentials' };
const bucket = 'lake-of-the-cost';

/** Starts emulator and simulator; `close` ends both. @param tally Every call of the functions is noted there. */
export async function openStage(world: World, startAt: Instant, tally: Tally): Promise<Stage> {
  const emulator = await startEmulator();
  const folder = await mkdtemp(join(tmpdir(), 'm365-audit-lake-cost-'));
  const simulator = await startSimulator(world);
  const free = clientsOf(emulator);
  const clients = clientsOf(emulator, tally);
  await makeTable(free.dynamodb);
  await makeSightingsTable(free.dynamodb);
  await free.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const queues = {
    enterprise: await makeQueue(free.sqs, 'content', {}),
    global: await makeQueue(free.sqs, 'windows.fifo', fifo),
  };
  const clock = new SteppedClock(startAt);
  const output = new CountedOutput();

  const openFunction = (): TenantAdapters => {
    const assertion = (): Promise<string> => Promise.reject(new Error('no tenant of the measurement is federated'));
    const tenants = openTenants({
      client: clients.ssm,
      ...paths,
      homes: ['enterprise'],
      deployment: { isFedramp: false },
      assertion,
      clock,
    });
    const stores = {
      ledger: openLedger(clients.dynamodb, tableName, clock),
      jobs: openJobs(clients.sqs, queues, clock, output.log),
      clock,
      log: output.log,
    };
    return {
      ...stores,
      tenants,
      microsoft: connectMicrosoft({ tenants, clock, log: output.log, hostOverride: { baseUrl: simulator.baseUrl } }),
    };
  };
  return {
    tally,
    output,
    contentQueueUrl: queues.enterprise,
    free,
    now: () => clock.now(),
    moveTo: async (time) => {
      clock.time = time;
      await simulator.requests(time);
    },
    microsoftRequests: () => simulator.requests(0),
    addTenant: async (name, content, windows) => {
      const { apps, domains } = simulatedTenant({ name });
      const config = {
        tenantDomain: domains[0],
        clientId: apps[0]?.clientId,
        credential: { kind: 'secret' },
        managementActivity: { cloud: 'enterprise', logTypes: content },
        ...(windows.length > 0 && { graph: { cloud: 'global', logTypes: windows } }),
        collectFrom: iso(clock.now()),
      };
      const put = (Name: string, Value: string, Type: 'String' | 'SecureString') =>
        free.ssm.send(new PutParameterCommand({ Name, Value, Type }));
      await put(credentialPath(paths, 'enterprise', name), String(apps[0]?.secrets[0]?.value), 'SecureString');
      await put(configPath(paths, 'enterprise', name), JSON.stringify(config), 'String');
    },
    openFunction,
    openFetch: async () => {
      const workspace = await openWorkspace(folder);
      const landing = await openLanding({ memoryMb: 500, spillFolder: workspace.spillFolder });
      return { ...openFunction(), lake: openLake(clients.s3, bucket, clock), landing, workspace };
    },
    openRules: (state) => {
      const place = { client: clients.s3, bucket };
      const duckDb = connectDuckDb({ memoryMb: 64, spillFolder: folder });
      const detecting = {
        rules: openRuleSets(place, ruleLibrary()),
        indicators: openIndicators(place, folder, clock, openIndexFile),
        sightings: openSightings(clientsOf(emulator, state).dynamodb, sightingsTableName, clock),
        readRows,
        files: openFindingFiles(() => duckDb),
      };
      const read = async () => ruleSetOf({ ...ruleLibrary(), ...(await addedRules(place)) });
      const rules = { read, current: () => Promise.resolve(undefined) };
      const lake = openLake(clients.s3, bucket, clock);
      const outbox = openOutbox(clients.dynamodb, tableName, clock);
      return {
        detecting,
        absenceDeps: { detecting: { ...detecting, rules }, outbox, lake },
        hash: openRulesInForce(place, ruleLibrary(), clock),
      };
    },
    openCompaction: () => {
      const nowhere = { send: () => Promise.reject(new Error('nothing landed, and a statement was run')) };
      const engines = { athena: nowhere as unknown as AthenaClient, glue: nowhere as unknown as GlueClient };
      const names = { tableName, bucket, database: 'lake', workgroup: 'compaction', by: 'day' } as const;
      const compaction = openHourCompaction({ ...engines, ...names, dynamodb: clients.dynamodb, s3: clients.s3, clock });
      const landed = new Set<string>([...rawDatasets, ...normalizedDatasets.map(({ name }) => name)]);
      const tables = compactedTables.filter(({ dataset }) => landed.has(dataset));
      return { compaction, clock, log: output.log, tables, everyHours: 6 };
    },
    landed: () => landedBytes(free.s3, bucket),
    close: async () => {
      simulator.child.kill();
      await emulator.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

class SteppedClock implements Clock {
  time: Instant;

  constructor(time: Instant) {
    this.time = time;
  }

  now(): Instant {
    return this.time;
  }

  sleep(ms: number): Promise<void> {
    this.time += ms;
    return Promise.resolve();
  }
}

interface RunningSimulator {
  readonly child: ChildProcess;
  readonly baseUrl: string;
  /** How many it had. @param time Its clock from now on; 0 leaves it. */
  requests(time: Instant): Promise<number>;
}

async function startSimulator(world: World): Promise<RunningSimulator> {
  const values = [world.startAt, world.records, world.recordBytes, world.blobs].map(String);
  const child = fork(join(import.meta.dirname, '..', 'cost-simulator.ts'), values);
  const [{ baseUrl }] = (await once(child, 'message')) as [{ baseUrl: string }];
  const requests = async (time: Instant): Promise<number> => {
    child.send(time);
    const [answer] = (await once(child, 'message')) as [{ requests: number }];
    return answer.requests;
  };
  return { child, baseUrl, requests };
}

const tableName = 'ledger-of-the-cost';
const fifo = { FifoQueue: 'true' };

const sightingsTableName = 'sightings-of-the-cost';

async function makeSightingsTable(client: DynamoDBClient): Promise<void> {
  const { partitionKey, sortKey } = sightingsTable;
  await client.send(
    new CreateTableCommand({
      TableName: sightingsTableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [partitionKey, sortKey].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: partitionKey, KeyType: 'HASH' },
        { AttributeName: sortKey, KeyType: 'RANGE' },
      ],
    }),
  );
}

async function makeTable(client: DynamoDBClient): Promise<void> {
  const { partitionKey, sortKey, dueIndex } = ledgerTable;
  const key = (HASH: string, RANGE: string) => [
    { AttributeName: HASH, KeyType: 'HASH' as const },
    { AttributeName: RANGE, KeyType: 'RANGE' as const },
  ];
  const attributes = { [partitionKey]: 'S', [sortKey]: 'S', [dueIndex.partitionKey]: 'S', [dueIndex.sortKey]: 'N' } as const;
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: Object.entries(attributes).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
      KeySchema: key(partitionKey, sortKey),
      GlobalSecondaryIndexes: [
        { IndexName: dueIndex.name, KeySchema: key(dueIndex.partitionKey, dueIndex.sortKey), Projection: { ProjectionType: 'KEYS_ONLY' } },
      ],
    }),
  );
}

async function makeQueue(client: SQSClient, QueueName: string, Attributes: Record<string, string>): Promise<string> {
  return String((await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl);
}
