/** The whole line on one machine, then a loss: of the ledger, of a day of it, of an object. */

import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openCollector, sourcesOf } from '../../../local/collector.ts';
import { connect, type Adapters } from '../../../local/connect.ts';
import { openLakeFolder } from '../../../local/lake-folder.ts';
import { openLakeReader } from '../../../local/lake-reader.ts';
import { rebuildLedger } from '../../../cli/reconcile/rebuild-ledger.ts';
import { reconcile } from '../../../cli/reconcile/reconcile.ts';
import type { ReconcileDeps, StreamReport } from '../../../cli/reconcile/reconciling.ts';
import { drain } from '../../../cli/run/drain.ts';
import { judge } from '../../../cli/run/judge.ts';
import { tenantsInMemory } from '../../../cli/run/simulated-tenant.ts';
import { startSimulator, type Simulator } from '../../../simulator/simulator.ts';
import { cursorBody } from '../../../lambdas/list/listing.ts';
import { logTypes } from '../../../shared/log-types/index.ts';
import { normalizedDatasets } from '../../../shared/datasets/index.ts';
import { jobRef } from '../../../shared/domain/fetch-job.ts';
import { landingKey } from '../../../shared/domain/landing-key.ts';
import { streamKey, type Stream } from '../../../shared/domain/stream.ts';
import { FakeLog } from '../../fakes/fake-log.ts';
import { stillWorld } from './still-world.ts';

const { clock, world, tenant } = stillWorld();

let folder: string;
let lake: string;
let simulator: Simulator;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reconcile-'));
  lake = join(folder, 'lake');
  simulator = await startSimulator({ world, clock, throttle: 'off', quirks: { legacyAlerts: 'served' } });
  await within(collectOnce);
}, 120_000);
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

/** Opens the lake for one piece of work, as one process does. */
async function within<T>(work: (adapters: Adapters) => Promise<T>, isReconciling = false): Promise<T> {
  const held = await openLakeFolder(lake, { exclusive: true });
  const adapters = await connect(held, {
    tenants: tenantsInMemory(tenant, world),
    clock,
    log: new FakeLog(),
    hostOverride: { baseUrl: simulator.baseUrl },
    isReconciling,
  });
  try {
    return await work(adapters);
  } finally {
    adapters.close();
    held.close();
  }
}

const collectOnce = (adapters: Adapters) =>
  drain(
    adapters,
    openCollector(adapters, sourcesOf([tenant]), () => undefined),
    () => false,
  );

function depsOf(adapters: Adapters): ReconcileDeps {
  const [landing] = adapters.landings;
  if (!landing) throw new Error('no landing among the adapters');
  return { ...adapters, landing, inventory: adapters.lake, normalized: normalizedDatasets };
}

const compare = (options: { isRepairing: boolean } = { isRepairing: false }): Promise<StreamReport[]> =>
  within((adapters) => reconcile(depsOf(adapters), {}, options), true);

/** What is wrong, by log type. */
function findingsOf(reports: readonly StreamReport[]): Record<string, string[]> {
  return Object.fromEntries(
    reports.flatMap((report) => {
      if (report.kind === 'not-compared') return [[report.logType ?? report.tenant, [report.cause.message]]];
      const kinds = report.comparison.findings.map(({ kind }) => kind);
      return kinds.length > 0 ? [[report.subject.logType.id, kinds]] : [];
    }),
  );
}

function sumOf(reports: readonly StreamReport[], name: 'records' | 'inLake' | 'listed' | 'landed' | 'missing'): number {
  return reports.reduce(
    (sum, report) => sum + (report.kind === 'compared' ? report.comparison.hours.reduce((all, hour) => all + hour[name], 0) : 0),
    0,
  );
}

async function objects(): Promise<string[]> {
  const entries = await readdir(join(lake, 'raw'), { recursive: true });
  return entries.filter((name) => name.endsWith('.parquet')).sort();
}

/** Record by record, against what the simulator serves. */
async function verdict() {
  return within(async (adapters) => {
    const reader = await openLakeReader(lake);
    const streams = (await adapters.ledger.streams()).map(({ stream }) => stream);
    const span = { from: tenant.collectFrom ?? 0, listedAt: world.startAt, endedAt: clock.now(), isFirstRun: true };
    return judge(world, adapters, reader, streams, span).finally(() => reader.close());
  });
}

/** As if the job had never been made. */
function forget(stream: Stream, key: string): void {
  const db = new DatabaseSync(join(lake, 'ledger.sqlite'));
  db.prepare('DELETE FROM jobs WHERE stream = ? AND key = ?').run(streamKey(stream), key);
  db.close();
}

async function loseLedger(): Promise<void> {
  for (const name of await readdir(lake)) if (name.startsWith('ledger.sqlite')) await rm(join(lake, name));
}

describe('reconcile', () => {
  let there: string[];
  beforeEach(async () => {
    there = await objects();
  });

  test('finds nothing wrong where nothing is, and counts the same three times', async () => {
    const reports = await compare();
    expect(reports).toHaveLength(logTypes.length);
    expect(findingsOf(reports)).toEqual({});
    expect(sumOf(reports, 'records')).toBeGreaterThan(20);
    expect(sumOf(reports, 'inLake')).toBe(sumOf(reports, 'records'));
    expect(sumOf(reports, 'landed')).toBe(sumOf(reports, 'listed'));
  }, 60_000);

  test('a ledger that was wiped is rebuilt from the lake alone, and the next run lands nothing', async () => {
    await loseLedger();
    const lost = await compare();
    expect(Object.values(findingsOf(lost)).every((kinds) => kinds.includes('unknown'))).toBe(true);

    const rebuilt = await within((adapters) => rebuildLedger(depsOf(adapters)), true);
    expect(rebuilt.reduce((sum, report) => sum + report.restored, 0)).toBe(rebuilt.reduce((sum, report) => sum + report.objects, 0));
    expect(rebuilt.flatMap(({ conflicts, foreign }) => [...conflicts, ...foreign])).toEqual([]);
    expect(await within(collectOnce)).toMatchObject({ stopped: [] });
    expect(await objects()).toEqual(there);
    expect(findingsOf(await compare())).toEqual({});
    expect(await verdict()).toMatchObject({ missing: 0, repeated: 0 });
  }, 120_000);

  test('a rebuild of a ledger that lost nothing changes nothing', async () => {
    const rebuilt = await within((adapters) => rebuildLedger(depsOf(adapters)), true);
    expect(rebuilt.map(({ restored, watermarks }) => ({ restored, watermarks }))).toEqual(rebuilt.map(() => ({ restored: 0 })));
    expect(await objects()).toEqual(there);
  }, 60_000);

  test('an object that somebody deleted is found, and landed again with every record it had', async () => {
    const deleted = ['msft_o365_exchange_online_raw', 'msft_azure_ad_audit_raw'].map(
      (dataset) => there.find((name) => name.startsWith(dataset)) ?? '',
    );
    for (const name of deleted) await rm(join(lake, 'raw', name));
    const found = findingsOf(await compare());
    expect(found).toMatchObject({ 'audit-exchange': ['gone'] });
    expect(found['directory-audits']).toContain('gone');

    const repaired = await compare({ isRepairing: true });
    expect(repaired.flatMap((report) => (report.kind === 'compared' && report.repaired ? [report.repaired] : []))).toEqual([
      { jobs: 1, waiting: 0, left: 0 },
      { jobs: 1, waiting: 0, left: 0 },
    ]);
    await within(collectOnce);
    expect(await objects()).toEqual(there);
    expect(findingsOf(await compare())).toEqual({});
    expect(await verdict()).toMatchObject({ missing: 0, repeated: 0 });
  }, 120_000);

  test('records of Graph of which ledger and lake know nothing are found, and read again', async () => {
    const name = await within(async ({ ledger }) => {
      const stream = (await ledger.streams()).map((one) => one.stream).find(({ logType }) => logType === 'directory-audits');
      if (!stream) throw new Error('no stream of audits');
      const cursor = await ledger.readCursor(stream);
      const [job] = (await ledger.jobs(stream)).filter(({ state }) => (state.rows ?? 0) > 0);
      if (!cursor || !job) throw new Error('no audit has landed');
      // Every pass has been there.
      const watermarks = cursor.watermarks.map(() => cursor.watermarks[0] ?? 0);
      await ledger.commitCursor(stream, cursor.version, { ...cursorBody(cursor), watermarks }, { jobs: [], gaps: [], dueAt: 0 });
      forget(stream, jobRef(job.job).key);
      return landingKey('msft_azure_ad_audit_raw', job.job).replace('raw/', '');
    });
    await rm(join(lake, 'raw', name));
    expect(findingsOf(await compare())).toEqual({ 'directory-audits': ['lacking'] });

    const repaired = await compare({ isRepairing: true });
    // A job for each run of hours that lack something.
    const jobs = repaired.flatMap((report) => (report.kind === 'compared' && report.repaired ? [report.repaired.jobs] : []));
    expect(jobs).toEqual([expect.any(Number)]);
    expect(jobs[0]).toBeGreaterThan(0);
    await within(collectOnce);
    expect(findingsOf(await compare())).toEqual({});
    expect(await verdict()).toMatchObject({ missing: 0, repeated: 0 });
  }, 120_000);

  test('a normalized object that somebody deleted is derived again by a rebuild', async () => {
    const names = new Set<string>(normalizedDatasets.map(({ name }) => name));
    const deleted = there.filter((name) => names.has(name.split('/')[0] ?? '')).slice(0, 2);
    for (const name of deleted) await rm(join(lake, 'raw', name));
    const rebuilt = await within((adapters) => rebuildLedger(depsOf(adapters)), true);
    expect(rebuilt.reduce((sum, { normalized }) => sum + normalized, 0)).toBe(deleted.length);
    expect(await objects()).toEqual(there);
  }, 60_000);
});

describe('a ledger restored to an older point', () => {
  test('gets back what it missed; nothing lands twice, and what was pending lands', async () => {
    lake = join(folder, 'older');
    const landedAtMost = 6;
    let landed = 0;
    await within((adapters) => {
      const collector = openCollector(adapters, sourcesOf([tenant]), (event) => {
        if (event.kind === 'fetched' && event.fetched.kind === 'landed') landed += 1;
      });
      return drain(adapters, collector, () => landed >= landedAtMost);
    });
    await copyFile(join(lake, 'ledger.sqlite'), join(folder, 'older.sqlite'));
    await within(collectOnce);
    const there = await objects();

    await loseLedger();
    await copyFile(join(folder, 'older.sqlite'), join(lake, 'ledger.sqlite'));
    await within((adapters) => rebuildLedger(depsOf(adapters)), true);
    await within(collectOnce);
    const after = await objects();
    expect(after.filter((name) => !there.includes(name))).toEqual([]);
    expect(findingsOf(await compare())).toEqual({});
    expect(await verdict()).toMatchObject({ missing: 0, repeated: 0 });
  }, 120_000);
});
