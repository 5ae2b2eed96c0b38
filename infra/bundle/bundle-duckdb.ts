/** DuckDB for Lambda's platform, whatever this machine is: npm fetches it, and its checksum must be that of the lockfile. */

import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** A Lambda processor, in the words of the setting `architecture` and of DuckDB's packages. */
export type Architecture = 'arm64' | 'x64';

/**
 * Puts `node_modules` with DuckDB into a bundle.
 *
 * @returns Why it could not, when npm cannot reach its registry and nothing is cached.
 * @throws When what npm fetched is not what package-lock.json names.
 */
export async function installDuckDb(root: string, architecture: Architecture, folder: string): Promise<string | undefined> {
  const target = join(folder, 'node_modules');
  const locked = await lockedPackages(join(root, 'package-lock.json'), architecture);
  const version = locked.get('@duckdb/node-api')?.version ?? 'unknown';
  if (existsSync(join(target, packageOf(architecture), version))) return undefined;

  const cached = join(root, 'build', `duckdb-${version}-linux-${architecture}`);
  if (!existsSync(cached)) {
    const missing = await fetchDuckDb(root, cached, architecture, locked);
    if (missing !== undefined) return missing;
  }
  await rm(target, { recursive: true, force: true });
  for (const name of locked.keys()) await copyPackage(join(cached, 'node_modules', name), join(target, name));
  await writeFile(join(target, packageOf(architecture), version), '');
  return undefined;
}

const packageOf = (architecture: Architecture): string => `@duckdb/node-bindings-linux-${architecture}`;
const packagesOf = (architecture: Architecture): string[] => [
  '@duckdb/node-api',
  '@duckdb/node-bindings',
  packageOf(architecture),
  'detect-libc',
];

const Lockfile = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), integrity: z.string().optional() })),
});
interface Locked {
  readonly version: string;
  readonly integrity: string;
}

async function lockedPackages(lockfile: string, architecture: Architecture): Promise<Map<string, Locked>> {
  const { packages } = Lockfile.parse(JSON.parse(await readFile(lockfile, 'utf8')));
  const locked = new Map<string, Locked>();
  for (const name of packagesOf(architecture)) {
    const { version, integrity } = packages[`node_modules/${name}`] ?? {};
    if (version === undefined || integrity === undefined) throw new Error(`${lockfile} does not lock '${name}'; run npm install`);
    locked.set(name, { version, integrity });
  }
  return locked;
}

/** From this machine's own node_modules where it is of that platform, else from npm. */
async function fetchDuckDb(
  root: string,
  cached: string,
  architecture: Architecture,
  locked: ReadonlyMap<string, Locked>,
): Promise<string | undefined> {
  const fresh = `${cached}.${String(process.pid)}`;
  await mkdir(fresh, { recursive: true });
  if (existsSync(join(root, 'node_modules', packageOf(architecture)))) {
    for (const name of locked.keys()) await copyPackage(join(root, 'node_modules', name), join(fresh, 'node_modules', name));
  } else {
    const missing = await npmInstall(fresh, architecture, locked);
    if (missing !== undefined) {
      await rm(fresh, { recursive: true, force: true });
      return missing;
    }
  }
  await rename(fresh, cached);
  return undefined;
}

async function npmInstall(folder: string, architecture: Architecture, locked: ReadonlyMap<string, Locked>): Promise<string | undefined> {
  // The binding itself must stay an optional dependency of a dependency, or npm refuses it on a machine of another kind.
  const [api, ...others] = [...locked].map(([name, { version }]): [string, string] => [name, version]);
  const dependencies = api === undefined ? {} : Object.fromEntries([api]);
  const manifest = { private: true, dependencies, overrides: Object.fromEntries(others) };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  const platform = ['--os=linux', `--cpu=${architecture}`, '--libc=glibc'];
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline', '--fetch-retries=1'];
  const { code, errors } = await run('npm', ['install', ...platform, ...quiet], folder);
  const what = `DuckDB for linux-${architecture} is not on this machine`;
  if (code !== 0) return `${what} and npm could not fetch it (${firstLine(errors)}); go online and synthesize again`;
  const { packages } = Lockfile.parse(JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')));
  for (const [name, { integrity }] of locked) {
    const got = packages[`node_modules/${name}`]?.integrity;
    if (got !== integrity) throw new Error(`npm fetched '${name}' with integrity ${String(got)}; package-lock.json names ${integrity}`);
  }
  return undefined;
}

/** What runs, without the declarations for TypeScript. */
async function copyPackage(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true, filter: (path) => !/\.(d\.ts|md|map)$/.test(path) });
}

function run(command: string, args: readonly string[], cwd: string): Promise<{ readonly code: number; readonly errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], shell: process.platform === 'win32' });
    let errors = '';
    child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code: code ?? 1, errors });
    });
  });
}

function firstLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.startsWith('npm error'));
  return (lines[0] ?? text.trim()).slice(0, 200);
}
