import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { literal } from '../shared/domain/literal.ts';
import { asPattern } from './lake-sql.ts';

/** What a Parquet file says of itself at its end. */
interface ParquetFooter {
  readonly rows: number;
  /** The file's own key-value metadata, but for what the writer adds under names of its own. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Reads what a Parquet file holds of itself. */
export type ReadFooter = (file: string) => Promise<ParquetFooter>;

/**
 * Reads the footer only, whatever the size of the file.
 *
 * @throws When the file is not a complete Parquet file.
 */
export const readFooter: ReadFooter = async (file) => {
  const duckdb = await connection();
  const pairs = await duckdb.runAndReadAll('SELECT decode(key), decode(value) FROM parquet_kv_metadata($1)', [file]);
  const counts = await duckdb.runAndReadAll('SELECT num_rows FROM parquet_file_metadata($1)', [file]);
  const metadata = Object.fromEntries(pairs.getRows().map(([key, value]) => [String(key), String(value)]));
  return { rows: Number(counts.getRows()[0]?.[0]), metadata };
};

/**
 * The names of what Parquet files hold of themselves, in the order of the files.
 *
 * @throws When a file is not a complete Parquet file.
 */
export async function metadataNames(files: readonly string[]): Promise<readonly ReadonlySet<string>[]> {
  const duckdb = await connection();
  const patterns = files.map((file) => literal(asPattern(file))).join(', ');
  const pairs = await duckdb.runAndReadAll(`SELECT DISTINCT file_name, decode(key) FROM parquet_kv_metadata([${patterns}])`);
  const found = new Map<string, Set<string>>(files.map((file) => [file, new Set()]));
  for (const [file, name] of pairs.getRows()) found.get(String(file))?.add(String(name));
  return [...found.values()];
}

let opened: Promise<DuckDBConnection> | undefined;

/** Opened at the first use: a process that reads no footer does not pay for it. */
function connection(): Promise<DuckDBConnection> {
  // Without a cache: an object may be replaced by one that says more, and keeps its time of change (local/erasure).
  opened ??= DuckDBInstance.create(':memory:', { threads: '1', enable_external_file_cache: 'false' }).then((instance) =>
    instance.connect(),
  );
  return opened;
}
