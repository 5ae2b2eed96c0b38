import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runCommandLine } from '../../cli/command-line.ts';
import { queries as savedQueries } from '../../infra/queries.ts';
import { queryLibrary } from '../../queries/library.ts';

const root = join(import.meta.dirname, '..', '..');

/** Lines that name the partition column, other than as a folder of an object's key or as a row of the data dictionary. */
function named(text: string): string[] {
  return text.split('\n').filter((line) => /(?<![\w-])dt(?![\w=])/.test(line) && !line.startsWith('| `dt` |'));
}

const pagesIn = async (folder: string): Promise<string[]> =>
  (await readdir(join(root, folder), { recursive: true })).filter((name) => name.endsWith('.md')).map((name) => join(folder, name));
const pages = ['README.md', 'CONTRIBUTING.md', ...(await pagesIn('docs'))];

interface Help {
  readonly name: string;
  readonly text: string;
}

/** What `--help` prints of a command and of those that it lists. */
async function helpTexts(path: readonly string[] = []): Promise<Help[]> {
  let text = '';
  await runCommandLine([...path, '--help'], { out: (part) => (text += part), err: (part) => (text += part) });
  const [, list = ''] = /\nCommands:\n([\s\S]*?)(?:\n\n|$)/.exec(text) ?? [];
  const commands = [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
  const below: Help[] = [];
  for (const name of commands) below.push(...(await helpTexts([...path, name])));
  return [{ name: ['lake', ...path].join(' '), text }, ...below];
}

const helps = await helpTexts();

describe('the landing date is nothing that anybody has to name in', () => {
  test.each(pages.map((name) => ({ name })))('$name', async ({ name }) => {
    expect(named(await readFile(join(root, name), 'utf8'))).toEqual([]);
  });

  test.each(helps)('the help of $name', ({ text }) => {
    expect(text).toContain('Usage:');
    expect(named(text)).toEqual([]);
  });

  test('the help of every command, of subcommands too', () => {
    expect(helps.map(({ name }) => name)).toEqual(expect.arrayContaining(['lake query', 'lake normalize', 'lake tenant erase']));
  });

  test('a query of the library, which has a condition on the event time alone', () => {
    expect(queryLibrary().flatMap(({ template }) => named(template))).toEqual([]);
  });

  test('a saved query of Athena that reads views', () => {
    const overObjects = savedQueries.filter(({ sql }) => /FROM \w+_raw\b/.test(sql));
    expect(overObjects.map(({ title }) => title)).toEqual(['Repeated records']);
    expect(savedQueries.filter((query) => !overObjects.includes(query)).flatMap(({ sql }) => named(sql))).toEqual([]);
  });
});

test('a line that names the landing date in a condition is found', () => {
  expect(named("WHERE dt >= DATE '2026-11-20'\n| `dt` | DATE | internal |\nraw/x/dt=2026-11-20/")).toEqual([
    "WHERE dt >= DATE '2026-11-20'",
  ]);
});
