/**
 * What is uploaded to Lambda: one shared asset for the light functions, one for fetch, which has DuckDB beside it.
 *
 * `npm run bundle` prints the sizes and fails where one is over its limit; synthesis calls {@link bundle} for the folders.
 */

import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { ruleLibrary } from '../../rules/library.ts';
import { ruleSetHash } from '../../shared/detections/rule-set.ts';
import { isFresh, stamp } from './bundle-cache.ts';
import { installDuckDb, type Architecture } from './bundle-duckdb.ts';
import { zippedBytes } from './bundle-size.ts';

/** The folders that become Lambda assets. */
export interface Bundles {
  /** Folder with `list.mjs`, `sweep.mjs`, `check.mjs`, `compact.mjs`, `notify.mjs`, `manifest.mjs`, our rules and the chunks they share. */
  readonly light: string;
  /** Folder with `fetch.mjs`, our rules and `node_modules` for DuckDB. */
  readonly fetch: string;
  /** Why the fetch bundle cannot be deployed: the machine is offline and never had DuckDB for that platform. */
  readonly incomplete?: string;
}

/**
 * Builds what has changed since the last time, into `build/` of the repo.
 *
 * @throws When an entry is missing or does not compile; the message names the file.
 */
export async function bundle(root: string, architecture: Architecture): Promise<Bundles> {
  const light = await bundleInto(root, 'light', {
    list: 'lambdas/list/handler.ts',
    sweep: 'lambdas/sweep/handler.ts',
    check: 'lambdas/check/handler.ts',
    compact: 'lambdas/compact/handler.ts',
    notify: 'lambdas/notify/handler.ts',
    manifest: 'lambdas/manifest/handler.ts',
  });
  const fetch = await bundleInto(root, `fetch-${architecture}`, { fetch: 'lambdas/fetch/handler.ts' });
  const missing = await installDuckDb(root, architecture, fetch);
  return { light, fetch, ...(missing === undefined ? {} : { incomplete: missing }) };
}

const options = {
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  outExtension: { '.js': '.mjs' },
  mainFields: ['module', 'main'],
  external: ['@duckdb/node-api'],
  // Identifiers stay: a stack trace in a log is worth more than the few kilobytes.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  // Packages in CommonJS expect a require; an ES module does not have one.
  banner: { js: "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);" },
  metafile: true,
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** An import of node:http makes Node load its WebSocket client too, with all of undici: 0.04 CPU s of a cold start. */
const httpByRequire: Plugin = {
  name: 'http-by-require',
  setup: (build) => {
    build.onResolve({ filter: /^(node:)?https?$/ }, ({ path }) => ({ path: path.replace('node:', ''), namespace: 'by-require' }));
    build.onLoad({ filter: /./, namespace: 'by-require' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('node:${path}');`,
    }));
  },
};

async function bundleInto(root: string, name: string, entryPoints: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(root, 'build', name);
  const rules = JSON.stringify(ruleLibrary());
  const recipe = JSON.stringify({ options, plugins: [httpByRequire.name], entryPoints, rules: ruleSetHash(ruleLibrary()) });
  if (await isFresh(root, folder, recipe)) return folder;

  const missing = Object.values(entryPoints).filter((entry) => !existsSync(join(root, entry)));
  if (missing.length > 0) throw new Error(`cannot bundle '${name}': no file ${missing.join(', ')}; it must export a function 'handler'`);
  const fresh = `${folder}.${String(process.pid)}`;
  await mkdir(fresh, { recursive: true });
  const { metafile } = await build({
    ...options,
    plugins: [httpByRequire],
    entryPoints: { ...entryPoints },
    absWorkingDir: root,
    outdir: fresh,
  });
  await writeFile(join(fresh, 'rules.json'), rules);
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
  await stamp(root, folder, recipe, Object.keys(metafile.inputs));
  return folder;
}

/** Zipped, in bytes: what a cold start has to fetch. */
const limits = { light: 1_500_000, fetch: 30_000_000 } as const;

async function printSizes(root: string, architecture: Architecture): Promise<void> {
  const bundles = await bundle(root, architecture);
  if (bundles.incomplete !== undefined) throw new Error(bundles.incomplete);
  for (const name of ['light', 'fetch'] as const) {
    const bytes = await zippedBytes(bundles[name]);
    const verdict = bytes <= limits[name] ? 'within' : 'OVER';
    process.stdout.write(`${name}: ${String(bytes)} bytes zipped, ${verdict} its limit of ${String(limits[name])} (${bundles[name]})\n`);
    if (bytes > limits[name]) process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await printSizes(resolve(import.meta.dirname, '..', '..'), process.argv[2] === 'x64' ? 'x64' : 'arm64');
}
