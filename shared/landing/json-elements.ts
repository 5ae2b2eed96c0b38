/** A JSON array in a file, element by element: for files that are too large to be held, or that DuckDB refuses. */

import { createReadStream, type PathLike } from 'node:fs';

/**
 * The bytes of every element, in order, without the white space around them. Holds one element and one chunk of the file.
 *
 * Only the array's own brackets and commas are looked at: whether an element is JSON is for its reader to see.
 *
 * @throws {@link NoJsonArray} For anything before or after the array, an array that does not end, and a comma too many.
 */
export async function* elementsOf(file: PathLike): AsyncGenerator<Buffer> {
  const scan: Scan = { depth: 0, isInText: false, isEscaped: false, isOver: false };
  let held: Buffer[] = [];
  let elements = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const met = step(scan, chunk[at] ?? 0);
      if (met === 'within') continue;
      const element = trimmed(Buffer.concat([...held, chunk.subarray(from, met === 'outside' ? from : at)]));
      held = [];
      from = at + 1;
      if (met === 'outside') continue;
      if (element.length > 0) yield element;
      else if (met === 'comma' || elements > 0) throw new NoJsonArray('an element is missing');
      elements += 1;
    }
    held.push(Buffer.from(chunk.subarray(from)));
  }
  if (!scan.isOver) throw new NoJsonArray('the array does not end');
}

/** The file is no JSON array. */
export class NoJsonArray extends Error {
  override readonly name = 'NoJsonArray';
}

interface Scan {
  /** Brackets and braces that are open; 0 before and after the array. */
  depth: number;
  isInText: boolean;
  isEscaped: boolean;
  isOver: boolean;
}

const [quote, backslash, comma, openBracket, closeBracket, openBrace, closeBrace] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d];
/** Space, tab, line feed, carriage return. */
const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
/** The bytes of a byte order mark, which may stand before the array. */
const mark = new Set([0xef, 0xbb, 0xbf]);

/** What a byte means for the array: it is within an element, ends one, or stands outside the array. */
function step(scan: Scan, byte: number): 'within' | 'comma' | 'end' | 'outside' {
  if (scan.depth === 0) return enter(scan, byte);
  if (scan.isEscaped) scan.isEscaped = false;
  else if (scan.isInText) {
    if (byte === backslash) scan.isEscaped = true;
    else if (byte === quote) scan.isInText = false;
  } else if (byte === quote) scan.isInText = true;
  else if (byte === openBracket || byte === openBrace) scan.depth += 1;
  else if (byte === closeBracket || byte === closeBrace) scan.depth -= 1;
  else if (byte === comma && scan.depth === 1) return 'comma';
  if (scan.depth > 0) return 'within';
  scan.isOver = true;
  return 'end';
}

function enter(scan: Scan, byte: number): 'outside' {
  if (isSpace(byte) || (mark.has(byte) && !scan.isOver)) return 'outside';
  if (scan.isOver || byte !== openBracket) throw new NoJsonArray(`something stands ${scan.isOver ? 'after' : 'before'} the array`);
  scan.depth = 1;
  return 'outside';
}

function trimmed(bytes: Buffer): Buffer {
  let [start, end] = [0, bytes.length];
  while (start < end && isSpace(bytes[start])) start += 1;
  while (end > start && isSpace(bytes[end - 1])) end -= 1;
  return bytes.subarray(start, end);
}
