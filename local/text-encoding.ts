/** In which encoding a file's text is, judged by its bytes. */

import { isUtf8 } from 'node:buffer';

/** What the beginning of a file tells. */
export interface TextEncoding {
  readonly name: 'utf-8' | 'utf-16le' | 'utf-16be';
  /** No byte order mark says it. */
  readonly isGuess: boolean;
}

const marks = [
  { name: 'utf-8', mark: Buffer.from([0xef, 0xbb, 0xbf]) },
  { name: 'utf-16le', mark: Buffer.from([0xff, 0xfe]) },
  { name: 'utf-16be', mark: Buffer.from([0xfe, 0xff]) },
] as const;

/**
 * The encoding of a file: by its byte order mark; else UTF-16 where every other byte is 0, as it is for the letters of JSON and of
 * headings; else UTF-8. PowerShell writes UTF-16 when its output is redirected.
 *
 * @param head The file's first bytes; a few hundred are enough.
 */
export function encodingOf(head: Buffer): TextEncoding {
  const marked = marks.find(({ mark }) => head.subarray(0, mark.length).equals(mark));
  if (marked) return { name: marked.name, isGuess: false };
  if (isEveryOther(head, 1)) return { name: 'utf-16le', isGuess: true };
  if (isEveryOther(head, 0)) return { name: 'utf-16be', isGuess: true };
  return { name: 'utf-8', isGuess: false };
}

/** Whether at least nine in ten of these bytes are 0, and hardly any of the others. */
function isEveryOther(head: Buffer, offset: number): boolean {
  const pairs = Math.floor(Math.min(head.length, 1_024) / 2);
  if (pairs < 8) return false;
  let [zeros, others] = [0, 0];
  for (let pair = 0; pair < pairs; pair += 1) {
    if (head[pair * 2 + offset] === 0) zeros += 1;
    if (head[pair * 2 + 1 - offset] === 0) others += 1;
  }
  return zeros >= pairs * 0.9 && others <= pairs * 0.1;
}

/** The text of a whole file in UTF-8 or UTF-16, marked or not; without its mark. Undefined where it is neither. */
export function fileText(bytes: Buffer): string | undefined {
  const { name } = encodingOf(bytes);
  if (name !== 'utf-8') return new TextDecoder(name).decode(bytes);
  return isUtf8(bytes) ? bytes.toString('utf8').replace(/^\ufeff+/, '') : undefined;
}

/** A record's text: in UTF-8, or as Windows-1252, in which Excel saves and PowerShell 5.1 exports; `isGuess` then. */
export interface RecordText {
  readonly text: string;
  readonly isGuess: boolean;
}

/**
 * The text of a record. Undefined for a mixture: what has good UTF-8 beside broken bytes would come out wrong either way.
 */
export function textOf(bytes: Buffer): RecordText | undefined {
  if (isUtf8(bytes)) return { text: bytes.toString('utf8'), isGuess: false };
  const isMixed = /[^\0-\x7f\ufffd]/.test(bytes.toString('utf8'));
  return isMixed ? undefined : { text: windows1252.decode(bytes), isGuess: true };
}

const windows1252 = new TextDecoder('windows-1252');
