/**
 * `npm run seen -- FOLDER`: looks for the words of the query library (queries/sources.ts) in records, and writes into queries/seen-words.json in
 * which data set each was seen. A data set is a file of JSON lines, named as its public project, with `+` for `/`. Nothing of a record is kept.
 */

import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wordSources } from '../queries/sources.ts';
import { valuesOf, wordsAmong } from './seen-words/words-among.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('give a folder of data sets: npm run seen -- FOLDER');
const words = wordSources.flatMap((source) => source.words);
const seen = new Map<string, string[]>();
for (const file of (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort()) {
  const lines = (await readFile(join(folder, file), 'utf8')).split('\n').filter((line) => line.trim() !== '');
  const values = new Set(lines.flatMap((line) => valuesOf(JSON.parse(line))));
  const name = file.replace(/\.jsonl$/, '').replaceAll('+', '/');
  const found = wordsAmong(words, values);
  for (const word of found) seen.set(word, [...(seen.get(word) ?? []), name]);
  process.stdout.write(`${name}: ${String(lines.length)} records, ${String(found.length)} of ${String(words.length)} words\n`);
}
const sorted = Object.fromEntries([...seen].sort(([one], [other]) => (one < other ? -1 : 1)));
await writeFile(join(import.meta.dirname, '..', 'queries', 'seen-words.json'), `${JSON.stringify(sorted, undefined, 2)}\n`);
process.stdout.write(`${String(words.length - seen.size)} words were seen in none\n`);
