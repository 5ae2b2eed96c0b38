/** A file of indicators, whichever form it has. */

import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { UsageError } from '../../local/exit.ts';
import { encodingOf } from '../../local/text-encoding.ts';
import { isMisp, readMisp } from '../../shared/detections/indicator-lists/misp.ts';
import { refused, type ListPiece } from '../../shared/detections/indicator-lists/read-list.ts';
import { isStixBundle, readStix } from '../../shared/detections/indicator-lists/stix.ts';
import { tableColumns, tableRow, valueAlone, type TableColumns } from '../../shared/detections/indicator-lists/table.ts';
import { CsvRows, csvFields, type CsvPiece } from '../import/csv-rows.ts';

/** JSON is read whole; feeds of MISP and STIX come in pages far below this. */
const largestJson = 512 * 1024 * 1024;

/** The pieces of a file: a STIX bundle, JSON of MISP, CSV with headings, or a value a line. @throws UsageError for other files. */
export async function* readListFile(path: string): AsyncGenerator<ListPiece> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new UsageError(`there is no file '${path}'`);
  const head = await headOf(path);
  const { name } = encodingOf(head);
  if (name !== 'utf-8' && name !== 'utf-16le') throw new UsageError(`'${path}' is ${name.toUpperCase()}; save it as UTF-8`);
  const text = head.toString(name === 'utf-8' ? 'utf8' : 'utf16le').replace(/^\uFEFF/, '');
  if (!/^\s*[[{]/.test(text)) yield* tableOf(path, name);
  else if (found.size > largestJson) throw new UsageError(`'${path}' has more than 512 MB of JSON; split it`);
  else yield* jsonOf(path, name);
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

type Encoding = 'utf-8' | 'utf-16le';

async function* jsonOf(path: string, encoding: Encoding): AsyncGenerator<ListPiece> {
  const json = parsed((await readFile(path)).toString(encoding === 'utf-8' ? 'utf8' : 'utf16le'), path);
  if (isStixBundle(json)) yield* readStix(json);
  else if (isMisp(json)) yield* readMisp(json);
  else throw new UsageError(`'${path}' is JSON, and neither a STIX 2.1 bundle nor what MISP exports (an object with Event, or response)`);
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`'${path}' begins like JSON and is none: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

async function* tableOf(path: string, encoding: Encoding): AsyncGenerator<ListPiece> {
  const decoder = new TextDecoder(encoding);
  let rows: CsvRows | undefined;
  const table = new Table();
  for await (const chunk of createReadStream(path)) {
    const bytes = Buffer.from(decoder.decode(chunk as Buffer, { stream: true }));
    rows ??= new CsvRows((table.delimiter = delimiterOf(bytes.toString())));
    yield* table.pieces(rows.push(bytes));
  }
  if (rows) yield* table.pieces(rows.end());
}

/** The one that is most frequent in the first line that is no comment. */
function delimiterOf(text: string): string {
  const line = text.split(/\r\n|\r|\n/).find((one) => one.trim() !== '' && !one.startsWith('#')) ?? '';
  const counts = [',', ';', '\t', '|'].map((char) => ({ char, count: line.split(char).length }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).char;
}

class Table {
  delimiter = ',';
  private columns: TableColumns | undefined;

  *pieces(rows: readonly CsvPiece[]): Generator<ListPiece> {
    for (const row of rows) {
      const text = row.bytes.toString();
      // Feeds explain themselves in lines that begin with a number sign; one that names columns is read as such.
      if (text.trim() === '' || (text.startsWith('#') && this.columns)) continue;
      const fields = row.kind === 'row' ? csvFields(row.bytes, this.delimiter.charCodeAt(0), row.quoting) : undefined;
      if (!fields) yield refused(text, row.kind === 'broken' ? row.why : 'does not keep to the quoting');
      else yield* this.piece(fields.map((field) => field.toString().replaceAll('""', '"')));
    }
  }

  private *piece(fields: readonly string[]): Generator<ListPiece> {
    const isComment = fields[0]?.startsWith('#') === true;
    const named = this.columns ? undefined : tableColumns(fields.map((field) => field.replace(/^#\s*/, '').replaceAll('"', '')));
    if (named) this.columns = named;
    else if (!isComment) yield tableRow(fields, (this.columns ??= valueAlone));
  }
}
