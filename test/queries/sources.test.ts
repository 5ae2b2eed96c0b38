import { describe, expect, test } from '@jest/globals';
import { wordSources } from '../../queries/sources.ts';
import { wordsByFile, wordsOf } from '../../queries/words.ts';

const files = [...wordsByFile()].map(([name, words]) => ({ name, words }));
const sourced = new Set(wordSources.flatMap(({ words }) => words));

describe('a value that a query compares with', () => {
  test.each(files)('has a source: $name', ({ words }) => {
    expect(words.filter((word) => !sourced.has(word))).toEqual([]);
  });

  test('stands in one source only, and every word of a source is used', () => {
    const words = wordSources.flatMap((source) => source.words);
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
    const used = new Set(files.flatMap((file) => file.words));
    expect(words.filter((word) => !used.has(word))).toEqual([]);
  });

  test("comes from a page of Microsoft's, or was seen in a real record", () => {
    for (const { page } of wordSources) expect(page ?? 'https://learn.microsoft.com').toMatch(/^https:\/\/(learn|www)\.microsoft\.com/);
  });

  test('is a text in quotes, or a number that one of its numbers is compared with', () => {
    const sql = `SELECT 'hour' WHERE operation IN ('Send', 'SendAs') AND error_code IN (50126, 50053) AND record_type = 8 LIMIT 100`;
    expect(wordsOf(sql)).toEqual(['Send', 'SendAs', '50126', '50053', '8']);
  });
});
