/** Compaction in Trino: the very MERGE statements and view texts of the deployment, over Iceberg tables of its own metastore. */

import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { glueColumn, viewParameters, viewText } from '../../shared/datasets/presto-view.ts';
import { quoted, shownColumns, type CompactedTable } from '../../shared/domain/compacted-table.ts';
import { compactedViewSelect, type ViewedHours } from '../../shared/domain/compacted-view.ts';
import { compactedColumns, mergeStatement } from '../../shared/domain/compaction-statements.ts';
import type { HourRange } from '../../shared/domain/landing-hour.ts';
import { prestoType } from '../../shared/domain/presto-type.ts';
import { writeMetastore, type TableInput } from './metastore.ts';
import { runOnTrino } from './trino-client.ts';

/** Moves every second object of each dataset into the next hour's folder, so that half of a lake that landed in one hour can be compacted. */
export async function spreadOverTwoHours(lake: string, dt: string, hours: readonly [string, string]): Promise<void> {
  const [from, to] = hours.map((hour) => `hr=${hour}`) as [string, string];
  for (const dataset of await readdir(join(lake, 'raw'))) {
    const day = join(lake, 'raw', dataset, `dt=${dt}`);
    const names = (await readdir(join(day, from))).sort();
    await mkdir(join(day, to));
    for (const name of names.filter((_, index) => index % 2 === 1)) await rename(join(day, from, name), join(day, to, name));
  }
}

/** What CREATE TABLE of the deployment makes, in Trino's words: Athena's DDL is another dialect than its queries. */
export async function createTables(url: string, database: string, tables: readonly CompactedTable[]): Promise<void> {
  for (const table of tables) {
    const columns = compactedColumns(table).map(({ name, type }) => `${quoted(name)} ${prestoType(type)}`);
    await runOnTrino(
      url,
      database,
      `CREATE TABLE iceberg.${database}.${table.compacted} (${columns.join(', ')})
       WITH (partitioning = ARRAY['day(event_time)'], format_version = 2)`,
    );
  }
}

/** Merges the hours into every table. @returns Rows written, by dataset. */
export async function mergeAll(
  url: string,
  database: string,
  tables: readonly CompactedTable[],
  hours: HourRange,
): Promise<ReadonlyMap<string, number>> {
  const merged = new Map<string, number>();
  for (const table of tables) {
    const { rows } = await runOnTrino(url, database, mergeStatement(table, hours));
    merged.set(table.dataset, Number(rows[0]?.[0] ?? 0));
  }
  return merged;
}

/** Writes the text of every view, as the station `compact` writes it into Glue. */
export async function writeViews(lake: string, database: string, tables: readonly CompactedTable[], hours: ViewedHours): Promise<void> {
  const inputs = tables.map((table) => viewTable(table, database, hours));
  await writeMetastore(join(lake, 'trino-metastore'), database, inputs, (place) => place);
}

function viewTable(table: CompactedTable, database: string, hours: ViewedHours): TableInput {
  const columns = shownColumns(table);
  const select = compactedViewSelect(table, hours);
  const { original, expanded } = viewText({ name: table.view, database, description: '', columns, select });
  return {
    Name: table.view,
    TableType: 'VIRTUAL_VIEW',
    Parameters: viewParameters,
    StorageDescriptor: {
      Columns: columns.map(glueColumn).map(({ name, type, comment }) => ({ Name: name, Type: type, Comment: comment })),
    },
    ViewOriginalText: original,
    ViewExpandedText: expanded,
  };
}
