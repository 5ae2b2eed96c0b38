import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { openJobs } from '../../local/jobs.ts';
import { openLakeFolder, type LakeFolder } from '../../local/lake-folder.ts';
import { LocalLake } from '../../local/lake.ts';
import { openLedger, type LocalLedger } from '../../local/ledger.ts';
import { jobRef, type FetchJob, type JobState } from '../../shared/domain/fetch-job.ts';
import { exchange, signIns } from '../contracts/samples.ts';
import type { Lake } from '../../shared/ports/lake.ts';
import { children } from '../helpers/child.ts';
import { alongsideOf, childOf, contentOf, finishOf, jobOf, keyOf, throttleOf } from '../helpers/rounds.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const startChild = children();

/** A generator of numbers below 1 that is the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Adapters {
  readonly folder: LakeFolder;
  readonly ledger: LocalLedger;
  readonly lake: Lake;
}

async function withAdapters<T>(path: string, work: (adapters: Adapters) => Promise<T>): Promise<T> {
  const folder = await openLakeFolder(path, { exclusive: true });
  const ledger = openLedger(folder.ledgerFile);
  try {
    return await work({ folder, ledger, lake: new LocalLake({ root: folder.path, temp: folder.objectsTemp }) });
  } finally {
    ledger.close();
    folder.close();
  }
}

/** Runs the writer on the folder, kills it after some lines and a moment more, and answers what it had printed as done. */
async function killedRun(path: string, next: () => number): Promise<readonly string[]> {
  const child = startChild(new URL('./write-until-killed.ts', import.meta.url), path);
  await child.printed(2 + Math.floor(next() * 60));
  await new Promise((resolve) => setTimeout(resolve, next() * 8));
  await child.kill();
  return child.lines;
}

describe.each([1, 2, 3])('kill -9 at moments of seed %i', (seed) => {
  test('what was answered stays, what was cut off is whole or not there', async () => {
    const next = random(seed);
    const path = await makeFolder();
    for (let run = 0; run < 2; run += 1) {
      const lines = await killedRun(path, next);
      const last = Math.max(...lines.map((line) => Number(line.split(' ')[1]))) + 1;
      await withAdapters(path, async (adapters) => {
        for (const line of lines.slice(1)) await checkAnswered(line, adapters);
        for (let round = 0; round <= last; round += 1) await checkWhole(round, adapters);
        expect(await readdir(adapters.folder.objectsTemp)).toEqual([]);
        await checkQueue(lines, adapters);
      });
    }
  });
});

/** Whatever the writer printed as done is done. */
async function checkAnswered(line: string, { ledger, lake, folder }: Adapters): Promise<void> {
  const [verb, number] = line.split(' ');
  const round = Number(number);
  const job = await ledger.readJob(jobRef(jobOf(round)));
  if (verb === 'created') expect(job).toBeDefined();
  if (verb === 'put') expect(await lake.get(keyOf(round), folder.workTemp)).toBeDefined();
  if (verb === 'finished') expect(job?.state.state).toBe('landed');
  if (verb === 'committed') expect((await ledger.readCursor(signIns))?.version).toBeGreaterThan(round);
}

/** Each write is all or nothing, printed as done or not. */
async function checkWhole(round: number, { ledger, lake, folder }: Adapters): Promise<void> {
  const job = jobOf(round);
  const state = async (one: FetchJob): Promise<JobState['state'] | undefined> => (await ledger.readJob(jobRef(one)))?.state.state;
  const contentIds = job.members.map((member) => member.contentId);

  const made = await state(job);
  expect((await ledger.claims(exchange, contentIds)).size).toBe(made ? contentIds.length : 0);

  const isFinal = made === 'landed';
  const losses = (await ledger.losses(exchange)).filter((loss) => loss.jobId === job.jobId);
  expect(losses).toEqual(isFinal ? finishOf(round).losses : []);
  expect(await state(childOf(round))).toBe(isFinal ? 'pending' : undefined);

  const file = await lake.get(keyOf(round), folder.workTemp);
  if (isFinal) expect(file).toBeDefined();
  if (file) expect((await readFile(file, 'utf8')) === contentOf(round)).toBe(true);

  const { version = 0, watermarks = [] } = (await ledger.readCursor(signIns)) ?? {};
  const { jobs, gaps } = alongsideOf(round);
  const isCommitted = version > round;
  expect(watermarks).toEqual(version === 0 ? [] : [version - 1]);
  expect(await Promise.all(jobs.map(state))).toEqual(jobs.map(() => (isCommitted ? 'pending' : undefined)));
  const found = (await ledger.gaps(signIns)).filter((gap) => gap.from === gaps[0]?.from);
  expect(found).toEqual(isCommitted ? gaps : []);
}

/** What was sent and not acked is there, and visible at once, whoever had it when he died. */
async function checkQueue(lines: readonly string[], { folder }: Adapters): Promise<void> {
  const queue = openJobs(folder.queueFile, { throttleOf, redeliver: true });
  const { queued } = await queue.size(0);
  const visible = await queue.receive('content', queued + 1, 60_000, 1);
  expect(visible).toHaveLength(queued);
  for (const delivery of visible) await queue.release(delivery.receipt);
  const committed = lines.filter((line) => line.startsWith('committed')).length;
  // Each round sends two and acks one.
  expect(queued).toBeGreaterThanOrEqual(committed);
  queue.close();
}
