/** `lake duckdb`: the lake as a database file for DuckDB's own tools. */

import type { Command } from 'commander';
import { duckdbFileName, writeDuckDbFile } from '../../local/duckdb-file.ts';
import { asUsage } from '../../local/exit.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { shellWord } from '../terminal/shell-word.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { toStdout } from './output.ts';

const help = `
The file has every dataset and view of the lake as views over its files, and no data. They are named as paths from the lake folder: start
DuckDB there. It shows what had landed when it was written; write it again for what has landed or was compacted since. A collector may
be running, which deletes files an hour after it compacted them: then write it again at the latest.

Examples:
  lake duckdb && cd .lake && duckdb lake.duckdb
  lake duckdb && cd .lake && duckdb -ui lake.duckdb`;

/** Adds the command. */
export function duckdbCommand(program: Command): void {
  program
    .command('duckdb')
    .summary("write lake.duckdb, for DuckDB's own tools")
    .description(`Writes ${duckdbFileName} into the lake folder: its datasets and views for DuckDB's command line, its UI, and Python.`)
    .addOption(lakeOption())
    .addHelpText('after', help)
    .action(duckdb);
}

async function duckdb({ lake }: LakeChoice): Promise<void> {
  const folder = await asUsage(() => openLakeFolder(lake, { exclusive: false }));
  const tables = await writeDuckDbFile(folder);
  await toStdout(`wrote ${duckdbFileName}, ${String(tables)} tables and views: cd ${shellWord(folder.path)} && duckdb ${duckdbFileName}\n`);
}
