/** The recipes of CONTRIBUTING.md, each applied to a copy of the tree, whose tests then pass. */

import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
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

const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  '--silent',
  '--maxWorkers=1',
];

describe('the recipes of CONTRIBUTING.md', () => {
  test('there is one for each kind of addition', () => {
    expect(recipes.map((recipe) => recipe.split(' ')[0])).toEqual(['log-type', 'cloud', 'query', 'column', 'dataset']);
  });

  test.each(recipes)('npm run new -- %s makes what it names', (recipe) => {
    expect(run('tools/new.ts', ...recipe.split(' '))).toEqual({ code: 0, output: expect.stringContaining('Next:') });
  });

  test('the tree has the right types afterwards, and its pages are written', () => {
    expect(run('node_modules/typescript/bin/tsc', '--noEmit')).toEqual({ code: 0, output: '' });
    expect(run('tools/docs.ts').code).toBe(0);
  }, 120_000);

  test('the tests of what was added pass', () => {
    const paths = [
      'test/simulator/log-types',
      'test/shared/log-types/',
      'test/shared/clouds',
      'test/shared/datasets/',
      'test/cli/normalize',
      'test/cli/tenants',
      'test/shared/domain',
      'test/docs.test',
    ];
    expect(run(...jest, ...paths)).toMatchObject({ code: 0 });
  }, 300_000);

  test('the new query finds what its test plants', () => {
    const query = recipes.find((recipe) => recipe.startsWith('query '))?.split(' ')[1] ?? '';
    expect(run(...jest, 'test/queries/library', '-t', `@${query} `)).toMatchObject({ code: 0 });
  }, 300_000);

  test('what is there already is not made again', () => {
    expect(run('tools/new.ts', 'query', 'password-spray')).toEqual({ code: 2, output: expect.stringContaining('is there already') });
  });

  test('a word that is no kind gets the usage', () => {
    expect(run('tools/new.ts', 'logtype', 'x')).toEqual({ code: 2, output: expect.stringContaining('Usage: npm run new') });
  });
});
