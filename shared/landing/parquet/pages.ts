/** The pages of one column chunk, packed. */

import { constants, zstdCompressSync } from 'node:zlib';
import type { Encoding, PageHeader } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { giveBack } from '../../domain/give-back.ts';

/** What stands in one data page. */
export interface DataPage {
  readonly encoding: Encoding;
  readonly rows: number;
  /** Values and NULLs. */
  readonly entries: number;
  /** Values. */
  readonly values: number;
  /** Levels, packed; empty where there is only one. */
  readonly repetitions: Uint8Array;
  readonly definitions: Uint8Array;
  /** The values as the encoding has them. */
  readonly bytes: Uint8Array;
}

/** Collects the pages of one column chunk. */
export class PageWriter {
  readonly bytes: Uint8Array[] = [];
  size = 0;
  unpacked = 0;
  private readonly isPacked: boolean;

  constructor(isPacked: boolean) {
    this.isPacked = isPacked;
  }

  dictionary(values: Uint8Array, count: number): void {
    const packed = this.pack(values);
    this.write(
      {
        type: 'DICTIONARY_PAGE',
        uncompressed_page_size: values.length,
        compressed_page_size: packed.length,
        dictionary_page_header: { num_values: count, encoding: 'PLAIN' },
      },
      [packed],
      values.length,
    );
  }

  /** Levels stay unpacked. */
  data(page: DataPage): void {
    const { entries, repetitions, definitions } = page;
    const packed = this.pack(page.bytes);
    const levels = repetitions.length + definitions.length;
    this.write(
      {
        type: 'DATA_PAGE_V2',
        uncompressed_page_size: levels + page.bytes.length,
        compressed_page_size: levels + packed.length,
        data_page_header_v2: {
          num_values: entries,
          num_nulls: entries - page.values,
          num_rows: page.rows,
          encoding: page.encoding,
          definition_levels_byte_length: definitions.length,
          repetition_levels_byte_length: repetitions.length,
          is_compressed: this.isPacked,
        },
      },
      [repetitions, definitions, packed],
      levels + page.bytes.length,
    );
  }

  /** Never a view of the engine's memory, which moves when it grows. */
  private pack(bytes: Uint8Array): Uint8Array {
    if (!this.isPacked) return Uint8Array.from(bytes);
    return bytes.length < largePage
      ? zstdCompressSync(bytes, { ...packing, chunkSize: Math.max(1_024, bytes.length >> 2) })
      : packedAtOnce(bytes);
  }

  private write(header: PageHeader, parts: readonly Uint8Array[], unpacked: number): void {
    const head = new ByteWriter(64);
    writePageHeader(head, header);
    for (const part of [head.getBytes(), ...parts]) {
      this.bytes.push(part);
      this.size += part.length;
    }
    this.unpacked += head.index + unpacked;
  }
}

const packing = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** Far beyond the buffers that Node takes from its common pool. */
const largePage = 262_144;

/** With room for the worst case zstd packs right from the page, for a fifth less than by way of buffers of its own. */
function packedAtOnce(bytes: Uint8Array): Uint8Array {
  const packed = zstdCompressSync(bytes, { ...packing, chunkSize: bytes.length + (bytes.length >> 8) + 1_024 });
  const exact = Uint8Array.from(packed);
  giveBack(new Uint8Array(packed.buffer));
  return exact;
}
