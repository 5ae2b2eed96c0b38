/** Rules compare with words that Microsoft writes. */

import { describe, expect, test } from '@jest/globals';
import { comparedByQueries } from '../../queries/sources.ts';
import { ruleWordSources } from '../../rules/sources.ts';
import { wordsByRule } from '../../rules/words.ts';

const rules = [...wordsByRule()].map(([name, words]) => ({ name, words }));
const own = ruleWordSources.flatMap(({ words }) => words);
const sourced = new Set([...comparedByQueries, ...own.map((word) => word.toLowerCase())]);

describe('a word that a rule compares with', () => {
  test.each(rules)('has a source: $name', ({ words }) => {
    expect(words.filter((word) => !sourced.has(word.toLowerCase()))).toEqual([]);
  });

  test('stands in one source only, and every word of a source is used', () => {
    expect(own.filter((word, index) => own.indexOf(word) !== index || comparedByQueries.has(word.toLowerCase()))).toEqual([]);
    const used = new Set(rules.flatMap(({ words }) => words.map((word) => word.toLowerCase())));
    expect(own.filter((word) => !used.has(word.toLowerCase()))).toEqual([]);
  });

  test("comes from a page of Microsoft's, or is reported by a public project", () => {
    for (const { page, project } of ruleWordSources)
      expect(page ?? project).toMatch(page === undefined ? /^https:\/\/github\.com\/[^/]+\/[^/]+/ : /^https:\/\/learn\.microsoft\.com\/./);
  });

  test('is a value, without the full stop of the Management Activity API, or the name of a parameter', () => {
    const rule = `title: t\nlogsource: {product: m365, service: exchange}\ndetection:\n  s: {Operation: Add user., parameters.To|exists: true, UserId|contains: Ada}\n  condition: s\n`;
    expect([...wordsByRule({ 'rule.yml': rule })]).toEqual([['t', ['Add user', 'To', '%Ada%']]]);
  });
});
