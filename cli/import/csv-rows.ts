/**
 * CSV in rows, of which a broken one costs itself only.
 *
 * csv-parse was in its place until it showed that it cannot do this: on an error it drops the rest of the chunk that it was given, and an
 * unclosed quote swallows what follows. Here a row that does not keep to the grammar is given up at its own line's end, and reading goes
 * on with the next line.
 */

import { maxRecordBytes, tooLong } from './found.ts';

/** How a row writes a quote within quotes: twice (RFC 4180), or after a backslash, as Spark and MySQL do. */
export type Quoting = 'doubled' | 'backslash';

/** One row, or a line that is none. */
export type CsvPiece =
  | { readonly kind: 'row'; readonly line: number; readonly bytes: Buffer; readonly quoting: Quoting }
  | { readonly kind: 'broken'; readonly line: number; readonly bytes: Buffer; readonly why: string };

/** In quotes every byte of a record may take two; beside it there is some room for the other columns. */
const maxRowBytes = 2 * maxRecordBytes + 2 ** 20;

/** Where in a row the next byte is. */
type State = 'begin' | 'plain' | 'quoted' | 'quote' | 'closed';

/**
 * Finds rows in bytes that come chunk by chunk. Rows end with LF, CR or both; within quotes these are text. Every byte is looked at a
 * bounded number of times, and memory holds one row.
 */
export class CsvRows {
  private readonly delimiter: number;
  private data = Buffer.alloc(65_536);
  private length = 0;
  /** Where the row at hand begins, and the next byte to look at. */
  private start = 0;
  private at = 0;
  private state: State = 'begin';
  private rowLine = 1;
  private line = 1;
  private isAfterCr = false;
  /** Bytes that were dropped from the front of `data`. */
  private dropped = 0;
  /** Of all bytes: who is within quotes at a line's end before this one ends in the error that was found here. */
  private hopelessUntil = 0;
  /** The row does not keep to the grammar: its line's end is looked for. */
  private isBroken = false;
  /** The beginning of a row that is too long to be kept. */
  private overlong: { readonly line: number; readonly bytes: Buffer } | undefined;

  /** @param delimiter One ASCII character. */
  constructor(delimiter: string) {
    this.delimiter = delimiter.charCodeAt(0);
  }

  push(chunk: Buffer): CsvPiece[] {
    this.append(chunk);
    return this.scan(false);
  }

  /** What the last line holds, though no line end follows it. */
  end(): CsvPiece[] {
    return this.scan(true);
  }

  private append(chunk: Buffer): void {
    if (this.start > 0) this.dropFront();
    if (this.length + chunk.length > this.data.length) {
      const larger = Buffer.alloc(Math.max(this.data.length * 2, this.length + chunk.length));
      this.data.copy(larger, 0, 0, this.length);
      this.data = larger;
    }
    chunk.copy(this.data, this.length);
    this.length += chunk.length;
  }

  private dropFront(): void {
    this.data.copyWithin(0, this.start, this.length);
    this.length -= this.start;
    this.at -= this.start;
    this.dropped += this.start;
    this.start = 0;
  }

  private scan(isLast: boolean): CsvPiece[] {
    const pieces: CsvPiece[] = [];
    for (;;) {
      const outcome = this.isBroken ? this.findLineEnd(isLast) : this.findRowEnd(isLast);
      if (outcome === 'more') break;
      if (outcome === 'broken') this.giveUp();
      else pieces.push(...this.take(outcome.end));
      if (isLast && this.start >= this.length && this.overlong === undefined) break;
    }
    if (this.length - this.start > maxRowBytes || this.overlong) this.keepBeginning();
    return pieces;
  }

  /** To the end of the row by the grammar; `broken` where it does not keep to it. */
  private findRowEnd(isLast: boolean): 'more' | 'broken' | { readonly end: number } {
    const { data, delimiter, length } = this;
    for (; this.at < length; this.at += 1) {
      const byte = data[this.at] ?? 0;
      const isLineEnd = byte === lf || byte === cr;
      if (this.state === 'quoted') {
        if (byte === quote) this.state = 'quote';
        else if (isLineEnd) {
          if (this.dropped + this.at < this.hopelessUntil) return 'broken';
          if (byte === cr || data[this.at - 1] !== cr) this.line += 1;
        }
      } else if (isLineEnd) return { end: this.at };
      else if (byte === delimiter) this.state = 'begin';
      else if (byte === quote && this.state === 'begin') this.state = 'quoted';
      else if (byte === quote && this.state === 'quote') this.state = 'quoted';
      else if (byte === space || byte === tab) this.state = this.state === 'quote' ? 'closed' : this.state;
      else if (this.state === 'quote' || this.state === 'closed') return 'broken';
      else this.state = 'plain';
    }
    if (!isLast) return 'more';
    return this.state === 'quoted' ? 'broken' : { end: length };
  }

  private findLineEnd(isLast: boolean): 'more' | { readonly end: number } {
    const { data, length } = this;
    while (this.at < length && data[this.at] !== lf && data[this.at] !== cr) this.at += 1;
    return this.at < length || isLast ? { end: this.at } : 'more';
  }

  /** Back to the row's beginning, to end it with its line; but what is not kept cannot be gone back to. */
  private giveUp(): void {
    this.hopelessUntil = Math.max(this.hopelessUntil, this.dropped + this.at + (this.at >= this.length ? 1 : 0));
    this.isBroken = true;
    if (this.overlong) return;
    this.at = this.start;
    this.line = this.rowLine;
  }

  private take(end: number): CsvPiece[] {
    const { overlong, isBroken, rowLine: line } = this;
    const bytes = Buffer.from(this.data.subarray(this.start, end));
    this.begin(end);
    if (overlong) return [{ kind: 'broken', ...overlong, why: tooLong }];
    if (isBlank(bytes)) return [];
    if (!isBroken) return [{ kind: 'row', line, bytes, quoting: 'doubled' }];
    if (csvFields(bytes, this.delimiter, 'backslash') !== undefined) return [{ kind: 'row', line, bytes, quoting: 'backslash' }];
    return [{ kind: 'broken', line, bytes: bytes.subarray(0, maxRecordBytes), why: 'no CSV: its quotes do not match' }];
  }

  /** The next row begins after this line end. Of CR LF only one counts as a line. */
  private begin(end: number): void {
    const isPair = this.isAfterCr && end === this.start && this.data[end] === lf;
    if (end < this.length && !isPair) this.line += 1;
    this.isAfterCr = end < this.length && this.data[end] === cr;
    this.start = Math.min(end + 1, this.length);
    this.at = this.start;
    this.rowLine = this.line;
    this.state = 'begin';
    this.isBroken = false;
    this.overlong = undefined;
  }

  /** Of a row that is too long its beginning is kept once; the rest goes by. */
  private keepBeginning(): void {
    this.overlong ??= { line: this.rowLine, bytes: Buffer.from(this.data.subarray(this.start, this.start + maxRecordBytes)) };
    this.start = this.at;
  }
}

const [tab, lf, cr, space, quote, backslash] = [9, 10, 13, 32, 34, 92];

const isBlank = (bytes: Buffer): boolean => bytes.every((byte) => byte === space || byte === tab || byte === lf || byte === cr);

/** Purview's exports have eight columns; what is read of a row ends here. */
export const maxColumns = 1_000;

/**
 * The fields of a row, without their quotes; with `backslash` still escaped.
 *
 * @returns Undefined where the row does not keep to the quoting, or has more than {@link maxColumns}.
 */
export function csvFields(row: Buffer, delimiter: number, quoting: Quoting): Buffer[] | undefined {
  const fields: Buffer[] = [];
  for (let at = 0; at <= row.length;) {
    if (fields.length === maxColumns) return undefined;
    const begin = afterBlanks(row, at, delimiter);
    const isQuoted = row[begin] === quote;
    const close = isQuoted ? closingQuote(row, begin + 1, delimiter, quoting) : begin;
    if (close === undefined) return undefined;
    const end = isQuoted ? afterBlanks(row, close + 1, delimiter) : indexOr(row, delimiter, at);
    if (isQuoted && end < row.length && row[end] !== delimiter) return undefined;
    fields.push(isQuoted ? row.subarray(begin + 1, close) : row.subarray(at, end));
    at = end + 1;
  }
  return fields;
}

const indexOr = (row: Buffer, byte: number, from: number): number => {
  const at = row.indexOf(byte, from);
  return at < 0 ? row.length : at;
};

function afterBlanks(row: Buffer, from: number, delimiter: number): number {
  let at = from;
  while (at < row.length && row[at] !== delimiter && (row[at] === space || row[at] === tab)) at += 1;
  return at;
}

function closingQuote(row: Buffer, from: number, delimiter: number, quoting: Quoting): number | undefined {
  for (let at = row.indexOf(quote, from); at >= 0; at = row.indexOf(quote, at + 1)) {
    if (quoting === 'backslash') {
      if (row[at - 1] !== backslash || at === from || isFieldEnd(row, at, from, delimiter)) return at;
    } else if (row[at + 1] === quote) at += 1;
    else return at;
  }
  return undefined;
}

/** After an even number of backslashes a quote may be the field's last; only what follows decides. */
function isFieldEnd(row: Buffer, at: number, from: number, delimiter: number): boolean {
  let count = 0;
  while (at - count - 1 >= from && row[at - count - 1] === backslash) count += 1;
  const after = afterBlanks(row, at + 1, delimiter);
  return count % 2 === 0 && (after >= row.length || row[after] === delimiter);
}
