/**
 * `npm run docs`: writes every page of docs/ that is generated, and the numbers in README.md and the other pages. CHANGELOG.md keeps those of its day.
 * test/docs.test.ts fails while they differ.
 *
 * `npm run docs -- --measure LAKE` first counts, in a lake of records to learn from, how much of each column is filled; of the records
 * nothing but these shares is kept.
 */

import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withCounts } from './docs/counts.ts';
import type { Filled } from './docs/dataset-pages.ts';
import { generatedPages } from './docs/generated-pages.ts';
import { withImportFigures } from './docs/import-figures.ts';
import { measureFilled } from './docs/measure-filled.ts';

const root = join(import.meta.dirname, '..');
const docs = join(root, 'docs');
const filledFile = join(import.meta.dirname, 'docs', 'filled.json');

const { values } = parseArgs({ options: { measure: { type: 'string' } } });
if (values.measure !== undefined) await writeFile(filledFile, `${JSON.stringify(await measureFilled(values.measure), undefined, 2)}\n`);

const pages = generatedPages(JSON.parse(await readFile(filledFile, 'utf8')) as Filled);
for (const name of await readdir(join(docs, 'datasets'))) {
  if (name.endsWith('.md') && !pages.has(`datasets/${name}`)) await rm(join(docs, 'datasets', name));
}
for (const [name, text] of pages) await writeFile(join(docs, name), text);
process.stdout.write(`docs: ${String(pages.size)} pages\n`);

const written = (await readdir(docs)).filter((name) => name.endsWith('.md') && !pages.has(name)).map((name) => join(docs, name));
for (const file of [...written, join(root, 'README.md')]) {
  const text = await readFile(file, 'utf8');
  const counted = withImportFigures(withCounts(text));
  if (counted !== text) await writeFile(file, counted);
}
