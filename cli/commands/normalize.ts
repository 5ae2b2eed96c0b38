/** `lake normalize`: normalized datasets made again from raw. */

import { InvalidArgumentError, Option, type Command } from 'commander';
import { knownDatasets } from '../../shared/datasets/index.ts';
import type { NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { awsOption, type AwsChoice } from '../aws/deployment.ts';
import { systemClock } from '../../local/clock.ts';
import { openBucketGround, openFolderGround } from '../normalize/grounds.ts';
import { rebuild, type RebuildCounts } from '../normalize/rebuild.ts';
import { paperOf } from '../terminal/paper.ts';
import { createProgress } from '../terminal/progress.ts';
import { count } from '../terminal/quantity.ts';
import { table } from '../terminal/table.ts';
import { BadAnswer, UsageError } from '../../local/exit.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { toStdout } from './output.ts';

interface NormalizeOptions extends LakeChoice, AwsChoice {
  readonly dataset: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly replace?: true;
  readonly json?: true;
}

const names = knownDatasets.map(({ name }) => name);

const help = `
A normalized object is a function of the raw object with the same name and of nothing else, so the same bytes come out whenever and
wherever this is done; Microsoft is not asked. What is missing is made. What is there is compared: other bytes mean that it was made by
a version with other columns. --replace puts the new ones in their place. In AWS objects are written once and never replaced: delete
those of the days in question first, as an administrator of the bucket.

A lake folder is needed alone: stop a collector first. A bucket may be collected into meanwhile.

Datasets: ${names.join(', ')}

Examples:
  lake normalize --dataset saas_audit_logs --from 2026-11-01 --to 2026-11-20
  lake normalize --dataset saas_audit_logs authentication_story cloud_audit_logs --replace`;

/** Adds the command. */
export function normalizeCommand(program: Command): void {
  program
    .command('normalize')
    .summary('make normalized datasets again from raw')
    .description('Makes the objects of normalized datasets again from the raw objects in the lake, byte for byte the same.')
    .requiredOption('--dataset <names...>', 'which datasets')
    .option('--from <date>', 'first landing date (dt), YYYY-MM-DD', asDate)
    .option('--to <date>', 'last landing date (dt), YYYY-MM-DD', asDate)
    .option('--replace', 'replace objects that were made with other columns')
    .addOption(lakeOption())
    .addOption(awsOption().conflicts(['lake', 'replace']))
    .addOption(new Option('--json', 'print one object'))
    .addHelpText('after', help)
    .action(normalize);
}

function asDate(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError('It should be a date such as 2026-11-20.');
}

async function normalize(options: NormalizeOptions): Promise<void> {
  const datasets = options.dataset.map(datasetByName);
  const ground = options.aws ? await openBucketGround() : await openFolderGround(options.lake);
  const progress = createProgress(systemClock);
  const onProgress = (so: RebuildCounts): void => {
    progress.update(`${count(so.rawObjects)} raw objects, ${count(so.made)} objects made, ${count(so.same)} as they were`);
  };
  const { replace, ...writeOnce } = ground;
  const span = { ...(options.from === undefined ? {} : { from: options.from }), ...(options.to === undefined ? {} : { to: options.to }) };
  try {
    const counts = await rebuild({ datasets, ...span, onProgress }, options.replace && replace ? { ...writeOnce, replace } : writeOnce);
    progress.done();
    await toStdout(options.json ? `${JSON.stringify({ datasets: options.dataset, ...counts }, undefined, 2)}\n` : `${page(counts)}\n`);
    if (counts.different > 0) throw new BadAnswer(complaint(counts.different, options.aws));
  } finally {
    progress.done();
    await ground.close();
  }
}

/** @throws UsageError naming the nearest known one. */
function datasetByName(name: string): NormalizedDataset {
  const found = knownDatasets.find((dataset) => dataset.name === name);
  if (!found) throw new UsageError(unknownWord('normalized dataset', name, names));
  return found;
}

function page({ rawObjects, made, same, replaced, different, empty, rows }: RebuildCounts): string {
  const numbers = { 'raw objects': rawObjects, made, 'as they were': same, replaced, different, 'without rows': empty, rows };
  const columns = Object.keys(numbers).map((name) => ({ name, align: 'right' as const }));
  return table(columns, [Object.values(numbers).map(count)], paperOf());
}

const complaint = (different: number, isAws: boolean): string =>
  `${count(different)} objects are there with other bytes, made by a version with other columns: ${
    isAws ? 'delete them from the bucket and run this again' : 'run this again with --replace'
  }`;
