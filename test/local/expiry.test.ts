import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { compactLake } from '../../local/compaction/compact-lake.ts';
import { expireLake, type ExpiredDataset } from '../../local/compaction/expire-lake.ts';
import { lakeCutoffs, readKeeping } from '../../local/keeping.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import type { TenantKeeping } from '../../shared/domain/keeping.ts';
import { days, hours } from '../../shared/domain/window.ts';
import { landRecords } from '../helpers/land-records.ts';
import { exchangeRecord } from '../helpers/sample-records.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const today = Date.parse('2026-11-30T12:00:00Z');
const before = (count: number): number => today - days(count);
const eventAt = (count: number) => ({ CreationTime: new Date(before(count)).toISOString().slice(0, 19) });
const dataset = 'msft_o365_exchange_online_raw';
const fabrikam = { tenantId: '22222222-2222-4222-8222-222222222222', tenantName: 'fabrikam' };

let lake = '';
beforeEach(async () => {
  lake = join(await makeFolder(), 'lake');
  await landRecords(lake, [
    { logType: 'audit-exchange', at: before(100), blob: 'old', records: [exchangeRecord('old', eventAt(101))] },
    { logType: 'audit-exchange', at: before(100), blob: 'empty', records: [] },
    { logType: 'audit-exchange', at: before(100), blob: 'f-old', records: [exchangeRecord('f-old', eventAt(101))], ...fabrikam },
    { logType: 'audit-exchange', at: before(50), blob: 'f-mid', records: [exchangeRecord('f-mid', eventAt(50))], ...fabrikam },
    { logType: 'audit-exchange', at: before(50), blob: 'mid', records: [exchangeRecord('mid', eventAt(50))] },
    { logType: 'audit-exchange', at: before(1), blob: 'new', records: [exchangeRecord('new', eventAt(1)), { Id: 'no time' }] },
  ]);
});

interface Run {
  readonly keeping?: object;
  readonly tenants?: Readonly<Record<string, TenantKeeping>>;
  readonly isDryRun?: boolean;
  readonly at?: number;
}

async function expire({ keeping = {}, tenants = {}, isDryRun = false, at = today + hours(2) }: Run): Promise<ExpiredDataset[]> {
  await writeFile(join(lake, 'keeping.json'), JSON.stringify(keeping));
  const folder = await openLakeFolder(lake, { exclusive: true });
  const clock = { now: () => at, sleep: () => Promise.resolve() };
  try {
    const cutoffs = await lakeCutoffs(folder.path, new Map(Object.entries(tenants)), today);
    return await expireLake(folder, { clock, ...cutoffs, isDryRun });
  } finally {
    folder.close();
  }
}

async function compact(isRebuild = false): Promise<void> {
  const folder = await openLakeFolder(lake, { exclusive: true });
  try {
    await compactLake(folder, { clock: { now: () => today, sleep: () => Promise.resolve() }, isRebuild });
  } finally {
    folder.close();
  }
}

async function ids(): Promise<string[]> {
  const reader = await openLakeReader(lake);
  const rows = await (await reader.query(`SELECT record_id FROM ${dataset} ORDER BY ALL`)).getRows();
  await reader.close();
  return rows.map(([id]) => String(id));
}

const objects = async (): Promise<string[]> =>
  (await readdir(join(lake, 'raw', dataset), { recursive: true }))
    .filter((name) => name.endsWith('.parquet'))
    .map((name) => name.slice(3, 13));

const everything = ['f-mid', 'f-old', 'mid', 'new', 'no time', 'old'];

describe('landed objects', () => {
  test('that are older than is kept go once they are compacted, and every row stays', async () => {
    await compact();
    const [expired] = await expire({ keeping: { rawDays: 60 } });
    expect(expired).toMatchObject({ dataset, objects: 3, leaving: 0, waiting: 0, rows: 0 });
    expect((await objects()).sort()).toEqual(['2026-10-11', '2026-10-11', '2026-11-29']);
    expect(await ids()).toEqual(everything);
    expect(await expire({ keeping: { rawDays: 60 } })).toEqual([]);
  });

  test('that are in no compacted file stay, and are counted', async () => {
    expect(await expire({ keeping: { rawDays: 60 } })).toMatchObject([{ objects: 0, waiting: 3 }]);
    expect(await objects()).toHaveLength(6);
    expect(await ids()).toEqual(everything);
  });

  test('that were compacted less than an hour ago stay for who reads them', async () => {
    await compact();
    expect(await expire({ keeping: { rawDays: 60 }, at: today + 1 })).toMatchObject([{ objects: 0, leaving: 3 }]);
    expect(await objects()).toHaveLength(6);
  });

  test('stay in a dry run, which reports the same as the run', async () => {
    await compact();
    const dry = await expire({ keeping: { rawDays: 60, compactedDays: 60 }, isDryRun: true });
    expect(await objects()).toHaveLength(6);
    expect(await ids()).toEqual(everything);
    expect(await expire({ keeping: { rawDays: 60, compactedDays: 60 } })).toEqual(dry);
  });

  const [august, october, november] = ['2026-08-22', '2026-10-11', '2026-11-29'];
  test.each([
    { name: 'a tenant that keeps longer', keeping: { rawDays: 40 }, own: 70, left: [october, november] },
    { name: 'a tenant that keeps everything', keeping: { rawDays: 40 }, own: 36_500, left: [august, august, october, november] },
    {
      name: 'the only tenant that does not keep everything',
      keeping: {},
      own: 70,
      left: [august, august, october, october, november],
    },
  ])('of $name go by its own setting, and no row is lost or doubled, rebuilt or not', async ({ keeping, own, left }) => {
    await compact();
    await expire({ keeping, tenants: { fabrikam: { rawDays: own } } });
    expect((await objects()).sort()).toEqual(left);
    for (let rebuilds = 0; rebuilds < 3; rebuilds += 1) {
      expect(await ids()).toEqual(everything);
      await compact(true);
    }
  });

  test('that are gone are not missed by a rebuild of the compacted files', async () => {
    await compact();
    await expire({ keeping: { rawDays: 40 } });
    expect(await objects()).toEqual(['2026-11-29']);
    await compact(true);
    expect(await ids()).toEqual(everything);
  });
});

describe('compacted rows', () => {
  test('of event days that are past go, those without a time by their landing date', async () => {
    await compact();
    expect(await expire({ keeping: { compactedDays: 60 } })).toMatchObject([{ objects: 0, rows: 2 }]);
    expect(await ids()).toEqual(['f-mid', 'mid', 'new', 'no time']);
    expect(await objects()).toHaveLength(6);
    expect(await expire({ keeping: { compactedDays: 60 } })).toEqual([]);
  });

  test('go by the setting of their tenant', async () => {
    await compact();
    expect(await expire({ keeping: { compactedDays: 60 }, tenants: { fabrikam: { compactedDays: 40 } } })).toMatchObject([{ rows: 3 }]);
    expect(await ids()).toEqual(['mid', 'new', 'no time']);
  });

  test('of a tenant whose configuration is broken stay', async () => {
    await compact();
    await expire({ keeping: { compactedDays: 40, rawDays: 40 }, tenants: { fabrikam: 'unknown' } });
    expect(await ids()).toEqual(['f-mid', 'f-old', 'new', 'no time']);
  });
});

test('nothing goes where nothing is set', async () => {
  await compact();
  expect(await expire({})).toEqual([]);
  expect(await objects()).toHaveLength(6);
});

describe('a manifest that is lost', () => {
  test('after objects have expired is missed by every use, and no compacted file is taken for a stray', async () => {
    await compact();
    await expire({ keeping: { rawDays: 60 } });
    const manifest = join(lake, 'compacted.sqlite');
    await rm(manifest);
    await expect(ids()).rejects.toThrow(/compacted\.sqlite' is gone, .* restore both from one backup/);
    await expect(compact()).rejects.toThrow(/is gone/);
    await writeFile(manifest, 'no database at all, but long enough to be looked at as one');
    await expect(ids()).rejects.toThrow(/cannot be read .* restore both from one backup/);
    const parts = (await readdir(join(lake, 'compacted', dataset), { recursive: true })).filter((name) => name.endsWith('.parquet'));
    expect(parts).toHaveLength(4);
    expect(existsSync(manifest)).toBe(true);
  });
});

test.each([
  { text: '{ "rawDays": 8 }', says: /rawDays: 8 is not a whole number of days from 36/ },
  { text: '{ "rawdays": 60 }', says: /unknown key 'rawdays'; did you mean 'rawDays'/ },
  { text: '{ rawDays: 60', says: /is no JSON/ },
  { text: '[]', says: /is no JSON object/ },
])('settings that say $text are refused', async ({ text, says }) => {
  await writeFile(join(lake, 'keeping.json'), text);
  await expect(readKeeping(lake)).rejects.toThrow(says);
});
