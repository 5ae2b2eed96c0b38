/** A deployment on the emulator with the simulator as Microsoft, and the questions that the test asks it. */

import { setTimeout } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { systemClock } from '../../../local/clock.ts';
import { collected } from '../../../cli/run/collected.ts';
import { seededWorld } from '../../../simulator/seeded-world.ts';
import { simulatedTenant } from '../../../simulator/tenants.ts';
import { compareWithLake, expected, type Collected, type Verdict } from '../../../simulator/verdict.ts';
import type { SimulatedTenant, World } from '../../../simulator/world.ts';
import { cursorBody } from '../../../lambdas/list/listing.ts';
import { configPath, credentialPath } from '../../../shared/aws/tenant-parameters.ts';
import { openLedger } from '../../../shared/aws/ledger.ts';
import type { Stream } from '../../../shared/domain/stream.ts';
import { subscriptionRestMs } from '../../../shared/domain/retry.ts';
import { days, isoSeconds, minutes, seconds, type Instant } from '../../../shared/domain/window.ts';
import { logTypes } from '../../../shared/log-types/index.ts';
import type { LogType } from '../../../shared/log-types/log-type.ts';
import type { Ledger } from '../../../shared/ports/ledger.ts';
import type { AwsClients } from '../emulated.ts';
import type { LakeCopy } from './landed-rows.ts';

/** Every log type that is deployed when the settings do not say otherwise. */
const deployedLogTypes = logTypes.filter(({ id }) => id !== 'alerts-legacy');

/** @param options Other than many records, and no attack among them. */
export function worldOf(
  names: readonly string[],
  startAt: Instant,
  options: { readonly recordsPerDay: number; readonly hasIncidents: boolean } = { recordsPerDay: 6_000, hasIncidents: false },
): World {
  const tenants = names.map((name) => simulatedTenant({ name }));
  return seededWorld({ seed: 'deployment', startAt, tenants, ...options });
}

export interface Proving {
  readonly clients: AwsClients;
  readonly outputs: Readonly<Record<string, string>>;
  readonly world: World;
  readonly copy: LakeCopy;
  readonly duckdb: DuckDBConnection;
  /** Nothing is collected that is older than so long before the world's start. */
  readonly backMs: number;
}

const collectFrom = ({ world, backMs }: Pick<Proving, 'world' | 'backMs'>): Instant => world.startAt - backMs;

/** Puts a tenant's configuration and credential where the deployment looks for them. */
export async function configure({ clients, outputs, world, backMs }: Proving, name: string): Promise<void> {
  const { apps, domains } = tenantOf(world, name);
  const idsOf = (kind: 'content' | 'windows') => deployedLogTypes.filter(({ source }) => source.kind === kind).map(({ id }) => id);
  const config = {
    tenantDomain: domains[0],
    clientId: apps[0]?.clientId,
    credential: { kind: 'secret' },
    managementActivity: { cloud: 'enterprise', logTypes: idsOf('content') },
    graph: { cloud: 'global', logTypes: idsOf('windows') },
    collectFrom: isoSeconds(collectFrom({ world, backMs })),
  };
  const put = (Name: string, Value: string, Type: 'String' | 'SecureString') =>
    clients.ssm.send(new PutParameterCommand({ Name, Value, Type }));
  const paths = { prefix: String(outputs.TenantsPrefix), credentialsPrefix: String(outputs.CredentialsPrefix) };
  await put(credentialPath(paths, 'enterprise', name), String(apps[0]?.secrets[0]?.value), 'SecureString');
  await put(configPath(paths, 'enterprise', name), JSON.stringify(config), 'String');
}

export function tenantOf(world: World, name: string): SimulatedTenant {
  const tenant = world.tenants.find((one) => one.name === name);
  if (!tenant) throw new Error(`nobody in this world is called ${name}`);
  return tenant;
}

export interface Standing extends Verdict {
  /** Jobs that have not landed, later passes apart. */
  readonly pending: number;
}

/** Looks again and again until nothing is missing and nothing is on its way, or until the time is over. */
export async function settled(
  proving: Proving,
  names: readonly string[],
  listedAt: Instant,
  meanwhile: () => Promise<void>,
): Promise<Standing> {
  const end = systemClock.now() + minutes(6);
  for (;;) {
    const now = await standing(proving, names, listedAt);
    if ((now.missing === 0 && now.pending === 0) || systemClock.now() > end) return now;
    await meanwhile();
    await setTimeout(seconds(5));
  }
}

/** What had been served at an instant against what lies in the bucket, of these tenants. */
async function standing(proving: Proving, names: readonly string[], listedAt: Instant): Promise<Standing> {
  const ledger = openLedger(proving.clients.dynamodb, String(proving.outputs.TableName), systemClock);
  const verdicts: Verdict[] = [];
  for (const name of names) verdicts.push(await verdictOf(proving, ledger, tenantOf(proving.world, name), listedAt));
  const sum = (of: (verdict: Verdict) => number): number => verdicts.reduce((total, verdict) => total + of(verdict), 0);
  return {
    served: sum(({ served }) => served),
    landed: sum(({ landed }) => landed),
    missing: sum(({ missing }) => missing),
    repeated: sum(({ repeated }) => repeated),
    examples: verdicts.flatMap(({ examples }) => examples),
    pending: (await openJobs(ledger)).length,
  };
}

/** Tenant by tenant: content ids of the simulator are unique within one, as the ledger needs them. */
async function verdictOf(
  { world, copy, duckdb, backMs }: Proving,
  ledger: Ledger,
  tenant: SimulatedTenant,
  listedAt: Instant,
): Promise<Verdict> {
  const parts: Collected[] = [];
  const excused = new Set<string>();
  for (const logType of deployedLogTypes) {
    const stream = streamOf(tenant, logType);
    parts.push(...(await partsOf(ledger, stream, logType, { world, backMs }, listedAt)));
    for (const { contentId } of await ledger.losses(stream)) excused.add(contentId);
  }
  return compareWithLake(expected({ ...world, tenants: [tenant] }, parts, excused), await copy.rows(duckdb, tenant.tenantId));
}

async function partsOf(
  ledger: Ledger,
  stream: Stream,
  logType: LogType,
  { world, backMs }: Pick<Proving, 'world' | 'backMs'>,
  listedAt: Instant,
): Promise<Collected[]> {
  const everything = { start: world.startAt - days(2), end: world.startAt + days(1) };
  const jobs = logType.source.kind === 'windows' ? await ledger.overlappingJobs(stream, everything, 99) : [];
  const cursor = await ledger.readCursor(stream);
  const span = { from: collectFrom({ world, backMs }), listedAt, endedAt: systemClock.now(), isFirstRun: true };
  return collected({ tenantId: stream.tenantId, logType, cursor, jobs, ...span });
}

function streamOf({ tenantId }: SimulatedTenant, { id, source }: LogType): Stream {
  return { cloud: source.kind === 'content' ? 'enterprise' : 'global', tenantId, logType: id };
}

/** Later passes wait for earlier ones to settle, longer than a test may take. */
async function openJobs(ledger: Ledger): Promise<Awaited<ReturnType<Ledger['dueJobs']>>> {
  const due = await ledger.dueJobs(systemClock.now() + days(1), 10_000);
  return due.filter(({ ref }) => (ref.key.split('#')[1] ?? '0') === '0');
}

/** As if a quarter of an hour had gone by: moves every due time up to now, and ends every subscription's rest. @returns How many jobs were waiting. */
export async function letTimePass({ clients, outputs, world }: Proving): Promise<number> {
  const ledger = openLedger(clients.dynamodb, String(outputs.TableName), systemClock);
  const now = systemClock.now();
  for (const tenant of world.tenants) for (const logType of deployedLogTypes) await endRest(ledger, streamOf(tenant, logType), now);
  const waiting = (await openJobs(ledger)).filter(({ dueAt }) => dueAt > now);
  for (const { ref, dueAt } of waiting) await ledger.postponeJob(ref, dueAt, now - 1);
  return waiting.length;
}

/** A list that was killed before its start of a subscription arrived waits a quarter of an hour until it starts it again. */
async function endRest(ledger: Ledger, stream: Stream, now: Instant): Promise<void> {
  const cursor = await ledger.readCursor(stream);
  if (cursor?.subscriptionStartedAt === undefined || cursor.subscription === 'enabled') return;
  const rested = { ...cursorBody(cursor), subscriptionStartedAt: now - subscriptionRestMs };
  await ledger.commitCursor(stream, cursor.version, rested, { jobs: [], gaps: [], dueAt: now });
}
