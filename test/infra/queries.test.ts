import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DuckDBConnection } from '@duckdb/node-api';
import { queries } from '../../infra/queries.ts';
import { createLakeMacros, createLakeViews, lakeTables } from '../../local/lake-views.ts';
import { connectDuckDb } from '../../shared/landing/landing.ts';

let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await connectDuckDb({ memoryMb: 200, spillFolder: '/nonexistent' });
  await createLakeMacros(connection);
  await createLakeViews(connection, '/nonexistent', lakeTables());
});
afterAll(() => {
  connection.closeSync();
});

describe('queries to start from', () => {
  test.each(queries.map((query) => ({ ...query })))('$title runs over the tables as they are declared', async ({ sql }) => {
    const result = await connection.runAndReadAll(sql);
    expect(result.columnNames().length).toBeGreaterThan(2);
  });

  test.each(queries.map((query) => ({ ...query })))('$title says which days it reads', ({ sql }) => {
    expect(sql).toMatch(/event_time >= CAST\(current_timestamp - interval '\d+' day AS timestamp\)/);
  });

  test.each(queries.filter(({ title }) => title !== 'Repeated records').map((query) => ({ ...query })))(
    '$title reads views, which are compacted, and no landing date',
    ({ sql }) => {
      expect(sql).not.toMatch(/\b(FROM|JOIN) \w+_raw\b|\bdt >=/);
    },
  );

  test('each has a name of its own', () => {
    expect(new Set(queries.map(({ title }) => title)).size).toBe(queries.length);
  });
});
