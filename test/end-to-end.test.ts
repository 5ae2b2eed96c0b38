/** The whole line once: simulator, list, fetch, land, query; killed in the middle of it, and run again. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openCollector, sourcesOf, type CollectorEvent } from '../local/collector.ts';
import { connect } from '../local/connect.ts';
import { openLakeFolder } from '../local/lake-folder.ts';
import { openLakeReader } from '../local/lake-reader.ts';
import { drain } from '../cli/run/drain.ts';
import { judge } from '../cli/run/judge.ts';
import { simulatedTenantConfig, tenantsInMemory } from '../cli/run/simulated-tenant.ts';
import { parseFaults, type Faults } from '../simulator/faults.ts';
import { seededWorld } from '../simulator/seeded-world.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { simulatedTenant } from '../simulator/tenants.ts';
import { hours } from '../shared/domain/window.ts';
import { fastClock } from './fakes/fast-clock.ts';
import { FakeLog } from './fakes/fake-log.ts';

const clock = fastClock(30);
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function lakeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'end-to-end-'));
  folders.push(folder);
  return join(folder, 'lake');
}

interface RunOptions {
  readonly lake: string;
  readonly startAt: number;
  readonly isFirstRun: boolean;
  readonly faults?: Faults;
  /** The run is cut off after this many landed jobs: nothing is finished, as after a kill. */
  readonly stopAfterJobs?: number;
}

/** One run over the last hours of a small tenant; answers the verdict. */
async function run({ lake, startAt, isFirstRun, faults, stopAfterJobs = Infinity }: RunOptions) {
  const contentTypes = ['Audit.AzureActiveDirectory', 'Audit.Exchange', 'Audit.SharePoint', 'Audit.General', 'DLP.All'];
  const tenants = [simulatedTenant({ name: 'contoso', subscribed: isFirstRun ? [] : contentTypes })];
  const world = seededWorld({ seed: 'end-to-end', startAt, tenants, recordsPerDay: 3_000 });
  const simulator = await startSimulator({
    world,
    clock,
    throttle: 'off',
    quirks: { legacyAlerts: 'served' },
    ...(faults ? { faults } : {}),
  });
  const folder = await openLakeFolder(lake, { exclusive: true });
  const tenant = simulatedTenantConfig(world, startAt - hours(5));
  const adapters = await connect(folder, {
    tenants: tenantsInMemory(tenant, world),
    clock,
    log: new FakeLog(),
    hostOverride: { baseUrl: simulator.baseUrl },
  });
  const events: CollectorEvent[] = [];
  const collector = openCollector(adapters, sourcesOf([tenant]), (event) => events.push(event));
  const landed = (): number => events.filter((event) => event.kind === 'fetched' && event.fetched.kind === 'landed').length;
  const listedAt = clock.now();
  try {
    await drain(adapters, collector, () => landed() >= stopAfterJobs);
    const reader = await openLakeReader(lake);
    const streams = (await adapters.ledger.streams()).map(({ stream }) => stream);
    const span = { from: tenant.collectFrom ?? 0, listedAt, endedAt: clock.now(), isFirstRun };
    const verdict = await judge(world, adapters, reader, streams, span).finally(() => reader.close());
    return { verdict, events, requestLog: simulator.requestLog };
  } finally {
    adapters.close();
    folder.close();
    await simulator.close();
  }
}

describe('the whole line', () => {
  test('lands everything that is served, in all log types, once', async () => {
    const { verdict, events } = await run({ lake: await lakeFolder(), startAt: clock.now(), isFirstRun: true });
    expect(verdict).toMatchObject({ missing: 0, repeated: 0, examples: [] });
    expect(verdict.landed).toBeGreaterThan(50);
    expect(events.filter(({ kind }) => kind === 'failed')).toEqual([]);
  }, 60_000);

  test('that is cut off goes on from where it was, on the same lake', async () => {
    const [lake, startAt] = [await lakeFolder(), clock.now()];
    await run({ lake, startAt, isFirstRun: true, stopAfterJobs: 8 });
    const { verdict, requestLog } = await run({ lake, startAt, isFirstRun: false });
    expect(verdict).toMatchObject({ missing: 0, repeated: 0, examples: [] });
    expect([...requestLog.blobFetches.values()].filter((times) => times > 1)).toEqual([]);
  }, 60_000);

  test('lands the same while one request in fifty fails', async () => {
    const faults = parseFaults({ seed: 'end-to-end', rates: { '*': { '503': 0.01, reset: 0.01 } } });
    const { verdict } = await run({ lake: await lakeFolder(), startAt: clock.now(), isFirstRun: true, faults });
    expect(verdict).toMatchObject({ missing: 0, repeated: 0, examples: [] });
  }, 120_000);
});
