import { describe, expect, test } from '@jest/globals';
import { wordSources } from '../../queries/sources.ts';
import { wordsByFile, wordsOf } from '../../queries/words.ts';
import { seenWords } from '../../tools/docs/query-sources-page.ts';
import { withDataSets } from '../../tools/seen-words/with-data-sets.ts';
import { valuesOf, wordsAmong } from '../../tools/seen-words/words-among.ts';

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

  test("has the page of Microsoft's, or the public project, by its address", () => {
    for (const { page } of wordSources) expect(page ?? 'https://learn.microsoft.com').toMatch(/^https:\/\/(learn|www)\.microsoft\.com/);
    for (const { project } of wordSources) expect(project ?? 'https://github.com/').toMatch(/^https:\/\/github\.com\//);
  });

  test("was seen in a record where no page of Microsoft's has it, whatever a project reports", () => {
    const seen = seenWords();
    const alone = wordSources.filter(({ page }) => page === undefined);
    expect(alone.flatMap(({ words }) => words).filter((word) => (seen[word] ?? []).length === 0)).toEqual([]);
  });

  test('is a text in quotes, or a number with the column that is compared with it', () => {
    const sql = `SELECT 'hour' WHERE operation IN ('Send', 'SendAs') AND error_code IN (50126, 50053) AND record_type = 8 LIMIT 100`;
    expect(wordsOf(sql)).toEqual(['Send', 'SendAs', 'error_code = 50126', 'error_code = 50053', 'record_type = 8']);
  });
});

describe('a word is seen in a record', () => {
  const record = {
    Operation: 'Set domain authentication.',
    ErrorNumber: 50126,
    RecordType: 8,
    Parameters: [{ Name: 'AuditDisabled', Value: 'True' }],
    Data: '{"AlertDisplayName":"x","Entities":[{"Kind":"MCAS_ALERT_X"}]}',
  };
  test.each([
    { word: 'set domain authentication%', is: true },
    { word: 'auditdisabled', is: true },
    { word: 'error_code = 50126', is: true },
    { word: 'record_type = 8', is: true },
    { word: 'logon_type = 8', is: false },
    { word: 'MCAS\\_ALERT\\_%', is: true },
    { word: 'AuditEnabled', is: false },
    { word: 'domain', is: false },
    { word: 'Operation', is: false },
  ])('$word: $is', ({ word, is }) => {
    expect(wordsAmong([word], new Set(valuesOf(record)))).toEqual(is ? [word] : []);
  });
});

test('what is known of other data sets stays when one is looked through', () => {
  const known = { Send: ['a', 'b'], SendAs: ['b'], Gone: ['a'] };
  const found = new Map([
    ['b', ['Sync']],
    ['c', ['Send']],
  ]);
  expect(withDataSets(known, found, ['Send', 'SendAs', 'Sync'])).toEqual({ Send: ['a', 'c'], Sync: ['b'] });
});
