/** The words and numbers in a query that it compares Microsoft's with. */

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { logTypes } from '../shared/log-types/index.ts';

/** Words of SQL, of our own columns (their declarations have sources), and what a query writes rather than compares. */
const own: ReadonlySet<string> = new Set([
  ...[
    '',
    '"',
    '[. ]+$',
    '^(.*?):[\\\\/]',
    ':([\\\\/].*)$',
    '/',
    ': ',
    '; ',
    '\\',
    'null',
    '%@%',
    '________-____-____-____-____________',
    'day',
    'hour',
    'second',
    'millisecond',
    '{{hours}}',
    '{{new_hours}}',
  ],
  ...['success', 'failure', 'service-principal', 'managed-identity', ...logTypes.map(({ id }) => id)],
  ...['AdminAuditLogEnabled = False', 'AuditBypassEnabled = True', 'AuditDisabled = True', 'AuditEnabled = False'],
  ...['UnifiedAuditLogIngestionEnabled = False', 'a policy of retention'],
]);

/**
 * Each once, in their order. A number means something only in its column, and has its name: `record_type = 8`.
 *
 * @param sql Without its header.
 */
export function wordsOf(sql: string): string[] {
  const texts = [...sql.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) => text);
  const compared =
    /\b(error_code|record_type|logon_type|enforcement_mode|label_event_type|quarantine_request_type|role)\b (?:IN \(([\d, ]+)\)|= (\d+))/g;
  const numbers = [...sql.matchAll(compared)].flatMap(([, column = '', several, one]) =>
    (several ?? one ?? '').split(', ').map((number) => `${column} = ${number}`),
  );
  return [...new Set([...texts, ...numbers])].filter((word) => !own.has(word));
}

/** The SQL of every query, and of what both APIs have in common, by file name without `.sql`. */
export function wordsByFile(): ReadonlyMap<string, readonly string[]> {
  const folders = [import.meta.dirname, join(import.meta.dirname, 'either-api')];
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => ({ name, path: join(folder, name) })));
  const sql = files.filter(({ name }) => name.endsWith('.sql'));
  return new Map(sql.map(({ name, path }) => [name.slice(0, -'.sql'.length), wordsOf(withoutHeader(readFileSync(path, 'utf8')))]));
}

function withoutHeader(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('-- '))
    .join('\n');
}
