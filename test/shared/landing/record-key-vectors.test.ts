/** engine/README.md's canonical form, held against the engine and against a reading of it in plain JavaScript. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { json } from '../../../shared/domain/columns.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';
import { madeUp, openMadeUpLanding, type MadeUpLanding } from './made-up.ts';

interface Vector {
  readonly name: string;
  /** JSON texts, one a place; null for a place that is not in the record. */
  readonly values: readonly (string | null)[];
  /** What each contributes to the key; null for nothing. */
  readonly parts: readonly (string | null)[];
  readonly key: string;
}

const file = join(import.meta.dirname, '..', '..', '..', 'engine', 'record-key-vectors.json');
const vectors = JSON.parse(readFileSync(file, 'utf8')) as readonly Vector[];

const temporaryFolder = temporaryFolders();
let landing: MadeUpLanding;
beforeAll(async () => {
  landing = await openMadeUpLanding(await temporaryFolder());
});
afterAll(() => {
  landing.close();
});

describe.each(vectors)('the key of $name', ({ values, parts, key }) => {
  test('is what the engine lands', async () => {
    const names = values.map((_, index) => `p${String(index)}`);
    const columns = Object.fromEntries(names.map((name) => [name, json(name, '')]));
    const members = names.flatMap((name, index) => (values[index] ? [`"${name}":${values[index]}`] : []));
    const { into } = await landing.landFile(madeUp(columns), await landing.serve(`[{${members.join()}}]`));
    expect(await landing.query(`SELECT record_key FROM '${into}'`)).toEqual([{ record_key: key }]);
  });

  test('is the md5 of its parts', () => {
    const hash = createHash('md5');
    for (const part of parts) hash.update(`${part ?? '\x1e'}\x1f`);
    expect(hash.digest('hex')).toBe(key);
  });

  test('has the parts that the specification gives', () => {
    expect(values.map(partOf)).toEqual(parts);
  });
});

/** The specification in plain JavaScript; slow, and over texts, for JSON.parse forgets how numbers are written. */
function partOf(value: string | null): string | null {
  if (value === null) return null;
  const [first = ''] = tokensOf(value);
  if (first.startsWith('"')) {
    const text = JSON.parse(first.replaceAll(/\\ud800/g, '\\ufffd')) as string;
    return text === '' ? null : text;
  }
  const canonical = canonicalOf(tokensOf(value.replaceAll(/\\ud800/g, '\\ufffd')));
  return isNothing(canonical) ? null : canonical;
}

const tokensOf = (value: string): string[] => value.match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+/g) ?? [];

const isNothing = (canonical: string): boolean => ['null', '""', '[]', '{}'].includes(canonical);

/** Takes the tokens of one value from the front. */
function canonicalOf(tokens: string[]): string {
  const first = tokens.shift() ?? '';
  if (first !== '{' && first !== '[') return first;
  const close = first === '{' ? '}' : ']';
  const parts: { readonly name: string; readonly value: string }[] = [];
  while (tokens[0] !== close) {
    const name = first === '{' ? (tokens.splice(0, 2)[0] ?? '') : '';
    parts.push({ name, value: canonicalOf(tokens) });
    if (tokens[0] === ',') tokens.shift();
  }
  tokens.shift();
  const kept = parts.filter(({ value }) => !isNothing(value));
  if (first === '{') kept.sort((one, other) => Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)));
  return `${first}${kept.map(({ name, value }) => (first === '{' ? `${name}:${value}` : value)).join()}${close}`;
}
