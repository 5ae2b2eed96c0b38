import { createHash } from 'node:crypto';

/**
 * The same for two JSON texts that say the same: keys in any order, numbers in any spelling, any white space.
 *
 * Half of a surrogate pair is no character: Parquet's text cannot hold it, and landing writes U+FFFD in its place.
 */
export function contentHash(text: string): string {
  return createHash('sha1')
    .update(JSON.stringify(sorted(JSON.parse(text))))
    .digest('base64');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, inner]) => [key.toWellFormed(), sorted(inner)]));
}
