/** `lake console`: the lake, or a deployment, as a page of this machine. */

import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { minutes, seconds } from '../../shared/domain/window.ts';
import { systemClock } from '../../local/clock.ts';
import { UsageError } from '../../local/exit.ts';
import { openBackend, type BackendChoice } from '../console/backend.ts';
import { pageFiles } from '../console/page-files.ts';
import { startConsole, type RunningConsole } from '../console/server.ts';
import { addTenantsOptions } from './tenant/tenants-choice.ts';
import { wholeNumber } from './options.ts';
import { toStderr, toStdout } from './output.ts';

type ConsoleChoice = BackendChoice & { readonly port: number; readonly idle: number };

const help = `
The page is served to this machine alone (127.0.0.1), to whoever has the address that is printed: it holds a token of this session. Nothing
is sent anywhere else; with --aws, AWS is asked with your own credentials, and what Athena scanned is shown with every answer.

It ends with Ctrl-C, or after an hour in which nobody asked for anything. A collector may be at work on the lake meanwhile.

Examples:
  lake console
  lake console --lake my-lake --port 8080
  lake console --aws`;

/** Adds the command. */
export function consoleCommand(program: Command): void {
  const command = program
    .command('console')
    .summary('open the console: search, findings, tenants, health')
    .description('Serves a page of this machine over a lake folder, or over a deployment.');
  addTenantsOptions(command)
    .option('--port <port>', 'the port (default: any that is free)', wholeNumber(0), 0)
    .option('--idle <minutes>', 'end after so long without a request; 0 for never', wholeNumber(0), 60)
    .option('--simulator <url>', "test tenants against a running 'lake simulate' instead of Microsoft")
    .addHelpText('after', help)
    .action(serve);
}

async function serve({ port, idle, ...choice }: ConsoleChoice): Promise<void> {
  const files = pageFiles();
  const backend = await openBackend(choice);
  const token = randomBytes(24).toString('base64url');
  const running = await startConsole({ backend, files, token, port, now: () => systemClock.now() }).catch(async (error: unknown) => {
    await backend.close();
    throw new UsageError(
      `port ${String(port)} of 127.0.0.1 cannot be listened at (${String((error as NodeJS.ErrnoException).code)}): choose another with --port`,
    );
  });
  try {
    await files;
    await toStdout(`${running.url}\n`);
    toStderr(`The console is open at that address until Ctrl-C${idle === 0 ? '' : `, or ${String(idle)} minutes without a request`}.\n`);
    await untilIdle(running, idle === 0 ? Infinity : minutes(idle));
  } finally {
    await running.close();
    await Promise.race([backend.close(), systemClock.sleep(seconds(2))]);
  }
  // A query amid a file is not waited for: its engine ends with the process, and nothing is left running.
  process.exit(0);
}

/** Resolves at Ctrl-C, or once nobody has asked for so long. */
async function untilIdle({ askedAt }: RunningConsole, idleMs: number): Promise<void> {
  const stopped = new AbortController();
  const stop = (): void => {
    stopped.abort();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  while (!stopped.signal.aborted && systemClock.now() - askedAt() < idleMs) await systemClock.sleep(Math.min(200, seconds(1)));
}
