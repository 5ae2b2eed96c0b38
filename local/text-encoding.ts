/** In which encoding a file's text is, judged by its bytes. */

import { isUtf8 } from 'node:buffer';

/** What the beginning of a file shows. */
export interface TextEncoding {
  readonly name: 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';
  /** No byte order mark says it. */
  readonly isGuess: boolean;
}

const marks = [
  { name: 'utf-8', mark: Buffer.from([0xef, 0xbb, 0xbf]) },
  // The mark of UTF-16 begins that of UTF-32, and no text begins with a zero.
  { name: 'utf-32le', mark: Buffer.from([0xff, 0xfe, 0, 0]) },
  { name: 'utf-32be', mark: Buffer.from([0, 0, 0xfe, 0xff]) },
  { name: 'utf-16le', mark: Buffer.from([0xff, 0xfe]) },
  { name: 'utf-16be', mark: Buffer.from([0xfe, 0xff]) },
] as const;

/**
 * The encoding of a file: by its byte order mark; else UTF-16 where every other byte is 0, as it is for the letters of JSON and of
 * headings; else UTF-8. PowerShell writes UTF-16 when its output is redirected, and UTF-32 with `-Encoding UTF32`.
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

/** Decodes text piece by piece; what ends within a character goes on with the next piece. */
export interface PieceDecoder {
  /** @param bytes Undefined at the end. The mark at the beginning is not part of the text. */
  decode(bytes?: Buffer): string;
}

/** A decoder of one text. What is no character becomes U+FFFD. */
export function decoderOf(name: TextEncoding['name']): PieceDecoder {
  if (name === 'utf-32le' || name === 'utf-32be') return new Utf32Decoder(name === 'utf-32le');
  const decoder = new TextDecoder(name);
  return { decode: (bytes) => (bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })) };
}

/** The platform's decoder knows no UTF-32. */
class Utf32Decoder implements PieceDecoder {
  private readonly isLittleEndian: boolean;
  private rest = Buffer.alloc(0);
  private isBegun = false;

  constructor(isLittleEndian: boolean) {
    this.isLittleEndian = isLittleEndian;
  }

  decode(bytes?: Buffer): string {
    if (bytes === undefined) return this.rest.length > 0 ? '\ufffd' : '';
    const all = Buffer.concat([this.rest, bytes]);
    const end = all.length - (all.length % 4);
    this.rest = Buffer.from(all.subarray(end));
    const characters: string[] = [];
    for (let at = 0; at < end; at += 4) characters.push(character(this.isLittleEndian ? all.readUInt32LE(at) : all.readUInt32BE(at)));
    const isMarked = !this.isBegun && characters[0] === '\ufeff';
    this.isBegun ||= characters.length > 0;
    return (isMarked ? characters.slice(1) : characters).join('');
  }
}

const character = (code: number): string => (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '\ufffd' : String.fromCodePoint(code));

/** The text of a whole file in UTF-8, UTF-16 or UTF-32, marked or not; without its mark. Undefined where it is none of them. */
export function fileText(bytes: Buffer): string | undefined {
  const { name } = encodingOf(bytes);
  if (name !== 'utf-8') {
    const decoder = decoderOf(name);
    return decoder.decode(bytes) + decoder.decode();
  }
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
