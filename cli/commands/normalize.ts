/** `lake normalize`: rebuilds normalized datasets from raw ones. */

import { Option, type Command } from 'commander';
import { knownDatasets } from '../../shared/datasets/index.ts';
import type { NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { awsOption, type AwsChoice } from '../aws/deployment.ts';
import { systemClock } from '../../local/clock.ts';
import { openBucketForRebuild, openFolderForRebuild } from '../normalize/rebuild-place.ts';
import { rebuild, type RebuildCounts } from '../normalize/rebuild.ts';
import { terminalStyle } from '../terminal/terminal-style.ts';
import { createProgress } from '../terminal/progress.ts';
import { count } from '../terminal/quantity.ts';
import { table } from '../terminal/table.ts';
import { BadAnswer, UsageError } from '../../local/exit.ts';
import { asDate, lakeOption, type LakeChoice } from './options.ts';
import { prettyJson, toStdout } from './output.ts';

interface NormalizeOptions extends LakeChoice, AwsChoice {
  readonly dataset: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly replace?: true;
  readonly json?: true;
}

const names = knownDatasets.map(({ name }) => name);

const help = `
The objects of a normalized dataset depend only on the raw objects they are derived from, so rebuilding them gives the same bytes; nothing
is requested from Microsoft. Missing objects are written. Existing objects are compared: if the bytes differ, the object was written by a
version with other columns, and the exit code is 1. Use --replace to overwrite those.

With --aws, --replace puts a new version in the place of each such object, notes it for 'lake verify', and has compaction delete the
rows that were merged of it and merge them again. You need s3:PutObject on raw/, and dynamodb:GetItem, dynamodb:PutItem on the ledger's table.

A lake folder must not be in use by a collector; a bucket may be.

Datasets: ${names.join(', ')}

Examples:
  lake normalize --dataset saas_audit_logs --from 2026-11-01 --to 2026-11-20
  lake normalize --dataset saas_audit_logs authentication_story cloud_audit_logs --replace`;

/** Adds the command. */
export function normalizeCommand(program: Command): void {
  program
    .command('normalize')
    .summary('rebuild normalized datasets from raw ones')
    .description('Rebuilds normalized datasets from the raw objects of a lake.')
    .requiredOption('--dataset <names...>', 'datasets to rebuild')
    .option('--from <date>', 'first landing date to rebuild, YYYY-MM-DD', asDate)
    .option('--to <date>', 'last landing date to rebuild, YYYY-MM-DD', asDate)
    .option('--replace', 'overwrite objects that were written with other columns')
    .addOption(lakeOption())
    .addOption(awsOption().conflicts('lake'))
    .addOption(new Option('--json', 'print one object'))
    .addHelpText('after', help)
    .action(normalize);
}

async function normalize(options: NormalizeOptions): Promise<void> {
  const datasets = options.dataset.map(datasetByName);
  const place = options.aws ? await openBucketForRebuild() : await openFolderForRebuild(options.lake);
  const progress = createProgress(systemClock);
  const onProgress = (so: RebuildCounts): void => {
    progress.update(`${count(so.rawObjects)} raw objects, ${count(so.made)} objects written, ${count(so.same)} unchanged`);
  };
  const { replace, ...writeOnce } = place;
  const span = { ...(options.from === undefined ? {} : { from: options.from }), ...(options.to === undefined ? {} : { to: options.to }) };
  try {
    const counts = await rebuild({ datasets, ...span, onProgress }, options.replace && replace ? { ...writeOnce, replace } : writeOnce);
    progress.done();
    await toStdout(options.json ? `${prettyJson({ datasets: options.dataset, ...counts })}\n` : `${page(counts)}\n`);
    if (counts.different > 0) throw new BadAnswer(complaint(counts.different));
  } finally {
    progress.done();
    await place.close();
  }
}

/** @throws UsageError naming the nearest known one. */
function datasetByName(name: string): NormalizedDataset {
  const found = knownDatasets.find((dataset) => dataset.name === name);
  if (!found) throw new UsageError(unknownWord('normalized dataset', name, names));
  return found;
}

function page({ rawObjects, made, same, replaced, different, empty, rows }: RebuildCounts): string {
  const numbers = { 'raw objects': rawObjects, written: made, unchanged: same, replaced, different, 'without rows': empty, rows };
  const columns = Object.keys(numbers).map((name) => ({ name, align: 'right' as const }));
  return table(columns, [Object.values(numbers).map(count)], terminalStyle());
}

const complaint = (different: number): string =>
  `${count(different)} objects have other bytes, written by a version with other columns: run this again with --replace`;
