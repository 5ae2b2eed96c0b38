/** The column of whole records: copied from where they were read, byte for byte. */

import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import { giveBack } from '../../domain/give-back.ts';
import { pageBytes, type Chunk } from './chunk.ts';
import { PageWriter } from './pages.ts';
import type { LeafShape } from '../engine/leaf.ts';

/** Where records are in the engine's memory. */
export interface Spans {
  readonly starts: number[];
  readonly ends: number[];
}

/** The records in that order, as a column of texts. */
export function rawChunk(shape: LeafShape, memory: Buffer, spans: Spans, order: Uint32Array): Chunk {
  const page = Buffer.allocUnsafe(2 * pageBytes);
  const pages = new PageWriter(true);
  for (let from = 0; from < order.length || from === 0;) {
    const { to, size } = pageFrom(spans, order, from);
    const rows = to - from;
    pages.data({
      encoding: 'PLAIN',
      rows,
      entries: rows,
      values: rows,
      repetitions: noLevels,
      definitions: allThere(rows),
      bytes: copied(memory, spans, order.subarray(from, to), size <= page.length ? page.subarray(0, size) : Buffer.allocUnsafe(size)),
    });
    if (order.length === 0) break;
    from = to;
  }
  giveBack(page);
  return {
    bytes: pages.bytes,
    about: {
      type: 'BYTE_ARRAY',
      encodings: ['PLAIN', 'RLE'],
      path_in_schema: [...shape.path],
      codec: 'ZSTD',
      num_values: BigInt(order.length),
      total_uncompressed_size: BigInt(pages.unpacked),
      total_compressed_size: BigInt(pages.size),
      data_page_offset: 0n,
      statistics: { null_count: 0n },
    },
  };
}

function pageFrom(spans: Spans, order: Uint32Array, from: number): { to: number; size: number } {
  let [to, size] = [from, 0];
  while (to < order.length && size < pageBytes) {
    const row = order[to++] ?? 0;
    size += lengthBytes + (spans.ends[row] ?? 0) - (spans.starts[row] ?? 0);
  }
  return { to, size };
}

function copied(memory: Buffer, spans: Spans, order: Uint32Array, out: Buffer): Buffer {
  let at = 0;
  for (const row of order) {
    const [start = 0, end = 0] = [spans.starts[row], spans.ends[row]];
    out.writeInt32LE(end - start, at);
    at += lengthBytes + memory.copy(out, at + lengthBytes, start, end);
  }
  return out;
}

const lengthBytes = 4;

const noLevels = new Uint8Array();

/** Definition levels of a page without a NULL: one run of ones. */
function allThere(rows: number): Uint8Array {
  const levels = new ByteWriter(8);
  writeRleBitPackedHybrid(levels, new Uint8Array(rows).fill(1), 1);
  return levels.getBytes();
}
