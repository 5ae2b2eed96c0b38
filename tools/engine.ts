/**
 * `npm run engine`: compiles engine/ (AssemblyScript) to WebAssembly, and writes it into shared/landing/engine/engine-wasm.ts, so that it needs
 * no compiler to run and goes into every bundle. A test holds that the file is what engine/ compiles to.
 */

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..');
const compiler = join(root, 'node_modules', 'assemblyscript', 'bin', 'asc.js');
const options = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--enable', 'bulk-memory'];

/** Where the compiled engine is kept. */
export const engineModulePath = join(root, 'shared', 'landing', 'engine', 'engine-wasm.ts');

/** The file's text, with the engine compiled anew. @throws With the compiler's messages. */
export async function engineModule(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  try {
    const wasm = join(folder, 'engine.wasm');
    await promisify(execFile)(process.execPath, [compiler, 'engine/index.ts', '--outFile', wasm, ...options], { cwd: root });
    return moduleText(await readFile(wasm));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const moduleText = (wasm: Buffer): string => `/** Compiled from engine/ by \`npm run engine\`: WebAssembly in base64. Not to be edited. */
export const engineWasm =
  '${wasm.toString('base64')}';

/** The constants that the module exports. */
export const engineConstants = {
${constantsOf(wasm)
  .map(([name, value]) => `  ${name}: ${value},\n`)
  .join('')}} as const;
`;

/** Every global that the module exports, by name. */
function constantsOf(wasm: Buffer): [name: string, value: number][] {
  const nothing = (): number => 0;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), { env: { abort: nothing, codeFromOutside: nothing } });
  return Object.entries(exports as Readonly<Record<string, { readonly value?: unknown }>>)
    .flatMap(([name, { value }]): [string, number][] => (typeof value === 'number' ? [[name, value]] : []))
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(engineModulePath, await engineModule());
  console.log('wrote shared/landing/engine/engine-wasm.ts');
}
