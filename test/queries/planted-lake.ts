/** A lake in which the answer to every query of the library is planted, and a company's ordinary activity around it. */

import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contentJob } from '../../shared/domain/fetch-job.ts';
import { isDerivedFrom, type NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import { landNormalized } from '../../lambdas/fetch/normalize.ts';
import { landingKey, markToMetadata } from '../../shared/domain/landing-key.ts';
import { days, type Instant } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { openLanding } from '../../shared/landing/landing.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { LocalLake } from '../../local/lake.ts';
import { simulatedLogTypes } from '../../simulator/log-types/index.ts';
import { seededWorld } from '../../simulator/seeded-world.ts';
import { simulatedTenant } from '../../simulator/tenants.ts';
import { plants } from './plants/index.ts';
import type { Planted } from './plants/plant.ts';
import { at, directoryAudit, signIn, thing, type JsonRecord } from './records.ts';

/** The window that the queries are run with, and when everything was landed. */
export const since = Date.UTC(2026, 10, 14);
export const until = Date.UTC(2026, 10, 21);
const landedAt = Date.UTC(2026, 10, 21, 0, 30);

/** The tenant without plants. */
export const noiseTenant = 'ordinary-activity';

export interface PlantChoice {
  /** Datasets that are landed beside raw. */
  readonly normalized?: readonly NormalizedDataset[];
  /** Names of the queries whose plants are landed; ordinary activity always is. */
  readonly only?: readonly string[];
  /** Records by log type of further tenants, by the tenant's name. */
  readonly tenants?: Readonly<Record<string, Planted['records']>>;
  /** What is done to each record of a plant before it is served. */
  readonly as?: (record: JsonRecord) => JsonRecord;
  /** Without a company's ordinary activity. */
  readonly isQuiet?: boolean;
}

/**
 * Makes the lake at `path`, by the worker's landing. Each query's plants are in a tenant that has the query's name.
 */
export async function plantLake(
  path: string,
  { normalized = [], only = Object.keys(plants), tenants = {}, as = (record) => record, isQuiet = false }: PlantChoice = {},
): Promise<void> {
  const folder = await openLakeFolder(path, { exclusive: true });
  const landing = await openLanding({ memoryMb: 300, spillFolder: folder.spillTemp });
  const lake = new LocalLake({ root: folder.path, temp: folder.objectsTemp });
  await mkdir(folder.workTemp, { recursive: true });
  const land = async (tenantName: string, logTypeId: string, blobs: readonly (readonly string[])[]): Promise<void> => {
    const logType = logTypeById(logTypeId);
    const [cloud = 'enterprise'] = logType.clouds;
    const member = {
      contentId: `${tenantName}-${logTypeId}`,
      contentUri: 'https://manage.office.com/',
      created: landedAt,
      expires: landedAt,
    };
    const job = contentJob({ cloud, tenantId: tenantIdOf(tenantName), logType: logType.id }, tenantName, [member], landedAt);
    const from = await Promise.all(
      blobs.map(async (texts, index) => {
        const file = join(folder.workTemp, `${String(index)}.json`);
        await writeFile(file, `[${texts.join(',')}]`);
        return logType.source.kind === 'content' ? { file, contentId: `blob-${String(index)}` } : { file };
      }),
    );
    const into = join(folder.workTemp, 'landed.parquet');
    const { rows: _unknownYet, ...metadata } = markToMetadata(job, { rows: 0, fates: 'l', isSplit: false });
    const landed = await landing.toParquet({ logType, job, from, into, landedAt, without: [], metadata });
    if (landed.kind === 'unreadable') throw new Error(`records of ${tenantName} cannot be read`);
    for (const dataset of normalized.filter((dataset) => isDerivedFrom(dataset, logTypeId))) {
      await landNormalized({ job, logType, raw: into, folder: folder.workTemp }, dataset, { lake, landing });
    }
    await lake.putOnce(landingKey(logType.dataset, job), into);
    await rm(into);
  };
  for (const name of only) {
    const { records = {}, managementOnly } = plants[name] ?? {};
    for (const [logTypeId, those] of Object.entries(records)) await land(name, logTypeId, servedAs(logTypeId, those.map(as)));
    for (const [logTypeId, those] of Object.entries({ ...(managementOnly && littleOfGraph), ...managementOnly?.records }))
      await land(managementTenantOf(name), logTypeId, servedAs(logTypeId, those.map(as)));
  }
  for (const [name, records] of Object.entries(tenants)) {
    for (const [logTypeId, those] of Object.entries(records)) await land(name, logTypeId, servedAs(logTypeId, those));
  }
  for (const [logTypeId, blobs] of isQuiet ? [] : ordinaryActivity()) await land(noiseTenant, logTypeId, blobs);
  landing.close();
  folder.close();
}

/** A tenant may collect other log types of Graph, or have other events of Graph in the same hour: that hides nothing of what the Management Activity API has. */
const littleOfGraph: Readonly<Record<string, readonly JsonRecord[]>> = {
  'sign-ins-managed-identity': [signIn(at('18 08:00'), 'a-function', { servicePrincipalName: 'a-function' })],
  'sign-ins-interactive': [signIn(at('18 08:05'), 'zoe')],
  'directory-audits': [directoryAudit(at('18 08:05'), 'Update device', { target: thing('a-laptop', 'Device') })],
};

/** The tenant that has the query's plant as the Management Activity API reports it, beside a little of Graph. */
export const managementTenantOf = (query: string): string => `${query}-management`;

/** Ids of alerts and audits say who they are only within a tenant. */
function tenantIdOf(name: string): string {
  return `22222222-2222-4222-8222-${createHash('md5').update(name).digest('hex').slice(0, 12)}`;
}

/** Microsoft repeats content in a second content blob. And the same happened a month before the window. */
function servedAs(logTypeId: string, records: readonly JsonRecord[]): string[][] {
  const texts = records.map((record) => JSON.stringify(record));
  const before = records.map((record) => JSON.stringify(monthEarlier(record)));
  return logTypeById(logTypeId).source.kind === 'content' ? [[...texts, ...before], texts] : [[...texts, ...before]];
}

const timeFields = ['CreationTime', 'createdDateTime', 'activityDateTime', 'lastUpdateDateTime'];

function monthEarlier(record: JsonRecord): JsonRecord {
  const moved = Object.entries(record).map(([name, value]) => {
    if (name === 'Id' || name === 'id') return [name, `${String(value)}-before`];
    if (!timeFields.includes(name)) return [name, value];
    const text = String(value);
    const time: Instant = Date.parse(text.endsWith('Z') ? text : `${text}Z`) - days(30);
    return [name, new Date(time).toISOString().replace('.000Z', text.endsWith('Z') ? 'Z' : '')];
  });
  return Object.fromEntries(moved) as JsonRecord;
}

/** A day of a small company within the window, attacks and all. */
function ordinaryActivity(): [string, string[][]][] {
  const startAt = until;
  const window = { start: startAt - days(1), end: startAt };
  const tenant = simulatedTenant({ name: 'fabrikam' });
  const world = seededWorld({ seed: 'queries', startAt, tenants: [tenant], recordsPerDay: 600 });
  return simulatedLogTypes.map(({ id, kind }) => [
    id,
    kind === 'content'
      ? world.blobs(tenant.tenantId, id, window).map((blob) => [...blob.records()])
      : [world.versions(tenant.tenantId, id, window).map(({ text }) => text)],
  ]);
}
