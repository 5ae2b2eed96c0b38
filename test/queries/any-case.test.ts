import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainValue } from '../../local/asking/plain-value.ts';
import { openLakeReader, type LakeReader } from '../../local/lake-reader.ts';
import { anyCase } from '../../queries/any-case.ts';
import { queryLibrary, querySql } from '../../queries/library.ts';
import { timestampSql } from '../../queries/window-sql.ts';
import { plants } from './plants/index.ts';
import { managementTenantOf, plantLake, since, until } from './planted-lake.ts';
import type { JsonRecord } from './records.ts';

const names = ['Operation', 'activityDisplayName', 'EndpointOperation'];

/** The names of operations in capital letters, wherever they stand in the record. */
function inCapitals(record: JsonRecord): JsonRecord {
  const spelled = (name: string, value: unknown): unknown => {
    if (typeof value === 'string') return names.includes(name) ? value.toUpperCase() : value;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? inCapitals(value as JsonRecord) : value;
  };
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, spelled(name, value)]));
}

let folder: string;
let reader: LakeReader;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'any-case-'));
  await plantLake(folder, { isQuiet: true, as: inCapitals });
  reader = await openLakeReader(folder);
}, 240_000);
afterAll(async () => {
  await reader.close();
  await rm(folder, { recursive: true, force: true });
});

/** Without regard to case. */
const comparable = (rows: readonly (readonly unknown[])[]): string[] =>
  rows
    .map((row) =>
      JSON.stringify(row)
        .replaceAll(/(\d\d:\d\d:\d\d)\.000Z/g, '$1Z')
        .toLowerCase(),
    )
    .sort();

describe('operations that are spelled in capital letters', () => {
  test.each(queryLibrary().map((query) => ({ ...query })))('are the same to @$name', async (query) => {
    const { rows = [], managementOnly, values = {} } = plants[query.name] ?? {};
    const sql = querySql(query, { since: timestampSql(since), until: timestampSql(until), values });
    for (const [tenant, expected] of [
      [query.name, rows],
      [managementTenantOf(query.name), managementOnly?.rows ?? []],
    ] as const) {
      const result = await reader.query(`SELECT * FROM (${sql}) WHERE tenant_name = '${tenant}'`);
      const found: unknown[][] = [];
      for await (const chunk of result.yieldRows()) found.push(...chunk.map((row) => row.map(plainValue).slice(1)));
      if (expected.length > 0) expect(comparable(found)).toEqual(comparable(expected));
    }
  });
});

test.each([
  { sql: "operation = 'Add user'", is: "lower(operation) = 'add user'" },
  { sql: "operation IN ('Add user', 'Delete user')", is: "lower(operation) IN ('add user', 'delete user')" },
  { sql: "operation IN ('A',\n  'B')", is: "lower(operation) IN ('a',\n  'b')" },
  { sql: "operation NOT LIKE 'Get-%'", is: "lower(operation) NOT LIKE 'get-%'" },
  { sql: "rule_operation LIKE 'Add%'", is: "lower(rule_operation) LIKE 'add%'" },
  { sql: "coalesce(rule_operation, 'A') IN ('A', 'B')", is: "lower(coalesce(rule_operation, 'A')) IN ('a', 'b')" },
  { sql: "lower(operation) LIKE 'add%' AND outcome = 'Success'", is: "lower(operation) LIKE 'add%' AND outcome = 'Success'" },
])('in any case: $sql', ({ sql, is }) => {
  expect(anyCase(sql)).toBe(is);
});
