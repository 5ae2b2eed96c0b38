/** A command that is run for each finding, with the finding as JSON on its standard input. */

import { spawn } from 'node:child_process';
import type { Channel, SendOutcome } from '../../shared/notifications/channel.ts';
import { genericJson } from '../../shared/notifications/message.ts';
import { printable } from '../../shared/printable.ts';

const timeoutMs = 60_000;
/** Secrets of tenants may stand in the environment; a command gets none of it but this. */
const passedOn = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR'];

/**
 * @param command Run by the shell exactly as it was given: nothing of a finding is ever part of it.
 * @param env Of this process.
 */
export function openCommand(command: string, env: Readonly<Record<string, string | undefined>>): Channel {
  return { id: 'exec', form: 'each', send: (message) => run(command, `${genericJson(message)}\n`, env) };
}

async function run(command: string, input: string, env: Readonly<Record<string, string | undefined>>): Promise<SendOutcome> {
  const child = spawn('/bin/sh', ['-c', command], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: Object.fromEntries(passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    // A group of its own, so that what it has started ends with it.
    detached: true,
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = `${errors}${text}`.slice(-200);
  });
  // A command that does not read its input closes the pipe: that is its own affair.
  child.stdin.on('error', () => undefined).end(input);
  const outcome = await new Promise<SendOutcome>((resolve) => {
    child.on('error', (error) => {
      resolve({ kind: 'failed', because: `the command could not be started: ${error.message}` });
    });
    // Not `close`: something that it left behind may hold its output open.
    child.on('exit', (code, signal) => {
      resolve(code === 0 ? { kind: 'taken' } : { kind: 'failed', because: `the command ended with ${signal ?? String(code)}` });
    });
  });
  endGroup(child.pid);
  child.stderr.destroy();
  if (outcome.kind === 'taken' || errors.trim() === '') return outcome;
  return { ...outcome, because: `${outcome.because}: ${printable(errors.trim())}` };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is left of it.
  }
}
