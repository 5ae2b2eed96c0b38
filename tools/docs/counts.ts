/** Numbers of things in pages that people write: README.md and those of docs/ that nothing generates. */

import { queryLibrary } from '../../queries/library.ts';
import { logTypes } from '../../shared/log-types/index.ts';

/** What follows a number in prose, and what the number has to be. */
const counted: readonly (readonly [words: string, count: () => number])[] = [
  ['(?:ready (?:questions|queries)|queries with their ATT&CK)', () => queryLibrary().length],
  ['log types', () => logTypes.length],
];

/** The page with every counted number as it is now; the same text where it was right. */
export function withCounts(page: string): string {
  return counted.reduce((text, [words, count]) => text.replaceAll(new RegExp(`\\b\\d+(?= ${words}\\b)`, 'g'), String(count())), page);
}
