import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from '../../../shared/domain/literal.ts';
import { sqlMacros } from '../../../shared/domain/sql-macros.ts';
import { connectDuckDb } from '../../../shared/landing/landing.ts';
import { addressCases } from '../address-cases.ts';

let duckdb: DuckDBConnection;
beforeAll(async () => {
  duckdb = await connectDuckDb({ memoryMb: 100, spillFolder: '/nowhere' });
  for (const macro of sqlMacros) await duckdb.run(macro);
});
afterAll(() => {
  duckdb.closeSync();
});

describe('an address', () => {
  test.each([...addressCases, { text: null, address: null }])('in $text is $address', async ({ text, address }) => {
    // The value comes from a table, as a row's does, so that nothing is computed beforehand.
    const from = `SELECT ${text === null ? 'CAST(NULL AS VARCHAR)' : literal(text)} AS v`;
    const result = await duckdb.runAndReadAll(`SELECT lake_address(v) FROM (${from})`);
    expect(result.getRows()[0]?.[0]).toBe(address);
  });
});

describe('the digits of an address', () => {
  test.each([
    { text: '192.0.2.1', digits: '4c0000201' },
    { text: '2001:DB8::1', digits: '620010db8000000000000000000000001' },
    { text: '::', digits: `6${'0'.repeat(32)}` },
    { text: '1:2:3:4:5:6:7::', digits: '600010002000300040005000600070000' },
    { text: '1:2:3:4:5:6:7:8', digits: '600010002000300040005000600070008' },
    { text: '::ffff:c000:201', digits: '4c0000201' },
    { text: '::ffff:192.0.2.1', digits: null },
    { text: '1:2:3', digits: null },
    { text: '1::2::3', digits: null },
    { text: ':::', digits: null },
    { text: '1:2:3:4:5:6:7:', digits: null },
    { text: ':1:2:3:4:5:6:7', digits: null },
    { text: '01.1.1.1', digits: null },
    { text: 'laptop', digits: null },
    { text: null, digits: null },
  ])('of $text are $digits', async ({ text, digits }) => {
    const from = `SELECT ${text === null ? 'CAST(NULL AS VARCHAR)' : literal(text)} AS v`;
    const result = await duckdb.runAndReadAll(`SELECT lake_address_digits(v) FROM (${from})`);
    expect(result.getRows()[0]?.[0]).toBe(digits);
  });
});

describe('a list', () => {
  test.each([
    { list: `['b', 'a', 'b']`, distinct: '[b, a]', some: '[b, a, b]' },
    { list: 'CAST([] AS VARCHAR[])', distinct: '[]', some: null },
    { list: 'CAST(NULL AS VARCHAR[])', distinct: null, some: null },
  ])('$list has each once as $distinct, and says $some', async ({ list, distinct, some }) => {
    const result = await duckdb.runAndReadAll(
      `SELECT CAST(lake_distinct(l) AS VARCHAR), CAST(lake_some(l) AS VARCHAR) FROM (SELECT ${list} AS l)`,
    );
    expect(result.getRows()[0]).toEqual([distinct, some]);
  });
});
