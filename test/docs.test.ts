import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { lakeTables } from '../local/lake-views.ts';
import { describeTable } from '../cli/commands/describe/describe-table.ts';
import { datasetPages, type Filled } from '../tools/docs/dataset-pages.ts';
import { filledNotes } from '../tools/docs/filled-notes.ts';

const root = join(import.meta.dirname, '..');
const filled = JSON.parse(await readFile(join(root, 'tools', 'docs', 'filled.json'), 'utf8')) as Filled;
const pages = datasetPages(filled);

describe('docs/datasets', () => {
  test.each([...pages].map(([name, text]) => ({ name, text })))(
    '$name is what the columns declare; else run npm run docs',
    async ({ name, text }) => {
      expect(await readFile(join(root, 'docs', 'datasets', name), 'utf8')).toBe(text);
    },
  );

  test('has no page that nothing declares', async () => {
    expect((await readdir(join(root, 'docs', 'datasets'))).sort()).toEqual([...pages.keys()].sort());
  });

  test('explains the shares of every dataset that was measured, and says shares of columns that there are', () => {
    for (const [dataset, { percent }] of Object.entries(filled)) {
      const table = lakeTables().find(({ name }) => name === dataset);
      const columns = table ? describeTable(table).columns.map(({ name }) => name) : [];
      expect(columns).toEqual(expect.arrayContaining(Object.keys(percent)));
      expect(filledNotes[dataset]).not.toHaveLength(0);
    }
  });
});

const columns = lakeTables().flatMap((table) => describeTable(table).columns.map((column) => ({ table: table.name, ...column })));

describe('every column of every dataset', () => {
  test('has a one-line meaning and an example', () => {
    const bad = columns.filter(({ meaning, example }) => meaning === '' || example === '' || (meaning + example).includes('\n'));
    expect(bad.map(({ table, name }) => `${table}.${name}`)).toEqual([]);
  });

  test('has a source, or an example that says it is always NULL', () => {
    const bad = columns.filter(({ source, example }) => (source === '') !== (example === 'NULL') && example !== 'NULL');
    expect(bad.map(({ table, name }) => `${table}.${name}`)).toEqual([]);
  });

  test.each([
    { type: 'BIGINT', like: /^-?\d+$/ },
    { type: 'DOUBLE', like: /^-?\d+(\.\d+)?$/ },
    { type: 'BOOLEAN', like: /^(true|false)$/ },
    { type: 'TIMESTAMPTZ', like: /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?\+00$/ },
    { type: 'DATE', like: /^\d{4}-\d{2}-\d{2}$/ },
    { type: 'VARCHAR[]', like: /^\[".*"\]$/ },
    { type: 'MAP(VARCHAR, VARCHAR)', like: /^\{".*\}$/ },
  ])('that is $type has an example of that type', ({ type, like }) => {
    const bad = columns.filter((column) => column.type === type && column.example !== 'NULL' && !like.test(column.example));
    expect(bad.map(({ table, name, example }) => `${table}.${name}: ${example}`)).toEqual([]);
  });

  test('that is a list of structs has an example with its fields', () => {
    for (const { table, name, type, example } of columns.filter((column) => column.type.endsWith(')[]'))) {
      const fields = [...type.slice('STRUCT('.length).matchAll(/"(\w+)" /g)].map(([, field = '']) => field);
      const shown = [...example.matchAll(/"(\w+)": /g)].map(([, field = '']) => field);
      expect({ table, name, unknown: shown.filter((field) => !fields.includes(field) && !example.includes('...')) }).toEqual({
        table,
        name,
        unknown: [],
      });
      expect({ table, name, starts: example.startsWith(`[{"${fields[0] ?? ''}"`) }).toEqual({ table, name, starts: true });
    }
  });

  test('has examples from example domains and addresses for documentation only', () => {
    const text = columns.map(({ example }) => example).join('\n');
    const domains = [...text.matchAll(/@([a-z0-9.-]+\.[a-z]{2,})/gi)].map(([, domain = '']) => domain);
    expect(
      domains.filter(
        (domain) => !/(^|\.)(contoso|fabrikam)\.example$/.test(domain) && domain !== 'live.com' && !/^(thread|unq|odata)\./.test(domain),
      ),
    ).toEqual([]);
    const addresses = [...text.matchAll(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g)].map(([address]) => address);
    expect(addresses.filter((address) => !/^(192\.0\.2|198\.51\.100|203\.0\.113)\./.test(address))).toEqual([]);
  });
});
