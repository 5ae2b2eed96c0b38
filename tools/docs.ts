/**
 * `npm run docs`: writes docs/datasets from the declarations of the columns. test/docs.test.ts fails while they differ.
 *
 * `npm run docs -- --measure LAKE` first counts, in a lake of records to learn from, how much of each column is filled; of the records
 * nothing but these shares is kept.
 */

import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { datasetPages, type Filled } from './docs/dataset-pages.ts';
import { measureFilled } from './docs/measure-filled.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'datasets');
const filledFile = join(import.meta.dirname, 'docs', 'filled.json');

const { values } = parseArgs({ options: { measure: { type: 'string' } } });
if (values.measure !== undefined) await writeFile(filledFile, `${JSON.stringify(await measureFilled(values.measure), undefined, 2)}\n`);

const pages = datasetPages(JSON.parse(await readFile(filledFile, 'utf8')) as Filled);
await mkdir(folder, { recursive: true });
for (const name of await readdir(folder)) if (name.endsWith('.md') && !pages.has(name)) await rm(join(folder, name));
for (const [name, text] of pages) await writeFile(join(folder, name), text);
process.stdout.write(`docs/datasets: ${String(pages.size)} pages\n`);
