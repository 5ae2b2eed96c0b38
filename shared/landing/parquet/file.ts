/** A Parquet file, written row group by row group. */

import { open, type FileHandle } from 'node:fs/promises';
import type { FileMetaData, RowGroup } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { giveBack } from '../../domain/give-back.ts';
import type { Chunk } from './chunk.ts';
import type { ColumnSchema } from './schema.ts';

/** The file while it is written; {@link ParquetFile.finish} makes it complete. */
export class ParquetFile {
  private readonly schema: FileMetaData['schema'];
  private readonly handle: FileHandle;
  private readonly groups: RowGroup[] = [];
  private rows = 0;
  private size = 0;

  /** Makes the file, or empties it. What cannot take even its first bytes, on a full disk, is closed again. */
  static async create(path: string, columns: readonly ColumnSchema[]): Promise<ParquetFile> {
    const file = new ParquetFile(await open(path, 'w'), columns);
    try {
      await file.write([magic]);
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  private constructor(handle: FileHandle, columns: readonly ColumnSchema[]) {
    this.handle = handle;
    this.schema = [{ name: 'schema', num_children: columns.length }, ...columns.flatMap(({ elements }) => elements)];
  }

  /** @param chunks Every leaf of the schema, in its order. Their bytes are empty afterwards. */
  async addRowGroup(chunks: readonly Chunk[], rows: number): Promise<void> {
    let [offset, unpacked] = [this.size, 0n];
    const columns = chunks.map(({ about, bytes }) => {
      const at = BigInt(offset);
      for (const { length } of bytes) offset += length;
      unpacked += about.total_uncompressed_size;
      return { file_offset: 0n, meta_data: moved(about, at) };
    });
    this.groups.push({ columns, total_byte_size: unpacked, num_rows: BigInt(rows) });
    this.rows += rows;
    const parts = chunks.flatMap(({ bytes }) => bytes);
    await this.write(parts);
    for (const part of parts) giveBack(part);
  }

  /** Writes the footer. @returns Bytes of the whole file. */
  async finish(metadata: Readonly<Record<string, string>>): Promise<number> {
    const footer = new ByteWriter();
    writeMetadata(footer, {
      version: 2,
      created_by: 'm365-audit-lake',
      schema: this.schema,
      num_rows: BigInt(this.rows),
      row_groups: this.groups,
      key_value_metadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    } as FileMetaData);
    await this.write([footer.getBytes(), magic]);
    await this.close();
    return this.size;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async write(bytes: readonly Uint8Array[]): Promise<void> {
    for (let from = 0; from < bytes.length; from += partsAtOnce) {
      const parts = bytes.slice(from, from + partsAtOnce);
      const length = parts.reduce((sum, part) => sum + part.length, 0);
      const { bytesWritten } = await this.handle.writev(parts);
      if (bytesWritten !== length)
        throw new Error(`the disk took ${String(bytesWritten)} of ${String(length)} bytes; make room and try again`);
      this.size += length;
    }
  }
}

const magic = Buffer.from('PAR1');
/** Less than any system's limit for one call. */
const partsAtOnce = 512;

function moved(about: Chunk['about'], by: bigint): Chunk['about'] {
  const { data_page_offset, dictionary_page_offset } = about;
  return {
    ...about,
    data_page_offset: data_page_offset + by,
    ...(dictionary_page_offset === undefined ? {} : { dictionary_page_offset: dictionary_page_offset + by }),
  };
}
