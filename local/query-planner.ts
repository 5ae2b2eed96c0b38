/** Asks DuckDB how it would run a query, for the event days that it needs of each dataset: files of other days need not even be named. */

import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlMacros } from '../shared/domain/sql-macros.ts';
import { connectDuckDb, type DuckDbLimits } from '../shared/landing/landing.ts';
import { daysWithin, type AskedDays } from './day-span.ts';
import { emptySelect } from './lake-sql.ts';
import { columnsOf, type LakeTable } from './lake-views.ts';

/** A DuckDB with the lake's tables and not one row, which says how a query would be run. */
export interface QueryPlanner {
  /**
   * The event days that the query's conditions leave, of each dataset of the tables. A query that cannot be planned asks for everything:
   * what is wrong with it is for who runs it to say.
   */
  askedDays(sql: string, tables: readonly LakeTable[]): Promise<AskedDays>;
  close(): void;
}

/** Opens one, which can reach no file. The caller closes it. */
export async function openQueryPlanner(limits: DuckDbLimits): Promise<QueryPlanner> {
  const connection = await connectDuckDb(limits);
  for (const macro of sqlMacros) await connection.run(macro);
  // A table without rows would be planned away.
  await connection.run("SET disabled_optimizers = 'statistics_propagation,empty_result_pullup'");
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  const known = new Set<string>();
  return {
    askedDays: async (sql, tables) => {
      for (const table of tables.filter(({ name }) => !known.has(name))) {
        await connection.run(definitionOf(table));
        known.add(table.name);
      }
      const datasets = tables.flatMap(({ kind, name }) => (kind === 'view' ? [] : [name]));
      return spansOf(await scansOf(connection, sql), datasets);
    },
    close: () => {
      connection.closeSync();
    },
  };
}

const definitionOf = (table: LakeTable): string =>
  table.kind === 'view'
    ? `CREATE VIEW ${table.name} AS ${table.view.select}`
    : `CREATE TABLE ${table.name} AS ${emptySelect(columnsOf(table))}`;

/** A reading of a table in a plan. */
interface Scan {
  readonly table: string;
  /** The conditions that every row has to meet. */
  readonly filters: readonly string[];
}

/** Empty where the statement cannot be planned. */
async function scansOf(connection: DuckDBConnection, sql: string): Promise<readonly Scan[]> {
  const explain = `EXPLAIN (FORMAT json) ${sql}`;
  try {
    const statements = await connection.extractStatements(explain);
    if (statements.count !== 1) return [];
    const rows = await (await statements.prepare(0)).runAndReadAll();
    const [, plan = '[]'] = rows.getRows().at(-1) ?? [];
    return scansIn(JSON.parse(String(plan)) as readonly PlanNode[]);
  } catch {
    return [];
  }
}

interface PlanNode {
  readonly extra_info?: { readonly Table?: string; readonly Filters?: string | readonly string[] };
  readonly children?: readonly PlanNode[];
}

function scansIn(nodes: readonly PlanNode[]): Scan[] {
  return nodes.flatMap(({ extra_info: info, children = [] }) => {
    const table = info?.Table?.split('.').at(-1);
    const own = table === undefined ? [] : [{ table, filters: [info?.Filters ?? []].flat() }];
    return [...own, ...scansIn(children)];
  });
}

function spansOf(scans: readonly Scan[], datasets: readonly string[]): AskedDays {
  const scansOfDataset = datasets.map((dataset) => [dataset, scans.filter(({ table }) => table === dataset)] as const);
  return new Map(
    scansOfDataset.filter(([, own]) => own.length > 0).map(([dataset, own]) => [dataset, own.map(({ filters }) => daysWithin(filters))]),
  );
}
