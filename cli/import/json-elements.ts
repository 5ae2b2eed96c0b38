/** Records out of a JSON document of any size: the elements of arrays, of pages, and objects beside each other. */

import { CapturedBytes } from './captured-bytes.ts';
import { isFiller } from './filler.ts';
import { maxRecordBytes, type Found } from './found.ts';
import { PageHead } from './page-head.ts';
import { isEndOfPage, isRestOfPage } from './page-rest.ts';

/** Where in the document the next byte is. */
type Place =
  /** Between documents: there may be several in a file. */
  | 'outside'
  /** In an object that is a record, or a page whose records are still to come. */
  | 'object'
  /** In a text that stands by itself: JSON within JSON. */
  | 'text'
  /** Right after such a text. */
  | 'after text'
  /** In the array of records. */
  | 'records'
  /** In a page, after its records: kept like a record, until it is known to be nothing but the page's. */
  | 'rest of page'
  /** In what is no JSON, until something begins like a record. */
  | 'debris';

/**
 * Finds records in bytes that come chunk by chunk, keeping no more than the record at hand. It follows brackets and strings, and notices
 * where these cannot be right: then it looks, from the broken record's second byte on, for the next object, so that what is broken costs
 * itself only. What a record is worth shows when it is parsed.
 */
export class JsonElements {
  private place: Place = 'outside';
  /** Brackets that are open. */
  private depth = 0;
  /** Brackets that are open around a record. */
  private recordDepth = 0;
  /** Those that are open within the record. */
  private brackets = Buffer.alloc(64);
  private isInString = false;
  private isEscaped = false;
  private line: number;
  private record: CapturedBytes | undefined;
  /** Where the record begins in the chunk at hand; -1 when there is none, or all of it is captured. */
  private start = -1;
  private head = new PageHead();
  /** The last byte that was not blank. */
  private before = 0;
  /** What is found now may be part of something broken. */
  private isFragment = false;
  /** The record was found among debris: it ends with its own brace, whatever follows. */
  private isLoneObject = false;
  /** Bytes that may still be read once more. */
  private patience = 2 ** 20;
  private readonly found: Found[] = [];
  /** What is wrong with the debris. */
  private reason = 'no JSON';

  /**
   * @param line Of the file, from 1, where the document begins.
   * @param isBroken What is pushed is the rest of something broken: only objects in it may be records.
   */
  constructor(line = 1, isBroken = false) {
    this.line = line;
    if (isBroken) this.place = 'debris';
  }

  /** Whether what was pushed is within a page's records: `{"value": [...`. */
  get isInPage(): boolean {
    return this.place === 'records' && this.recordDepth > 1;
  }

  push(chunk: Buffer): Found[] {
    this.patience += chunk.length * 4;
    const left = [chunk];
    for (let next = left.pop(); next; next = left.pop()) left.push(...this.scan(next));
    return this.found.splice(0);
  }

  /** What the document left open: a record that is whole but for the end of its list is a record all the same. */
  end(): Found[] {
    const left = this.cutOff();
    for (let next = left.pop(); next; next = left.pop()) {
      left.push(...this.scan(next));
      if (left.length === 0) left.push(...this.cutOff());
    }
    this.take();
    return this.found.splice(0);
  }

  private cutOff(): Buffer[] {
    const isOpen = this.record && this.place !== 'debris' && this.place !== 'after text';
    if (this.place === 'records' && this.depth === this.recordDepth && !this.isInString) {
      this.take();
      if (!this.isFragment)
        this.found.push({ kind: 'bad', line: this.line, bytes: Buffer.alloc(0), why: 'the file ends within its list of records' });
      this.place = 'outside';
      return [];
    }
    return isOpen ? this.break(Buffer.alloc(0), 'cut off') : [];
  }

  /** @returns What has to be read next, the first of it last. */
  private scan(chunk: Buffer): Buffer[] {
    this.start = this.record ? 0 : -1;
    for (let at = 0; at < chunk.length; at += 1) {
      const wasInString = this.isInString;
      if (wasInString) at = this.skipString(chunk, at);
      const byte = chunk[at];
      if (byte === undefined) break;
      // A string that is still open at a line end has lost its closing quote.
      if (this.isInString || (!wasInString && this.isImpossible(byte))) {
        this.capture(chunk, at);
        return this.break(chunk.subarray(at));
      }
      if (wasInString) this.afterString();
      else this.afterByte(chunk, at, byte);
    }
    this.capture(chunk, chunk.length);
    return [];
  }

  /** The bytes of the record that this chunk has, up to here. */
  private capture(chunk: Buffer, end: number): void {
    if (this.start >= 0) this.record?.add(chunk.subarray(this.start, end));
    this.start = -1;
  }

  private isImpossible(byte: number): boolean {
    if (this.record === undefined || this.place === 'debris') return false;
    // A text that something follows at once began where another one ended.
    if (this.place === 'after text') return !isBlank(byte) && byte !== comma;
    return !isAllowed[byte] || this.isMismatch(byte);
  }

  private afterString(): void {
    this.before = quote;
    if (this.place === 'text') this.place = 'after text';
  }

  private afterByte(chunk: Buffer, at: number, byte: number): void {
    if (this.endsRecord(byte)) {
      this.capture(chunk, byte === closeBrace ? at + 1 : at);
      this.take();
    }
    if (!this.record && this.beginsRecord(byte)) {
      this.record = new CapturedBytes(this.line);
      this.start = at;
    }
    this.step(byte);
    if (!this.record) this.start = -1;
    if (byte === newline) this.line += 1;
    if (!isBlank(byte) || (byte === newline && this.place === 'debris')) this.before = byte;
  }

  /** The record is broken: its first byte is debris, and the rest of it is read again. */
  private break(rest: Buffer, why?: string): Buffer[] {
    const broken = this.record?.peek() ?? Buffer.alloc(0);
    const canGoBack = broken.length <= this.patience && broken.length < maxRecordBytes && broken.length > 0;
    const line = this.record?.line ?? this.line;
    this.place = 'debris';
    this.isInString = false;
    this.isEscaped = false;
    this.depth = this.recordDepth > 0 ? this.recordDepth : 1;
    this.before = 0;
    this.reason = why ?? 'no JSON';
    if (!canGoBack) {
      this.record ??= new CapturedBytes(line);
      return [rest];
    }
    this.patience -= broken.length;
    this.record = new CapturedBytes(line);
    this.record.add(broken.subarray(0, 1));
    if (broken[0] === newline) this.line = line + 1;
    else this.line = line;
    return [rest, broken.subarray(1)];
  }

  private take(): void {
    const { record } = this;
    this.record = undefined;
    this.isLoneObject = false;
    if (record) this.give(record.found(this.place === 'debris' ? this.reason : undefined));
    if (this.place === 'after text') this.place = 'outside';
  }

  private give(found: Found): void {
    if (this.isOfPage(found)) return;
    this.found.push(this.isFragment ? { ...found, isFragment: true } : found);
    if (this.place === 'debris') this.isFragment = true;
  }

  /** Whether it is what pages have after their records, and no record at all. */
  private isOfPage({ bytes }: Found): boolean {
    if (this.place === 'rest of page') return isEndOfPage(bytes) || isRestOfPage(bytes);
    return this.place === 'debris' && this.isFragment && isEndOfPage(bytes);
  }

  private endsRecord(byte: number): boolean {
    if (!this.record) return false;
    if (this.place === 'debris') return this.beginsLoneObject(byte);
    if (this.place === 'object') return this.depth === 1 && byte === closeBrace;
    if (this.place === 'after text') return true;
    if (this.place === 'rest of page') return this.beginsLoneObject(byte) || (this.depth < this.recordDepth && byte === closeBrace);
    if (this.place !== 'records') return false;
    if (this.isLoneObject && byte === closeBrace) return this.depth === this.recordDepth + 1;
    return this.depth === this.recordDepth && (byte === comma || byte === closeBracket);
  }

  private beginsRecord(byte: number): boolean {
    if (this.place === 'rest of page') return !isBlank(byte) && byte !== closeBrace;
    if (isBlank(byte) || byte === comma) return false;
    if (this.place === 'outside')
      return !isFiller(byte) && byte !== openBracket && !(this.isFragment && (byte === closeBracket || byte === closeBrace));
    if (this.place === 'debris') return true;
    return this.place === 'records' && this.depth === this.recordDepth && byte !== closeBracket;
  }

  /** An object that is no member's value: it may be the next record of a list. */
  private beginsLoneObject(byte: number): boolean {
    return byte === openBrace && this.before !== colon;
  }

  private step(byte: number): void {
    if (this.place === 'outside') this.enter(byte);
    else if (this.place === 'debris') {
      // An object that begins in here may be the next record of the list.
      if (this.beginsLoneObject(byte)) this.enterObjectInList();
    } else if (this.place === 'rest of page' && this.beginsLoneObject(byte)) this.enterObjectInList();
    else if (byte === quote) this.openString();
    else if (byte === openBrace || byte === openBracket) this.open(byte);
    else if (byte === closeBrace || byte === closeBracket) this.close(byte);
    else if (this.place === 'object' && this.depth === 1 && !isBlank(byte)) this.head.sign(byte);
  }

  private enterObjectInList(): void {
    this.place = 'records';
    this.recordDepth = Math.max(1, this.recordDepth);
    this.depth = this.recordDepth + 1;
    this.noteBracket(openBrace);
    this.isLoneObject = true;
  }

  private enter(byte: number): void {
    if (!this.record && byte !== openBracket) return;
    this.depth = 1;
    if (byte === openBracket) this.place = 'records';
    else if (byte === openBrace) this.place = 'object';
    else if (byte === quote && !this.isFragment) {
      this.place = 'text';
      this.isInString = true;
    } else {
      this.place = 'debris';
      this.reason = 'no JSON';
    }
    this.recordDepth = this.place === 'records' ? 1 : 0;
    this.noteBracket(byte);
    this.head = new PageHead();
  }

  /** Whether the record closes a bracket of the other kind than it opened last. */
  private isMismatch(byte: number): boolean {
    const inRecord = this.depth - this.recordDepth;
    if (inRecord <= 0 || (byte !== closeBrace && byte !== closeBracket)) return false;
    return inRecord <= mostNoted && this.brackets[inRecord - 1] !== (byte === closeBrace ? openBrace : openBracket);
  }

  private noteBracket(byte: number): void {
    const at = this.depth - this.recordDepth - 1;
    if (at < 0 || at >= mostNoted) return;
    if (at >= this.brackets.length) this.brackets = Buffer.concat([this.brackets], this.brackets.length * 2);
    this.brackets[at] = byte;
  }

  private openString(): void {
    this.isInString = true;
    if (this.place === 'object' && this.depth === 1) this.head.openString();
  }

  private open(byte: number): void {
    const isPage = this.place === 'object' && this.depth === 1 && this.head.openValue(byte);
    this.depth += 1;
    this.noteBracket(byte);
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
    else if (this.place === 'records' && this.depth < this.recordDepth) this.place = this.isFragment ? 'debris' : 'rest of page';
  }

  /** To the string's closing quote, a line end that cannot be in it, or the chunk's end. */
  private skipString(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === newline) return at;
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

/** Brackets within brackets whose kind is remembered: what nests deeper is no record, and may not grow without end. */
const mostNoted = 2 ** 20;

const isBlank = (byte: number): boolean => byte === 32 || byte === newline || byte === 13 || byte === 9;

/** What stands outside of strings: brackets, commas, colons, quotes, numbers, the letters of true, false and null, white space. */
const isAllowed: readonly boolean[] = Array.from({ length: 256 }, (_, byte) =>
  ' \t\r\n{}[],:"+-.0123456789eEtrufalsn'.includes(String.fromCharCode(byte)),
);

const newline = 10;
const quote = 34;
const comma = 44;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;
