/** The recipes of CONTRIBUTING.md, each applied to a copy of the tree, whose tests then pass. */

import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');
const leftOut = new Set(['node_modules', '.git', '.lake', 'build', 'cdk.out', 'coverage']);
const contributing = await readFile(join(root, 'CONTRIBUTING.md'), 'utf8');
const recipes = [...contributing.matchAll(/^npm run new -- (.+)$/gm)].map(([, words = '']) => words);

let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'recipes-'));
  await cp(root, copy, { recursive: true, filter: (source) => source === root || !leftOut.has(basename(source)) });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(async () => {
  await rm(copy, { recursive: true, force: true });
});

function run(...words: string[]): { readonly code: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: copy, encoding: 'utf8' });
  return { code: status, output: `${stdout}${stderr}` };
}

/** What a refused command must leave as it was: the files of the folders that recipes write to. */
async function treeOf(top: string): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const folder of ['queries', 'rules', 'shared', 'simulator/log-types', 'test/queries/plants'])
    for (const file of await readdir(join(top, folder), { recursive: true, withFileTypes: true }))
      if (file.isFile()) texts[join(file.parentPath, file.name)] = await readFile(join(file.parentPath, file.name), 'latin1');
  return texts;
}

const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  '--silent',
  '--maxWorkers=1',
];

/** The tests that concern what a recipe adds; `-t` narrows them to it. */
const testsOf = {
  'log-type': () => ['test/simulator/log-types', 'test/shared/log-types/', 'test/cli/tenants', 'test/shared/domain'],
  cloud: () => ['test/shared/clouds'],
  query: (name: string) => ['test/queries/library', '-t', `@${name} `],
  rule: () => ['test/rules/library', 'test/rules/sources'],
  column: () => ['test/shared/log-types/columns'],
  dataset: () => ['test/shared/datasets/', 'test/cli/normalize'],
} as const;
const kindOf = (recipe: string): keyof typeof testsOf => recipe.split(' ')[0] as keyof typeof testsOf;

describe('the recipes of CONTRIBUTING.md', () => {
  test('there is one for each kind of addition', () => {
    expect(recipes.map(kindOf)).toEqual(Object.keys(testsOf));
  });

  // One after the other in the same copy; with -t "new -- rule", or another kind, one alone.
  describe.each(recipes)('npm run new -- %s', (recipe) => {
    test('makes what it names', () => {
      expect(run('tools/new.ts', ...recipe.split(' '))).toEqual({ code: 0, output: expect.stringContaining('Next:') });
    });

    test('makes what passes its tests', () => {
      const [, name = ''] = recipe.split(' ');
      // Some tests read pages that are generated.
      expect(run('tools/docs.ts').code).toBe(0);
      const { code, output } = run(...jest, ...testsOf[kindOf(recipe)](name));
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    }, 300_000);
  });

  test('a cloud that is added has its own Entra, and offers no log type until somebody writes which', async () => {
    const file = (top: string, path: string): Promise<string> => readFile(join(top, path), 'utf8');
    expect(await file(copy, 'shared/clouds.ts')).toMatch(/id: 'graph-china',[^}]*authority: 'login.chinacloudapi.cn'/);
    expect(await file(copy, 'shared/log-types/graph-clouds.ts')).toBe(await file(root, 'shared/log-types/graph-clouds.ts'));
  });

  test('the tree has the right types afterwards, and its pages are written', () => {
    expect(run('node_modules/typescript/bin/tsc', '--noEmit')).toEqual({ code: 0, output: '' });
    expect(run('tools/docs.ts').code).toBe(0);
    expect(run(...jest, 'test/docs.test')).toMatchObject({ code: 0 });
  }, 300_000);

  test.each([
    { words: 'query password-spray', says: 'queries/password-spray.sql is there already' },
    { words: 'rule password-spray', says: "rule 'password-spray' is there already; choose another name, or edit rules/password-spray.yml" },
    { words: 'rule ../x', says: "'../x' is no name" },
    {
      words: 'cloud global --api graph --host evil.example.com --authority login.example.com',
      says: "cloud 'global' is there already; choose another name, or edit shared/clouds.ts",
    },
    {
      words: 'cloud other --api graph --host graph.microsoft.com --authority login.example.com',
      says: "host 'graph.microsoft.com' is there already",
    },
    { words: 'cloud other --api graph --host graph.example.com', says: '--authority is missing' },
    {
      words: 'cloud other --api graph --host graph.example.com --authority https://login',
      says: "--authority 'https://login' is no host name",
    },
    {
      words: 'cloud other --api grpah --host graph.example.com --authority login.example.com',
      says: "unknown API 'grpah'; did you mean 'graph'?",
    },
    {
      words: 'dataset changes_of_x --log-type directory-auditz',
      says: "unknown log type 'directory-auditz'; did you mean 'directory-audits'?",
    },
    { words: 'dataset cloud_audit_logs --log-type directory-audits', says: "dataset 'cloud_audit_logs' is there already" },
    { words: 'dataset ocsf_authentication --log-type directory-audits', says: "dataset 'ocsf_authentication' is there already" },
    { words: 'dataset select --log-type directory-audits', says: "'select' is a reserved word of SQL; choose a name of two words" },
    { words: 'dataset switch --log-type directory-audits', says: "'switch' is a reserved word of TypeScript" },
    { words: 'dataset row_columns --log-type directory-audits', says: "'row_columns' would be named like 'rowColumns'" },
    { words: 'column directory-auditz hint --from hint', says: "unknown log type 'directory-auditz'; did you mean 'directory-audits'?" },
    { words: 'column directory-audits operation --from hint', says: "column of msft_azure_ad_audit_raw 'operation' is there already" },
    { words: 'column directory-audits order --from hint', says: "'order' is a reserved word of SQL" },
    { words: 'column alerts hint_text --from hint', says: "add hint_text: text('hint', 'Hint text, as sent', 'made up'), by hand" },
    { words: 'log-type delete --path security/x --time-field y --permission Z', says: "'delete' is a reserved word of TypeScript" },
    { words: 'log-type alerts --path security/x --time-field y --permission Z', says: "log type 'alerts' is there already" },
    { words: 'log-type minutes --path security/x --time-field y --permission Z', says: "'minutes' would be named like 'minutes'" },
  ])('npm run new -- $words is refused', async ({ words, says }) => {
    const before = await treeOf(copy);
    expect(run('tools/new.ts', ...words.split(' '))).toEqual({ code: 2, output: expect.stringContaining(says) });
    expect(await treeOf(copy)).toEqual(before);
  });

  test('a word that is no kind gets the usage', () => {
    expect(run('tools/new.ts', 'logtype', 'x')).toEqual({ code: 2, output: expect.stringContaining('Usage: npm run new') });
  });
});
