/**
 * Kills the pipeline at random moments and runs it again on the same lake: the verdict must still be 0 missing, 0 repeated.
 *
 * `npm run kill-test -- --kills 20 --lakes 4 [--records DIR] [--seed N]`: for each lake its share of kills, then one run to the end. After each
 * kill `lake compact` begins on what has landed so far, and is killed too.
 */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    lakes: { type: 'string', default: '4' },
    records: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const kills = Number(values.kills);
const lakes = Number(values.lakes);
/** A run has begun to write after the first, and has ended by the last. */
const [earliestMs, latestMs] = [400, 20_000];
/** It has ended by a tenth of the time. */
const compactionIsQuicker = 10;

let failures = 0;
const moments = momentsOf(Number(values.seed), kills);
for (let number = 0; number < lakes; number += 1) {
  const share = moments.filter((_, index) => index % lakes === number);
  if (!(await survives(share))) failures += 1;
}
console.log(`${String(kills)} kills on ${String(lakes)} lakes, ${String(failures)} lakes with a wrong verdict`);
process.exitCode = failures === 0 ? 0 : 1;

/** One lake: killed after each of these moments, then run to the end. */
async function survives(killAfterMs: readonly number[]): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'kill-test-'));
  try {
    for (const ms of killAfterMs) {
      await kill(start(folder, 'ignore'), ms);
      await kill(lake('compact', folder, 'ignore', 'ignore'), earliestMs + ms / compactionIsQuicker);
    }
    const last = start(folder, 'inherit');
    const code = await exit(last);
    console.log(`killed after ${killAfterMs.map((ms) => `${(ms / 1_000).toFixed(1)} s`).join(', ')}: exit code ${String(code)}`);
    return code === 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function kill(run: ChildProcess, afterMs: number): Promise<void> {
  const ended = exit(run);
  await Promise.race([sleep(afterMs), ended]);
  run.kill('SIGKILL');
  await ended;
}

function start(folder: string, output: 'ignore' | 'inherit'): ChildProcess {
  return lake('start', folder, output, 'inherit', values.records === undefined ? [] : ['--records', values.records]);
}

/** What it says of a lake that nothing has landed in is of no interest: `errors` are ignored then. */
function lake(
  command: 'start' | 'compact',
  folder: string,
  output: 'ignore' | 'inherit',
  errors: 'ignore' | 'inherit',
  options: readonly string[] = [],
): ChildProcess {
  const main = join(import.meta.dirname, '..', 'cli', 'main.ts');
  return spawn(process.execPath, [main, command, '--lake', join(folder, 'lake'), ...options], { stdio: ['ignore', output, errors] });
}

function exit(run: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => run.once('exit', resolve));
}

/** Random and repeatable. */
function momentsOf(seed: number, count: number): number[] {
  let state = seed >>> 0;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round(earliestMs + (state / 2 ** 32) * (latestMs - earliestMs));
  });
}
