/** Erasing: whose records go, and what an object says of those that went. */

import type { ObjectMetadata } from './landing-key.ts';
import { days, type Instant } from './window.ts';

/** What is erased. */
export type Erasure =
  /** Every record whose text names the person, of one tenant or of all. */
  | { readonly kind: 'person'; readonly identifiers: readonly string[]; readonly tenant?: string }
  /** Everything of a tenant. */
  | { readonly kind: 'tenant'; readonly tenant: string };

/** Shorter ones would be found in what is somebody else's. */
const shortestIdentifier = 6;

/** What is wrong with a user principal name; undefined for a good one. */
export function upnFault(upn: string): string | undefined {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(upn)) return undefined;
  return `'${upn}' is not a user principal name, such as megan@contoso.example`;
}

/** What is wrong with another identifier of a person; undefined for a good one. */
export function identifierFault(identifier: string): string | undefined {
  if (identifier.length >= shortestIdentifier && !/\s/.test(identifier)) return undefined;
  return `'${identifier}' is too short or has a space: give an object id, an address or another name of at least ${String(shortestIdentifier)} characters`;
}

/**
 * The forms in which Microsoft writes one person: the name itself, its form as a guest of another tenant, and its form in the address of the
 * person's OneDrive.
 */
export function identifiersOf(upn: string, also: readonly string[]): string[] {
  const asGuest = `${upn.replace('@', '_')}#EXT#`;
  const asSite = `personal/${upn.replaceAll(/[^a-z0-9]/gi, '_')}`;
  return [...new Set([upn, asGuest, asSite, ...also].map((one) => one.toLowerCase()))];
}

/**
 * A regular expression that finds any of the identifiers in the JSON text of a record, each as a whole: `ann@…` is not found in `joann@…`. All
 * columns of a record come from its text, so nothing of it names a person whom the text does not name.
 *
 * It is understood alike by DuckDB (RE2), by Trino and Athena, and by JavaScript with the flag `i`, whose prefix `(?i)` is left out there.
 * Characters are found as JSON, JSON within JSON and addresses write them: `'` as `\u0027`, `@` as `%40`.
 */
export function personPattern(identifiers: readonly string[]): string {
  return `(?i)${before}(?:${identifiers.map(identifierPattern).join('|')})${after}`;
}

const before = String.raw`(?:^|[^a-z0-9._%+@-]|\\[bfnrt]|\\u[0-9a-f]{4}|%[0-9a-f]{2})`;
const after = String.raw`(?:$|[^a-z0-9._-]|[._-](?:$|[^a-z0-9]))`;

const identifierPattern = (identifier: string): string => Array.from(identifier, characterPattern).join('');

function characterPattern(character: string): string {
  if (/^[a-z0-9]$/i.test(character)) return character;
  const itself = /^[\x20-\x7e]$/.test(character) ? `[${/[\\\]^-]/.test(character) ? '\\' : ''}${character}]` : character;
  const units = [...Array(character.length).keys()].map((index) => character.charCodeAt(index).toString(16).padStart(4, '0'));
  const escaped = units.map((unit) => String.raw`\\+u${unit}`).join('');
  const inAddress = [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  return String.raw`(?:\\*${itself}|${escaped}|${inAddress})`;
}

/**
 * What an object says of records that were erased from it, beside what it had before.
 *
 * Rows are counted as they landed: `rows` of its metadata stays, and a file has `erased` rows less. A Graph window that Microsoft may still serve
 * keeps the record keys, so that no later pass and no comparison misses what was erased, and nothing lands it again.
 *
 * @param keys Record keys of the rows that go now.
 */
export function erasedMetadata(before: ObjectMetadata, keys: readonly string[], now: Instant): ObjectMetadata {
  const count = Number(before.erased ?? 0) + keys.length;
  const all = isServedYet(before, now) ? [...new Set([...erasedKeys(before), ...keys])] : [];
  const { erased: _count, erased_keys: _keys, ...others } = before;
  return { ...others, erased: String(count), ...(all.length > 0 && { erased_keys: all.join(',') }) };
}

/** The record keys of erased rows that an object knows. */
export function erasedKeys({ erased_keys: keys = '' }: ObjectMetadata): string[] {
  return keys.split(',').filter((key) => key !== '');
}

/** A day longer than Microsoft serves any Graph record, and than the ledger remembers jobs. */
const rememberedMs = days(36);

/** Content is claimed by its blobs, whatever their rows: it needs no keys. */
function isServedYet({ window = '' }: ObjectMetadata, now: Instant): boolean {
  const end = Date.parse(window.split('/')[1] ?? '');
  return end > now - rememberedMs;
}
