import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openLakeReader, type LakeReader } from '../../local/lake-reader.ts';
import { lakeTables } from '../../local/lake-views.ts';
import { connectDuckDb } from '../../shared/landing/landing.ts';
import { UsageError } from '../../local/exit.ts';
import { fabrikam } from '../contracts/samples.ts';
import { landRecords } from '../helpers/land-records.ts';
import { alert, exchangeRecord, signIn } from '../helpers/sample-records.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const noon = Date.parse('2026-11-22T12:00:00Z');
const later = noon + 3_600_000;
const nextDay = noon + 86_400_000;

let lake = '';
beforeAll(async () => {
  lake = join(await makeFolder(), '.lake');
  await landRecords(lake, [
    { logType: 'audit-exchange', at: noon, blob: 'first', records: [exchangeRecord('one'), exchangeRecord('two')] },
    { logType: 'audit-exchange', at: nextDay, blob: 'second', records: [exchangeRecord('two'), exchangeRecord('three')] },
    { logType: 'audit-exchange', at: noon, blob: 'theirs', tenantId: fabrikam, tenantName: 'fabrikam', records: [exchangeRecord('one')] },
    { logType: 'sign-ins-interactive', at: noon, records: [signIn('a'), signIn('b')] },
    { logType: 'sign-ins-interactive', at: later, records: [signIn('a', { userAgent: 'corrected' })] },
    {
      logType: 'sign-ins-non-interactive',
      at: noon,
      records: [
        { ...signIn('x'), id: undefined },
        { ...signIn('y', { appId: 'other' }), id: undefined },
      ],
    },
    { logType: 'alerts', at: noon, records: [alert('A', '2026-11-21T10:00:00Z', { status: 'resolved' })] },
    { logType: 'alerts', at: later, records: [alert('A', '2026-11-21T09:00:00Z'), alert('B', '2026-11-21T09:00:00Z')] },
  ]);
});

async function withReader<T>(work: (reader: LakeReader) => Promise<T>, sql = ''): Promise<T> {
  const reader = await openLakeReader(lake, sql);
  try {
    return await work(reader);
  } finally {
    await reader.close();
  }
}

async function rows(sql: string): Promise<unknown[][]> {
  return withReader(async (reader) => (await reader.query(sql)).getRowsJson(), sql);
}

/** How many files DuckDB opened, as it counts them. */
async function openedBy(sql: string): Promise<number> {
  const plan = JSON.stringify(await rows(`EXPLAIN ANALYZE ${sql}`));
  const counts = [...plan.matchAll(/Total Files Read: (\d+)/g)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

describe('the tables of a lake', () => {
  test('are every dataset and the view beside it, even where nothing has landed', async () => {
    for (const { name } of lakeTables()) expect(await rows(`SELECT count(*) >= 0 FROM ${name}`)).toEqual([[true]]);
    expect(await rows('SELECT count(*) FROM msft_o365_dlp')).toEqual([['0']]);
  });

  test('have the same columns whether something has landed or not', async () => {
    const columns = async (name: string) => (await rows(`DESCRIBE ${name}`)).map(([column, type]) => [column, type]);
    const landed = await columns('msft_o365_exchange_online_raw');
    expect(await columns('msft_o365_exchange_online')).toEqual(landed);
    expect(landed.slice(0, 2)).toEqual([
      ['event_time', 'TIMESTAMP WITH TIME ZONE'],
      ['record_id', 'VARCHAR'],
    ]);
    expect(landed.slice(-3)).toEqual([
      ['record_key', 'VARCHAR'],
      ['raw', 'VARCHAR'],
      ['dt', 'DATE'],
    ]);
    expect((await columns('msft_o365_dlp_raw')).slice(-3)).toEqual(landed.slice(-3));
  });

  test('have the landing date as a date, and read the objects of the asked dates only', async () => {
    expect(await rows(`SELECT record_id FROM msft_o365_exchange_online_raw WHERE dt = DATE '2026-11-23' ORDER BY ALL`)).toEqual([
      ['three'],
      ['two'],
    ]);
    const plan = await rows(`EXPLAIN SELECT operation FROM msft_o365_exchange_online_raw WHERE dt = DATE '2026-11-23'`);
    expect(JSON.stringify(plan)).toMatch(/Scanning Files:\s*1\/3|Total Files Read: 1\b/);
  });

  test.each([
    { name: 'of one day', sql: "SELECT operation FROM msft_o365_exchange_online_raw WHERE dt = DATE '2026-11-23'", files: 1 },
    { name: 'from a day on', sql: "SELECT operation FROM msft_o365_exchange_online_raw WHERE dt >= DATE '2026-11-22'", files: 3 },
    { name: 'of a day without objects', sql: "SELECT operation FROM msft_o365_exchange_online_raw WHERE dt < DATE '2026-11-22'", files: 0 },
  ])('are opened file by file: a query $name opens no other', async ({ sql, files }) => {
    expect(await openedBy(sql)).toBe(files);
  });

  test('are opened by no statement that reads no row: a damaged object of another day does no harm', async () => {
    const folder = join(lake, 'raw', 'msft_o365_sharepoint_online_raw', 'dt=2026-11-01', 'hr=09');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'damaged.parquet'), 'no Parquet');
    const table = 'msft_o365_sharepoint_online_raw';
    expect((await rows(`DESCRIBE ${table}`)).length).toBeGreaterThan(50);
    expect(await rows(`SELECT count(*) FROM ${table} WHERE dt > DATE '2026-11-01'`)).toEqual([['0']]);
    await expect(rows(`SELECT count(record_id) FROM ${table}`)).rejects.toThrow('damaged.parquet');
    await rm(folder, { recursive: true });
  });

  test('have NULL in a column that was declared after the object was written, and not a column that is declared no more', async () => {
    const folder = join(lake, 'raw', 'msft_o365_general_raw', 'dt=2026-11-20', 'hr=09');
    await mkdir(folder, { recursive: true });
    const duckdb = await connectDuckDb({ memoryMb: 100, spillFolder: lake });
    await duckdb.run(
      `COPY (SELECT now() AS event_time, 'old' AS record_id, 'k' AS record_key, 1 AS gone) TO '${folder}/old.parquet' (FORMAT parquet)`,
    );
    duckdb.closeSync();
    expect(await rows('SELECT record_id, operation FROM msft_o365_general_raw')).toEqual([['old', null]]);
    await expect(rows('SELECT gone FROM msft_o365_general_raw')).rejects.toThrow('"gone" not found');
  });

  test('are found in a folder whose name looks like a pattern', async () => {
    const odd = join(await makeFolder(), 'dt=2020-01-01', 'hr=09', 'lake [a] *?');
    await landRecords(odd, [{ logType: 'audit-exchange', at: noon, records: [exchangeRecord('one')] }]);
    const reader = await openLakeReader(odd);
    const result = await reader.query('SELECT record_id, CAST(dt AS varchar) FROM msft_o365_exchange_online_raw');
    expect(await result.getRows()).toEqual([['one', '2026-11-22']]);
    await reader.close();
  });

  test('hold the columns of all their log types', async () => {
    expect(await rows('SELECT count(*), count(last_update_time) FROM msft_graph_security_alerts_raw')).toEqual([['3', '3']]);
  });
});

describe('the view beside a raw dataset', () => {
  test('has once what was served in two blobs, the first that landed, and each tenant its own', async () => {
    expect(await rows('SELECT count(*) FROM msft_o365_exchange_online_raw')).toEqual([['5']]);
    const view = await rows('SELECT tenant_name, record_id, content_id FROM msft_o365_exchange_online ORDER BY ALL');
    expect(view).toEqual([
      ['contoso', 'one', 'first'],
      ['contoso', 'three', 'second'],
      ['contoso', 'two', 'first'],
      ['fabrikam', 'one', 'theirs'],
    ]);
  });

  test('has the newest version of a sign-in that was corrected', async () => {
    expect(await rows("SELECT record_id, user_agent FROM msft_azure_ad WHERE record_id = 'a'")).toEqual([['a', 'corrected']]);
  });

  test('has every record without an id', async () => {
    expect(await rows('SELECT count(*) FROM msft_azure_ad WHERE record_id IS NULL')).toEqual([['2']]);
  });

  test('has of an alert the version that Microsoft wrote last, whatever landed last', async () => {
    expect(await rows('SELECT record_id, result_code FROM msft_graph_security_alerts ORDER BY ALL')).toEqual([
      ['A', 'resolved'],
      ['B', 'new'],
    ]);
  });
});

describe('the view over everything', () => {
  test('has each record once, with the dataset that it is of', async () => {
    const activity = await rows('SELECT dataset, tenant, actor, source_ip, outcome, record_id FROM m365_activity ORDER BY ALL');
    const exchange = activity.filter(([dataset]) => dataset === 'msft_o365_exchange_online_raw');
    expect(exchange).toEqual([
      ...['one', 'three', 'two'].map((id) => [
        'msft_o365_exchange_online_raw',
        'contoso',
        'ada@contoso.example',
        '203.0.113.7',
        'success',
        id,
      ]),
      ['msft_o365_exchange_online_raw', 'fabrikam', 'ada@contoso.example', '203.0.113.7', 'success', 'one'],
    ]);
  });

  test('counts as many records as the views it is made of', async () => {
    const views = ['msft_o365_exchange_online', 'msft_o365_general', 'msft_azure_ad', 'msft_graph_security_alerts'];
    const counted = views.map((view) => `SELECT '${view}_raw' AS dataset, count(*) AS n FROM ${view}`).join(' UNION ALL ');
    expect(await rows('SELECT dataset, count(*) AS n FROM m365_activity GROUP BY dataset ORDER BY ALL')).toEqual(
      await rows(`SELECT * FROM (${counted}) WHERE n > 0 ORDER BY ALL`),
    );
  });

  test('reads only the dataset that is asked for', async () => {
    const plan = await rows(`EXPLAIN SELECT count(*) FROM m365_activity WHERE dataset = 'msft_azure_ad_raw'`);
    expect(String(plan[0]?.[1]).match(/READ_PARQUET +│\n│ +─/g)).toHaveLength(1);
  });
});

describe('the reader', () => {
  test('makes only the tables that the query names', async () => {
    const named = await withReader(async ({ tables }) => Promise.resolve(tables.map(({ name }) => name)), 'SELECT * FROM MSFT_AZURE_AD');
    expect(named).toEqual(['msft_azure_ad_raw', 'msft_azure_ad']);
  });

  test.each([
    { name: 'COPY', sql: () => `COPY (SELECT 1 AS x) TO '${lake}/raw/evil.parquet'` },
    { name: 'EXPLAIN ANALYZE of COPY', sql: () => `EXPLAIN ANALYZE COPY (SELECT 1 AS x) TO '${lake}/raw/evil.parquet'` },
    {
      name: 'COPY after nested comments',
      sql: () => `EXPLAIN ANALYZE /* /* */ SELECT 1 -- */ COPY (SELECT 1 AS x) TO '${lake}/raw/evil.parquet'`,
    },
    { name: 'ATTACH', sql: () => `ATTACH '${lake}/raw/evil.db'` },
    { name: 'CREATE TABLE', sql: () => 'CREATE TABLE evil (x INT)' },
    { name: 'SET', sql: () => 'SET threads = 1' },
    { name: 'two statements', sql: () => 'SELECT 1; SELECT 2' },
    { name: 'nothing', sql: () => ' -- only a comment' },
  ])('refuses $name', async ({ sql }) => {
    await expect(rows(sql())).rejects.toThrow(UsageError);
    expect((await readdir(join(lake, 'raw'), { recursive: true })).filter((name) => name.includes('evil'))).toEqual([]);
  });

  test.each([
    { name: 'a file', sql: () => "SELECT * FROM read_parquet('/etc/hostname')" },
    { name: 'a file by its name alone', sql: () => "SELECT * FROM '/etc/hosts.csv'" },
    { name: 'the ledger', sql: () => `SELECT * FROM parquet_metadata('${lake}/ledger.sqlite')` },
    { name: 'a way out of the folder', sql: () => `SELECT * FROM read_parquet('${lake}/raw/../lake.json')` },
    { name: 'a folder', sql: () => "SELECT * FROM read_parquet('/etc/*')" },
  ])('cannot reach $name outside of the objects', async ({ sql }) => {
    await expect(rows(sql())).rejects.toThrow(/disabled by configuration/);
  });

  test.each([
    'WITH x AS (SELECT 1 AS a) SELECT a FROM x',
    'FROM (VALUES (1)) AS t(a)',
    'EXPLAIN SELECT 1',
    'EXPLAIN ANALYZE SELECT 1',
    'SHOW TABLES',
    'SUMMARIZE SELECT 1',
  ])('runs %s', async (sql) => {
    expect((await rows(sql)).length).toBeGreaterThan(0);
  });

  test('says what to do where there is no lake', async () => {
    await expect(openLakeReader(join(lake, 'nowhere'))).rejects.toThrow(UsageError);
  });
});
