import { execFile } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { compileCacheFolder } from '../../cli/compile-cache.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const temporaryFolder = temporaryFolders();
const main = join(import.meta.dirname, '..', '..', 'cli', 'main.ts');
const run = promisify(execFile);
const version = async (cacheHome: string, env: Readonly<Record<string, string>> = {}): Promise<string> =>
  (await run(process.execPath, [main, '--version'], { env: { ...process.env, XDG_CACHE_HOME: cacheHome, ...env } })).stdout;

describe('compiled modules', () => {
  test.each([
    { env: {}, folder: '/home/a/.cache/m365-audit-lake/compiled' },
    { env: { XDG_CACHE_HOME: '/var/cache/a' }, folder: '/var/cache/a/m365-audit-lake/compiled' },
    { env: { XDG_CACHE_HOME: 'relative' }, folder: '/home/a/.cache/m365-audit-lake/compiled' },
    { env: { XDG_CACHE_HOME: '' }, folder: '/home/a/.cache/m365-audit-lake/compiled' },
  ])('lie in $folder with $env', ({ env, folder }) => {
    expect(compileCacheFolder(env, '/home/a')).toBe(folder);
  });

  test('are kept where only their owner can write', async () => {
    const home = await temporaryFolder();
    await version(home);
    const folder = compileCacheFolder({ XDG_CACHE_HOME: home });
    expect(await readdir(folder)).not.toEqual([]);
    expect((await stat(folder)).mode & 0o077).toBe(0);
  });

  test('are not kept below a home that is not there, which is not made either', async () => {
    const home = join(await temporaryFolder(), 'home');
    expect(await version('', { HOME: home })).toMatch(/^\d+\.\d+\.\d+\n$/);
    await expect(stat(home)).rejects.toThrow('ENOENT');
  });

  test('are done without where they cannot be kept', async () => {
    const home = join(await temporaryFolder(), 'home');
    await mkdir(home);
    await writeFile(join(home, 'm365-audit-lake'), 'a file is in the way');
    expect(await version(home)).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
