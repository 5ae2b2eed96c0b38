/** How soon everything is there while a share of all answers fails. */

import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../local/clock.ts';
import { benchWorld } from '../../simulator/bench-world.ts';
import { parseFaults } from '../../simulator/faults.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { hours, minutes, seconds } from '../../shared/domain/window.ts';
import { landedRecords, makePlace, startProduct } from './product.ts';

const records = 20_000;
const blobs = 1_000;
/** The last record is there so much later than in the calm at most: a machine that is busy with other work is slow in both. */
const longestMs = seconds(15);
const givenUpMs = minutes(5);
/** Each in equal parts: an error, a dead connection, a body cut off in the middle and one cut off cleanly, throttling. */
const kinds = ['500', 'reset', 'cut-short', 'truncated', 'AF429'] as const;

/**
 * Collects a day of one log type in the calm, and again while so many of a hundred answers of the Management Activity API fail.
 *
 * @returns Whether everything had landed in time.
 */
export async function soakHealing(percent: number, seed: number): Promise<boolean> {
  const calmMs = await collect(0, seed);
  const failingMs = await collect(percent, seed);
  return calmMs !== undefined && failingMs !== undefined && failingMs - calmMs <= longestMs;
}

/** @returns How long it took until the last record had landed; undefined when that did not happen. */
async function collect(percent: number, seed: number): Promise<number | undefined> {
  const startAt = systemClock.now();
  const world = benchWorld({ startAt, records, blobs, recordBytes: 500 });
  const place = await makePlace(world, startAt - hours(24), 'audit-exchange');
  const share = Object.fromEntries(kinds.map((kind) => [kind, percent / 100 / kinds.length]));
  const faults = parseFaults({ seed: `heals ${String(seed)}`, rates: { 'content-fetch': share, 'content-list': share } });
  const simulator = await startSimulator({ world, clock: systemClock, faults });
  const run = startProduct(place, simulator, 'for ever');
  try {
    const begun = systemClock.now();
    let landed = 0;
    while (landed < records && systemClock.now() - begun < givenUpMs && run.child.exitCode === null) {
      await sleep(100);
      landed = await landedRecords(place);
    }
    const tookMs = systemClock.now() - begun;
    const requests = [...(simulator.requestLog.requests.get('content-fetch')?.values() ?? [])].reduce((sum, count) => sum + count, 0);
    console.log(
      `${String(percent)} % of answers fail: ${String(landed)} of ${String(records)} records after ${(tookMs / 1_000).toFixed(1)} s, ${(requests / blobs).toFixed(2)} requests a blob`,
    );
    return landed === records ? tookMs : undefined;
  } finally {
    run.child.kill('SIGKILL');
    await run.ended;
    await simulator.close();
    await place.remove();
  }
}
