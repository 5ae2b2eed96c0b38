import type { DuckDBConnection } from '@duckdb/node-api';
import type { Columns, GivenName } from '../../../shared/domain/columns.ts';
import { sqlMacros } from '../../../shared/domain/sql-macros.ts';
import { columnSql, literal, type NamedSql } from '../../../shared/domain/sql.ts';
import { connectDuckDb } from '../../../shared/parquet.ts';

/** A DuckDB that reads columns from records, without files: each record is an object, or JSON text where its spelling matters. */
export async function openColumnValues() {
  const duckdb = await connectDuckDb({ memoryMb: 200, spillFolder: '/nowhere' });
  for (const macro of sqlMacros) await duckdb.run(macro);
  return {
    of: (columns: Columns, record: object | string) =>
      valuesOf(duckdb, columns, typeof record === 'string' ? record : JSON.stringify(record)),
    close: () => {
      duckdb.closeSync();
    },
  };
}

async function valuesOf(duckdb: DuckDBConnection, columns: Columns, record: string): Promise<Readonly<Record<string, unknown>>> {
  const { records, layers, expressions } = columnSql(columns, givens);
  const from = layers.reduce(
    (below, layer) => `SELECT *, ${layer.map(named).join(', ')} FROM (${below})`,
    `SELECT raw, ${records.map(named).join(', ')} FROM (SELECT CAST(${literal(record)} AS JSON) AS raw)`,
  );
  const result = await duckdb.runAndReadAll(`SELECT ${expressions.map(named).join(', ')} FROM (${from})`);
  return result.getRowObjectsJson()[0] ?? {};
}

const named = ({ name, sql }: NamedSql): string => `${sql} AS "${name}"`;

const givens: Readonly<Record<GivenName, string>> = {
  tenant_id: "'11111111-1111-4111-8111-111111111111'",
  tenant_name: "'contoso'",
  cloud: "'enterprise'",
  log_type: "'given'",
  vendor: "'msft'",
  product: "'given'",
  content_id: "'20261122$blob'",
  landed_at: "TIMESTAMPTZ '2026-11-22 09:00:00+00'",
};
