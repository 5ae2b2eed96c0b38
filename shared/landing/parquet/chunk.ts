/** A leaf column of one row group as bytes: a dictionary page where it saves something, then data pages. */

import type { ColumnMetaData, Statistics } from 'hyparquet';
import type { Leaf } from '../engine/leaf.ts';
import { PageWriter } from './pages.ts';

/** A column chunk, to be written as it is. */
export interface Chunk {
  readonly bytes: readonly Uint8Array[];
  /** Offsets count from the chunk's first byte. */
  readonly about: ColumnMetaData;
}

/** Bytes of a data page before it is packed: what is in one page is read together. */
export const pageBytes = 1_000_000;
/** What is smaller is not worth packing. */
const packedFrom = 1_000;
/** A dictionary is read whole before the first value. */
const largestDictionary = 1_000_000;

/** The rows in an order. */
export interface Order {
  /** Where their numbers are in the engine's memory. */
  readonly address: number;
  readonly rows: number;
}

/** The leaf's rows in that order, packed with zstd where that saves something. */
export function leafChunk(leaf: Leaf, order: Order): Chunk {
  const pool = poolOf(leaf);
  const plain = leaf.engine.calls.plainSize(leaf.address);
  const indexed = pool.content.length + order.rows;
  const isDictionary = pool.isDictionary && leaf.shape.type !== 'boolean' && indexed < plain && pool.content.length <= largestDictionary;
  const isPacked = (isDictionary ? indexed : plain) >= packedFrom;
  const pages = new PageWriter(isPacked);
  if (isDictionary) pages.dictionary(pool.content, pool.count);
  const firstPage = pages.size;
  const { values, entries } = dataPages(leaf, order, isDictionary, pages);
  return {
    bytes: pages.bytes,
    about: {
      type: physicalTypes[leaf.shape.type],
      encodings: isDictionary ? ['PLAIN', 'RLE', 'RLE_DICTIONARY'] : ['PLAIN', 'RLE'],
      path_in_schema: [...leaf.shape.path],
      codec: isPacked ? 'ZSTD' : 'UNCOMPRESSED',
      num_values: BigInt(entries),
      total_uncompressed_size: BigInt(pages.unpacked),
      total_compressed_size: BigInt(pages.size),
      data_page_offset: BigInt(firstPage),
      ...(isDictionary ? { dictionary_page_offset: 0n } : {}),
      statistics: { null_count: BigInt(entries - values), ...bounds(leaf) },
    },
  };
}

const physicalTypes = { text: 'BYTE_ARRAY', long: 'INT64', time: 'INT64', double: 'DOUBLE', boolean: 'BOOLEAN' } as const;

/** A leaf's values as they lie in the engine's memory; gone when memory grows. */
interface Values {
  readonly content: Buffer;
  readonly count: number;
  readonly isDictionary: boolean;
  /** A value's own bytes. */
  value(code: number): Buffer;
}

function poolOf(leaf: Leaf): Values {
  const { address } = leaf;
  const { calls, bytes } = leaf.engine;
  const start = calls.dictionaryStart(address);
  return {
    content: bytes.subarray(start, start + calls.dictionaryLength(address)),
    count: calls.valueCount(address),
    isDictionary: leaf.isDictionary(),
    value: (code) => bytes.subarray(calls.startOfValue(address, code), calls.endOfValue(address, code)),
  };
}

function dataPages({ shape, engine, address }: Leaf, order: Order, isDictionary: boolean, pages: PageWriter) {
  const { calls } = engine;
  let [values, entries, from] = [0, 0, 0];
  do {
    const to = calls.fillPage(address, order.address, from, order.rows, isDictionary ? 1 : 0, isDictionary ? -1 : pageBytes);
    const page = { values: calls.valuesInPage(), entries: calls.entriesInPage(), rows: to - from };
    pages.data({
      ...page,
      encoding: isDictionary ? 'RLE_DICTIONARY' : 'PLAIN',
      repetitions:
        shape.maxRepetition === 0 ? noBytes : Uint8Array.from(bytesAt(engine, calls.repetitionsStart(), calls.repetitionsLength())),
      definitions: Uint8Array.from(bytesAt(engine, calls.definitionsStart(), calls.definitionsLength())),
      bytes: bytesAt(engine, calls.valuesStart(), calls.valuesLength()),
    });
    values += page.values;
    entries += page.entries;
    from = to;
  } while (from < order.rows);
  return { values, entries };
}

const noBytes = new Uint8Array();

/** A view of the engine's memory; gone when memory grows. */
function bytesAt(engine: Leaf['engine'], start: number, length: number): Uint8Array {
  return engine.bytes.subarray(start, start + length);
}

/** Of all values in the pool. */
function bounds(leaf: Leaf): Statistics {
  const { shape, engine, address } = leaf;
  const pool = poolOf(leaf);
  if (pool.count === 0) return {};
  const read = {
    text: (bytes: Buffer) => Uint8Array.from(bytes),
    long: (bytes: Buffer) => bytes.readBigInt64LE(),
    time: (bytes: Buffer) => bytes.readBigInt64LE(),
    double: (bytes: Buffer) => bytes.readDoubleLE(),
    boolean: (bytes: Buffer) => bytes[0] === 1,
  }[shape.type];
  const { calls } = engine;
  return { min_value: read(pool.value(calls.least(address))), max_value: read(pool.value(calls.greatest(address))) };
}
