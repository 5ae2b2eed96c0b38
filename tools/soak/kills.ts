/** Faults over HTTP and `kill -9` at random for minutes; then the verdict, record by record. */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../local/clock.ts';
import { connect } from '../../local/connect.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { openLedger } from '../../local/ledger.ts';
import { judge } from '../../cli/run/judge.ts';
import { verdictLine } from '../../cli/run/report.ts';
import { tenantsInMemory } from '../../cli/run/simulated-tenant.ts';
import { seededWorld } from '../../simulator/seeded-world.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { simulatedTenant } from '../../simulator/tenants.ts';
import type { World } from '../../simulator/world.ts';
import { jobRef, type JobRecord } from '../../shared/domain/fetch-job.ts';
import { hours, minutes, seconds, type Instant } from '../../shared/domain/window.ts';
import { makePlace, startProduct, type Place, type Running } from './product.ts';
import { badWeather, faultLines, weatherOf } from './weather.ts';

const seedDataMs = hours(12);
/** Between two kills, on average. */
const killEveryMs = seconds(20);
const runsAtMost = 6;

/** In so many minutes every fault happens; a shorter soak shows something of those that did. */
const enoughMinutes = 3;

/**
 * Runs the product over HTTP against a failing simulator, killing it again and again.
 *
 * @returns Whether everything landed exactly once.
 */
export async function soakUnderKills(minutesLong: number, seed: number): Promise<boolean> {
  const startAt = systemClock.now();
  const world = seededWorld({ seed: `soak ${String(seed)}`, startAt, tenants: [simulatedTenant({ name: 'contoso', subscribed: [] })] });
  const place = await makePlace(world, startAt - seedDataMs);
  const options = { world, clock: systemClock, quirks: { legacyAlerts: 'served', graphPageSize: 100 } as const };
  const faulty = await startSimulator({
    ...options,
    faults: weatherOf(seed),
  });
  const healed = await startSimulator(options);
  try {
    const kills = await killAgainAndAgain(place, faulty, { startAt, minutesLong, seed });
    const { faults } = faulty.requestLog;
    const listedAt = await collectTheRest(place, healed);
    const verdict = await verdictOf(place, world, healed, listedAt);
    const wrong = [...faults.values()].reduce((sum, count) => sum + count, 0);
    console.log(
      `${String(kills)} kills in ${String(minutesLong)} minutes, ${String(wrong)} requests that went wrong: ${verdictLine(verdict)}`,
    );
    for (const line of faultLines(faults)) console.log(`  ${line}`);
    const unseen = badWeather.filter((fault) => !faults.has(fault));
    if (unseen.length > 0) console.log(`  never happened, so nothing is shown about: ${unseen.join(', ')}; soak for longer`);
    for (const example of verdict.examples) console.log(`  ${example}`);
    const isShown = unseen.length === 0 || minutesLong < enoughMinutes;
    const held = verdict.missing === 0 && verdict.repeated === 0 && isShown;
    if (!held) console.log(`the lake is kept for a look: ${place.lake}`);
    else await place.remove();
    return held;
  } finally {
    await Promise.all([faulty.close(), healed.close()]);
  }
}

interface Soaking {
  readonly startAt: Instant;
  readonly minutesLong: number;
  readonly seed: number;
}

/**
 * Every other run lists everything at once, for those that go on for ever are killed before the last of their first lists. A busy machine
 * gets twice the time for what has not happened yet.
 */
async function killAgainAndAgain(place: Place, simulator: Simulator, { startAt, minutesLong, seed }: Soaking): Promise<number> {
  const { faults } = simulator.requestLog;
  const isMissing = (): boolean => minutesLong >= enoughMinutes && badWeather.some((fault) => !faults.has(fault));
  const isOn = (): boolean => systemClock.now() < startAt + minutes(minutesLong * (isMissing() ? 2 : 1));
  let kills = 0;
  for (let state = seed >>> 0; isOn();) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const run = startProduct(place, simulator, kills % 2 === 0 ? 'once' : 'for ever');
    await firstRequest(simulator, run);
    await Promise.race([sleep(killEveryMs * (0.25 + (1.5 * state) / 2 ** 32)), run.ended]);
    run.child.kill('SIGKILL');
    await run.ended;
    kills += 1;
  }
  return kills;
}

/** A run lives from its first request on: to start takes a busy machine longer than a run may live. */
async function firstRequest({ requestLog }: Simulator, { child }: Running): Promise<void> {
  const count = (): number =>
    [...requestLog.requests.values()].flatMap((routes) => [...routes.values()]).reduce((sum, one) => sum + one, 0);
  const before = count();
  while (count() === before && child.exitCode === null) await sleep(50);
}

/** Until a run has nothing left that is parked for trouble. @returns When the last run began to list. */
async function collectTheRest(place: Place, simulator: Simulator): Promise<Instant> {
  for (let runs = 1; ; runs += 1) {
    await letParksPass(place);
    const listedAt = systemClock.now();
    const run = startProduct(place, simulator, 'once');
    const code = await run.ended;
    if (code === 0 && (await parkedJobs(place)).length === 0) return listedAt;
    console.log(
      `run ${String(runs)} after the faults ended with exit code ${String(code)}: ${run.output().trim().split('\n').at(-1) ?? ''}`,
    );
    if (runs === runsAtMost) return listedAt;
  }
}

/** As if the time had gone by that jobs were parked for. */
async function letParksPass(place: Place): Promise<void> {
  const ledger = openLedger(join(place.lake, 'ledger.sqlite'));
  try {
    for (const { job, state } of await parkedJobs(place)) await ledger.postponeJob(jobRef(job), state.dueAt ?? 0, systemClock.now());
  } finally {
    ledger.close();
  }
}

/** Those that were parked for trouble, not for their turn. */
async function parkedJobs({ lake }: Place): Promise<JobRecord[]> {
  const ledger = openLedger(join(lake, 'ledger.sqlite'), { readOnly: true });
  try {
    return (await ledger.pendingJobs()).filter(({ state }) => state.parks > 0);
  } finally {
    ledger.close();
  }
}

async function verdictOf({ lake, tenant }: Place, world: World, simulator: Simulator, listedAt: Instant) {
  const folder = await openLakeFolder(lake, { exclusive: true });
  const silent = { info: ignore, warn: ignore, error: ignore };
  const adapters = await connect(folder, {
    tenants: tenantsInMemory(tenant, world),
    clock: systemClock,
    log: silent,
    hostOverride: { baseUrl: simulator.baseUrl },
  });
  const reader = await openLakeReader(lake);
  try {
    const streams = (await adapters.ledger.streams()).map(({ stream }) => stream);
    return await judge(world, adapters, reader, streams, {
      from: tenant.collectFrom ?? 0,
      listedAt,
      endedAt: systemClock.now(),
      isFirstRun: false,
    });
  } finally {
    await reader.close();
    adapters.close();
    folder.close();
  }
}

function ignore(): void {
  // The verdict says what matters.
}
