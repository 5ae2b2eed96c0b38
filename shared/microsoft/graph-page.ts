/** A page of a Graph collection, split without reading its rows: records stay byte for byte what Microsoft sent. */

import { byteOrderMark, hasByteOrderMark, jsonOf } from './json.ts';

/** A page, as views of its bytes. */
export interface GraphPage {
  readonly kind: 'page';
  /** The JSON text of the `value` array, brackets included: a view of the page's bytes. */
  readonly rows: Buffer;
  /** Whether the page has no row. */
  readonly isEmpty: boolean;
  /** Where the next page is, verbatim and unguarded; absent on the last page. */
  readonly nextLink?: string;
}

/**
 * Finds the top-level `value` array by its brackets. The rows within are not checked: landing reads them.
 *
 * A page is `malformed` when it is no JSON object, has no `value` array or has it twice, or is an error object.
 */
export function splitGraphPage(page: Buffer): GraphPage | { readonly kind: 'malformed'; readonly why: string } {
  const slice = findValue(page);
  if (typeof slice === 'string') return { kind: 'malformed', why: slice };
  const envelope = readEnvelope(page, slice);
  if (!envelope) return { kind: 'malformed', why: 'the page is not JSON' };
  if ('error' in envelope) return { kind: 'malformed', why: 'the page is an error object' };
  const rows = page.subarray(slice.start, slice.end);
  const isEmpty = skipWhitespace(rows, 1) === rows.length - 1;
  const nextLink = envelope['@odata.nextLink'];
  if (nextLink === undefined || nextLink === null || nextLink === '') return { kind: 'page', rows, isEmpty };
  return typeof nextLink === 'string' ? { kind: 'page', rows, isEmpty, nextLink } : { kind: 'malformed', why: 'its nextLink is not text' };
}

interface Slice {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** Goes through the members of the top-level object; the reason when there is no `value` array. */
function findValue(page: Buffer): Slice | string {
  let found: Slice | undefined;
  let at = skipWhitespace(page, hasByteOrderMark(page) ? byteOrderMark.length : 0);
  if (page[at] !== openObject) return 'the page is not a JSON object';
  at = skipWhitespace(page, at + 1);
  while (page[at] === quote) {
    const keyEnd = endOfString(page, at);
    const colonAt = skipWhitespace(page, keyEnd);
    if (page[colonAt] !== colon) return 'the page is not JSON';
    const start = skipWhitespace(page, colonAt + 1);
    const end = endOfValue(page, start);
    if (end === undefined) return 'the page ends in the middle';
    if (isValueKey(page, at, keyEnd)) {
      if (found) return 'the page has two values';
      if (page[start] !== openArray) return 'its value is not a list';
      found = { start, end };
    }
    at = skipWhitespace(page, end);
    if (page[at] === closeObject) return found ?? 'the page has no value';
    if (page[at] !== comma) return 'the page is not JSON';
    at = skipWhitespace(page, at + 1);
  }
  return page[at] === closeObject ? 'the page has no value' : 'the page is not JSON';
}

/** Everything but the rows, as JSON.parse sees it. */
function readEnvelope(page: Buffer, rows: Slice): Readonly<Record<string, unknown>> | undefined {
  const envelope = jsonOf(Buffer.concat([page.subarray(0, rows.start), Buffer.from('[]'), page.subarray(rows.end)]));
  return typeof envelope === 'object' && envelope !== null ? { ...envelope } : undefined;
}

/** The key may be written with escapes: `"\u0076alue"` is `value` as well. */
function isValueKey(page: Buffer, start: number, end: number): boolean {
  const key = page.toString('utf8', start, end);
  if (!key.includes('\\')) return key === '"value"';
  try {
    return JSON.parse(key) === 'value';
  } catch {
    return false; // not JSON; reading the envelope finds that out
  }
}

/** Where the value that begins here ends; undefined when the page ends first. */
function endOfValue(page: Buffer, start: number): number | undefined {
  const first = page[start];
  if (first === quote) return within(page, endOfString(page, start));
  if (first === openArray || first === openObject) return endOfNested(page, start);
  let at = start;
  while (at < page.length && page[at] !== comma && page[at] !== closeObject && page[at] !== closeArray) at += 1;
  return at > start ? within(page, at) : undefined;
}

function endOfNested(page: Buffer, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < page.length; at += 1) {
    const byte = page[at];
    if (byte === quote) at = endOfString(page, at) - 1;
    else if (byte === openArray || byte === openObject) depth += 1;
    else if (byte === closeArray || byte === closeObject) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

/** The place after the closing quote; beyond the page's end when there is none. */
function endOfString(page: Buffer, start: number): number {
  let at = start + 1;
  while (at < page.length && page[at] !== quote) at += page[at] === backslash ? 2 : 1;
  return at + 1;
}

function within(page: Buffer, end: number): number | undefined {
  return end <= page.length ? end : undefined;
}

function skipWhitespace(page: Buffer, from: number): number {
  let at = from;
  while (page[at] === 0x20 || page[at] === 0x0a || page[at] === 0x0d || page[at] === 0x09) at += 1;
  return at;
}
