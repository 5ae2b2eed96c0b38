/** Records out of a table: one column holds them as JSON. */

import { jsonBehindBackslashes } from './backslashes.ts';
import { csvFields, CsvRows, maxColumns, type CsvPiece } from './csv-rows.ts';
import { isFiller } from './filler.ts';
import { maxRecordBytes, tooLong, type Found } from './found.ts';

/**
 * The columns that hold records, by their headings without blanks and in lower case: Purview's `AuditData` (or `Audit Data`), Splunk's
 * `_raw`, Elastic's `event.original`, Defender's `RawEventData`, and this lake's own `raw`.
 */
const recordColumns = ['auditdata', 'audit_data', '_raw', 'event.original', 'raweventdata', '@rawstring', 'raw'];

/** Whether a heading names the column of records. */
export function isRecordColumn(heading: string): boolean {
  return recordColumns.includes(heading.replaceAll(/["\s]/g, '').toLowerCase());
}

/** A line before the headings that is meant for a program: `#TYPE` of PowerShell 5.1, `sep=;` of Excel. */
export function isPreamble(line: string): boolean {
  return /^"?(?:#TYPE\s|sep=)/i.test(line);
}

/**
 * The records of a table, each with the line that its row begins on.
 *
 * @param onGuess Called when no heading names the column of records, and the first field that begins like JSON is taken.
 */
export async function* csvRecords(
  chunks: AsyncIterable<Buffer>,
  delimiter: string,
  onGuess: (guess: string) => void,
): AsyncGenerator<Found> {
  const rows = new CsvRows(delimiter);
  const table = new Table(delimiter.charCodeAt(0), onGuess);
  for await (const chunk of chunks) for (const piece of rows.push(chunk)) yield* table.recordOf(piece);
  for (const piece of rows.end()) yield* table.recordOf(piece);
}

class Table {
  private readonly delimiter: number;
  private readonly onGuess: (guess: string) => void;
  /** Undefined before the headings; -1 when none of them names it. */
  private column: number | undefined;
  private isAfterBroken = false;
  private isGuessNoted = false;

  constructor(delimiter: number, onGuess: (guess: string) => void) {
    this.delimiter = delimiter;
    this.onGuess = onGuess;
  }

  *recordOf(piece: CsvPiece): Generator<Found> {
    const found = this.look(piece);
    if (!found) return;
    // What a broken row left on further lines has not got as far as the column of records.
    const isFragment = this.isAfterBroken && found.kind === 'bad' && this.isShort(piece);
    this.isAfterBroken = piece.kind === 'broken' || isFragment;
    yield isFragment ? { ...found, isFragment } : found;
  }

  private look(piece: CsvPiece): Found | undefined {
    const { line, bytes } = piece;
    if (bytes.length < 4_096 && bytes.length > 0 && bytes.every(isFiller)) return undefined;
    if (piece.kind === 'broken') {
      if (this.column === undefined) return this.beginWithoutHeadings(piece);
      return { kind: 'bad', line, bytes, why: piece.why };
    }
    const fields = csvFields(bytes, this.delimiter, piece.quoting) ?? [];
    if (this.column === undefined && isPreamble(bytes.toString('latin1', 0, 16))) return undefined;
    const headings =
      fields.length < maxColumns ? fields.findIndex((field) => field.length < 64 && isRecordColumn(field.toString('utf8'))) : -1;
    if (headings >= 0) this.column = headings;
    else if (this.column === undefined) return this.beginWithoutHeadings(piece, fields);
    else if (!this.isTitle(bytes)) return this.record(piece, fields);
    return undefined;
  }

  /** A heading that nobody knows, or that is broken, costs no row; but the first row may well be one already. */
  private beginWithoutHeadings({ line }: CsvPiece, fields: readonly Buffer[] = []): Found | undefined {
    this.column = -1;
    const cell = fields.find(looksLikeJson);
    if (cell) this.noteGuess();
    return cell ? { kind: 'record', line, bytes: unquoted(cell, 'doubled') } : undefined;
  }

  /** A line for people before the headings; after the first record there is none. */
  private isTitle(bytes: Buffer): boolean {
    return this.column === -1 && !this.isGuessNoted && !bytes.includes('{');
  }

  private noteGuess(): void {
    if (!this.isGuessNoted) this.onGuess("no column is headed AuditData: each row's first field that begins like JSON was taken");
    this.isGuessNoted = true;
  }

  private record(row: CsvPiece & { readonly kind: 'row' }, fields: readonly Buffer[]): Found {
    const { line, bytes } = row;
    const cell = this.column === -1 ? fields.find(looksLikeJson) : fields[this.column ?? 0];
    if (cell === undefined || cell.length === 0 || isBlank(cell))
      return { kind: 'bad', line, bytes: bytes.subarray(0, maxRecordBytes), why: 'AuditData is empty' };
    if (this.column === -1) this.noteGuess();
    const record = unquoted(cell, row.quoting);
    if (record.length > maxRecordBytes) return { kind: 'bad', line, bytes: record.subarray(0, maxRecordBytes), why: tooLong };
    return { kind: 'record', line, bytes: record };
  }

  /** Whether the line has no more delimiters than stand before the column of records. */
  private isShort({ bytes }: CsvPiece): boolean {
    let at = -1;
    for (let column = 0; column < (this.column ?? 0); column += 1) {
      at = bytes.indexOf(this.delimiter, at + 1);
      if (at < 0) return true;
    }
    return false;
  }
}

const isBlank = (cell: Buffer): boolean => cell.toString('latin1').trim() === '';

const looksLikeJson = (cell: Buffer): boolean => /^\s*(?:"+\s*)?[[{]/.test(cell.toString('latin1', 0, 64));

/** The cell as its writer had it. Backslashes are read in the way that gives JSON. */
function unquoted(cell: Buffer, quoting: 'doubled' | 'backslash'): Buffer {
  if (quoting === 'backslash') {
    const json = jsonBehindBackslashes(cell.toString('latin1'));
    return json === undefined ? cell : Buffer.from(json, 'latin1');
  }
  return cell.includes('""') ? Buffer.from(cell.toString('latin1').replaceAll('""', '"'), 'latin1') : cell;
}
