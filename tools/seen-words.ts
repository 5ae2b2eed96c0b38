/**
 * `npm run seen -- FOLDER [--write]`: looks for the words of the query library (queries/sources.ts) in records. A data set is a file of JSON
 * lines, named as its public project, with `+` for `/`. With `--write`, queries/seen-words.json says of each in which words it has; what it
 * says of other data sets stays. Nothing of a record is kept.
 */

import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { wordSources } from '../queries/sources.ts';
import { withDataSets } from './seen-words/with-data-sets.ts';
import { valuesOf, wordsAmong } from './seen-words/words-among.ts';

const { values: chosen, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('give a folder of data sets: npm run seen -- FOLDER');
const words = wordSources.flatMap((source) => source.words);
const found = new Map<string, readonly string[]>();
for (const file of (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort()) {
  const lines = (await readFile(join(folder, file), 'utf8')).split('\n').filter((line) => line.trim() !== '');
  const values = new Set(lines.flatMap((line) => valuesOf(JSON.parse(line))));
  const name = file.replace(/\.jsonl$/, '').replaceAll('+', '/');
  const among = wordsAmong(words, values);
  found.set(name, among);
  process.stdout.write(`${name}: ${String(lines.length)} records, ${String(among.length)} of ${String(words.length)} words\n`);
}

const page = join(import.meta.dirname, '..', 'queries', 'seen-words.json');
const known = JSON.parse(await readFile(page, 'utf8')) as Record<string, string[]>;
const seen = withDataSets(known, found, words);
if (chosen.write) await writeFile(page, `${JSON.stringify(seen, undefined, 2)}\n`);
const isSeen = new Set([...found.values()].flat());
process.stdout.write(
  `of those that no data set has yet: ${words.filter((word) => isSeen.has(word) && !(word in known)).join(', ') || 'none'}\n`,
);
process.stdout.write(`${String(words.filter((word) => !(word in seen)).length)} words were seen in no data set\n`);
