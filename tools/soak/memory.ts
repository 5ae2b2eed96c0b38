/** The memory of a run that lands many records: it has to be the same after a quarter of them and after all. */

import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../local/clock.ts';
import { benchWorld } from '../../simulator/bench-world.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { hours } from '../../shared/domain/window.ts';
import { landedRecords, makePlace, startProduct } from './product.ts';

const recordBytes = 1_000;
const recordsABlob = 500;
/** What is looked at before each mark, of all records. */
const beforeMark = 0.15;
/** The highest at the last mark, against the highest at the first: what was needed once is kept by the allocators, and needed again. */
const mayGrowBy = 1.25;

/**
 * Lands so many records in a process of its own and watches its memory.
 *
 * @returns Whether it stayed below its limit.
 */
export async function soakMemory(records: number): Promise<boolean> {
  const startAt = systemClock.now();
  const world = benchWorld({ startAt, records, recordBytes, blobs: Math.ceil(records / recordsABlob) });
  const place = await makePlace(world, startAt - hours(21));
  const simulator = await startSimulator({ world, clock: systemClock, throttle: 'off' });
  const run = startProduct(place, simulator, 'once');
  const marks = [0.25, 0.5, 1].map((share) => ({ records: records * share, samples: [] as number[] }));
  try {
    while (run.child.exitCode === null && run.child.signalCode === null) {
      const [rss, landed] = [await residentMb(run.child.pid ?? 0), await landedRecords(place)];
      // What the run shows at its end reads the whole lake, and has a limit of its own.
      const mark = marks.find((one) => landed < one.records && landed >= one.records - records * beforeMark);
      mark?.samples.push(rss);
      await sleep(250);
    }
    const landed = await landedRecords(place);
    const [first, last] = [marks[0], marks.at(-1)];
    for (const { records: at, samples } of marks) {
      console.log(`at ${at.toLocaleString('en-US')} records: ${median(samples).toFixed(0)} MiB, at most ${peak(samples).toFixed(0)}`);
    }
    const held = landed === records && peak(last?.samples) <= peak(first?.samples) * mayGrowBy;
    console.log(
      `${landed.toLocaleString('en-US')} of ${records.toLocaleString('en-US')} records landed, memory ${held ? 'flat' : 'NOT flat'}`,
    );
    if (landed !== records) console.log(run.output());
    return held;
  } finally {
    run.child.kill('SIGKILL');
    await run.ended;
    await simulator.close();
    await place.remove();
  }
}

const peak = (samples: readonly number[] = []): number => samples.reduce((most, one) => Math.max(most, one), 0);

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;
}

/** 0 once the process has gone. Linux only. */
async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_024;
}
