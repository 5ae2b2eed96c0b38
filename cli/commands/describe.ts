/** `lake describe`: the columns of a dataset. */

import type { Command } from 'commander';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { isLogTypeId, logTypeById } from '../../shared/log-types/index.ts';
import { lakeTables, type LakeTable } from '../../local/lake-views.ts';
import { terminalStyle } from '../terminal/terminal-style.ts';
import { table } from '../terminal/table.ts';
import { UsageError } from '../../local/exit.ts';
import { lakeOption } from './options.ts';
import { describeTable, type TableDescription } from './describe/describe-table.ts';
import { prettyJson, toStdout } from './output.ts';

const help = `
The source of a column is a JSON path in the record: a.b is field b of field a; a[*].b is field b of every element of a. For a normalized
dataset, the columns of the raw dataset it is derived from come first. Examples are made up.

The columns are known before anything has landed.

Examples:
  lake describe msft_azure_ad
  lake describe msft_o365_sharepoint_online_raw --json`;

/** Adds the command. */
export function describeCommand(program: Command): void {
  program
    .command('describe')
    .summary('show the columns of a dataset or view')
    .description('Shows the columns of a dataset or view: type, meaning, source in the record, and an example.')
    .argument('<dataset>', "name of a dataset or view, as listed by 'lake datasets'")
    .addOption(lakeOption())
    .option('--json', 'print one object')
    .addHelpText('after', help)
    .action(describe);
}

async function describe(name: string, options: { readonly json?: true }): Promise<void> {
  const description = describeTable(tableByName(name));
  await toStdout(options.json ? `${prettyJson(description)}\n` : page(description));
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

function page({ name, kind, what, logTypes, columns }: TableDescription): string {
  const rows = columns.map((column) => [column.name, column.type, column.meaning, column.source, column.example]);
  const headings = ['column', 'type', 'meaning', 'source', 'example'].map((heading) => ({ name: heading }));
  return `${name} (${kind}): ${what}\nlog types: ${logTypes.join(', ')}\n\n${table(headings, rows, { ...terminalStyle(), long: 'wrap' })}\n`;
}
