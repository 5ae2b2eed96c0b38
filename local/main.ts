/** `lake <command>`: everything one machine can do. Each command is a file of commands/. */

import { Command, CommanderError } from 'commander';
import { datasetsCommand } from './commands/datasets.ts';
import { describeCommand } from './commands/describe.ts';
import { exitCodeOf, exitCodesHelp } from './commands/exit.ts';
import { importCommand } from './commands/import.ts';
import { endQuietlyWithReader } from './commands/output.ts';
import { queryCommand } from './commands/query.ts';
import { simulateCommand } from './commands/simulate.ts';
import { startCommand } from './commands/start.ts';

/** Runs one command line; the answer is the process' exit code. */
async function main(parameters: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(parameters, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    complain(error);
    return exitCodeOf(error);
  }
}

function program(): Command {
  const lake = new Command('lake')
    .description('Collects Microsoft 365 and Entra logs into Parquet files of your own, and queries them.')
    .addHelpText('afterAll', exitCodesHelp)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  for (const add of [startCommand, queryCommand, datasetsCommand, describeCommand, importCommand, simulateCommand]) add(lake);
  return lake;
}

function complain(error: unknown): void {
  const isDebugged = process.env.LAKE_DEBUG === '1';
  const said = error instanceof Error ? ((isDebugged ? error.stack : undefined) ?? error.message) : String(error);
  process.stderr.write(`lake: ${said}\n`);
}

endQuietlyWithReader();
process.exitCode = await main(process.argv.slice(2));
