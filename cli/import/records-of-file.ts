import { csvRecords } from './csv-records.ts';
import { fileBytes, type ReadingNotes } from './file-bytes.ts';
import { fileFormat, formatHeadBytes, type FileFormat } from './file-format.ts';
import type { Found } from './found.ts';
import { JsonElements } from './json-elements.ts';
import { jsonLines } from './json-lines.ts';

/**
 * Everything in a file that stands where a record should, in its order, read as it is taken.
 *
 * A file that breaks off (a damaged archive, a disk) gives what is before the damage, then an error.
 *
 * @param format Of {@link formatOfFile}.
 */
export async function* recordsOfFile(file: string, format: FileFormat, notes: ReadingNotes = {}): AsyncGenerator<Found> {
  let line = 0;
  try {
    for await (const found of recordsIn(fileBytes(file, notes), format, notes)) {
      line = found.line;
      yield found;
    }
  } catch (error) {
    // Only reading throws in there: nobody else's errors are taken for the file's.
    yield {
      kind: 'bad',
      line: line + 1,
      bytes: Buffer.alloc(0),
      why: `the file cannot be read any further: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** @throws When the file cannot be read at all. */
export async function formatOfFile(file: string): Promise<FileFormat> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of fileBytes(file)) {
      pieces.push(piece);
      size += piece.length;
      if (size >= formatHeadBytes) break;
    }
  } catch (error) {
    // What was before the damage may be enough.
    if (size === 0) throw isOfArchive(error) ? new Error(`'${file}' ${damaged} (${error.message})`, { cause: error }) : error;
  }
  return fileFormat(Buffer.concat(pieces).subarray(0, formatHeadBytes));
}

const damaged = 'is a damaged archive, or one that something else follows: unpack it with gunzip, and import what comes out';

/** Of zlib, by its code. */
function isOfArchive(error: unknown): error is { readonly message: string } {
  return typeof error === 'object' && error !== null && 'code' in error && 'message' in error && String(error.code).startsWith('Z_');
}

/** The pieces of a text in UTF-8. */
export function recordsIn(
  chunks: AsyncIterable<Buffer>,
  format: FileFormat,
  { onGuess = () => undefined }: ReadingNotes = {},
): AsyncIterable<Found> {
  switch (format.kind) {
    case 'json':
      return jsonElements(chunks);
    case 'csv':
      return csvRecords(chunks, format.delimiter, onGuess);
    case 'json-lines':
    case 'unknown':
      return jsonLines(chunks, onGuess);
  }
}

async function* jsonElements(chunks: AsyncIterable<Buffer>): AsyncGenerator<Found> {
  const elements = new JsonElements();
  for await (const chunk of chunks) yield* elements.push(chunk);
  yield* elements.end();
}
