/** Which techniques of ATT&CK rules and queries look for. */

import type { LibraryQuery } from '../../queries/library.ts';
import type { Detection } from '../../shared/detections/detection.ts';
import { markdownTable } from './markdown-table.ts';

/** Techniques that no query of the library names. @see https://attack.mitre.org/techniques/ */
const moreNames: Readonly<Record<string, string>> = {
  T1531: 'Account Access Removal',
  'T1566.002': 'Phishing: Spearphishing Link',
  'T1589.002': 'Gather Victim Identity Information: Email Addresses',
};

/** The name of each technique by its number. */
export function attackNames(queries: readonly LibraryQuery[]): ReadonlyMap<string, string> {
  const named = queries.flatMap(({ attack }) =>
    attack.map((text): [string, string] => [numberOf(text), text.slice(numberOf(text).length + 1)]),
  );
  return new Map([...named, ...Object.entries(moreNames)]);
}

const numberOf = (text: string): string => text.split(' ', 1).join('');

/** The section: a technique a row, with the rules and the queries that look for it. */
export function attackTable(rules: readonly Detection[], queries: readonly LibraryQuery[]): string {
  const names = attackNames(queries);
  const numbers = new Set([...rules.flatMap(({ attack }) => attack), ...queries.flatMap(({ attack }) => attack.map(numberOf))]);
  const rows = [...numbers].sort().map((number) => [
    `[${number}](https://attack.mitre.org/techniques/${number.replace('.', '/')}/) ${names.get(number) ?? ''}`,
    rules
      .filter(({ attack }) => attack.includes(number))
      .map(({ name = '' }) => `[${name}](#${name})`)
      .join(', '),
    queries
      .filter(({ attack }) => attack.map(numberOf).includes(number))
      .map(({ name }) => `\`@${name}\``)
      .join(', '),
  ]);
  const found = rows.filter(([, byRules]) => byRules !== '').length;
  return `## ATT&CK

Of ${String(rows.length)} techniques, ${String(found)} are found by rules; the others are looked for by queries alone.

${markdownTable(['technique', 'rules', 'queries'], rows)}`;
}
