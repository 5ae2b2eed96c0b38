/** Whether a bundle is up to date: a stamp beside the folder lists the sources and their hash. */

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Stamp = z.object({ hash: z.string(), sources: z.array(z.string()) });

/** Packages count by the lockfile alone: hashing them would take longer than bundling. */
export async function isFresh(root: string, folder: string, recipe: string): Promise<boolean> {
  if (!existsSync(folder) || !existsSync(stampOf(folder))) return false;
  const stamped = Stamp.safeParse(JSON.parse(await readFile(stampOf(folder), 'utf8')));
  if (!stamped.success || stamped.data.sources.some((source) => !existsSync(join(root, source)))) return false;
  return stamped.data.hash === (await hashOf(root, recipe, stamped.data.sources));
}

/** @param inputs Every file the bundle was made of, relative to the root, and what the bundler made up: `namespace:name`. */
export async function stamp(root: string, folder: string, recipe: string, inputs: readonly string[]): Promise<void> {
  const sources = inputs.filter((input) => !input.includes('node_modules/') && !input.includes(':')).sort();
  await writeFile(stampOf(folder), JSON.stringify({ hash: await hashOf(root, recipe, sources), sources }, null, 1));
}

const stampOf = (folder: string): string => `${folder}.stamp.json`;

async function hashOf(root: string, recipe: string, sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(recipe);
  for (const source of ['package-lock.json', ...sources]) hash.update(source).update(await readFile(join(root, source)));
  return hash.digest('hex');
}
