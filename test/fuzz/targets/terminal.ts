/** What anybody may have written into records, on its way to a terminal, a spreadsheet or another program; and queries that should only read. */

import fc from 'fast-check';
import { csvLine } from '../../../cli/commands/query/csv.ts';
import { table, tabSeparated } from '../../../cli/terminal/table.ts';
import { UsageError } from '../../../local/exit.ts';
import { readingStatement } from '../../../local/reading-statement.ts';
import { connectDuckDb } from '../../../shared/landing/landing.ts';
import { printable, printableJson, printableLines } from '../../../shared/printable.ts';
import { mutated, nastyText } from '../hostile.ts';
import { hold, target, type Target } from '../target.ts';

/** What terminals obey, what nobody sees, and what spreadsheets run. */
const hostileParts = [
  ...['\u001b[2J', '\u001b]52;c;eA==\u0007', '\u009b31m', '\u202e', '\u2066', '\u061c', '\u00ad', '\u200b', '\u2060', '\u{e0041}'],
  ...['=1+1', '+1', '-1', '@SUM(1)', '\uff1d1', '\t=1', '\r=1', '\n=1', ' =1', '"', ',', "'", '\u2028', '\ufeff='],
];
const text = fc.array(fc.oneof(fc.constantFrom(...hostileParts), nastyText), { maxLength: 4 }).map((parts) => parts.join(''));

/** Written another way than the product's own pattern: by category, character by character. */
function isShown(shown: string, allowed: string): boolean {
  return Array.from(shown).every((character) => allowed.includes(character) || !/^[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]$/u.test(character));
}

const isFormula = /^(?:[\t\r\n]|[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20])/u;

/** A line of RFC 4180, read back: a cell in quotes may hold anything, with a quote twice. */
function cellsOf(line: string): string[] {
  hold(line.endsWith('\r\n'), 'a line has no end');
  const cells = [...line.slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)];
  hold(cells.map(([whole]) => whole).join('') === line.slice(0, -2), 'a line is no CSV');
  return cells.map(([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare);
}

let connecting: ReturnType<typeof connectDuckDb> | undefined;

async function isRefusedOrReads(sql: string): Promise<void> {
  const duckdb = await (connecting ??= connectDuckDb({ memoryMb: 100, spillFolder: '/nowhere' }));
  const before = await state(duckdb);
  try {
    await readingStatement(duckdb, sql);
  } catch (error) {
    hold(error instanceof UsageError || error instanceof Error, 'something that is no error was thrown');
  }
  hold((await state(duckdb)) === before, 'the query changed something while it was prepared');
}

async function state(duckdb: Awaited<ReturnType<typeof connectDuckDb>>): Promise<string> {
  const found = await duckdb.runAndReadAll(
    "SELECT (SELECT count(*) FROM duckdb_tables()), (SELECT count(*) FROM duckdb_views() WHERE NOT internal), (SELECT value FROM duckdb_settings() WHERE name = 'enable_logging')",
  );
  return String(found.getRows());
}

const statements = [
  "FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM enable_logging()'))",
  'CREATE TABLE evil AS SELECT 1',
  'EXPLAIN ANALYZE CREATE TABLE evil AS SELECT 1',
  "WITH x AS (SELECT 1) SELECT list_transform([1], lambda y: write_log('x')) FROM x",
  'SELECT 1; CREATE VIEW evil AS SELECT 1',
];

/** In the order of the table. */
export const terminalTargets: readonly Target[] = [
  target(
    { name: 'printable', what: 'nothing that a terminal obeys gets out, on a line, on a page or in JSON', share: 20 },
    text,
    (input) => {
      hold(isShown(printable(input), ''), 'a line holds what a terminal obeys');
      hold(isShown(printableLines(input), '\n\t'), 'a page holds what a terminal obeys');
      const json = printableJson(JSON.stringify(input));
      hold(isShown(json, ''), 'JSON holds what a terminal obeys');
      hold(JSON.parse(json) === input, 'JSON says something else');
    },
  ),
  target(
    { name: 'csv cells', what: 'are read back as they were, but for a quote before what a spreadsheet would run', share: 20 },
    fc.array(text, { minLength: 1, maxLength: 3 }),
    (cells) => {
      const read = cellsOf(csvLine(cells));
      const expected = cells.map((cell) => (isFormula.test(cell) ? `'${cell}` : cell));
      hold(JSON.stringify(read) === JSON.stringify(expected), `read back as ${JSON.stringify(read)}`);
      hold(!read.some((cell) => isFormula.test(cell)), 'a spreadsheet would run a cell');
    },
  ),
  target(
    { name: 'table rows', what: 'stay on lines of their own, and cells apart', share: 10, cost: 5 },
    fc.tuple(fc.array(fc.tuple(text, text), { maxLength: 3 }), fc.constantFrom(20, 100, Infinity)),
    ([rows, width]) => {
      const columns = [{ name: 'one' }, { name: 'two' }];
      const shown = table(columns, rows, { width });
      hold(isShown(shown, '\n'), 'a table holds what a terminal obeys');
      if (width === Infinity) hold(shown.split('\n').length === rows.length + 2, 'a row is on more lines than one');
      for (const row of rows) hold(tabSeparated(row).split('\t').length === 2, 'a cell became two');
    },
  ),
  target(
    { name: 'queries', what: 'are refused or read; preparing one changes nothing', share: 2, cost: 200 },
    fc.constantFrom(...statements).chain(mutated),
    isRefusedOrReads,
  ),
];
