/**
 * Kills the pipeline at random moments and runs it again on the same lake: the verdict must still be 0 missing, 0 repeated.
 *
 * `npm run kill-test -- --kills 20 --lakes 4 [--records DIR] [--seed N]`: for each lake its share of kills, then one run to the end. After each
 * kill `lake compact` begins on what has landed so far, and is killed too, a moment after it has begun to write a compacted file; how many of
 * these kills found it at work is printed.
 */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
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
/** Compaction is killed so long, or less, after it has begun to write. */
const compactingMs = 400;
const lookMs = 5;

let [failures, killedAtWork] = [0, 0];
const moments = momentsOf(Number(values.seed), kills);
for (let number = 0; number < lakes; number += 1) {
  const share = moments.filter((_, index) => index % lakes === number);
  if (!(await survives(share))) failures += 1;
}
console.log(
  `${String(kills)} kills on ${String(lakes)} lakes, ${String(failures)} lakes with a wrong verdict; compaction was at work in ${String(killedAtWork)} of its kills`,
);
process.exitCode = failures === 0 ? 0 : 1;

/** One lake: killed after each of these moments, then run to the end. */
async function survives(killAfterMs: readonly number[]): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'kill-test-'));
  try {
    for (const ms of killAfterMs) {
      await kill(start(folder, 'ignore'), ms);
      killedAtWork += await killCompaction(folder, ms % compactingMs);
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

/** @returns 1 when it had begun to write and had not ended; it has nothing to do where nothing has landed since. */
async function killCompaction(folder: string, afterMs: number): Promise<number> {
  const before = await writtenBy(folder);
  const run = lake('compact', folder, 'ignore', 'ignore');
  const ended = exit(run);
  // Drafts that an earlier kill has left are removed first.
  const hasBegun = async (): Promise<boolean> => (await writtenBy(folder)).some((name) => !before.includes(name));
  while (isRunning(run) && !(await hasBegun())) await sleep(lookMs);
  await Promise.race([sleep(afterMs), ended]);
  run.kill('SIGKILL');
  return (await ended) === null ? 1 : 0;
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** What compaction writes: files that are moved when they are whole, and the manifest of those that count. */
async function writtenBy(folder: string): Promise<string[]> {
  const lakeFolder = join(folder, 'lake');
  const names = await readdir(join(lakeFolder, 'temp', 'objects')).catch(() => []);
  const manifest = await stat(join(lakeFolder, 'compacted.sqlite'), { bigint: true }).catch(() => undefined);
  return [...names.filter((name) => name.startsWith('part-')), String(manifest?.mtimeNs)];
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
