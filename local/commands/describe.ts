/** `lake describe`: the columns of a dataset. */

import type { Command } from 'commander';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { isLogTypeId, logTypeById } from '../../shared/log-types/index.ts';
import type { RowsKept } from '../../shared/domain/views.ts';
import { openLakeReader } from '../lake-reader.ts';
import { lakeTables, logTypeIdsOf, type LakeTable } from '../lake-views.ts';
import { paperOf } from '../terminal/paper.ts';
import { table } from '../terminal/table.ts';
import { UsageError } from './exit.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { toStdout } from './output.ts';
import { describeColumns, type ColumnDescription } from './describe/describe-table.ts';

const help = `
The source of a column is a JSON path in the record: a.b is field b of field a, a[*].b is b of every element of a.
Works before anything has landed: the columns are declared, not found.

Examples:
  lake describe msft_azure_ad
  lake describe msft_o365_sharepoint_online_raw --json`;

/** Adds the command. */
export function describeCommand(program: Command): void {
  program
    .command('describe')
    .summary('show the columns of a dataset or view')
    .description('Shows the columns of a dataset or view: type, meaning, and where in the record each comes from.')
    .argument('<dataset>', "a dataset's or view's name; 'lake datasets' lists them")
    .addOption(lakeOption())
    .option('--json', 'print one object')
    .addHelpText('after', help)
    .action(describe);
}

async function describe(name: string, options: LakeChoice & { readonly json?: true }): Promise<void> {
  const one = tableByName(name);
  const columns = one.kind === 'normalized' ? await columnsInLake(one.name, options.lake) : describeColumns(one.raw);
  await toStdout(options.json ? `${JSON.stringify({ ...about(one), columns }, undefined, 2)}\n` : page(one, columns));
}

/** @throws UsageError naming the nearest known one; for a log type, its dataset. */
export function tableByName(name: string): LakeTable {
  const tables = lakeTables();
  const found = tables.find((one) => one.name === name.toLowerCase());
  if (found) return found;
  if (isLogTypeId(name)) throw new UsageError(`'${name}' is a log type; its records land in '${logTypeById(name).dataset}': describe that`);
  const names = tables.map((one) => one.name);
  throw new UsageError(unknownWord('dataset', name, names));
}

function about(one: LakeTable): { name: string; kind: string; what: string; logTypes: readonly string[] } {
  return { name: one.name, kind: one.kind, what: whatIsIn(one), logTypes: logTypeIdsOf(one) };
}

function whatIsIn(one: LakeTable): string {
  if (one.kind === 'raw') return `every record as often as it was served; ${one.raw.view} has each once`;
  if (one.kind === 'view') return `of ${one.dataset}, ${kept(one.raw.keeps)}`;
  return 'derived from raw datasets';
}

function kept(keeps: RowsKept): string {
  if (keeps.kind === 'one per record key') return 'one row per record key and tenant';
  const by = keeps.timeColumn === undefined ? 'as landed last' : `by ${keeps.timeColumn}, then as landed last`;
  return `the newest version per record_id and tenant, ${by}`;
}

/** A normalized dataset declares a select: its columns are the select's. */
async function columnsInLake(name: string, lake: string): Promise<ColumnDescription[]> {
  const reader = await openLakeReader(lake, name);
  try {
    const result = await reader.query(`DESCRIBE ${name}`);
    return (await result.getRows()).map(([column, type]) => ({ name: String(column), type: String(type), meaning: '', source: '' }));
  } finally {
    await reader.close();
  }
}

function page(one: LakeTable, columns: readonly ColumnDescription[]): string {
  const { name, kind, what, logTypes } = about(one);
  const rows = columns.map((column) => [column.name, column.type, column.meaning, column.source]);
  const headings = ['column', 'type', 'meaning', 'source'].map((heading) => ({ name: heading }));
  return `${name} (${kind}): ${what}\nlog types: ${logTypes.join(', ')}\n\n${table(headings, rows, { ...paperOf(), long: 'wrap' })}\n`;
}
