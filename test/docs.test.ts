import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { lakeTables } from '../local/lake-views.ts';
import { describeTable } from '../cli/commands/describe/describe-table.ts';
import { withCounts } from '../tools/docs/counts.ts';
import type { Filled } from '../tools/docs/dataset-pages.ts';
import { filledNotes } from '../tools/docs/filled-notes.ts';
import { generatedPages } from '../tools/docs/generated-pages.ts';
import { withImportFigures } from '../tools/docs/import-figures.ts';

const root = join(import.meta.dirname, '..');
const docs = join(root, 'docs');
const filled = JSON.parse(await readFile(join(root, 'tools', 'docs', 'filled.json'), 'utf8')) as Filled;
const pages = generatedPages(filled);

describe('a generated page of docs', () => {
  test.each([...pages].map(([name, text]) => ({ name, text })))('$name is up to date; else run npm run docs', async ({ name, text }) => {
    expect(await readFile(join(docs, name), 'utf8')).toBe(text);
  });

  test('of datasets is declared: no other stands in docs/datasets', async () => {
    const declared = [...pages.keys()].filter((name) => name.startsWith('datasets/')).map((name) => name.slice('datasets/'.length));
    expect((await readdir(join(docs, 'datasets'))).sort()).toEqual(declared.sort());
  });
});

test('the figures of docs/import.md are those of bench/import.json, below its limit; else run npm run bench:import and npm run docs', async () => {
  const page = await readFile(join(docs, 'import.md'), 'utf8');
  expect(withImportFigures(page)).toBe(page);
  expect(withImportFigures(page.replace(/\| 550 rows .*\n/, ''))).toBe(page);
  const { limitMib, files } = JSON.parse(await readFile(join(root, 'bench', 'import.json'), 'utf8')) as {
    readonly limitMib: number;
    readonly files: readonly { readonly peakRssMib: number; readonly fault?: string }[];
  };
  expect(files).toHaveLength(4);
  expect(files.filter(({ peakRssMib, fault }) => peakRssMib >= limitMib || fault !== undefined)).toEqual([]);
});

describe('numbers of queries and log types', () => {
  test('in README.md and docs are right; else run npm run docs', async () => {
    const written = (await readdir(docs)).filter((name) => name.endsWith('.md')).map((name) => join('docs', name));
    for (const name of [...written, 'README.md']) {
      const text = await readFile(join(root, name), 'utf8');
      expect({ name, text }).toEqual({ name, text: withCounts(text) });
    }
  });

  test('are found in prose wherever they stand before what is counted', () => {
    expect(withCounts('of 3 ready questions and 1 log types; 2 queries')).not.toMatch(/\b(3 ready|1 log)/);
    expect(withCounts('2 queries within 5 s')).toBe('2 queries within 5 s');
  });
});

/** Folders of the root that have no pages of ours. */
const otherFolders: ReadonlySet<string> = new Set(['node_modules', 'dist', 'build', 'cdk.out', 'coverage']);
const folders = (await readdir(root, { withFileTypes: true })).filter(
  (entry) => entry.isDirectory() && !otherFolders.has(entry.name) && (!entry.name.startsWith('.') || entry.name === '.github'),
);
const inFolders = await Promise.all(
  folders.map(async ({ name }) => (await readdir(join(root, name), { recursive: true })).map((path) => join(name, path))),
);
const markdown = [...(await readdir(root)), ...inFolders.flat()].filter((name) => name.endsWith('.md')).sort();
const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { scripts: Readonly<Record<string, string>> };

describe('every Markdown page', () => {
  test('is looked at', () => {
    expect(markdown).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/performance.md', 'docs/log-types.md']));
  });

  test.each(markdown.map((name) => ({ name })))('links only to files that exist: $name', async ({ name }) => {
    const text = await readFile(join(root, name), 'utf8');
    expect(relativeLinks(text).filter((link) => !existsSync(join(root, dirname(name), link)))).toEqual([]);
  });

  test.each(markdown.map((name) => ({ name })))('names only scripts of package.json: $name', async ({ name }) => {
    const text = await readFile(join(root, name), 'utf8');
    expect(scriptsNamed(text).filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
  });

  test('is read for links and scripts as people write them', () => {
    expect(relativeLinks('[a](b.md#c) ![d](e.svg "title") [f](https://example.com) [g](#h)\n[i]: ../j.md')).toEqual([
      'b.md',
      'e.svg',
      '../j.md',
    ]);
    expect(scriptsNamed('`npm run -s docs`, npm run test:aws. `npm\nrun bench`')).toEqual(['docs', 'test:aws', 'bench']);
  });
});

/** Paths of links and images within the repository, without what follows `#`. */
function relativeLinks(text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)[^)]*\)|^\[[^\]]+\]:\s*(\S+)/gm)].map(
    ([, inline, reference]) => inline ?? reference ?? '',
  );
  return targets.filter((target) => !/^(#|<?[a-z]+:)/.test(target)).map((target) => target.replace(/#.*$/, ''));
}

/** What follows `npm run`, options left out. */
function scriptsNamed(text: string): string[] {
  return [...text.matchAll(/\bnpm\s+run\s+(?:-\S+\s+)*([a-z][\w:-]*)/g)].map(([, script = '']) => script);
}

describe('shares of filled columns', () => {
  test('are of columns that exist, and explained for every dataset that was measured', () => {
    for (const [dataset, { percent }] of Object.entries(filled)) {
      const table = lakeTables().find(({ name }) => name === dataset);
      const columns = table ? describeTable(table).columns.map(({ name }) => name) : [];
      expect(columns).toEqual(expect.arrayContaining(Object.keys(percent)));
      expect(Object.entries(filledNotes).find(([name]) => name === dataset)?.[1] ?? []).not.toHaveLength(0);
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
