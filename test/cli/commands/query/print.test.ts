import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DuckDBConnection } from '@duckdb/node-api';
import { csvLine } from '../../../../cli/commands/query/csv.ts';
import { printCsv, printJson, printTable } from '../../../../cli/commands/query/print.ts';
import type { TerminalStyle } from '../../../../cli/terminal/terminal-style.ts';
import { duckDbAnswer } from '../../../../local/asking/duckdb-answer.ts';
import { connectDuckDb } from '../../../../shared/landing/landing.ts';

let duckdb: DuckDBConnection;
beforeAll(async () => {
  duckdb = await connectDuckDb({ memoryMb: 100, spillFolder: '/nowhere' });
});
afterAll(() => {
  duckdb.closeSync();
});

const style = { width: 120, layout: 'aligned' as const, dim: (text: string) => text, bold: (text: string) => text };

async function printed(sql: string, form: 'json' | 'csv' | number | undefined, as: TerminalStyle = style): Promise<string> {
  let text = '';
  const write = async (part: string): Promise<void> => {
    text += part;
    await Promise.resolve();
  };
  const result = duckDbAnswer(await duckdb.stream(sql));
  if (form === 'json') await printJson(result, write);
  else if (form === 'csv') await printCsv(result, write, false);
  else await printTable(result, form, as, write);
  return text;
}

describe('a result as JSON', () => {
  test.each([
    { sql: '42::BIGINT', is: 42 },
    { sql: '9007199254740993::BIGINT', is: '9007199254740993' },
    { sql: 'sum(1)::HUGEINT', is: 1 },
    { sql: '1.50::DECIMAL(5, 2)', is: '1.50' },
    { sql: "'nan'::DOUBLE", is: 'NaN' },
    { sql: "TIMESTAMPTZ '2026-11-22 08:00:00+02:00'", is: '2026-11-22T06:00:00.000Z' },
    { sql: "TIMESTAMPTZ '2026-11-22 06:00:00.123456Z'", is: '2026-11-22T06:00:00.123456Z' },
    { sql: "TIMESTAMP '1969-12-31 23:59:59.999999'", is: '1969-12-31T23:59:59.999999Z' },
    { sql: "DATE '2026-11-22'", is: '2026-11-22' },
    { sql: '[1::BIGINT, NULL, 3]', is: [1, null, 3] },
    { sql: "{'a': DATE '2026-11-22', 'b': [{'c': true}]}", is: { a: '2026-11-22', b: [{ c: true }] } },
    { sql: "MAP {'x': 1, 'y': 2}", is: { x: 1, y: 2 } },
    { sql: "'\\xAA'::BLOB", is: 'qg==' },
    { sql: 'NULL', is: null },
  ])('has $sql as $is', async ({ sql, is }) => {
    expect(JSON.parse(await printed(`SELECT ${sql} AS value`, 'json'))).toEqual([{ value: is }]);
  });

  test('of nothing is an empty array', async () => {
    expect(await printed('SELECT 1 WHERE false', 'json')).toBe('[]\n');
  });

  test('is one array however many chunks the rows come in, with columns of one name kept apart', async () => {
    const rows = JSON.parse(await printed('SELECT range AS n, range AS n FROM range(5000)', 'json')) as unknown[];
    expect(rows).toHaveLength(5_000);
    expect(rows.at(-1)).toEqual({ n: 4_999, 'n:1': 4_999 });
  });

  test('has no character that a terminal obeys', async () => {
    const text = await printed('SELECT chr(155) || chr(27) || chr(8238) AS value', 'json');
    expect(text).toContain('"\\u009b\\u001b\\u202e"');
    expect(JSON.parse(text)).toEqual([{ value: '\u009b\u001b\u202e' }]);
  });
});

describe('a result as CSV', () => {
  test('has a heading and lines, with CRLF', async () => {
    expect(await printed("SELECT 'a,b' AS \"one two\", 1.5::DOUBLE AS n, NULL AS nothing, '' AS empty", 'csv')).toBe(
      'one two,n,nothing,empty\r\n"a,b",1.5,,""\r\n',
    );
  });

  test.each([
    { value: '=cmd()', is: "'=cmd()" },
    { value: '+1', is: "'+1" },
    { value: '-1', is: "'-1" },
    { value: '@SUM(A1)', is: "'@SUM(A1)" },
    { value: '\t=1', is: "'\t=1" },
    { value: '=HYPERLINK("x","y")', is: '"\'=HYPERLINK(""x"",""y"")"' },
    { value: -1, is: '-1' },
    { value: 'a=b', is: 'a=b' },
    { value: '\n=1', is: '"\'\n=1"' },
    { value: '\uff1dcmd()', is: "'\uff1dcmd()" },
    { value: '\uff20SUM(A1)', is: "'\uff20SUM(A1)" },
    { value: ' \u200b=1', is: "' \u200b=1" },
    { value: 'say "hi"\n', is: '"say ""hi""\n"' },
    { value: ['a', 1], is: '"[""a"",1]"' },
  ])('writes $value as $is', ({ value, is }) => {
    expect(csvLine([value])).toBe(`${is}\r\n`);
  });
});

test('on a terminal CSV has no character that it obeys', async () => {
  const result = await duckdb.stream("SELECT chr(27) || '[2J' || chr(10) || 'x' AS value");
  let text = '';
  await printCsv(
    duckDbAnswer(result),
    (part) => {
      text += part;
      return Promise.resolve();
    },
    true,
  );
  expect(text).toBe('value \n"·[2J\nx" \n');
});

describe('a result for a program', () => {
  const piped = { ...style, width: Infinity, layout: 'tab-separated' as const };
  const long = 'a very long text '.repeat(30);

  test('has tabs between its cells, and nothing of them is cut', async () => {
    const text = await printed(`SELECT '${long}' AS text, NULL AS nothing, 1 AS n, chr(9) || chr(10) || 'x' AS lines`, undefined, piped);
    expect(text).toBe(`text\tnothing\tn\tlines\n${long}\t\t1\t  x\n`);
  });

  test('has every row where no limit is set, else as many as that', async () => {
    expect((await printed('SELECT * FROM range(3000)', undefined, piped)).split('\n')).toHaveLength(3_002);
    expect(await printed('SELECT * FROM range(3000)', 2, piped)).toBe('range\n0\n1\n');
  });
});

describe('a result as a table', () => {
  test('is read from the right where it is a number, and shows instants without T', async () => {
    const text = await printed("SELECT 'x' AS name, 1234::BIGINT AS n, TIMESTAMPTZ '2026-11-22 06:00:00Z' AS at", 10);
    expect(text.split('\n')).toEqual([
      'name     n  at',
      '────  ────  ────────────────────',
      'x     1234  2026-11-22 06:00:00Z',
      '1 row',
      '',
    ]);
  });

  test('says when there are more rows than it shows', async () => {
    const text = await printed('SELECT * FROM range(3000)', 2);
    expect(text.split('\n').slice(2)).toEqual(['    0', '    1', 'the first 2 rows; there are more (--limit 0 shows all)', '']);
    expect((await printed('SELECT * FROM range(3000)', 0)).split('\n').at(-2)).toBe('3,000 rows');
    expect(await printed('SELECT * FROM range(2)', 2)).not.toContain('more');
  });
});
