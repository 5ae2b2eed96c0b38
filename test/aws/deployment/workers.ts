/** The processes in which the emulator runs functions. */

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { systemClock } from '../../../local/clock.ts';
import type { Instant } from '../../../shared/domain/window.ts';
import type { Emulator } from '../../../tools/aws-emulator.ts';

/** How long each function's process may live, in turns: some die while they start, some in the middle, some near the end of their work. */
const livesMs = [700, 1_500, 4_000, 1_000, 2_500, 6_000, 1_200, 1_800, 900, 3_000];

/**
 * Kills every process of a function after a while, again and again; the emulator starts another one for the next invocation.
 *
 * @param patience How many times as long each may live: on a busy machine nothing but starts would be hit otherwise.
 */
export async function killWorkersUntil(emulator: Pick<Emulator, 'pid'>, end: Instant, patience = 1): Promise<void> {
  const diesAt = new Map<number, Instant>();
  for (let now = systemClock.now(); now < end; now = systemClock.now()) {
    for (const pid of await workersOf(emulator)) {
      const lifetimeMs = (livesMs[diesAt.size % livesMs.length] ?? 0) * patience;
      if (!diesAt.has(pid)) diesAt.set(pid, now + lifetimeMs);
      if ((diesAt.get(pid) ?? 0) <= now) kill(pid);
    }
    await setTimeout(100);
  }
}

/** Kills the processes of one function. @param namePart Part of its name. @returns How many there were. */
export async function killWorkersOf({ pid }: Pick<Emulator, 'pid'>, namePart: string): Promise<number> {
  // With their environment, which has the function's name.
  const { stdout } = await promisify(execFile)('ps', ['axeww', '-o', 'pid=,ppid=,command='], { maxBuffer: 64e6 });
  const pids = stdout.split('\n').flatMap((line) => {
    const [own, parent] = line.trim().split(/\s+/);
    const name = /\sAWS_LAMBDA_FUNCTION_NAME=(\S+)/.exec(line)?.[1] ?? '';
    return parent === String(pid) && name.includes(namePart) ? [Number(own)] : [];
  });
  for (const own of pids) kill(own);
  return pids.length;
}

/** Fetches that ended because their process died, as the emulator's log has them. It does not log those of lists. */
export async function killedFetches({ logFile }: Pick<Emulator, 'logFile'>): Promise<number> {
  return (await readFile(logFile, 'utf8')).match(/^Worker process died/gm)?.length ?? 0;
}

async function workersOf({ pid }: Pick<Emulator, 'pid'>): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-Ao', 'pid=,ppid=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [own, parent, ...args] = line.trim().split(/\s+/);
    return parent === String(pid) && args.some((arg) => arg.endsWith('_worker.js')) ? [Number(own)] : [];
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It ended by itself since it was listed.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
