/** The page's files: as they were built into the package, or built now from their sources. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of the page. */
interface PageFile {
  readonly type: string;
  readonly text: string;
}

/** Files by their path, such as `/app.js`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const folder = join(import.meta.dirname, '..', '..', 'console');

/** @throws When there is no build and nothing to build it with. */
export async function pageFiles(): Promise<PageFiles> {
  const built = await readBuilt().catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  return built ?? buildPage();
}

/** Bundles the page; some hundred milliseconds. */
export async function buildPage(): Promise<PageFiles> {
  const { build } = await import('esbuild');
  const page = join(folder, 'page');
  const { outputFiles } = await build({
    entryPoints: { app: join(page, 'main.tsx') },
    outdir: join(folder, 'built'),
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfig: join(page, 'tsconfig.json'),
    logLevel: 'silent',
  });
  const files = outputFiles.map(({ path, text }) => {
    const name = path.endsWith('.css') ? '/app.css' : '/app.js';
    return [name, { type: types[name], text }] as const;
  });
  return new Map<string, PageFile>([
    ...files,
    ['/index.html', { type: types['/index.html'], text: await readFile(join(page, 'index.html'), 'utf8') }],
  ]);
}

async function readBuilt(): Promise<PageFiles> {
  const read = await Promise.all(
    names.map(async (name) => [name, { type: types[name], text: await readFile(join(folder, 'built', name), 'utf8') }] as const),
  );
  return new Map(read);
}

const names = ['/index.html', '/app.js', '/app.css'] as const;
const types: Readonly<Record<(typeof names)[number], string>> = {
  '/index.html': 'text/html; charset=utf-8',
  '/app.js': 'text/javascript; charset=utf-8',
  '/app.css': 'text/css; charset=utf-8',
};
