/** Rows of a Parquet file in JavaScript: what rules are asked of. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { zstdDecompressSync } from 'node:zlib';
import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import type { Row } from '../detections/compile/row.ts';

/**
 * The rows of a file, a row group at a time (at most 80 MB of records), in their order.
 *
 * @param columns Only these are read; those that the file does not have are left out of the rows.
 */
export async function* readRows(path: string, columns: readonly string[]): AsyncGenerator<readonly Row[]> {
  const file = openFile(path);
  try {
    yield* groupsOf(file, columns);
  } finally {
    file.close();
  }
}

async function* groupsOf(file: OpenFile, columns: readonly string[]): AsyncGenerator<readonly Row[]> {
  const metadata = await parquetMetadataAsync(file, { initialFetchSize: footerBytes });
  const there = new Set(parquetSchema(metadata).children.map(({ element }) => element.name));
  const read = columns.filter((name) => there.has(name));
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await parquetReadObjects({ file, metadata, columns: read, rowStart, rowEnd, compressors });
    yield rows as readonly Row[];
    rowStart = rowEnd;
  }
}

/** Most footers are shorter; a longer one is read in two. */
const footerBytes = 65_536;

interface OpenFile {
  readonly byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
  close(): void;
}

/** A column is some kilobytes that were written a moment ago: a stream for each would take longer than what it brings. */
function openFile(path: string): OpenFile {
  const file = openSync(path, 'r');
  const byteLength = fstatSync(file).size;
  return {
    byteLength,
    slice: (start, end = byteLength) => {
      const bytes = new Uint8Array(end - start);
      for (let at = 0; at < bytes.length;) {
        const read = readSync(file, bytes, at, bytes.length - at, start + at);
        if (read === 0)
          return Promise.reject(new Error(`${path} ends at byte ${String(start + at)}, and was ${String(byteLength)} bytes long`));
        at += read;
      }
      return Promise.resolve(bytes.buffer);
    },
    close: () => {
      closeSync(file);
    },
  };
}

/** How our own files are packed, see parquet/chunk.ts. */
const compressors = { ZSTD: (packed: Uint8Array): Uint8Array => zstdDecompressSync(packed) };
