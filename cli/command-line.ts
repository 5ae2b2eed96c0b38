/** `lake <command>`. Each command is a file of commands/. */

import { readFile } from 'node:fs/promises';
import { Command, CommanderError } from 'commander';
import { exitCodeOf, exitCodesHelp } from '../local/exit.ts';
import { fileCure } from '../local/file-cures.ts';
import { printableLines } from '../shared/printable.ts';

/**
 * @param next The word after the command's name: a command with subcommands loads only the one that is called.
 * @param everyCommand Loads the program with every command.
 */
type AddCommand = (program: Command, next: string | undefined, everyCommand: () => Promise<Command>) => void | Promise<void>;

/** In the order of the help. Each is loaded when it is called, because DuckDB, the simulator and Microsoft's client are slow to load. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  start: async () => (await import('./commands/start.ts')).startCommand,
  query: async () => (await import('./commands/query.ts')).queryCommand,
  queries: async () => (await import('./commands/queries.ts')).queriesCommand,
  console: async () => (await import('./commands/console.ts')).consoleCommand,
  datasets: async () => (await import('./commands/datasets.ts')).datasetsCommand,
  describe: async () => (await import('./commands/describe.ts')).describeCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  compact: async () => (await import('./commands/compact.ts')).compactCommand,
  duckdb: async () => (await import('./commands/duckdb.ts')).duckdbCommand,
  keep: async () => (await import('./commands/keep.ts')).keepCommand,
  expire: async () => (await import('./commands/expire.ts')).expireCommand,
  erase: async () => (await import('./commands/erase.ts')).eraseCommand,
  normalize: async () => (await import('./commands/normalize.ts')).normalizeCommand,
  tenant: async () => (await import('./commands/tenant.ts')).tenantCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  reconcile: async () => (await import('./commands/reconcile.ts')).reconcileCommand,
  lateness: async () => (await import('./commands/lateness.ts')).latenessCommand,
  backfill: async () => (await import('./commands/backfill.ts')).backfillCommand,
  findings: async () => (await import('./commands/findings.ts')).findingsCommand,
  detect: async () => (await import('./commands/detect.ts')).detectCommand,
  rules: async () => (await import('./commands/rules.ts')).rulesCommand,
  indicators: async () => (await import('./commands/indicators.ts')).indicatorsCommand,
  status: async () => (await import('./commands/status.ts')).statusCommand,
  simulate: async () => (await import('./commands/simulate.ts')).simulateCommand,
  completion: async () => (await import('./commands/completion.ts')).completionCommand,
};

/** Where help, usage errors and failures are written. The result of a command goes to stdout. */
export interface CommandOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/**
 * Runs one command line. Never throws: a failure is written to `output.err`.
 *
 * @param parameters Without the name of the program.
 * @returns The exit code of the process, as `local/exit.ts` defines it.
 */
export async function runCommandLine(parameters: readonly string[], output: CommandOutput): Promise<number> {
  forgetExitCode();
  try {
    await (await programFor(parameters, output)).parseAsync(parameters, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    output.err(`lake: ${printableLines(messageOf(error))}\n`);
    return exitCodeOf(error);
  }
}

/** What an earlier command line of this process ended with is not the answer of the next one. */
function forgetExitCode(): void {
  process.exitCode = undefined;
}

/** The program with the command that is called; with every command where that is unknown, for the help and the suggestions. */
async function programFor([name = '', next]: readonly string[], output: CommandOutput): Promise<Command> {
  const program = new Command('lake')
    .description('Collects Microsoft 365 and Entra logs into Parquet files of your own, and queries them.')
    .version(await version())
    .addHelpText('afterAll', exitCodesHelp)
    .configureOutput({
      writeOut: output.out,
      writeErr: (text) => {
        output.err(printableLines(text));
      },
    })
    .exitOverride();
  const called = Object.hasOwn(commands, name) ? [commands[name]] : Object.values(commands);
  for (const load of called) await (await load?.())?.(program, next, () => programFor([], output));
  return program;
}

async function version(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (process.env.LAKE_DEBUG === '1') return error.stack ?? error.message;
  const cure = fileCure(error);
  return cure === undefined || error.message.includes(cure) ? error.message : `${error.message}; ${cure}`;
}
