import { existsSync } from 'node:fs';
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../local/clock.ts';
import { compactLake } from '../../local/compaction/compact-lake.ts';
import { Manifest } from '../../local/compaction/manifest.ts';
import { rebuildDays, type RebuildDaysOptions } from '../../local/compaction/rebuild-days.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { asPattern } from '../../local/lake-sql.ts';
import { hours } from '../../shared/domain/window.ts';
import { connectDuckDb } from '../../shared/landing/landing.ts';
import { landRecords } from '../helpers/land-records.ts';
import { exchangeRecord, signIn } from '../helpers/sample-records.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const noon = Date.parse('2026-11-22T12:00:00Z');
const day = hours(24);
const dataset = 'msft_o365_exchange_online_raw';
const on = (date: number): string => `2026-11-${String(date)}T08:00:00`;

let lake = '';
let asLanded: unknown[];

/** Records of three days, all of which were compacted while two columns were not declared yet. */
beforeEach(async () => {
  lake = join(await makeFolder(), 'lake');
  await landRecords(lake, [
    {
      logType: 'audit-exchange',
      at: noon,
      blob: 'a',
      records: [exchangeRecord('one', { CreationTime: on(20) }), exchangeRecord('two', { CreationTime: on(21) })],
    },
    {
      logType: 'audit-exchange',
      at: noon + day,
      blob: 'b',
      records: [exchangeRecord('two', { CreationTime: on(21) }), exchangeRecord('three', { CreationTime: on(22) })],
    },
    {
      logType: 'audit-exchange',
      at: noon + day,
      tenantId: '33333333-3333-4333-8333-333333333333',
      tenantName: "o'brien",
      blob: 'c',
      records: [exchangeRecord('four', { CreationTime: on(21) })],
    },
    { logType: 'sign-ins-interactive', at: noon, records: [signIn('a'), signIn('b')] },
  ]);
  asLanded = await rows();
  await forgetColumns(['operation', 'actor_upn']);
  const folder = await openLakeFolder(lake, { exclusive: true });
  await compactLake(folder, { clock: systemClock });
  folder.close();
});

async function rows(where = 'true'): Promise<unknown[]> {
  const reader = await openLakeReader(lake);
  const all = await (await reader.query(`SELECT * FROM ${dataset} WHERE ${where} ORDER BY ALL`)).getRowsJson();
  await reader.close();
  return all;
}

async function forgetColumns(names: readonly string[]): Promise<void> {
  const duckdb = await connectDuckDb({ memoryMb: 100, spillFolder: lake });
  for (const name of await readdir(join(lake, 'raw', dataset), { recursive: true })) {
    if (!name.endsWith('.parquet')) continue;
    const file = join(lake, 'raw', dataset, name);
    const draft = join(lake, 'draft.parquet');
    await duckdb.run(`COPY (SELECT * EXCLUDE (${names.join(', ')}) FROM read_parquet($1)) TO '${draft}' (FORMAT parquet)`, [
      asPattern(file),
    ]);
    await rename(draft, file);
  }
  duckdb.closeSync();
}

async function rebuild(options: Omit<RebuildDaysOptions, 'clock'>): ReturnType<typeof rebuildDays> {
  const folder = await openLakeFolder(lake, { exclusive: true });
  try {
    return await rebuildDays(folder, { clock: systemClock, ...options });
  } finally {
    folder.close();
  }
}

async function partNames(): Promise<string[]> {
  const files = await readdir(join(lake, 'compacted'), { recursive: true });
  return files.filter((name) => name.endsWith('.parquet')).sort();
}

describe('a rebuild of event days', () => {
  test('fills a column that was declared since for the records of these days, and leaves all other days as they are', async () => {
    const without = await rows();
    expect(without).not.toEqual(asLanded);
    const done = await rebuild({ span: { from: '2026-11-21', to: '2026-11-21' }, datasets: [dataset] });
    expect(done).toEqual([{ dataset, objects: 3, rows: 3, parts: 1 }]);
    const ofDay = "event_time >= TIMESTAMP '2026-11-21 00:00:00' AND event_time < TIMESTAMP '2026-11-22 00:00:00'";
    expect(await rows(`${ofDay} AND operation = 'Send' AND actor_upn = 'ada@contoso.example'`)).toHaveLength(3);
    expect(await rows(`NOT (${ofDay}) AND operation IS NULL`)).toHaveLength(2);
    await rebuild({ span: { from: '2026-11-01' } });
    expect(await rows()).toEqual(asLanded);
  });

  test('needs no landed file', async () => {
    await rename(join(lake, 'raw'), join(lake, 'gone'));
    await rebuild({ span: { to: '2026-11-30' } });
    expect(await rows()).toEqual(asLanded);
  });

  test('that dies before the switch changes nothing for queries, and the next run ends it', async () => {
    const [before, parts] = [await rows(), await partNames()];
    const dying = rebuild({
      span: {},
      onStep: () => {
        throw new Error('killed');
      },
    });
    await expect(dying).rejects.toThrow('killed');
    expect((await partNames()).length).toBeGreaterThan(parts.length);
    expect(await rows()).toEqual(before);
    await rebuild({ span: {} });
    expect(await rows()).toEqual(asLanded);
  });

  test('leaves the old parts to who still reads them', async () => {
    const old = await partNames();
    await rebuild({ span: {} });
    for (const name of old) expect(existsSync(join(lake, 'compacted', name))).toBe(true);
    const manifest = Manifest.openForReading(lake);
    const counting = manifest?.parts(dataset).map(({ name }) => name.replace('compacted/', '')) ?? [];
    manifest?.close();
    expect(counting.filter((name) => old.includes(name))).toEqual([]);
  });
});
