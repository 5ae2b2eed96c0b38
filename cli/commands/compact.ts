/** `lake compact`: lays out what has landed by event day. */

import { Option, type Command } from 'commander';
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

interface CompactOptions extends LakeChoice {
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

Examples:
  lake compact
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
    .option('--from <date>', 'with --rebuild: first event day (UTC), YYYY-MM-DD', asDate)
    .option('--to <date>', 'with --rebuild: last event day', asDate)
    .addOption(lakeOption())
    .addOption(new Option('--json', 'print an array of objects'))
    .addHelpText('after', help)
    .action(compactCommandOf);
}

async function compactCommandOf(options: CompactOptions): Promise<void> {
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
