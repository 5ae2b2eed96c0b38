import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Runs a file of processes/ in a fresh process, and answers the one message that it sends. */
export async function runProcess<Report>(name: string, parameters: readonly string[]): Promise<Report> {
  const file = join(import.meta.dirname, 'processes', name);
  const child = spawn(process.execPath, [file, ...parameters], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  const [report] = (await Promise.race([
    once(child, 'message'),
    ended.then(([code]: unknown[]) => {
      throw new Error(`${name} ${parameters.join(' ')} ended with ${String(code)}`);
    }),
  ])) as [Report];
  await ended;
  return report;
}
