import { describe, expect, test } from '@jest/globals';
import { compactedTableOf, compactedTables } from '../../shared/datasets/compacted-tables.ts';
import {
  addColumnsStatement,
  compactedColumns,
  createStatement,
  optimizeStatement,
  refillStatement,
  vacuumStatement,
} from '../../shared/domain/compaction-statements.ts';
import { expireStatement } from '../../shared/domain/delete-statements.ts';
import { cutoffsIn, listedCutoffs } from '../../shared/domain/keeping.ts';
import { AthenaOnDuckDb, fromHive } from './athena-on-duckdb.ts';
import { simulateStatements, type TextChange } from './statements-simulation.ts';

const seeds = 12;

test('the texts that Athena gets, run by DuckDB, give what landed, whatever lands late, is merged twice, in slices, or dies half-way', async () => {
  for (let seed = 1; seed <= seeds; seed += 1)
    expect(`seed ${String(seed)}: ${(await simulateStatements(seed)) ?? 'right'}`).toBe(`seed ${String(seed)}: right`);
}, 300_000);

describe('of a text that is wrong it is seen:', () => {
  const bugs: readonly { readonly name: string; readonly change: TextChange }[] = [
    { name: 'the view leaves out open hours', change: (text) => text.replace(/\nUNION ALL SELECT [^\n]* AND hr IN \([^)]*\)/g, '') },
    {
      name: 'the view gives what is compacted again',
      change: (text) =>
        text
          .replaceAll('AND NOT EXISTS (SELECT 1 FROM "', 'AND EXISTS (SELECT 1 WHERE true OR EXISTS (SELECT 1 FROM "')
          .replaceAll(/\)(?=\nUNION ALL|$)/g, ')'),
    },
    { name: 'the view leaves out records without a time', change: (text) => text.replaceAll('r.event_time IS NULL AND', 'false AND') },
    {
      name: 'the view shows versions that were superseded',
      change: (text) => text.replaceAll('NOT EXISTS (SELECT 1 FROM recent r WHERE', 'NOT EXISTS (SELECT 1 FROM recent r WHERE false AND'),
    },
    {
      name: 'an older version replaces a newer one',
      change: (text) => text.replace(/\nWHEN MATCHED AND .* THEN UPDATE/, '\nWHEN MATCHED THEN UPDATE'),
    },
    {
      name: 'rows of other hours are deleted',
      change: (text) => text.replace(/^(DELETE FROM "\w+" WHERE)[\s\S]*$/, '$1 true'),
    },
    { name: 'a merge adds what is there', change: (text) => text.replace(/\nON .*/, '\nON false') },
    { name: 'objects are taken again', change: (text) => text.replace(/^(INSERT [\s\S]*)WHERE NOT EXISTS .*$/, '$1') },
    {
      name: 'a merge takes the first day of a slice alone',
      change: (text) => text.replaceAll(/BETWEEN (DATE '[\d-]+') AND DATE '[\d-]+'/g, 'BETWEEN $1 AND $1'),
    },
  ];

  test.each(bugs)(
    '$name',
    async ({ change }) => {
      for (let seed = 1; seed <= 8 * seeds; seed += 1) {
        const found = await simulateStatements(seed, change).catch((error: unknown) => error);
        if (found instanceof Error) throw found;
        if (found !== undefined) return;
      }
      throw new Error('it was not seen');
    },
    300_000,
  );
});

test('what happened before the day that is kept goes, and what is younger, at its midnight too, or has no time stays', async () => {
  const engine = await AthenaOnDuckDb.open();
  const table = compactedTableOf('msft_o365_exchange_online_raw');
  await engine.run(createStatement(table, 's3://lake/compacted/x/', 'day'));
  const times = ['2026-10-15 23:59:59.999', '2026-10-16 00:00:00', '2026-11-20 12:00:00', '2025-01-01 00:00:00'];
  for (const time of times)
    await engine.duckdb.run(
      `INSERT INTO "${table.compacted}" (record_id, event_time, dt) VALUES ('${time}', TIMESTAMPTZ '${time}+00', DATE '2026-11-20')`,
    );
  await engine.duckdb.run(`INSERT INTO "${table.compacted}" (record_id, dt) VALUES ('no time', DATE '2025-01-01')`);
  await engine.run(expireStatement(table, { usual: '2026-10-16', own: new Map() }));
  const left = await engine.run(`SELECT record_id FROM "${table.compacted}" ORDER BY 1`);
  expect(left.flat()).toEqual(['2026-10-16 00:00:00', '2026-11-20 12:00:00', 'no time']);
  engine.close();
});

test('of a tenant with days of its own what is past by these goes, longer or shorter than those of the others, and all stays of one that keeps everything', async () => {
  const engine = await AthenaOnDuckDb.open();
  const table = compactedTableOf('msft_o365_exchange_online_raw');
  await engine.run(createStatement(table, 's3://lake/compacted/x/', 'day'));
  for (const tenant of ['longer', 'shorter', 'for ever', 'usual']) {
    for (const day of ['2026-01-01', '2026-10-01', '2026-11-01'])
      await engine.duckdb.run(
        `INSERT INTO "${table.compacted}" (record_id, tenant_name, event_time, dt) VALUES ('${tenant} ${day}', '${tenant}', TIMESTAMPTZ '${day} 00:00:00+00', DATE '2026-11-20')`,
      );
  }
  const own = new Map([
    ['longer', '2025-12-01'],
    ['shorter', '2026-10-15'],
    ['for ever', undefined],
  ]);
  await engine.run(expireStatement(table, cutoffsIn(listedCutoffs({ usual: '2026-06-01', own }))));
  const left = await engine.run(`SELECT record_id FROM "${table.compacted}" ORDER BY 1`);
  const all = (tenant: string): string[] => ['2026-01-01', '2026-10-01', '2026-11-01'].map((day) => `${tenant} ${day}`);
  expect(left.flat()).toEqual([...all('for ever'), ...all('longer'), 'shorter 2026-11-01', 'usual 2026-10-01', 'usual 2026-11-01']);
  engine.close();
});

test('every table is made, gets columns, and is maintained by statements that are understood', async () => {
  const engine = await AthenaOnDuckDb.open();
  for (const table of compactedTables) {
    const columns = compactedColumns(table);
    const [last] = columns.slice(-1);
    if (!last) throw new Error('a table without columns');
    await engine.run(createStatement({ ...table, columns: table.columns.slice(0, -3) }, 's3://lake/compacted/x/', 'tenant-and-day'));
    await engine.run(addColumnsStatement(table, columns.slice(-5, -2)));
    for (const statement of [optimizeStatement(table), vacuumStatement(table)]) await engine.run(statement);
    const made = await engine.run(`SELECT column_name FROM information_schema.columns WHERE table_name = '${table.compacted}'`);
    expect(made.flat().sort()).toEqual(columns.map(({ name }) => name).sort());
  }
  await expect(engine.run('DROP TABLE x')).rejects.toThrow("mismatched input 'DROP TABLE x'");
  engine.close();
});

test("a type of Athena's tables is read as DuckDB's", () => {
  expect(fromHive('array<struct<id:string,at:timestamp,more:map<string,array<bigint>>>>')).toBe(
    'STRUCT("id" VARCHAR, "at" TIMESTAMPTZ, "more" MAP(VARCHAR, BIGINT[]))[]',
  );
});

describe('rows that were made again from their records', () => {
  const table = compactedTableOf('msft_azure_ad_raw');
  const hours = { from: '2026-11-20T00', to: '2026-11-21T23' };

  async function opened(): Promise<AthenaOnDuckDb> {
    const engine = await AthenaOnDuckDb.open();
    await engine.run(createStatement(table, 's3://lake/compacted/x/', 'day'));
    await engine.duckdb.run(`CREATE TABLE "${String(table.again)}" AS SELECT *, CAST(NULL AS BIGINT) AS hr FROM "${table.compacted}"`);
    return engine;
  }

  /** A row of a record that landed at a time. */
  const row = (into: string, key: string, landed: string, operation: string | null, time = '2026-11-19 08:00:00'): string =>
    `INSERT INTO "${into}" (tenant_id, record_key, landed_at, event_time, event_day, dt, operation${into === table.again ? ', hr' : ''})
     VALUES ('t', '${key}', TIMESTAMPTZ '${landed}+00', TIMESTAMPTZ '${time}+00', DATE '${time.slice(0, 10)}', DATE '${landed.slice(0, 10)}',
       ${operation === null ? 'NULL' : `'${operation}'`}${into === table.again ? `, ${landed.slice(11, 13)}` : ''})`;

  const rowsOf = async (engine: AthenaOnDuckDb): Promise<string[]> =>
    (
      await engine.duckdb.runAndReadAll(
        `SELECT concat_ws(' ', record_key, operation, strftime(event_day, '%d'), strftime(dt, '%d')) FROM "${table.compacted}" ORDER BY ALL`,
      )
    )
      .getRows()
      .map(([text]) => String(text));

  test('give their columns to the compacted rows of their own objects, and to no others', async () => {
    const engine = await opened();
    const again = String(table.again);
    for (const sql of [
      row(table.compacted, 'a', '2026-11-20 10:00:00', null),
      row(table.compacted, 'b', '2026-11-20 11:00:00', 'before'),
      row(table.compacted, 'c', '2026-11-22 10:00:00', 'other hour'),
      row(table.compacted, 'e', '2026-11-20 10:00:00', 'other object'),
      row(again, 'a', '2026-11-20 10:00:00', 'filled'),
      // The same record twice in one object.
      row(again, 'a', '2026-11-20 10:00:00', 'filled'),
      // A mapping was mended, and another event day comes of it.
      row(again, 'b', '2026-11-20 11:00:00', 'mended', '2026-11-18 08:00:00'),
      row(again, 'c', '2026-11-22 10:00:00', 'not asked'),
      row(again, 'd', '2026-11-20 10:00:00', 'never merged'),
      row(again, 'e', '2026-11-20 12:00:00', 'of a later object'),
    ])
      await engine.duckdb.run(sql);
    const filled = ['a filled 19 20', 'b mended 18 20', 'c other hour 19 22', 'e other object 19 20'];
    for (let time = 0; time < 2; time += 1) {
      await engine.run(refillStatement(table, hours));
      expect(await rowsOf(engine)).toEqual(filled);
    }
    engine.close();
  });

  test('are taken in slices of their event days', async () => {
    const engine = await opened();
    const again = String(table.again);
    for (const [key, day] of [
      ['a', '18'],
      ['b', '19'],
    ] as const) {
      await engine.duckdb.run(row(table.compacted, key, '2026-11-20 10:00:00', null, `2026-11-${day} 08:00:00`));
      await engine.duckdb.run(row(again, key, '2026-11-20 10:00:00', 'filled', `2026-11-${day} 08:00:00`));
    }
    await engine.run(refillStatement(table, hours, { first: '2026-11-19', last: '2026-11-19' }));
    expect(await rowsOf(engine)).toEqual(['a 18 20', 'b filled 19 20']);
    engine.close();
  });

  test('are none of a normalized dataset', () => {
    expect(() => refillStatement(compactedTableOf('saas_audit_logs'), hours)).toThrow("'lake normalize --replace'");
  });
});
