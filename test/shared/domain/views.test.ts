import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { activitySelect, keyedColumns, viewName, viewSelect, type RowsKept } from '../../../shared/domain/views.ts';
import { logTypes } from '../../../shared/log-types/index.ts';
import { connectDuckDb } from '../../../shared/landing/landing.ts';

let duckdb: DuckDBConnection;
beforeAll(async () => {
  duckdb = await connectDuckDb({ memoryMb: 100, spillFolder: '/nowhere' });
});
afterAll(() => {
  duckdb.closeSync();
});

interface Row {
  readonly tenant: string;
  readonly id: string | null;
  readonly key: string;
  readonly at: number;
  readonly changed?: number;
  readonly blob?: string;
}

const columns = ['tenant_id', 'record_id', 'record_key', 'landed_at', 'last_update_time', 'content_id', 'event_time', 'operation', 'dt'];

/** What the view keeps, as tenant, id, key, landing and blob. */
async function kept(rows: readonly Row[], keeps: RowsKept): Promise<string[]> {
  const sql = (value: string | number | undefined | null): string =>
    value === undefined || value === null ? 'NULL' : typeof value === 'number' ? String(value) : `'${value}'`;
  const values = rows.map(
    ({ tenant, id, key, at, changed, blob }) =>
      `(${[tenant, id, key, at, changed, blob].map(sql).join(', ')}, TIMESTAMPTZ '2026-11-20 10:00:00Z', 'Send', DATE '2026-11-22')`,
  );
  await duckdb.run(`CREATE OR REPLACE TEMP TABLE things_raw AS FROM (VALUES ${values.join(', ')}) AS t(${columns.join(', ')})`);
  const result = await duckdb.runAndReadAll(viewSelect({ table: 'things_raw', columns, keeps }));
  return result
    .getRows()
    .map(([tenant, id, key, at, , blob]) => [tenant, id ?? '-', key, at, blob ?? '-'].map(String).join(' '))
    .sort();
}

const cases: readonly {
  readonly name: string;
  readonly keeps: RowsKept;
  readonly rows: readonly Row[];
  readonly are: readonly string[];
}[] = [
  {
    name: 'one row per record key and tenant, the first that landed, of the first blob',
    keeps: { kind: 'one per record key' },
    rows: [
      { tenant: 'a', id: '1', key: 'k', at: 2, blob: 'x' },
      { tenant: 'a', id: '1', key: 'k', at: 1, blob: 'z' },
      { tenant: 'a', id: '1', key: 'k', at: 1, blob: 'y' },
      { tenant: 'a', id: '1', key: 'l', at: 3 },
      { tenant: 'b', id: '1', key: 'k', at: 3 },
    ],
    are: ['a 1 k 1 y', 'a 1 l 3 -', 'b 1 k 3 -'],
  },
  {
    name: 'the version that landed last, and every record without an id once',
    keeps: { kind: 'newest version' },
    rows: [
      { tenant: 'a', id: '1', key: 'old', at: 1 },
      { tenant: 'a', id: '1', key: 'new', at: 2 },
      { tenant: 'b', id: '1', key: 'old', at: 1 },
      { tenant: 'a', id: null, key: 'm', at: 1 },
      { tenant: 'a', id: null, key: 'n', at: 1 },
      { tenant: 'a', id: null, key: 'n', at: 2 },
    ],
    are: ['a - m 1 -', 'a - n 2 -', 'a 1 new 2 -', 'b 1 old 1 -'],
  },
  {
    name: 'the version with the newest time of its own, and of two that landed together one that does not depend on the order',
    keeps: { kind: 'newest version', timeColumn: 'last_update_time' },
    rows: [
      { tenant: 'a', id: '1', key: 'newest', at: 1, changed: 9 },
      { tenant: 'a', id: '1', key: 'older', at: 5, changed: 8 },
      { tenant: 'a', id: '1', key: 'timeless', at: 6 },
      { tenant: 'a', id: '2', key: 'q', at: 1, changed: 1 },
      { tenant: 'a', id: '2', key: 'p', at: 1, changed: 1 },
    ],
    are: ['a 1 newest 1 -', 'a 2 p 1 -'],
  },
];

describe('the view beside a raw dataset has', () => {
  test.each(cases)('$name', async ({ keeps, rows, are }) => {
    expect(await kept(rows, keeps)).toEqual(are);
    expect(await kept(rows.toReversed(), keeps)).toEqual(are);
  });
});

test('a view is named like its dataset, without raw', () => {
  expect(viewName('msft_azure_ad_raw')).toBe('msft_azure_ad');
});

test('a condition on the event time or the operation reaches the rows before one is chosen of each group', async () => {
  await duckdb.run(
    `CREATE OR REPLACE TEMP TABLE things_raw AS FROM (VALUES ('a', '1', 'k', 1, 1, 'x', TIMESTAMPTZ '2026-11-20 10:00:00Z', 'Send', DATE '2026-11-22')) AS t(${columns.join(', ')})`,
  );
  const view = viewSelect({ table: 'things_raw', columns, keeps: { kind: 'one per record key' } });
  const plan = await duckdb.runAndReadAll(
    `EXPLAIN SELECT record_id FROM (${view}) WHERE operation = 'Send' AND event_time >= TIMESTAMPTZ '2026-11-20 00:00:00Z'`,
  );
  const text = String(plan.getRows()[0]?.[1]);
  expect(text.slice(text.search(/WINDOW|GROUP_BY/))).toMatch(/Filters:[\s\S]*operation/);
});

test.each(logTypes.filter(({ source }) => source.kind === 'content').map(({ id, identity }) => ({ id, identity })))(
  'the record key of $id distinguishes what its view is grouped by',
  ({ identity }) => {
    expect(identity).toEqual(expect.arrayContaining([...keyedColumns]));
  },
);

test('the flat view has everything under one set of names', async () => {
  await duckdb.run(`CREATE OR REPLACE TEMP TABLE letters AS SELECT TIMESTAMPTZ '2026-11-20 10:00:00Z' AS event_time, 'contoso' AS tenant_name, 't' AS tenant_id,
    CAST(NULL AS VARCHAR) AS service, 'O365 Letters' AS product, 'Send' AS operation, CAST(NULL AS VARCHAR) AS actor_upn, 'id-1' AS actor_id, '192.0.2.1' AS source_ip,
    'box' AS target_name, 'id-2' AS target_id, 'success' AS outcome, 'r' AS record_id, 'k' AS record_key, 'letters' AS log_type, DATE '2026-11-20' AS dt`);
  const select = activitySelect([
    { view: 'letters', dataset: 'letters_raw' },
    { view: 'letters', dataset: 'again_raw' },
  ]);
  const result = await duckdb.runAndReadAll(`SELECT dataset, source, actor, target, outcome FROM (${select}) ORDER BY ALL`);
  expect(result.getRows()).toEqual(['again_raw', 'letters_raw'].map((dataset) => [dataset, 'O365 Letters', 'id-1', 'box', 'success']));
});
