/** `lake compact`: lays out what has landed by event day. */

import { Option, type Command } from 'commander';
import { compactedTableOf, compactedTables } from '../../shared/datasets/compacted-tables.ts';
import type { ChangedHours } from '../../shared/domain/changed-hours.ts';
import type { Deployment } from '../../shared/domain/deployment.ts';
import { lastDueHour } from '../../shared/domain/hour-compaction.ts';
import type { HourRange } from '../../shared/domain/landing-hour.ts';
import { minutes } from '../../shared/domain/window.ts';
import { awsOption, readDeployment, type AwsChoice } from '../aws/deployment.ts';
import { compactDeployment, type CompactedOnAws, type DeployedCompaction } from '../compact/compact-deployment.ts';
import { compactLake, type CompactedDataset } from '../../local/compaction/compact-lake.ts';
import { systemClock } from '../../local/clock.ts';
import { rebuildDays } from '../../local/compaction/rebuild-days.ts';
import type { DaySpan } from '../../local/day-span.ts';
import type { Compacted } from '../../lambdas/compact/compact.ts';
import { asUsage, UsageError } from '../../local/exit.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { lakeTables } from '../../local/lake-views.ts';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { createProgress } from '../terminal/progress.ts';
import { count } from '../terminal/quantity.ts';
import { terminalStyle } from '../terminal/terminal-style.ts';
import { table } from '../terminal/table.ts';
import { asDate, lakeOption, type LakeChoice } from './options.ts';
import { prettyJson, toStdout } from './output.ts';

interface CompactOptions extends LakeChoice, AwsChoice {
  readonly dataset?: readonly string[];
  readonly rebuild?: true;
  readonly from?: string;
  readonly to?: string;
  readonly json?: true;
}

const help = `
A dataset is landed as many small files, one for each job. Compaction copies their rows into a few files for each day on which the events
happened (compacted/ in the lake folder), so that a query of one day takes as long after a year as after a week. The landed files stay as
they are. Queries give the same rows at every moment, before, while and after this runs; a run that is killed is continued by the next.

A running 'lake start' does this every hour, and holds the lake folder: this command is for a lake that no collector uses.

--rebuild makes the compacted files again. Rows of raw datasets are read again from the records' JSON text, so that a column which was
added since is filled for old records, too. For a normalized dataset, use 'lake normalize --replace' first.

--rebuild --from --to makes the compacted rows of these event days again, of raw datasets alone, also where the landed files have expired. A
dataset is switched at its end, all days at once: until then queries read the old rows, and a run that is killed has changed nothing.

With --aws, the function of the deployment that merges what has landed every few hours is run now, until nothing is due; the command shows what
it is doing. --rebuild makes the compacted rows again that landed from --from to --to (landing dates there): of raw datasets this machine reads
the records' JSON text again, and columns that were added since are filled; of normalized ones the rows are deleted and merged again from their
objects. Rows whose objects have expired stay as they are. Queries are right meanwhile; one rebuild of a dataset at a time. You need
lambda:InvokeFunction on the function, dynamodb:GetItem and, for --rebuild, dynamodb:PutItem on the ledger's table, reading raw/ in the bucket,
s3:PutObject, s3:ListBucketVersions and s3:DeleteObjectVersion for compacted/again/, and the key of the lake.

Examples:
  lake compact
  lake compact --aws --dataset saas_audit_logs
  lake compact --aws --dataset saas_audit_logs --rebuild --from 2026-11-01 --to 2026-11-30
  lake compact --lake my-lake --dataset msft_azure_ad_raw --rebuild
  lake compact --rebuild --from 2026-11-01 --to 2026-11-30`;

/** Adds the command. */
export function compactCommand(program: Command): void {
  program
    .command('compact')
    .summary('copy landed rows into a few files a day, for fast queries')
    .description('Copies the rows of landed files into a few files for each day of events.')
    .option('--dataset <names...>', 'datasets to compact (default: all)')
    .option('--rebuild', 'make the compacted files again, with the columns of today')
    .option('--from <date>', 'with --rebuild: first event day (UTC), with --aws landing date, YYYY-MM-DD', asDate)
    .option('--to <date>', 'with --rebuild: last event day, with --aws landing date', asDate)
    .addOption(lakeOption())
    .addOption(awsOption().conflicts(['lake']))
    .addOption(new Option('--json', 'print an array of objects'))
    .addHelpText('after', help)
    .action(compactCommandOf);
}

async function compactCommandOf(options: CompactOptions): Promise<void> {
  if (options.aws) return compactOnAws(options);
  const names = lakeTables().flatMap(({ kind, name }) => (kind === 'view' ? [] : [name]));
  const unknown = options.dataset?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UsageError(unknownWord('dataset', unknown, names));
  const span = spanOf(options);
  await asUsage(() => openLakeFolder(options.lake, { exclusive: false }));
  const folder = await asUsage(() => openLakeFolder(options.lake, { exclusive: true }));
  const progress = createProgress(systemClock);
  try {
    const onStep = (dataset: string, { objects, rows }: Compacted): void => {
      progress.update(`${dataset}: ${count(objects)} landed files, ${count(rows)} rows written`);
    };
    const chosen = { clock: systemClock, onStep, ...(options.dataset === undefined ? {} : { datasets: options.dataset }) };
    const done = span
      ? await rebuildDays(folder, { ...chosen, span })
      : await compactLake(folder, { ...chosen, isRebuild: options.rebuild ?? false });
    progress.done();
    await toStdout(options.json ? `${prettyJson(done)}\n` : page(done));
  } finally {
    folder.close();
  }
}

async function compactOnAws(options: CompactOptions): Promise<void> {
  const names = compactedTables.map(({ dataset }) => dataset);
  const unknown = options.dataset?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UsageError(unknownWord('dataset', unknown, names));
  const again = hoursAgain(options);
  const { connectCompaction } = await import('../compact/connect-compaction.ts');
  const deployment = await readDeployment();
  const deployed = connectCompaction(deployment);
  const progress = createProgress(systemClock);
  try {
    const datasets = options.dataset ?? (await landedBefore(names, deployed));
    const onProgress = (text: string): void => {
      progress.update(text);
    };
    const isRaw = (dataset: string): boolean => compactedTableOf(dataset).again !== undefined;
    if (again) {
      for (const dataset of datasets.filter((name) => !isRaw(name))) await deployed.mergeAgain(dataset, again);
      await fillAll(datasets.filter(isRaw), again.hours, deployment, deployed, onProgress);
    }
    const done = await compactDeployment({ datasets, clock: systemClock, onProgress }, deployed);
    progress.done();
    await toStdout(options.json ? `${prettyJson(done)}\n` : pageOfAws(done));
  } finally {
    progress.done();
    deployed.close();
  }
}

async function fillAll(
  datasets: readonly string[],
  hours: HourRange,
  deployment: Deployment,
  deployed: DeployedCompaction,
  onProgress: (text: string) => void,
): Promise<void> {
  if (datasets.length === 0) return;
  const [{ connectRowsAgain }, { fillFromRecords }] = await Promise.all([
    import('../compact/connect-rows-again.ts'),
    import('../compact/rows-again.ts'),
  ]);
  const deps = await connectRowsAgain(deployment, deployed, onProgress);
  try {
    for (const dataset of datasets) await fillFromRecords(dataset, hours, deps);
  } finally {
    await deps.close();
  }
}

/** Those that compaction has a state of; before its first run every one may have landed. */
async function landedBefore(names: readonly string[], deployed: DeployedCompaction): Promise<readonly string[]> {
  const states = await Promise.all(names.map((name) => deployed.state(name)));
  const known = names.filter((_, index) => (states[index]?.version ?? 0) > 0);
  return known.length > 0 ? known : names;
}

/** The whole days of landing that are merged again. @throws UsageError without both ends: nobody means every year by chance. */
function hoursAgain({ rebuild, from, to }: CompactOptions): ChangedHours | undefined {
  spanOf({ aws: true, lake: '', ...(rebuild && { rebuild }), ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
  if (rebuild !== true) return undefined;
  if (from === undefined || to === undefined)
    throw new UsageError('--rebuild with --aws needs --from and --to: the landing dates whose rows are merged again');
  // What is not merged yet needs no second merge.
  const [now, last] = [systemClock.now(), `${to}T23`];
  return { hours: { from: `${from}T00`, to: last < lastDueHour(now) ? last : lastDueHour(now) }, from: now - minutes(5) };
}

function pageOfAws(done: readonly CompactedOnAws[]): string {
  const columns = [{ name: 'dataset' }, { name: 'merged up to' }, { name: 'hours open', align: 'right' } as const];
  const rows = done.map(({ dataset, mergedUpTo, openHours }) => [dataset, mergedUpTo ?? 'nothing yet', count(openHours)]);
  return `${table(columns, rows, terminalStyle())}\n`;
}

/** @throws UsageError when days are named without --rebuild, or the last is before the first. */
function spanOf({ rebuild, from, to }: CompactOptions): DaySpan | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (rebuild !== true) throw new UsageError('--from and --to are days that --rebuild makes again: give --rebuild, too');
  if (from !== undefined && to !== undefined && from > to) throw new UsageError(`--from is after --to: ${from} and ${to}`);
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function page(done: readonly CompactedDataset[]): string {
  if (done.length === 0) return 'Everything is compacted already.\n';
  const right = { align: 'right' } as const;
  const columns = [
    { name: 'dataset' },
    { name: 'landed files', ...right },
    { name: 'rows written', ...right },
    { name: 'new files', ...right },
  ];
  const rows = done.map(({ dataset, objects, rows: written, parts }) => [dataset, count(objects), count(written), count(parts)]);
  return `${table(columns, rows, terminalStyle())}\n`;
}
