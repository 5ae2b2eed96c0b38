/** The statement that derives a normalized object: one raw object in, one Parquet file out, the rows in the raw rows' order. */

import { duckdbType } from '../domain/columns.ts';
import type { ObjectMetadata } from '../domain/landing-key.ts';
import { literal } from '../domain/scope.ts';
import { rawDataset } from '../log-types/raw-dataset.ts';
import type { LogType } from '../log-types/log-type.ts';
import { normalizedSelect, type NormalizedDataset } from './normalized-dataset.ts';

export interface DeriveRequest {
  readonly dataset: NormalizedDataset;
  /** Whose records the raw object holds. */
  readonly logType: LogType;
  /** The raw object as a file. */
  readonly raw: string;
  /** Its key, which every row names. */
  readonly object: string;
  readonly into: string;
  /** Written into the file's key-value metadata. */
  readonly metadata: ObjectMetadata;
}

/** @param columnsThere Names of the raw object's columns. */
export function deriveStatement(request: DeriveRequest, columnsThere: ReadonlySet<string>): string {
  const { dataset, logType, object, into, metadata } = request;
  const select = normalizedSelect(dataset, {
    rows: rowsSql(request, columnsThere),
    logTypeId: logType.id,
    dataset: logType.dataset,
    object,
  });
  const pairs = Object.entries(metadata).map(([key, value]) => `"${key}": ${literal(value)}`);
  return `COPY (${select}) TO ${literal(into)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE ${String(rowGroupRows)}, KV_METADATA {${pairs.join(', ')}})`;
}

/** A writer holds a row group; these rows are a fraction of the raw ones. */
const rowGroupRows = 40_960;

/** An object that landed before a column was declared does not have it: it says nothing there. */
function rowsSql({ logType, raw }: DeriveRequest, columnsThere: ReadonlySet<string>): string {
  const missing = rawDataset(logType.dataset).columns.filter(({ name }) => !columnsThere.has(name));
  const nulls = missing.map(({ name, type }) => `, CAST(NULL AS ${duckdbType(type)}) AS ${name}`);
  return `(SELECT *${nulls.join('')} FROM read_parquet(${literal(raw)}))`;
}
