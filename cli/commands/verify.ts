/** `lake verify`: whether anybody has touched what landed. */

import { Option, type Command } from 'commander';
import { chainedDatasets } from '../../shared/datasets/chained-datasets.ts';
import type { TamperFinding } from '../../shared/domain/evidence/judge-objects.ts';
import { unknownWord } from '../../shared/domain/nearest.ts';
import { utcHour } from '../../shared/domain/window.ts';
import { printable } from '../../shared/printable.ts';
import { awsOption, type AwsChoice } from '../aws/deployment.ts';
import { openBucketToVerify } from '../aws/verify-bucket.ts';
import { verifyLake, type VerifiedDataset } from '../evidence/verify-lake.ts';
import { openFolderToVerify } from '../evidence/verify-place.ts';
import { createProgress } from '../terminal/progress.ts';
import { count } from '../terminal/quantity.ts';
import { terminalStyle } from '../terminal/terminal-style.ts';
import { table } from '../terminal/table.ts';
import { systemClock } from '../../local/clock.ts';
import { BadAnswer, UsageError } from '../../local/exit.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { prettyJson, toStdout } from './output.ts';
import { readInstant } from './query/query-window.ts';

interface VerifyOptions extends LakeChoice, AwsChoice {
  readonly dataset?: readonly string[];
  readonly since?: string;
  readonly quick?: true;
  readonly adopt?: true;
  readonly json?: true;
}

const help = `
Every landed file's SHA-256 is in the ledger from the write that makes its job final, and in a manifest once its hour is over. Manifests are
chained: each names the SHA-256 of the one before, and the ledger knows the newest. This command reads the files again, and names what was
changed, swapped, added, or is gone, and what is wrong with the chain. Of a raw file it also lands the records again from their text, and
compares record keys; of a changed one, every column. The exit code is 1 if anything is found.

--quick    compares digests alone. Ten times as fast, and it finds the same changes.
--adopt    lists the files that are in no manifest from now on as they stand: those from before this version, and what a person has put there.
           Of a lake folder no collector may be at work then.

Keep the heads that are printed where nobody who can write to the lake can write: who has a head can prove everything before it.
docs/security.md says what this shows, and what it cannot.

Examples:
  lake verify
  lake verify --lake my-lake --since 7d --dataset msft_azure_ad_raw
  lake verify --aws --quick --json | jq '.datasets[].findings'`;

/** Adds the command. */
export function verifyCommand(program: Command): void {
  program
    .command('verify')
    .summary('show whether anybody has touched what landed')
    .description('Compares landed files with the manifests and the ledger, and the manifests with each other.')
    .option('--dataset <names...>', 'datasets to verify (default: all)')
    .option('--since <time>', 'only files that landed since then: 7d, 12h, or a date')
    .option('--quick', 'compare digests alone')
    .option('--adopt', 'list files that are in no manifest as they stand')
    .addOption(lakeOption())
    .addOption(awsOption().conflicts('lake'))
    .addOption(new Option('--json', 'print one object'))
    .addHelpText('after', help)
    .action(verify);
}

async function verify(options: VerifyOptions): Promise<void> {
  const names = chainedDatasets.map(({ dataset }) => dataset);
  const unknown = options.dataset?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UsageError(unknownWord('dataset', unknown, names));
  const now = systemClock.now();
  const since = options.since === undefined ? {} : { since: utcHour(readInstant('--since', options.since, now)) };
  const place = options.aws ? await openBucketToVerify() : await openFolderToVerify(options.lake, { exclusive: options.adopt ?? false });
  const progress = createProgress(systemClock);
  const onProgress = (dataset: string, objects: number): void => {
    progress.update(`${dataset}: ${count(objects)} files`);
  };
  const chosen = options.dataset === undefined ? {} : { datasets: options.dataset };
  const adoptAt = options.adopt ? { adoptAt: now } : {};
  try {
    const datasets = await verifyLake(place, { ...chosen, ...since, ...adoptAt, isQuick: options.quick ?? false, onProgress });
    progress.done();
    await toStdout(options.json ? `${prettyJson({ verdict: verdictOf(datasets), covered, datasets })}\n` : page(datasets));
    const found = findingsOf(datasets);
    if (found.length > 0) throw new BadAnswer(`${count(found.length)} findings: see docs/security.md for what to do about each`);
  } finally {
    progress.done();
    place.close();
  }
}

const findingsOf = (datasets: readonly VerifiedDataset[]): TamperFinding[] => datasets.flatMap(({ findings }) => findings);
const verdictOf = (datasets: readonly VerifiedDataset[]): string => (findingsOf(datasets).length === 0 ? 'ok' : 'touched');

/** What queries read beside these files is derived from them, and has no digests. */
const covered = { yes: ['raw/', 'manifests/'], no: ['compacted/', 'quarantine/'] } as const;
const notCovered =
  'Covered are the files under raw/ and manifests/. Not covered are compacted/, which is made from raw/ (lake compact --rebuild makes it anew), and quarantine/.';

/** Findings of a dataset that are printed; all are in the JSON. */
const mostPrinted = 20;

function page(datasets: readonly VerifiedDataset[]): string {
  if (datasets.length === 0) return 'There is nothing to verify yet.\n';
  const right = { align: 'right' } as const;
  const columns = [
    { name: 'dataset' },
    ...['files', 'intact', 'not yet listed', 'from before', 'manifests', 'findings'].map((name) => ({ name, ...right })),
    { name: 'head' },
  ];
  const rows = datasets.map((one) => [
    one.dataset,
    ...[one.objects, one.intact, one.waiting, one.uncovered, one.manifests, one.findings.length].map(count),
    one.head ?? '',
  ]);
  return `${[table(columns, rows, terminalStyle()), ...datasets.flatMap(linesOf), notCovered].join('\n')}\n`;
}

function linesOf({ dataset, findings, adopted, expired, otherKeys, uncovered }: VerifiedDataset): string[] {
  const more = findings.length - mostPrinted;
  return [
    ...findings.slice(0, mostPrinted).map(({ kind, key, what }) => `${kind}: ${printable(key ?? dataset)} ${printable(what)}`),
    ...(more > 0 ? [`${dataset}: ${count(more)} more findings; --json has them all`] : []),
    ...(adopted > 0 ? [`${dataset}: ${count(adopted)} files are listed from now on as they stand`] : []),
    ...(uncovered > 0 ? [`${dataset}: ${count(uncovered)} files landed before its chain began; --adopt lists them as they stand`] : []),
    ...(expired > 0 ? [`${dataset}: ${count(expired)} files have expired by the bucket's rule`] : []),
    ...(otherKeys > 0 ? [`${dataset}: ${count(otherKeys)} intact files have record keys of an earlier version's columns`] : []),
  ];
}
