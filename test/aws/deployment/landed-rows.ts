/** What lies in the emulator's bucket, row by row. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from '../../../shared/domain/literal.ts';
import type { LandedRow } from '../../../simulator/verdict.ts';

/** A copy of the bucket's raw objects. Objects never change, so each is fetched once. */
export class LakeCopy {
  private readonly files = new Map<string, string>();
  private readonly s3: S3Client;
  private readonly bucket: string;
  private readonly folder: string;

  constructor(s3: S3Client, bucket: string, folder: string) {
    this.s3 = s3;
    this.bucket = bucket;
    this.folder = folder;
  }

  /** What has landed, by its key: a copy of each object. */
  async landed(): Promise<ReadonlyMap<string, string>> {
    await this.refresh();
    return this.files;
  }

  /** The keys that are there now. */
  async refresh(): Promise<readonly string[]> {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.s3 }, { Bucket: this.bucket, Prefix: 'raw/msft' })) {
      for (const { Key = '' } of Contents) if (!this.files.has(Key)) this.files.set(Key, await this.fetch(Key));
    }
    return [...this.files.keys()];
  }

  async rows(duckdb: DuckDBConnection, tenantId: string): Promise<LandedRow[]> {
    await this.refresh();
    const files = [...this.files.values()].map(literal);
    if (files.length === 0) return [];
    const reader = await duckdb.runAndReadAll(
      `SELECT log_type, content_id, raw FROM read_parquet([${files.join(', ')}], union_by_name = true) WHERE tenant_id = ${literal(tenantId)}`,
    );
    return reader.getRows().map(([logTypeId, contentId, raw]) => ({
      logTypeId: String(logTypeId),
      contentId: contentId === null ? null : String(contentId),
      raw: String(raw),
    }));
  }

  private async fetch(Key: string): Promise<string> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key }));
    const file = join(this.folder, `${String(this.files.size)}.parquet`);
    await writeFile(file, (await Body?.transformToByteArray()) ?? new Uint8Array());
    return file;
  }
}
