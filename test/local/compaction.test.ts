import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { compact } from '../../lambdas/compact/compact.ts';
import { systemClock } from '../../local/clock.ts';
import { compactLake } from '../../local/compaction/compact-lake.ts';
import { LocalCompaction } from '../../local/compaction/local-compaction.ts';
import { Manifest } from '../../local/compaction/manifest.ts';
import { openPartWriter } from '../../local/compaction/part-writer.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { asPattern } from '../../local/lake-sql.ts';
import { lakeTables } from '../../local/lake-views.ts';
import { compactionLimits, type CompactionLimits } from '../../shared/domain/compaction.ts';
import { hours, type Instant } from '../../shared/domain/window.ts';
import { connectDuckDb } from '../../shared/landing/landing.ts';
import type { Compaction } from '../../shared/ports/compaction.ts';
import { landRecords } from '../helpers/land-records.ts';
import { alert, exchangeRecord, signIn } from '../helpers/sample-records.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const noon = Date.parse('2026-11-22T12:00:00Z');
const day = hours(24);

let lake = '';
beforeEach(async () => {
  lake = join(await makeFolder(), 'lake [1]');
  await landFirst();
});

const landFirst = (): Promise<unknown> =>
  landRecords(lake, [
    { logType: 'audit-exchange', at: noon, blob: 'first', records: [exchangeRecord('one'), exchangeRecord('two')] },
    { logType: 'audit-exchange', at: noon + day, blob: 'second', records: [exchangeRecord('two'), exchangeRecord('three')] },
    { logType: 'audit-exchange', at: noon + day, blob: 'timeless', records: [{ Id: 'no time' }] },
    { logType: 'audit-exchange', at: noon + day, blob: 'empty', records: [] },
    { logType: 'sign-ins-interactive', at: noon, records: [signIn('a'), signIn('b')] },
    { logType: 'sign-ins-interactive', at: noon + hours(1), records: [signIn('a', { userAgent: 'corrected' })] },
    { logType: 'alerts', at: noon, records: [alert('A', '2026-11-21T10:00:00Z', { status: 'resolved' })] },
    { logType: 'alerts', at: noon + hours(1), records: [alert('A', '2026-11-21T09:00:00Z'), alert('B', '2026-11-21T09:00:00Z')] },
  ]);

const landLater = (): Promise<unknown> =>
  landRecords(lake, [
    { logType: 'audit-exchange', at: noon, blob: 'parked for days', records: [exchangeRecord('four'), exchangeRecord('one')] },
    { logType: 'audit-exchange', at: noon + 2 * day, blob: 'third', records: [exchangeRecord('three')] },
    { logType: 'alerts', at: noon + 2 * day, records: [alert('B', '2026-11-24T09:00:00Z', { status: 'resolved' })] },
  ]);

const datasets = ['msft_o365_exchange_online_raw', 'msft_azure_ad_raw', 'msft_graph_security_alerts_raw'];
const tables = [...datasets, 'msft_o365_exchange_online', 'msft_azure_ad', 'msft_graph_security_alerts'];

/** Every row of every table, in an order of its own. */
async function everything(): Promise<Record<string, unknown[]>> {
  const reader = await openLakeReader(lake);
  const rows: Record<string, unknown[]> = {};
  for (const name of tables) rows[name] = await (await reader.query(`SELECT * FROM ${name} ORDER BY ALL`)).getRowsJson();
  await reader.close();
  return rows;
}

interface Run {
  readonly limits?: Partial<CompactionLimits>;
  readonly now?: Instant;
  readonly steps?: number;
  readonly names?: readonly string[];
  /** Puts something in the place of the adapter, or around it. */
  readonly around?: (compaction: Compaction) => Compaction;
}

async function compactAll({
  limits = {},
  now = Date.now(),
  steps = Infinity,
  names = datasets,
  around = (it) => it,
}: Run = {}): Promise<void> {
  const folder = await openLakeFolder(lake, { exclusive: true });
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  const writer = await openPartWriter({ root: folder.path }, lakeTables(), { memoryMb: 200, spillFolder: folder.spillTemp });
  const local = new LocalCompaction(folder, writer, clock);
  try {
    let left = steps;
    const deps = { compaction: around(local), limits: { ...compactionLimits, ...limits }, isOver: () => left-- <= 0 };
    await local.clean();
    for (const dataset of names) await compact(dataset, deps);
  } finally {
    writer.close();
    local.close();
    folder.close();
  }
}

async function partFiles(): Promise<string[]> {
  if (!existsSync(join(lake, 'compacted'))) return [];
  const entries = await readdir(join(lake, 'compacted'), { recursive: true });
  return entries.filter((name) => name.endsWith('.parquet')).sort();
}

/** Files that DuckDB opened for a statement, as it counts them. */
async function openedBy(sql: string): Promise<number> {
  const reader = await openLakeReader(lake, sql);
  const plan = JSON.stringify(await (await reader.query(`EXPLAIN ANALYZE ${sql}`)).getRowsJson());
  await reader.close();
  return [...plan.matchAll(/Total Files Read: (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
}

describe('compaction of a lake folder', () => {
  test('changes no row of any table, whether nothing, a part or everything is compacted', async () => {
    const before = await everything();
    expect(before.msft_o365_exchange_online_raw).toHaveLength(5);
    for (const steps of [1, 2, Infinity]) {
      await compactAll({ steps, limits: { maxObjects: 2 } });
      expect(await everything()).toEqual(before);
    }
    expect((await partFiles()).map(dirname)).toContain('msft_o365_exchange_online_raw/day=unknown');
  });

  test('takes what lands later, also at a landing date that was compacted', async () => {
    await compactAll();
    await compactAll();
    await landLater();
    const before = await everything();
    expect(before.msft_o365_exchange_online_raw).toHaveLength(8);
    await compactAll();
    expect(await everything()).toEqual(before);
    await compactAll();
    expect(await everything()).toEqual(before);
  });

  test('opens parts instead of the objects', async () => {
    const sql = 'SELECT operation FROM msft_o365_exchange_online_raw';
    expect(await openedBy(sql)).toBe(4);
    await compactAll();
    expect(await openedBy(sql)).toBe(2);
    await landLater();
    expect(await openedBy(sql)).toBe(4);
  });

  test('opens no part of a day that was not asked for', async () => {
    const dates = ['2026-05-31', '2026-06-29', '2026-06-30', '2026-07-01', '2026-08-15', '2026-09-15'];
    await landRecords(
      lake,
      dates.map((date) => ({
        logType: 'audit-general',
        at: Date.parse(`${date}T23:30:00Z`),
        records: [{ Id: date, CreationTime: `${date}T23:59:59` }],
      })),
    );
    await compactAll({ names: ['msft_o365_general_raw'] });
    const rows = 'SELECT record_id FROM msft_o365_general_raw WHERE event_time >= TIMESTAMPTZ';
    const june = `${rows} '2026-06-30 00:00:00+00' AND event_time < TIMESTAMPTZ '2026-07-01 00:00:00+00'`;
    expect(await openedBy(june)).toBe(1);
    expect(await openedBy(`${rows} '2026-09-01 00:00:00+00'`)).toBe(1);
    expect(await openedBy('SELECT record_id FROM msft_o365_general_raw WHERE event_time >= now() - INTERVAL 100 YEAR')).toBe(dates.length);
    // Both readings are given what either of them asks for.
    expect(await openedBy(`${june} UNION ALL ${rows} '2026-09-15 00:00:00+00'`)).toBe(4);
    const reader = await openLakeReader(lake);
    expect(await (await reader.query(june)).getRows()).toEqual([['2026-06-30']]);
    expect(await (await reader.query('SELECT record_id FROM msft_o365_general_raw ORDER BY ALL')).getRows()).toEqual(
      dates.map((id) => [id]),
    );
    await reader.close();
  });

  test('makes one part of many small ones, and removes those after readers have gone', async () => {
    const before = await everything();
    const now = Date.now();
    await compactAll({ limits: { maxObjects: 1, partsToMerge: 2 }, now });
    const parts = (await partFiles()).length;
    await compactAll({ now: now + hours(2) });
    expect((await partFiles()).length).toBeLessThan(parts);
    expect(await everything()).toEqual(before);
    const manifest = Manifest.openForReading(lake);
    const left = datasets.flatMap((dataset) => manifest?.parts(dataset) ?? []).map(({ name }) => name);
    manifest?.close();
    expect((await partFiles()).map((name) => `compacted/${name}`)).toEqual(left.sort());
  });

  test('never touches an object', async () => {
    const objects = async () =>
      Promise.all(
        (await readdir(join(lake, 'raw'), { recursive: true }))
          .sort()
          .map(async (name) => [name, (await stat(join(lake, 'raw', name))).mtimeMs]),
      );
    const before = await objects();
    await compactAll();
    expect(await objects()).toEqual(before);
  });

  test.each(['eventDays', 'parts', 'write', 'commit'] as const)(
    'that dies at its next %s leaves every row once, and the next run ends it',
    async (call) => {
      await compactAll({ steps: 1, limits: { maxObjects: 1 } });
      await landLater();
      const before = await everything();
      const dying = (compaction: Compaction): Compaction => ({
        uncompacted: (dataset) => compaction.uncompacted(dataset),
        eventDays: (dataset, objects) => compaction.eventDays(dataset, objects),
        parts: (dataset, of) => compaction.parts(dataset, of),
        write: (request) => compaction.write(request),
        commit: (step) => compaction.commit(step),
        clean: () => compaction.clean(),
        [call]: () => Promise.reject(new Error('killed')),
      });
      await expect(compactAll({ around: dying })).rejects.toThrow('killed');
      expect(await everything()).toEqual(before);
      await compactAll();
      expect(await everything()).toEqual(before);
      expect(await openedBy('SELECT operation FROM msft_o365_exchange_online_raw')).toBeLessThan(6);
    },
  );

  test('removes what a killed run wrote and no step named', async () => {
    await compactAll();
    const stray = join(lake, 'compacted', 'msft_azure_ad_raw', 'day=2026-11-20', 'stray.parquet');
    await mkdir(dirname(stray), { recursive: true });
    await writeFile(stray, 'half of a part');
    await compactAll();
    expect(existsSync(stray)).toBe(false);
  });

  test('an object is taken into a part once: a step that names it again is refused whole', async () => {
    await compactAll();
    const manifest = Manifest.openForWriting(lake);
    const [part] = manifest.parts('msft_azure_ad_raw');
    const [name] = manifest.objects('msft_azure_ad_raw', '2026-11-22T12');
    const step = {
      dataset: 'msft_azure_ad_raw',
      objects: [{ key: `raw/msft_azure_ad_raw/dt=2026-11-22/hr=12/${String(name)}`, bytes: 1 }],
      added: [{ day: '2026-11-22', part: { name: 'compacted/again', rows: 1, bytes: 1 } }],
      retired: part ? [part] : [],
    };
    expect(() => {
      manifest.commit(step, 0);
    }).toThrow();
    expect(manifest.parts('msft_azure_ad_raw')).toContainEqual(part);
    expect([...manifest.allNames()]).not.toContain('compacted/again');
    manifest.close();
  });

  test('a dataset that is forgotten is read from its objects again', async () => {
    const before = await everything();
    await compactAll();
    const manifest = Manifest.openForWriting(lake);
    for (const dataset of datasets) manifest.forget(dataset, Date.now());
    manifest.close();
    expect(await openedBy('SELECT operation FROM msft_o365_exchange_online_raw')).toBe(4);
    expect(await everything()).toEqual(before);
    await compactAll();
    expect(await everything()).toEqual(before);
  });

  test('a reader that is open sees what lands and what is compacted meanwhile', async () => {
    const reader = await openLakeReader(lake);
    const count = async () => (await (await reader.query('SELECT count(*) FROM msft_o365_exchange_online_raw')).getRowsJson())[0];
    expect(await count()).toEqual(['5']);
    await compactAll();
    expect(await count()).toEqual(['5']);
    await landLater();
    expect(await count()).toEqual(['8']);
    await compactAll();
    await compactAll({ now: Date.now() + hours(2) });
    expect(await count()).toEqual(['8']);
    await reader.close();
  });

  test('is read without leaving anything in the folder', async () => {
    await compactAll();
    const before = (await readdir(lake, { recursive: true })).sort();
    await everything();
    expect((await readdir(lake, { recursive: true })).sort()).toEqual(before);
  });
});

test('a rebuild fills a column that was declared after the records landed, and keeps every row as it was', async () => {
  const place = join(lake, 'raw', 'msft_o365_exchange_online_raw', 'dt=2026-11-22', 'hr=12');
  const [name = ''] = (await readdir(place)).filter((file) => file.endsWith('.parquet'));
  const before = await everything();
  const duckdb = await connectDuckDb({ memoryMb: 100, spillFolder: lake });
  const draft = join(lake, 'draft.parquet');
  await duckdb.run(`COPY (SELECT * EXCLUDE (operation, actor_upn) FROM read_parquet($1)) TO '${draft}' (FORMAT parquet)`, [
    asPattern(join(place, name)),
  ]);
  duckdb.closeSync();
  await rename(draft, join(place, name));
  await compactAll();
  const without = await everything();
  expect(without).not.toEqual(before);
  const folder = await openLakeFolder(lake, { exclusive: true });
  await compactLake(folder, { clock: systemClock, isRebuild: true });
  folder.close();
  expect(await everything()).toEqual(before);
});

test.each([
  {
    name: 'a part is gone',
    breakIt: async () => rm(join(lake, 'compacted', (await partFiles())[0] ?? '')),
    says: /compacted.*is gone: run 'lake compact --rebuild'/,
  },
  {
    name: 'a part is gone that is not the first',
    breakIt: async () => rm(join(lake, 'compacted', (await partFiles()).at(-1) ?? '')),
    says: /compacted.*is gone: run 'lake compact --rebuild'/,
  },
  {
    name: 'the manifest is damaged',
    breakIt: () => writeFile(join(lake, 'compacted.sqlite'), 'no database at all, but long enough to be looked at as one'),
    says: /compacted\.sqlite' cannot be read .*: delete it, then run 'lake compact'/,
  },
])('where $name, a query names the file and its cure, which works', async ({ name, breakIt, says }) => {
  const before = await everything();
  await compactAll();
  await breakIt();
  await expect(everything()).rejects.toThrow(says);
  if (name === 'the manifest is damaged') await rm(join(lake, 'compacted.sqlite'));
  const folder = await openLakeFolder(lake, { exclusive: true });
  await compactLake(folder, { clock: systemClock, isRebuild: name.startsWith('a part is gone') });
  folder.close();
  expect(await everything()).toEqual(before);
});

test('a dataset that cannot be compacted is no reason to leave the others', async () => {
  const compactAsUpkeepDoes = async (): Promise<unknown> => {
    const folder = await openLakeFolder(lake, { exclusive: true });
    try {
      return await compactLake(folder, { clock: systemClock });
    } finally {
      folder.close();
    }
  };
  const damaged = join(lake, 'raw', 'msft_azure_ad_raw', 'dt=2026-11-22', 'hr=15', `${'0'.repeat(32)}.parquet`);
  await mkdir(dirname(damaged), { recursive: true });
  await writeFile(damaged, 'no Parquet file, but long enough to be looked at as one');
  await expect(compactAsUpkeepDoes()).rejects.toThrow(damaged);
  const hoursOf = (dataset: string): number | undefined => {
    const manifest = Manifest.openForReading(lake);
    const found = manifest?.landingHours(dataset).length;
    manifest?.close();
    return found;
  };
  expect([hoursOf('msft_azure_ad_raw'), hoursOf('msft_graph_security_alerts_raw')]).toEqual([0, 2]);
  await rm(damaged);
  await compactAsUpkeepDoes();
  expect(hoursOf('msft_azure_ad_raw')).toBe(2);
});
