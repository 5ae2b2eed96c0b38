import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isFresh, stamp } from '../../infra/bundle/bundle-cache.ts';
import { zippedBytes } from '../../infra/bundle/bundle-size.ts';
import { bundle } from '../../infra/bundle/bundle.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bundle-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

/** A repo small enough to bundle in a test, on a machine that has DuckDB of the platform. */
async function writeRepo(): Promise<void> {
  for (const name of ['list', 'sweep', 'check', 'compact', 'notify', 'manifest', 'fetch']) {
    await write(`lambdas/${name}/handler.ts`, `import { word } from '../../shared/word.ts'; export const handler = () => word;`);
  }
  await write('shared/word.ts', `export const word: string = 'first';`);
  const packages = ['@duckdb/node-api', '@duckdb/node-bindings', '@duckdb/node-bindings-linux-arm64', 'detect-libc'];
  for (const name of packages) await write(`node_modules/${name}/index.js`, '');
  await write('node_modules/@duckdb/node-api/index.d.ts', '');
  const locked = Object.fromEntries(packages.map((name) => [`node_modules/${name}`, { version: '1.0.0', integrity: 'sha512-x' }]));
  await write('package-lock.json', JSON.stringify({ packages: locked }));
}

const wordOf = async (folder: string): Promise<unknown> => {
  const loaded = (await import(pathToFileURL(join(folder, 'list.mjs')).href)) as { handler: () => unknown };
  return loaded.handler();
};

test('a missing entry is named, and what it must export', async () => {
  await write('package-lock.json', '{}');
  await write('lambdas/list/handler.ts', 'export const handler = 1;');
  await expect(bundle(root, 'arm64')).rejects.toThrow(
    "cannot bundle 'light': no file lambdas/sweep/handler.ts, lambdas/check/handler.ts, lambdas/compact/handler.ts, lambdas/notify/handler.ts, lambdas/manifest/handler.ts; it must export a function 'handler'",
  );
});

test('the light functions share their code, and fetch has DuckDB without its declarations', async () => {
  await writeRepo();
  const { light, fetch, incomplete } = await bundle(root, 'arm64');
  expect(incomplete).toBeUndefined();
  expect(await wordOf(light)).toBe('first');
  expect(await readFile(join(light, 'list.mjs'), 'utf8')).toMatch(/from"\.\/chunk-/);
  await expect(readFile(join(fetch, 'node_modules/@duckdb/node-api/index.js'))).resolves.toBeDefined();
  await expect(readFile(join(fetch, 'node_modules/@duckdb/node-api/index.d.ts'))).rejects.toThrow('ENOENT');
});

test('a bundle is made again when a source of it changes, and only then', async () => {
  await writeRepo();
  const { light } = await bundle(root, 'arm64');
  await writeFile(join(light, 'witness'), '');
  await bundle(root, 'arm64');
  await expect(readFile(join(light, 'witness'))).resolves.toBeDefined();
  await write('shared/word.ts', `export const word: string = 'second';`);
  await bundle(root, 'arm64');
  await expect(readFile(join(light, 'witness'))).rejects.toThrow('ENOENT');
  expect(await readFile(join(light, 'list.mjs'), 'utf8')).toBeDefined();
});

test('a source that is gone makes a bundle stale', async () => {
  await write('package-lock.json', '{}');
  await write('a.ts', '1');
  await write('out/a.mjs', '1');
  await stamp(root, join(root, 'out'), 'recipe', ['a.ts', 'node_modules/x/index.js']);
  expect(await isFresh(root, join(root, 'out'), 'recipe')).toBe(true);
  expect(await isFresh(root, join(root, 'out'), 'other recipe')).toBe(false);
  await rm(join(root, 'a.ts'));
  expect(await isFresh(root, join(root, 'out'), 'recipe')).toBe(false);
});

test('the zipped size counts every file', async () => {
  await write('one/a', 'x'.repeat(10_000));
  const one = await zippedBytes(join(root, 'one'));
  await write('one/deep/b', 'x'.repeat(10_000));
  expect(one).toBeLessThan(300);
  expect(await zippedBytes(join(root, 'one'))).toBeGreaterThan(1.8 * one - 22);
});
