/** Records out of a JSON document of any size: the elements of arrays, of Graph pages, and objects beside each other. */

import { CapturedBytes } from './captured-bytes.ts';
import type { Found } from './found.ts';

/** Where in the document the next byte is. */
type Place =
  /** Between documents: there may be several in a file. */
  | 'outside'
  /** In an object that is a record, or a page whose `value` is still to come. */
  | 'object'
  /** In the array of records. */
  | 'records'
  /** In a page, after its records. */
  | 'rest of page'
  /** In a line that is no JSON. */
  | 'rubbish';

/**
 * Finds records in bytes that come chunk by chunk, keeping no more than the record at hand. It follows brackets and strings only: what
 * a record is worth shows when it is parsed.
 */
export class JsonElements {
  private place: Place = 'outside';
  /** Brackets that are open. */
  private depth = 0;
  /** Brackets that are open around a record. */
  private recordDepth = 0;
  private isInString = false;
  private isEscaped = false;
  private line: number;
  private record: CapturedBytes | undefined;
  private head = new PageHead();

  /** @param line Of the file, from 1, where the document begins. */
  constructor(line = 1) {
    this.line = line;
  }

  push(chunk: Buffer): Found[] {
    const found: Found[] = [];
    let start = this.record ? 0 : -1;
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.isInString) {
        at = this.skipString(chunk, at);
        continue;
      }
      const byte = chunk[at] ?? 0;
      if (this.endsRecord(byte)) {
        if (start >= 0) this.record?.add(chunk.subarray(start, this.place === 'object' ? at + 1 : at));
        found.push(...this.take());
        start = -1;
      } else if (!this.record && this.beginsRecord(byte)) {
        this.record = new CapturedBytes(this.line);
        start = at;
      }
      this.step(byte);
      if (!this.record) start = -1;
      if (byte === newline) this.line += 1;
    }
    if (start >= 0) this.record?.add(chunk.subarray(start));
    return found;
  }

  /** What the document left open: a record that is whole but for the end of its list is a record all the same. */
  end(): Found[] {
    const isOpen = this.place === 'object' || this.place === 'records';
    if (!isOpen) return this.take();
    const isWhole = this.place === 'records' && this.depth === this.recordDepth;
    const rest = this.take(isWhole ? undefined : 'cut off');
    return isWhole
      ? [...rest, { kind: 'bad', line: this.line, bytes: Buffer.alloc(0), why: 'the file ends within its list of records' }]
      : rest;
  }

  private take(why?: string): Found[] {
    const { record } = this;
    this.record = undefined;
    return record ? [record.found(this.place === 'rubbish' ? 'no JSON' : why)] : [];
  }

  private endsRecord(byte: number): boolean {
    if (!this.record) return false;
    if (this.place === 'rubbish') return byte === newline;
    if (this.place === 'object') return this.depth === 1 && byte === closeBrace;
    return this.depth === this.recordDepth && (byte === comma || byte === closeBracket);
  }

  private beginsRecord(byte: number): boolean {
    if (isBlank(byte) || byte === comma) return false;
    if (this.place === 'outside') return byte !== openBracket;
    return this.place === 'records' && this.depth === this.recordDepth && byte !== closeBracket;
  }

  private step(byte: number): void {
    if (this.place === 'outside') this.enter(byte);
    else if (this.place === 'rubbish') {
      if (byte === newline) this.place = 'outside';
    } else if (byte === quote) this.openString();
    else if (byte === openBrace || byte === openBracket) this.open(byte);
    else if (byte === closeBrace || byte === closeBracket) this.close(byte);
    else if (this.place === 'object' && this.depth === 1 && !isBlank(byte)) this.head.sign(byte);
  }

  private enter(byte: number): void {
    if (isBlank(byte) || byte === comma) return;
    this.depth = 1;
    if (byte === openBracket) this.place = 'records';
    else if (byte === openBrace) this.place = 'object';
    else this.place = 'rubbish';
    this.recordDepth = this.place === 'records' ? 1 : 0;
    this.head = new PageHead();
  }

  private openString(): void {
    this.isInString = true;
    if (this.place === 'object' && this.depth === 1) this.head.openString();
  }

  private open(byte: number): void {
    const isPage = this.place === 'object' && this.depth === 1 && this.head.openValue(byte);
    this.depth += 1;
    if (!isPage) return;
    this.place = 'records';
    this.recordDepth = this.depth;
    this.record = undefined;
  }

  private close(byte: number): void {
    // A closing brace too many is part of what is wrong with the element.
    if (this.place === 'records' && this.depth === this.recordDepth && byte !== closeBracket) return;
    this.depth -= 1;
    if (this.depth === 0) this.place = 'outside';
    else if (this.place === 'records' && this.depth < this.recordDepth) this.place = 'rest of page';
  }

  /** To the string's closing quote, or the chunk's end. */
  private skipString(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (this.isEscaped) this.isEscaped = false;
      else if (byte === backslash) this.isEscaped = true;
      else if (byte === quote) {
        this.isInString = false;
        if (this.place === 'object' && this.depth === 1) this.head.closeString(chunk.subarray(from, at));
        return at;
      }
    }
    if (this.place === 'object' && this.depth === 1) this.head.continueString(chunk.subarray(from));
    return chunk.length;
  }
}

/**
 * Tells a Graph page from a record by its first names: before `value` and its array, a page has only OData's own. A record may well
 * have a field `value`, but not as its first.
 */
class PageHead {
  private isName = true;
  private name = '';
  private canBePage = true;

  openString(): void {
    if (this.isName) this.name = '';
    else this.valueBegins();
  }

  continueString(piece: Buffer): void {
    if (this.isName && this.name.length < 64) this.name += piece.toString('latin1', 0, 64);
  }

  closeString(piece: Buffer): void {
    this.continueString(piece);
    this.isName = false;
  }

  /** A byte outside of strings and brackets. */
  sign(byte: number): void {
    if (byte === comma) this.isName = true;
    else if (byte !== colon) this.valueBegins();
  }

  /** @returns Whether the bracket opens a page's records. */
  openValue(byte: number): boolean {
    const isPage = this.canBePage && byte === openBracket && this.name === 'value';
    this.valueBegins();
    return isPage;
  }

  private valueBegins(): void {
    if (!/^@|odata|^nextLink$|^count$/i.test(this.name)) this.canBePage = false;
  }
}

function isBlank(byte: number): boolean {
  return byte === 32 || byte === newline || byte === 13 || byte === 9;
}

const newline = 10;
const quote = 34;
const comma = 44;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;
