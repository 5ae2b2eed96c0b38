/** The statements that derive normalized objects: one raw object in, one Parquet file out, the rows in the raw rows' order. */

import { duckdbType } from '../domain/columns.ts';
import type { ObjectMetadata } from '../domain/landing-key.ts';
import { literal } from '../domain/literal.ts';
import { rawDataset } from '../log-types/raw-dataset.ts';
import type { LogType } from '../log-types/log-type.ts';
import { normalizedSelect, occurringSelect, type NormalizedDataset, type RawRows } from './normalized-dataset.ts';

/** A raw object on this machine, to derive rows from. */
export interface RawFile {
  /** Whose records the raw object holds. */
  readonly logType: LogType;
  /** The raw object as a file. */
  readonly raw: string;
  /** Its key, which every row names. */
  readonly object: string;
}

/** One normalized object to be made from a raw one. */
export interface DeriveRequest extends RawFile {
  readonly dataset: NormalizedDataset;
  readonly into: string;
  /** Written into the file's key-value metadata. */
  readonly metadata: ObjectMetadata;
}

/** @param columnsThere Names of the raw object's columns. */
export function deriveStatement(request: DeriveRequest, columnsThere: ReadonlySet<string>): string {
  const { dataset, into, metadata } = request;
  const select = normalizedSelect(dataset, rawRows(request, columnsThere));
  const pairs = Object.entries(metadata).map(([key, value]) => `"${key}": ${literal(value)}`);
  return `COPY (${select}) TO ${literal(into)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE ${String(rowGroupRows)}, KV_METADATA {${pairs.join(', ')}})`;
}

/** Which of the datasets occur in a raw object, see {@link occurringSelect}. @param columnsThere As of {@link deriveStatement}. */
export function occurringStatement(datasets: readonly NormalizedDataset[], from: RawFile, columnsThere: ReadonlySet<string>): string {
  return occurringSelect(datasets, rawRows(from, columnsThere));
}

/** A writer holds a row group; these rows are a fraction of the raw ones. */
const rowGroupRows = 40_960;

/** An object that landed before a column was declared does not have it: it is NULL there. */
function rawRows({ logType, raw, object }: RawFile, columnsThere: ReadonlySet<string>): RawRows {
  const missing = rawDataset(logType.dataset).columns.filter(({ name }) => !columnsThere.has(name));
  const nulls = missing.map(({ name, type }) => `, CAST(NULL AS ${duckdbType(type)}) AS ${name}`);
  const rows = `(SELECT *${nulls.join('')} FROM read_parquet(${literal(raw)}))`;
  return { rows, logTypeId: logType.id, dataset: logType.dataset, object };
}
