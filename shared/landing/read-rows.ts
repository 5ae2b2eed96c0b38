/** Rows of a Parquet file in JavaScript: what rules are asked of. */

import { zstdDecompressSync } from 'node:zlib';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import type { Row } from '../detections/compile/row.ts';

/**
 * The rows of a file, a row group at a time (at most 80 MB of records), in their order.
 *
 * @param columns Only these are read; those that the file does not have are left out of the rows.
 */
export async function* readRows(path: string, columns: readonly string[]): AsyncGenerator<readonly Row[]> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
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

/** How our own files are packed, see parquet/chunk.ts. */
const compressors = { ZSTD: (packed: Uint8Array): Uint8Array => zstdDecompressSync(packed) };
