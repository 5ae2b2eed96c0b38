/** `npm run build:console [-- DIR]`: the console's page as files, with their sizes. `lake console` builds it by itself where it is not built. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildPage } from '../cli/console/page-files.ts';

const folder = process.argv[2] ?? join(import.meta.dirname, '..', 'build', 'console');
await mkdir(folder, { recursive: true });
let packed = 0;
for (const [name, { text }] of await buildPage()) {
  await writeFile(join(folder, name), text);
  const { length } = gzipSync(text);
  packed += length;
  console.log(`${name}\t${String(text.length)} bytes\t${String(length)} compressed`);
}
console.log(`together ${(packed / 1_000).toFixed(0)} KB compressed`);
