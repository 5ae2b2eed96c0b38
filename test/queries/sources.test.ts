import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { wordSources } from '../../queries/sources.ts';
import { logTypes } from '../../shared/log-types/index.ts';

const folder = join(import.meta.dirname, '../../queries');
const files = [folder, join(folder, 'either-api')].flatMap((at) =>
  readdirSync(at)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => ({ name, sql: withoutHeader(readFileSync(join(at, name), 'utf8')) })),
);

function withoutHeader(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('-- '))
    .join('\n');
}

/** Words of SQL, of our own columns (their declarations have sources), and what a query writes rather than compares. */
const own = new Set([
  ...['', '"', '[. ]+$', '\\', 'day', 'hour', 'millisecond', '{{hours}}', '{{new_hours}}'],
  ...['success', 'failure', 'service-principal', 'managed-identity', ...logTypes.map(({ id }) => id)],
  ...['AdminAuditLogEnabled = False', 'AuditBypassEnabled = True', 'AuditDisabled = True', 'AuditEnabled = False'],
  ...['UnifiedAuditLogIngestionEnabled = False', 'a policy of retention'],
]);

/** Texts in quotes, and numbers that a column of Microsoft's numbers is compared with. */
function wordsOf(sql: string): string[] {
  const texts = [...sql.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) => text);
  const compared =
    /\b(?:error_code|record_type|logon_type|enforcement_mode|label_event_type|quarantine_request_type|role)\b (?:IN \(([\d, ]+)\)|= (\d+))/g;
  const numbers = [...sql.matchAll(compared)].flatMap(([, several, one]) => (several ?? one ?? '').split(', '));
  return [...texts, ...numbers];
}

const sourced = new Set(wordSources.flatMap(({ words }) => words));

describe('a value that a query compares with', () => {
  test.each(files)('has a source: $name', ({ sql }) => {
    expect(wordsOf(sql).filter((word) => !own.has(word) && !sourced.has(word))).toEqual([]);
  });

  test('stands in one source only, and every word of a source is used', () => {
    const words = wordSources.flatMap((source) => source.words);
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
    const used = new Set(files.flatMap(({ sql }) => wordsOf(sql)));
    expect(words.filter((word) => !used.has(word))).toEqual([]);
  });

  test("comes from a page of Microsoft's, or was seen in a real record", () => {
    for (const { page } of wordSources) expect(page ?? 'https://learn.microsoft.com').toMatch(/^https:\/\/(learn|www)\.microsoft\.com/);
  });
});
