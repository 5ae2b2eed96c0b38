import { layouts, mostDaysOfSlice } from '../../../shared/domain/compacted-by.ts';
import { describe, expect, test } from '@jest/globals';
import { compactedTableOf, compactedTables } from '../../../shared/datasets/compacted-tables.ts';
import type { DatasetType } from '../../../shared/domain/columns.ts';
import { hoursAfter, hoursWithin } from '../../../shared/domain/compacted-table.ts';
import { compactedViewSelect } from '../../../shared/domain/compacted-view.ts';
import {
  addColumnsStatement,
  compactedColumns,
  createStatement,
  eventDaysStatement,
  mergeStatement,
  slicesOf,
} from '../../../shared/domain/compaction-statements.ts';

const signIns = compactedTableOf('msft_azure_ad_raw');
const exchange = compactedTableOf('msft_o365_exchange_online_raw');
const saas = compactedTableOf('saas_audit_logs');
const hour = { from: '2026-11-22T09', to: '2026-11-22T09' };

describe('hours as conditions on partitions', () => {
  test.each([
    {
      name: 'of one date',
      range: { from: '2026-11-22T03', to: '2026-11-22T09' },
      conditions: ["dt = DATE '2026-11-22' AND hr BETWEEN 3 AND 9"],
    },
    {
      name: 'of several dates',
      range: { from: '2026-11-20T22', to: '2026-11-22T01' },
      conditions: [
        "dt = DATE '2026-11-20' AND hr >= 22",
        "dt > DATE '2026-11-20' AND dt < DATE '2026-11-22'",
        "dt = DATE '2026-11-22' AND hr <= 1",
      ],
    },
  ])('$name', ({ range, conditions }) => {
    expect(hoursWithin(range)).toEqual(conditions);
  });

  test('after a watermark, and the open hours up to it', () => {
    expect(hoursAfter('2026-11-22T09', ['2026-11-20T23', '2026-11-22T07', '2026-11-22T08', '2026-11-22T10'])).toEqual([
      "dt > DATE '2026-11-22'",
      "dt = DATE '2026-11-22' AND hr > 9",
      "dt = DATE '2026-11-20' AND hr IN (23)",
      "dt = DATE '2026-11-22' AND hr IN (7, 8)",
    ]);
  });

  test('after the last hour of a date there is no rest of it', () => {
    expect(hoursAfter('2026-11-22T23', [])).toEqual(["dt > DATE '2026-11-22'"]);
  });
});

describe('a merge', () => {
  test('of records inserts those whose key is not there on their day', () => {
    const sql = mergeStatement(exchange, hour);
    expect(sql).toContain('MERGE INTO "msft_o365_exchange_online_compacted" c');
    expect(sql).toContain("dt = DATE '2026-11-22' AND hr BETWEEN 9 AND 9");
    expect(sql).toContain('ON c.tenant_id = s.tenant_id AND c.record_key = s.record_key AND c.event_day = s.event_day');
    expect(sql).not.toContain('WHEN MATCHED');
  });

  test('of versions replaces the older one', () => {
    expect(mergeStatement(signIns, hour)).toMatch(
      /WHEN MATCHED AND .*s\.landed_at.* THEN UPDATE SET .*"event_day" = s\."event_day"\nWHEN NOT MATCHED/,
    );
  });

  test('of normalized rows takes the rows of objects that are not there, each as often as it landed', () => {
    const sql = mergeStatement(saas, hour);
    expect(sql).toMatch(/^INSERT INTO "saas_audit_logs_compacted"/);
    expect(sql).toContain('FROM "saas_audit_logs_landed"');
    expect(sql).toContain(
      'WHERE NOT EXISTS (SELECT 1 FROM "saas_audit_logs_compacted" c WHERE c.object = s.object AND c.event_day = s.event_day)',
    );
    expect(sql).not.toContain('row_number');
  });

  test('of a slice reads its event days only', () => {
    const sql = mergeStatement(exchange, hour, { first: '2026-01-01', last: '2026-02-09' });
    expect(sql).toContain("coalesce(CAST(event_time AS date), DATE '1970-01-01') BETWEEN DATE '2026-01-01' AND DATE '2026-02-09'");
    expect(eventDaysStatement(exchange, hour)).toContain("coalesce(CAST(event_time AS date), DATE '1970-01-01') AS event_day");
  });

  test('of versions has fewer than 300 leaves, above which Athena refuses a MERGE that updates', () => {
    const leaves = (type: DatasetType | 'date'): number => {
      if (typeof type === 'string') return type === 'map' ? 2 : 1;
      return Object.values('listOf' in type ? type.listOf : type.structOf).reduce<number>((sum, one) => sum + leaves(one), 0);
    };
    const versions = compactedTables.filter(({ keeps }) => keeps.kind === 'newest version');
    const counts = versions.map((table) => compactedColumns(table).reduce((sum, { type }) => sum + leaves(type), 0));
    expect(versions.length).toBeGreaterThan(0);
    expect(Math.max(...counts)).toBeLessThan(300);
  });
});

test('slices have at most so many event days, in their order, and every day is in one', () => {
  expect(slicesOf(['a', 'b', 'c', 'd', 'e'], 2)).toEqual([
    { first: 'a', last: 'b' },
    { first: 'c', last: 'd' },
    { first: 'e', last: 'e' },
  ]);
  expect(slicesOf([], 2)).toEqual([]);
});

test('a slice writes no more than 40 partitions', () => {
  expect(layouts.map(mostDaysOfSlice)).toEqual([40, 2]);
});

describe.each(compactedTables)('$compacted', (table) => {
  test('is made with every column of its view, in Iceberg by event day', () => {
    const sql = createStatement(table, 's3://lake/compacted/x/', 'day');
    expect(sql).toContain('PARTITIONED BY (day(event_time))');
    expect(sql).toContain("'table_type' = 'ICEBERG'");
    for (const { name } of compactedColumns(table)) expect(sql).toMatch(new RegExp(`^  \`${name}\` `, 'm'));
    expect(addColumnsStatement(table, table.columns.slice(0, 1))).toMatch(/^ALTER TABLE `\w+` ADD COLUMNS \(`\w+` \w+\)$/);
  });

  test('is made in groups of tenants too, by a column that it has', () => {
    const [, tenant = ''] =
      /PARTITIONED BY \(day\(event_time\), bucket\(16, (\w+)\)\)/.exec(createStatement(table, 's3://lake/x/', 'tenant-and-day')) ?? [];
    expect(table.columns.map(({ name }) => name)).toContain(tenant);
    expect(tenant).toBe(table.dataset.startsWith('ocsf_') ? 'tenant_name' : 'tenant_id');
  });

  test('has types that Iceberg on Athena knows', () => {
    expect(createStatement(table, 's3://lake/x/', 'day')).not.toMatch(/\b(tinyint|smallint|char\(|varchar)\b/);
  });

  test('has a view whose text is small enough for Glue', () => {
    const open = Array.from({ length: 200 }, (_, index) => `2026-11-${String(10 + (index % 18))}T${String(index % 24).padStart(2, '0')}`);
    expect(compactedViewSelect(table, { watermark: '2026-11-30T09', open }).length).toBeLessThan(250_000);
  });
});
