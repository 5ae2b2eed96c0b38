/** `lake start`: the whole pipeline against the simulator, in one process, with a verdict at its end. */

import { constants } from 'node:os';
import { landedDatasets, type DatasetChoice } from '../../shared/datasets/index.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { logTypes } from '../../shared/log-types/index.ts';
import { printable } from '../../shared/printable.ts';
import type { Channel } from '../../shared/notifications/channel.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import { openCollector, sourcesOf } from '../../local/collector.ts';
import { BadAnswer } from '../../local/exit.ts';
import { toStderr, toStdout } from '../commands/output.ts';
import { compactLake } from '../../local/compaction/compact-lake.ts';
import { makeLakeManifests } from '../../local/evidence/manifests-of-lake.ts';
import { connect, type Adapters } from '../../local/connect.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import type { LakeFolder } from '../../local/lake-folder.ts';
import { openLedger } from '../../local/ledger.ts';
import type { Skipped } from '../../simulator/records-world.ts';
import type { World } from '../../simulator/world.ts';
import { createProgress } from '../terminal/progress.ts';
import { rulesOfLake } from '../rules/rule-files.ts';
import { reportStyle } from '../terminal/terminal-style.ts';
import { count, span } from '../terminal/quantity.ts';
import { drain, type Drained } from './drain.ts';
import { findingsReport } from './findings-report.ts';
import { plantedIncidents } from './planted-incidents.ts';
import { judgeNormalized, normalizedLine } from './judge-normalized.ts';
import { judge } from './judge.ts';
import { countEvent, noProgress, progressLine, type ProgressCounts } from './progress-counts.ts';
import { datasetReport, printExamples, verdictLine } from './report.ts';
import { openSimulation, type Simulation } from './simulation.ts';
import { playSimulation } from './play-simulation.ts';
import { notifyAllNow } from './notifying.ts';
import { notSimulated } from './simulated-tenant.ts';

/** What is simulated: generated records of a seed (1 by default), or the records of a folder. */
export interface SimulatedRunOptions {
  readonly seed?: number;
  readonly records?: string;
}

interface Stage {
  /** Becomes true when somebody asks to stop. */
  readonly isStopped: () => boolean;
  readonly folder: LakeFolder;
  readonly clock: Clock;
  readonly log: Log;
  readonly datasets: DatasetChoice;
  /** Notified of findings, beside what is printed. */
  readonly channels: readonly Channel[];
}

/** Serves, collects, shows, judges. @throws BadAnswer when anything is missing or repeated, or a job failed. */
export async function simulatedRun(stage: Stage, options: SimulatedRunOptions): Promise<void> {
  const { folder, clock, log, datasets } = stage;
  const hasStreams = await heldByRealTenants(stage);
  const simulation = await openSimulation(folder, options, hasStreams, clock.now());
  const { world, skipped, simulator, tenant, tenants } = await playSimulation(simulation, clock);
  printSkipped(skipped);
  for (const line of notSimulated(logTypes.map(({ id }) => id))) toStderr(`${line}\n`);
  toStderr(`${openingLine(simulation, simulator.baseUrl, folder.path)}\n`);
  try {
    const adapters = await connect(folder, {
      tenants,
      clock,
      log,
      datasets,
      rules: await rulesOfLake(folder.path),
      hostOverride: { baseUrl: simulator.baseUrl },
    });
    try {
      await collectAndJudge(world, tenant, adapters, stage, simulation);
    } finally {
      adapters.close();
    }
  } finally {
    await simulator.close();
  }
}

async function collectAndJudge(
  world: World,
  tenant: Tenant,
  adapters: Adapters,
  { folder, isStopped, channels }: Stage,
  { isRemembered, records }: Simulation,
): Promise<void> {
  const { clock } = adapters;
  const listedAt = clock.now();
  const { drained, counts } = await collect(tenant, adapters, isStopped);
  if (isStopped()) {
    process.exitCode = 128 + constants.signals.SIGINT;
    return;
  }
  const endedAt = clock.now();
  await notifyAllNow(adapters, channels);
  await makeLakeManifests(folder, { clock });
  await compactLake(folder, { clock });
  const reader = await openLakeReader(folder.path);
  try {
    const style = reportStyle();
    await toStdout(`${await datasetReport(reader, clock.now(), style)}\n`);
    await printExamples(reader, style, toStdout);
    const streams = (await adapters.ledger.streams()).map(({ stream }) => stream);
    const verdict = await judge(world, adapters, reader, streams, {
      from: tenant.collectFrom ?? 0,
      listedAt,
      endedAt,
      isFirstRun: !isRemembered,
    });
    // Records of a folder are somebody's own: nothing is planted in them.
    const incidents = records === undefined ? plantedIncidents : [];
    await toStdout(`\n${await findingsReport(reader, await ruleNames(folder.path), incidents, style)}\n`);
    await toStdout(`\n${style.bold(verdictLine(verdict))}\n`);
    const normalized = await judgeNormalized(reader, landedDatasets({ ocsf: false }));
    await toStdout(`${normalizedLine(normalized)}\n`);
    for (const example of verdict.examples) await toStdout(`  ${example}\n`);
    const trouble = troubleOf(drained, counts);
    for (const line of trouble) await toStdout(`  ${line}\n`);
    if (verdict.missing > 0 || verdict.repeated > 0 || trouble.length > 0)
      throw new BadAnswer('the lake does not hold exactly what was served');
    const disagrees = normalized.find(({ missing, repeated }) => missing > 0 || repeated > 0);
    if (disagrees)
      throw new BadAnswer(`${disagrees.dataset} lacks ${count(disagrees.missing)} raw rows and has ${count(disagrees.repeated)} too many`);
    await toStdout(`\n${whatNext(folder.path)}\n`);
  } finally {
    await reader.close();
  }
}

async function collect(
  tenant: Tenant,
  adapters: Adapters,
  isStopped: () => boolean,
): Promise<{ drained: Drained; counts: ProgressCounts }> {
  const { clock, jobs } = adapters;
  const sources = sourcesOf([tenant]);
  const counts = noProgress(sources.length);
  const progress = createProgress(clock);
  const begun = clock.now();
  const collector = openCollector(adapters, sources, (event) => {
    countEvent(counts, event);
    // What cannot be counted now is counted at the next event; workers report the queue's failures.
    jobs.size(clock.now()).then(
      ({ queued }) => {
        progress.update(progressLine(counts, queued));
      },
      () => undefined,
    );
  });
  const drained = await drain(adapters, collector, isStopped);
  if (isStopped()) progress.done('stopped before everything was collected; the same command goes on from here');
  else progress.done(`collected ${count(counts.landedRows)} records in ${span(clock.now() - begun)}: ${progressLine(counts, 0)}\n`);
  return { drained, counts };
}

/** By the rules' ids; an id stands for itself where a rule has no name. */
async function ruleNames(lake: string): Promise<ReadonlyMap<string, string>> {
  const { detections } = await rulesOfLake(lake);
  return new Map(detections.map(({ id, name }) => [id, name ?? id]));
}

function troubleOf({ stopped, waiting }: Drained, { failed, failure }: ProgressCounts): string[] {
  const parked = waiting.filter(({ state }) => state.parks > 0);
  const causes = printable([...new Set(parked.map(({ state }) => state.because ?? 'unknown'))].join(', '));
  return [
    ...stopped.map(({ source, by }) => `${source.logType.id} was not listed to its end: ${by.cause.message}`),
    ...(parked.length > 0 ? [`${count(parked.length)} jobs are parked (${causes}); run the same command again later`] : []),
    ...(failed > 0 ? [`${count(failed)} attempts failed, the first with: ${failure ?? ''}`] : []),
  ];
}

/** Simulated records never join records of real tenants. */
async function heldByRealTenants({ folder }: Stage): Promise<boolean> {
  const ledger = openLedger(folder.ledgerFile);
  try {
    return (await ledger.streams()).length > 0;
  } finally {
    ledger.close();
  }
}

function printSkipped(skipped: readonly Skipped[]): void {
  for (const { file, line, why } of skipped.slice(0, 5))
    toStderr(`skipped ${file}${line === undefined ? '' : `:${String(line)}`}: ${why}\n`);
  if (skipped.length > 5) toStderr(`skipped ${count(skipped.length - 5)} more\n`);
}

/** @example 'simulating Microsoft on http://127.0.0.1:40123: tenant contoso, a day of records from seed 1; collecting into /home/ann/.lake' */
function openingLine({ seed, records, isRemembered }: Simulation, baseUrl: string, lake: string): string {
  const what = records === undefined ? `a day of records from seed ${String(seed)}` : `the records of ${records}`;
  return `simulating Microsoft on ${baseUrl}: tenant contoso, ${what}${isRemembered ? ' (again)' : ''}; collecting into ${lake}`;
}

function whatNext(lake: string): string {
  const option = lake.endsWith('/.lake') ? '' : ` --lake ${lake}`;
  return `Next: lake console${option} to look at it, lake query${option} "SELECT * FROM msft_azure_ad LIMIT 5", or your own tenant: lake tenant add NAME --lake my-lake (npx lake in a clone without npm link)`;
}
