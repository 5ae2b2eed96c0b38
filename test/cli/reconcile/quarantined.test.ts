/** What was quarantined because something in between spoiled the answers, and is still served when that has gone. */

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { reconcile } from '../../../cli/reconcile/reconcile.ts';
import { rebuildLedger } from '../../../cli/reconcile/rebuild-ledger.ts';
import type { ReconcileDeps } from '../../../cli/reconcile/reconciling.ts';
import { drain } from '../../../cli/run/drain.ts';
import { judge } from '../../../cli/run/judge.ts';
import { simulatedTenantConfig, tenantsInMemory } from '../../../cli/run/simulated-tenant.ts';
import { openCollector, sourcesOf } from '../../../local/collector.ts';
import { connect, type Adapters } from '../../../local/connect.ts';
import { openLakeFolder } from '../../../local/lake-folder.ts';
import { openLakeReader } from '../../../local/lake-reader.ts';
import { benchWorld } from '../../../simulator/bench-world.ts';
import { parseFaults } from '../../../simulator/faults.ts';
import { startSimulator, type Simulator } from '../../../simulator/simulator.ts';
import type { World } from '../../../simulator/world.ts';
import { normalizedDatasets } from '../../../shared/datasets/index.ts';
import { landingKey } from '../../../shared/domain/landing-key.ts';
import type { Stream } from '../../../shared/domain/stream.ts';
import { gridFloor, hours, minutes } from '../../../shared/domain/window.ts';
import { FakeLog } from '../../fakes/fake-log.ts';
import { fastClock } from '../../fakes/fast-clock.ts';

/** Of eight blobs. */
const spoiled = [1, 2, 3, 4];
/** What is malformed is asked for again for a quarter of an hour, which this makes a few seconds. */
const clock = fastClock(240);
const startAt = clock.now();
const world = soonExpired(benchWorld({ startAt, records: 400, recordBytes: 800, blobs: 8 }));
const { graph: _graph, ...rest } = simulatedTenantConfig(world, startAt - hours(30));
const tenant = { ...rest, managementActivity: { cloud: 'enterprise' as const, logTypes: ['audit-exchange'] } };

/** All blobs were created within one hour, so that they are fetched together; Microsoft stops serving them in eight hours. */
function soonExpired(living: World): World {
  const ever = { start: 0, end: startAt };
  const created = gridFloor(startAt - hours(3), hours(1));
  const blobs = living
    .blobs(living.tenants[0]?.tenantId ?? '', 'audit-exchange', ever)
    .map((blob, index) => ({ ...blob, created: created + minutes(index), visibleAt: created, expires: startAt + hours(8) }));
  return {
    ...living,
    blobs: (_tenant, logType, { start, end }) =>
      blobs.filter((blob) => blob.logTypeId === logType && blob.created >= start && blob.created < end),
    blob: (_tenant, contentId) => blobs.find((blob) => blob.contentId === contentId),
  };
}

let folder: string;
let lake: string;
let microsoft: Simulator;
const opened: Simulator[] = [];

/** From now on Microsoft is reached directly, or through something that spoils every answer for some of the blobs. */
async function reach(how: 'directly' | 'through a filter'): Promise<void> {
  const script = spoiled.map((nth) => ({ blob: { logType: 'audit-exchange', nth }, answer: 'malformed' }));
  microsoft = await startSimulator({
    world,
    clock,
    throttle: 'off',
    ...(how === 'directly' ? {} : { faults: parseFaults({ script }) }),
  });
  opened.push(microsoft);
}

async function within<T>(work: (adapters: Adapters) => Promise<T>, isReconciling = false): Promise<T> {
  const held = await openLakeFolder(lake, { exclusive: true });
  const hostOverride = { baseUrl: microsoft.baseUrl };
  const tenants = tenantsInMemory(tenant, world);
  const adapters = await connect(held, { tenants, clock, log: new FakeLog(), hostOverride, isReconciling });
  try {
    return await work(adapters);
  } finally {
    adapters.close();
    held.close();
  }
}

const collect = () =>
  within((adapters) =>
    drain(
      adapters,
      openCollector(adapters, sourcesOf([tenant]), () => undefined),
      () => false,
    ),
  );

function depsOf(adapters: Adapters, more: Partial<ReconcileDeps> = {}): ReconcileDeps {
  const [landing] = adapters.landings;
  if (!landing) throw new Error('no landing among the adapters');
  return { ...adapters, landing, inventory: adapters.lake, normalized: normalizedDatasets, ...more };
}

/** What a comparison finds, and what its repair does. */
function compare(isRepairing: boolean, more: Partial<ReconcileDeps> = {}) {
  return within(async (adapters) => {
    const [report] = await reconcile(depsOf(adapters, more), {}, { isRepairing });
    if (report?.kind !== 'compared') throw new Error('the stream was not compared');
    return { found: report.comparison.findings.map(({ kind }) => kind), ...(report.repaired && { repaired: report.repaired }) };
  }, true);
}

const streamOf = async ({ ledger }: Adapters): Promise<Stream> => {
  const [one] = await ledger.streams();
  if (!one) throw new Error('nothing was listed');
  return one.stream;
};
const losses = () => within(async (adapters) => adapters.ledger.losses(await streamOf(adapters)));

async function verdict() {
  return within(async (adapters) => {
    const reader = await openLakeReader(lake);
    const span = { from: tenant.collectFrom ?? 0, listedAt: startAt, endedAt: clock.now(), isFirstRun: true };
    return judge(world, adapters, reader, [await streamOf(adapters)], span).finally(() => reader.close());
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarantined-'));
  lake = join(folder, 'lake');
  await reach('through a filter');
  await collect();
}, 120_000);
afterAll(async () => {
  for (const simulator of opened) await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

test('what stands quarantined and is still served is found, and is no end that is accounted for', async () => {
  expect(await losses()).toHaveLength(spoiled.length);
  expect(await compare(false)).toEqual({ found: ['quarantined'] });
}, 60_000);

test('a repair while the answers are still spoiled ends in quarantine again, with rows of the new job', async () => {
  const before = await losses();
  expect(await compare(true)).toEqual({ found: ['quarantined'], repaired: { jobs: 1, waiting: 0, left: 0 } });
  expect(await losses()).toEqual([]);
  await collect();
  const after = await losses();
  expect(after.map(({ contentId, reason }) => [contentId, reason])).toEqual(before.map(({ contentId }) => [contentId, 'quarantined']));
  expect(after.some(({ jobId }) => before.some((loss) => loss.jobId === jobId))).toBe(false);
}, 120_000);

test('a repair that dies before it sends its job has made it all the same, and the next run lands it: 0 missing, 0 repeated', async () => {
  await reach('directly');
  const send = () => Promise.reject(new Error('killed'));
  await expect(compare(true, { jobs: { send } })).rejects.toThrow('killed');
  expect(await losses()).toEqual([]);
  expect(await compare(true)).toEqual({ found: [] });

  await collect();
  expect(await compare(false)).toEqual({ found: [] });
  expect(await losses()).toEqual([]);
  expect(await verdict()).toMatchObject({ served: 400, landed: 400, missing: 0, repeated: 0 });
}, 120_000);

test('an object that somebody deleted lands again without the blobs that another job fetched', async () => {
  const name = await within(async (adapters) => {
    const jobs = await adapters.ledger.jobs(await streamOf(adapters));
    const { job } = jobs.find(({ state }) => state.fates === 'q'.repeat(spoiled.length)) ?? {};
    if (!job) throw new Error('no job has given up its members');
    return landingKey('msft_o365_exchange_online_raw', job);
  });
  await rm(join(lake, name));
  expect(await compare(true)).toEqual({ found: ['gone'], repaired: { jobs: 1, waiting: 0, left: 0 } });
  await collect();
  expect(await verdict()).toMatchObject({ landed: 400, missing: 0, repeated: 0 });
}, 120_000);

test('a rebuild knows it as landed, with the ledger and without', async () => {
  const rebuild = () => within((adapters) => rebuildLedger(depsOf(adapters)), true);
  await rebuild();
  expect(await losses()).toEqual([]);
  for (const name of await readdir(lake)) if (name.startsWith('ledger.sqlite')) await rm(join(lake, name));
  const [rebuilt] = await rebuild();
  expect(rebuilt).toMatchObject({ conflicts: [], foreign: [], pending: 0 });
  expect(await losses()).toEqual([]);
  await collect();
  expect(await compare(false)).toEqual({ found: [] });
  expect(await verdict()).toMatchObject({ landed: 400, missing: 0, repeated: 0 });
}, 120_000);
