/** Records out of JSON lines: a line that is broken costs itself only. */

import { CapturedBytes } from './captured-bytes.ts';
import { isFiller } from './filler.ts';
import type { Found } from './found.ts';
import { JsonElements } from './json-elements.ts';

/**
 * A record a line. A line that is an array or a Graph page gives its elements; blank lines are nothing.
 *
 * @param onGuess Called where lines have something before their record.
 */
export async function* jsonLines(chunks: AsyncIterable<Buffer>, onGuess: (guess: string) => void = () => undefined): AsyncGenerator<Found> {
  for await (const line of lines(chunks)) {
    if (line.kind !== 'record') yield line;
    else if (isListOrPage(line.bytes)) yield* elementsOf(line.bytes, line.line);
    else yield { ...line, bytes: withoutPrefix(line.bytes, onGuess) };
  }
}

/** What syslog, or a log of a program, has before a record on the same line. It is left out where the rest of the line is JSON. */
function withoutPrefix(bytes: Buffer, onGuess: (guess: string) => void): Buffer {
  if (bytes[0] === openBrace || bytes[0] === quote) return bytes;
  const begin = bytes.subarray(0, longestPrefix).indexOf('{"');
  if (begin <= 0 || !isJson(bytes.subarray(begin))) return bytes;
  onGuess('lines begin with something else, as those of syslog do: what stands before a record was left out');
  return bytes.subarray(begin);
}

const longestPrefix = 1_024;

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

async function* lines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Found> {
  let line = new CapturedBytes(1);
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      line.add(chunk.subarray(start, end));
      yield* withContent(line.found());
      line = new CapturedBytes(line.line + 1);
      start = end + 1;
    }
    line.add(chunk.subarray(start));
  }
  yield* withContent(line.found());
}

function* withContent(found: Found): Generator<Found> {
  const bytes = trimmed(found.bytes);
  if (bytes.length > 0) yield { ...found, bytes };
}

function elementsOf(bytes: Buffer, line: number): Found[] {
  const elements = new JsonElements(line);
  return [...elements.push(bytes), ...elements.end()];
}

/** By its beginning: to see it whole would be to parse every line twice. */
function isListOrPage(bytes: Buffer): boolean {
  return bytes[0] === openBracket || pageBegins.test(bytes.toString('latin1', 0, 64));
}

const pageBegins = /^\{\s*"(?:@odata|odata|(?:value|records|results)"\s*:\s*\[)/i;

function trimmed(bytes: Buffer): Buffer {
  let start = 0;
  let end = bytes.length;
  while (start < end && isBlank(bytes[start])) start += 1;
  while (end > start && isBlank(bytes[end - 1])) end -= 1;
  return bytes.subarray(start, end);
}

const isBlank = (byte: number | undefined): boolean => byte === 32 || byte === 13 || byte === 9 || isFiller(byte);
const newline = 10;
const quote = 34;
const openBrace = 123;
const openBracket = 91;
