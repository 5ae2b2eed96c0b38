import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { plainValue } from '../../local/asking/plain-value.ts';
import { allRows, type Asking, type Value } from '../../shared/ports/asking.ts';
import { openLakeReader, type LakeReader } from '../../local/lake-reader.ts';
import { openLakeAsking } from '../../local/asking/lake-asking.ts';
import { queryLibrary, queryQuestion, querySql, topics, type LibraryQuery } from '../../queries/library.ts';
import { timestampSql } from '../../queries/window-sql.ts';
import { plants } from './plants/index.ts';
import { managementTenantOf, noiseTenant, plantLake, since, until } from './planted-lake.ts';

const queriesFolder = join(import.meta.dirname, '../../queries');
const queries = queryLibrary();
let folder: string;
let reader: LakeReader;
let asking: Asking;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'query-library-'));
  await plantLake(folder);
  reader = await openLakeReader(folder);
  asking = await openLakeAsking(folder);
}, 120_000);
afterAll(async () => {
  await asking.close();
  await reader.close();
  await rm(folder, { recursive: true, force: true });
});

const sqlOf = (query: LibraryQuery): string =>
  querySql(query, { since: timestampSql(since), until: timestampSql(until), values: plants[query.name]?.values ?? {} });

async function rowsOf(query: LibraryQuery, tenant: string): Promise<Value[][]> {
  const result = await reader.query(`SELECT * FROM (${sqlOf(query)}) WHERE tenant_name = '${tenant}'`);
  const rows: Value[][] = [];
  for await (const chunk of result.yieldRows()) rows.push(...chunk.map((row) => row.map(plainValue)));
  return rows;
}

/** Without the tenant's name; times as the plants write them; in an order of no meaning. */
const comparable = (rows: readonly (readonly unknown[])[]): string[] =>
  rows.map((row) => JSON.stringify(row).replaceAll(/(\d\d:\d\d:\d\d)\.000Z/g, '$1Z')).sort();

describe('every query of the library', () => {
  test.each(queries.map((query) => ({ ...query })))('@$name finds exactly what is planted', async (query) => {
    const rows = await rowsOf(query, query.name);
    expect(comparable(rows.map((row) => row.slice(1)))).toEqual(comparable(plants[query.name]?.rows ?? []));
  });

  test.each(queries.map((query) => ({ ...query })))(
    '@$name finds the same where its values are bound, as the command line and the console ask',
    async (query) => {
      const { sql, values } = queryQuestion(query, {
        since: timestampSql(since),
        until: timestampSql(until),
        values: plants[query.name]?.values ?? {},
      });
      const rows = await allRows(await asking.ask({ sql: `SELECT * FROM (${sql}) WHERE tenant_name = '${query.name}'`, values }));
      expect(comparable(rows.map((row) => row.slice(1)))).toEqual(comparable(plants[query.name]?.rows ?? []));
    },
  );

  test.each(queries.filter(({ name }) => plants[name]?.managementOnly !== undefined))(
    '@$name finds it in the Management Activity API, too, where a tenant has no Graph',
    async (query) => {
      const rows = await rowsOf(query, managementTenantOf(query.name));
      expect(comparable(rows.map((row) => row.slice(1)))).toEqual(comparable(plants[query.name]?.managementOnly?.rows ?? []));
    },
  );

  test('that reads what both APIs have is planted in both', () => {
    const files = readdirSync(queriesFolder).filter((file) => file.endsWith('.sql'));
    const both = files.filter((file) => /\{\{(sign-ins|directory changes)\}\}/.test(readFileSync(join(queriesFolder, file), 'utf8')));
    expect(both.length).toBeGreaterThan(20);
    expect(both.filter((file) => plants[basename(file, '.sql')]?.managementOnly === undefined)).toEqual([]);
  });

  test('that reads Graph reads the Management Activity API, too, or says why not', () => {
    const graphAlone = queries.filter(({ template }) => template.includes('FROM msft_azure_ad') && !template.includes('FROM msft_o365_'));
    expect(graphAlone.filter(({ graphOnly }) => graphOnly === undefined).map(({ name }) => name)).toEqual([]);
    expect(queries.filter((query) => query.graphOnly !== undefined && !graphAlone.includes(query)).map(({ name }) => name)).toEqual([]);
  });

  test.each(queries.map((query) => ({ ...query })))('@$name returns the columns that its header names', async (query) => {
    const result = await reader.query(sqlOf(query));
    expect(result.columnNames()).toEqual(query.columns.map(({ name }) => name));
  });

  test.each(queries.map((query) => ({ ...query })))('@$name reads only the days of its window, of every table', ({ template }) => {
    const tables = template.match(/\b(?:FROM|JOIN)\s+msft_\w+/g) ?? [];
    const windows = template.match(/event_time >= \{\{since\}\} AND event_time < \{\{until\}\}/g) ?? [];
    expect(windows).toHaveLength(tables.length);
  });
});

describe('the library', () => {
  test('has a plant for every query, and every plant finds something', () => {
    expect(Object.keys(plants).sort()).toEqual(queries.map(({ name }) => name).sort());
    for (const { rows } of Object.values(plants)) expect(rows.length).toBeGreaterThan(0);
  });

  test('has at least 40 queries, each with a title and a question of its own, and a topic that is known', () => {
    expect(queries.length).toBeGreaterThanOrEqual(40);
    expect(new Set(queries.map(({ title }) => title)).size).toBe(queries.length);
    expect(new Set(queries.map(({ question }) => question)).size).toBe(queries.length);
    for (const { topic } of queries) expect(topics).toContain(topic);
  });

  test('names techniques of ATT&CK by their numbers', () => {
    for (const technique of queries.flatMap(({ attack }) => attack)) expect(technique).toMatch(/^T\d{4}(\.\d{3})? [A-Z]/);
  });

  test('finds the attacks of the ordinary activity around the plants, too', async () => {
    const found = [
      'password-spray',
      'mfa-fatigue',
      'device-code-sign-ins',
      'forwarding-inbox-rules',
      'audit-switched-off',
      'admin-role-changes',
    ];
    for (const query of queries.filter(({ name }) => found.includes(name))) expect(await rowsOf(query, noiseTenant)).not.toHaveLength(0);
  });
});
