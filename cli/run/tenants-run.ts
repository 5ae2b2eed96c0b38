/** `lake start --tenants FILE`: real Microsoft, until stopped or once. */

import type { DatasetChoice } from '../../shared/datasets/index.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { tenantWarnings } from '../../shared/tenant-config.ts';
import { iso } from '../../shared/domain/window.ts';
import type { Channel } from '../../shared/notifications/channel.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { HostOverride } from '../../shared/microsoft/host-override.ts';
import { openCollector, sourcesOf, type Collector, type Source } from '../../local/collector.ts';
import { BadAnswer, UsageError } from '../../local/exit.ts';
import { toStderr, toStdout } from '../commands/output.ts';
import { connect, type Adapters } from '../../local/connect.ts';
import type { LakeFolder } from '../../local/lake-folder.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { openTerminal } from '../../local/channels/terminal.ts';
import { LocalTenants } from '../../local/tenants.ts';
import { rulesOfLake } from '../rules/rule-files.ts';
import { reportStyle } from '../terminal/terminal-style.ts';
import { createProgress } from '../terminal/progress.ts';
import { count } from '../terminal/quantity.ts';
import { drain, dueAtOf, type Drained } from './drain.ts';
import { follow } from './follow.ts';
import { countEvent, noProgress, progressLine, type ProgressCounts } from './progress-counts.ts';
import { datasetReport } from './report.ts';
import { refuseSimulation } from './simulation.ts';
import { notifyDue, notifyAllNow } from './notifying.ts';
import { hourlyUpkeep } from './upkeep.ts';

/** How real tenants are collected. */
export interface TenantsRunOptions {
  readonly tenantsFile: string;
  readonly once: boolean;
  /** Set by a simulator alone (`lake simulate`): requests go there, none to Microsoft. */
  readonly hostOverride?: HostOverride;
}

interface Stage {
  readonly folder: LakeFolder;
  readonly clock: Clock;
  readonly log: Log;
  readonly datasets: DatasetChoice;
  /** Notified of findings, beside the terminal. */
  readonly channels: readonly Channel[];
  /** Becomes true when somebody asks to stop. */
  readonly isStopped: () => boolean;
}

/** Checks the tenants whole, then collects. Every fault of the file is named, and nothing is started then. */
export async function tenantsRun(stage: Stage, options: TenantsRunOptions): Promise<void> {
  const { folder, clock, log, datasets } = stage;
  await refuseSimulation(folder);
  const tenants = new LocalTenants(options.tenantsFile, process.env);
  const configured = await checkedTenants(tenants, options.tenantsFile);
  for (const warning of [
    ...configured.flatMap((tenant) => tenantWarnings(tenant).map((text) => `${tenant.name}: ${text}`)),
    ...(await tenants.warnings()),
  ]) {
    toStderr(`warning: ${warning}\n`);
  }
  const adapters = await connect(folder, {
    tenants,
    clock,
    log,
    datasets,
    rules: await rulesOfLake(folder.path),
    ...(options.hostOverride ? { hostOverride: options.hostOverride } : {}),
  });
  const sources = sourcesOf(configured);
  const counts = noProgress(sources.length);
  const collector = openCollector(adapters, sources, (event) => {
    countEvent(counts, event);
  });
  try {
    if (options.once) await once(stage, options.tenantsFile, adapters, collector, counts);
    else await forEver(stage, options.tenantsFile, adapters, collector, counts, () => configuredNow(tenants, log));
  } finally {
    adapters.close();
  }
}

async function checkedTenants(tenants: LocalTenants, file: string): Promise<Tenant[]> {
  const entries = await tenants.list();
  const faults = entries.flatMap((entry) => (entry.kind === 'broken' ? entry.faults.map((fault) => `${entry.name}: ${fault}`) : []));
  if (faults.length > 0) throw new UsageError(`the tenants file '${file}' cannot be used; nothing was started:\n  ${faults.join('\n  ')}`);
  const configured = entries.flatMap((entry) => (entry.kind === 'tenant' ? [entry.tenant] : []));
  if (configured.length === 0)
    throw new UsageError(`the tenants file '${file}' has no tenant that is enabled: set "enabled": true for one`);
  return configured;
}

async function once(stage: Stage, tenantsFile: string, adapters: Adapters, collector: Collector, counts: ProgressCounts): Promise<void> {
  const { clock, folder, isStopped } = stage;
  const progress = createProgress(clock);
  let isOver = false;
  const showing = showUntil(
    () => isOver,
    adapters,
    () => progressLine(counts, 0),
    (text) => {
      progress.update(text);
    },
  );
  const drained = await drain(adapters, collector, isStopped).finally(() => {
    isOver = true;
  });
  await showing;
  progress.done(`${progressLine(counts, 0)}\n`);
  const terminal = openTerminal((line) => {
    progress.note(line);
  });
  await notifyAllNow(adapters, [terminal, ...stage.channels]);
  await hourlyUpkeep({ ...stage, tenantsFile })();
  const reader = await openLakeReader(folder.path);
  try {
    await toStdout(`${await datasetReport(reader, clock.now(), reportStyle())}\n`);
  } finally {
    await reader.close();
  }
  await printWhatIsLeft(drained, counts);
}

/** A list that was refused and jobs that failed make the run's answer bad; jobs that wait for a later pass do not. */
async function printWhatIsLeft({ stopped, waiting }: Drained, { failed }: ProgressCounts): Promise<void> {
  const [next] = waiting;
  if (next)
    await toStdout(`\n${count(waiting.length)} jobs wait, the first until ${iso(dueAtOf(next))}: run the same command again then\n`);
  for (const { source, by } of stopped) {
    await toStdout(
      `\n${source.tenant.name} ${source.logType.id}: ${by.cause.message} (${by.cause.code})\n  ${by.cause.cure || 'run the same command again later'}\n`,
    );
  }
  if (stopped.length > 0 || failed > 0)
    throw new BadAnswer(`${count(stopped.length)} log types were not listed to their end, ${count(failed)} attempts failed`);
}

/** What can be collected of the tenants as they are configured now; a broken one stops only itself. */
async function configuredNow(tenants: LocalTenants, log: Log): Promise<Source[]> {
  const entries = await tenants.list();
  for (const entry of entries) {
    if (entry.kind === 'broken') log.error('a tenant cannot be collected', { tenant: entry.name, reason: entry.faults.join('; ') });
  }
  return sourcesOf(entries.flatMap((entry) => (entry.kind === 'tenant' ? [entry.tenant] : [])));
}

async function forEver(
  stage: Stage,
  tenantsFile: string,
  adapters: Adapters,
  collector: Collector,
  counts: ProgressCounts,
  sources: () => Promise<Source[]>,
): Promise<void> {
  const { channels, clock, folder, isStopped, log } = stage;
  const progress = createProgress(clock);
  let queued = 0;
  const onTick = (now: number): void => {
    // What cannot be counted now is counted at the next tick; workers report the queue's failures.
    adapters.jobs.size(now).then(
      (size) => {
        queued = size.queued;
      },
      () => undefined,
    );
    progress.update(`${progressLine(counts, queued)}${counts.trouble === undefined ? '' : ` · last trouble: ${counts.trouble}`}`);
  };
  const compact = hourlyUpkeep({ folder, clock, log, tenantsFile, isStopped });
  const terminal = openTerminal((line) => {
    progress.note(line);
  });
  const notify = () => notifyDue(adapters, [terminal, ...channels]);
  await follow(adapters, collector, { isStopped, sources, compact, notify, onTick });
  progress.done(`stopped; ${progressLine(counts, queued)}. The same command goes on from here.`);
}

async function showUntil(isOver: () => boolean, { clock }: Adapters, line: () => string, show: (text: string) => void): Promise<void> {
  while (!isOver()) {
    show(line());
    await clock.sleep(200);
  }
}
