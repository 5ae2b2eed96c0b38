import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlMacros } from '../../../shared/domain/sql-macros.ts';
import { literal } from '../../../shared/domain/sql.ts';
import { connectDuckDb } from '../../../shared/parquet.ts';

let duckdb: DuckDBConnection;
beforeAll(async () => {
  duckdb = await connectDuckDb({ memoryMb: 100, spillFolder: '/nowhere' });
  for (const macro of sqlMacros) await duckdb.run(macro);
});
afterAll(() => {
  duckdb.closeSync();
});

/** A macro of one value. The value comes from a table, as a record's does, so that nothing is computed beforehand. */
async function macro(call: (name: string) => string, value: string | null): Promise<unknown> {
  const from = `SELECT ${value === null ? 'CAST(NULL AS VARCHAR)' : literal(value)} AS v`;
  const result = await duckdb.runAndReadAll(`SELECT CAST(${call('v')} AS VARCHAR) FROM (${from})`);
  return result.getRows()[0]?.[0];
}

describe('an address', () => {
  test.each([
    { text: '192.0.2.7', address: '192.0.2.7', port: null },
    { text: '192.0.2.7:443', address: '192.0.2.7', port: '443' },
    { text: ' 192.0.2.7:51598\r\n', address: '192.0.2.7', port: '51598' },
    { text: '::ffff:192.0.2.7', address: '192.0.2.7', port: null },
    { text: '::FFFF:192.0.2.7:25', address: '192.0.2.7', port: '25' },
    { text: '[::ffff:192.0.2.7]:25', address: '192.0.2.7', port: '25' },
    { text: '2001:db8::1', address: '2001:db8::1', port: null },
    { text: '2001:0DB8:0000:0000:0000:FF00:0042:8329', address: '2001:db8::ff00:42:8329', port: null },
    { text: '2001:db8:0:1:0:0:0:1', address: '2001:db8:0:1::1', port: null },
    { text: '2001:db8:1:2:3:4:0:0', address: '2001:db8:1:2:3:4::', port: null },
    { text: '0:0:0:0:0:0:0:1', address: '::1', port: null },
    { text: '2001:db8:0:1:2:3:4:5', address: '2001:db8:0:1:2:3:4:5', port: null },
    { text: '[2001:db8::cafe]:54633', address: '2001:db8::cafe', port: '54633' },
    { text: '[2001:db8::cafe]', address: '2001:db8::cafe', port: null },
    { text: 'fe80::1%eth0', address: 'fe80::1', port: null },
    { text: '0.0.0.0', address: null, port: null },
    { text: '::', address: null, port: null },
    { text: '256.0.0.1', address: null, port: null },
    { text: '192.0.2.7.9', address: null, port: null },
    { text: 'ffff:192.0.2.7', address: null, port: null },
    { text: 'mail.contoso.example', address: null, port: null },
    { text: '<null>', address: null, port: null },
    { text: 'Not Available', address: null, port: null },
    { text: '', address: null, port: null },
    { text: null, address: null, port: null },
  ])('in $text is $address, its port $port', async ({ text, address, port }) => {
    expect(await macro((v) => `lake_address(${v})`, text)).toBe(address);
    expect(await macro((v) => `lake_port(${v})`, text)).toBe(port);
  });

  test.each([
    { text: '192.0.2.7:443', like: true },
    { text: '[2001:db8::cafe]:54633', like: true },
    { text: ' fe80::1%eth0 ', like: true },
    { text: '<null>', like: false },
    { text: 'mail.contoso.example', like: false },
    { text: '', like: false },
  ])('may be looked for in $text: $like', async ({ text, like }) => {
    expect(await macro((v) => `lake_address_like(${v})`, text)).toBe(like ? text : null);
  });
});

describe('a time', () => {
  test.each([
    { text: '2026-11-22T06:05:09', time: '2026-11-22 06:05:09+00', why: 'without zone it is UTC' },
    { text: '2026-11-22T06:05:09Z', time: '2026-11-22 06:05:09+00', why: 'UTC' },
    { text: '2026-11-22 06:05:09 UTC', time: '2026-11-22 06:05:09+00', why: 'with the name of the zone' },
    { text: '2026-11-22T06:05:09+02:00', time: '2026-11-22 04:05:09+00', why: 'with an offset' },
    { text: '2026-11-22T06:05+02', time: null, why: 'as long as a time without zone, and none that DuckDB reads' },
    { text: '2026-11-22T06:05:09.1234567Z', time: '2026-11-22 06:05:09.123456+00', why: 'seven digits, cut off after six' },
    { text: '2026-11-22T06:05:09.123456789Z', time: '2026-11-22 06:05:09.123456+00', why: 'nine digits' },
    { text: '2026-11-22T06:05:09.5+00:00', time: '2026-11-22 06:05:09.5+00', why: 'the Event Hub form' },
    { text: 'infinity', time: null, why: 'no time at all, though DuckDB has one by that name' },
    { text: '0001-01-01T00:00:00', time: null, why: "Microsoft's way to say none" },
    { text: '0001-01-01T00:00:00Z', time: null, why: 'the same with zone' },
    { text: '1900-01-01T00:00:00Z', time: '1900-01-01 00:00:00+00', why: 'the earliest that counts' },
    { text: '2026-13-22T06:05:09', time: null, why: 'no such month' },
    { text: 'yesterday', time: null, why: 'no time' },
    { text: '', time: null, why: 'nothing' },
    { text: null, time: null, why: 'nothing' },
  ])('$text is $time: $why', async ({ text, time }) => {
    expect(await macro((v) => `lake_time(lake_instant(${v}))`, text)).toBe(time);
  });
});

describe('JSON', () => {
  test.each([
    { json: 'null', is: null },
    { json: '""', is: null },
    { json: '[]', is: null },
    { json: '{}', is: null },
    { json: '{"a":[]}', is: '{"a":[]}' },
    { json: '0', is: '0' },
    { json: 'false', is: 'false' },
  ])('$json says $is', async ({ json, is }) => {
    expect(await macro((v) => `lake_json(${v})`, json)).toBe(is);
  });

  test.each([
    { text: '{"User-Agent":"curl/8"}', found: 'curl/8' },
    { text: '{"other":1}', found: null },
    { text: 'User-Agent: curl/8', found: null },
    { text: '', found: null },
    { text: null, found: null },
  ])('within $text is $found', async ({ text, found }) => {
    expect(await macro((v) => `lake_within(${v}, '$."User-Agent"')`, text)).toBe(found);
  });

  test('that differs in the order of keys alone has one unordered form', async () => {
    const unordered = (json: string): Promise<unknown> => macro((v) => `lake_unordered(${v})`, json);
    expect(await unordered('{"a":{"b":1,"c":"x, y"},"d":[2,3]}')).toBe(await unordered('{"d":[2,3],"a":{"c":"x, y","b":1}}'));
    expect(await unordered('{"a":1,"b":2}')).not.toBe(await unordered('{"a":2,"b":1}'));
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
