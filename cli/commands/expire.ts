/** `lake expire`: deletes what a lake keeps no longer. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { systemClock } from '../../local/clock.ts';
import { expireLake, type ExpiredDataset } from '../../local/compaction/expire-lake.ts';
import { asUsage, UsageError } from '../../local/exit.ts';
import { lakeCutoffs, tenantsKeeping } from '../../local/keeping.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import type { TenantKeeping } from '../../shared/domain/keeping.ts';
import { awsOption, readDeployment, type AwsChoice } from '../aws/deployment.ts';
import type { Expiry } from '../expire/expire-deployment.ts';
import { createProgress } from '../terminal/progress.ts';
import { bytes, count } from '../terminal/quantity.ts';
import { table } from '../terminal/table.ts';
import { terminalStyle } from '../terminal/terminal-style.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { prettyJson, toStdout } from './output.ts';

interface ExpireChoice extends LakeChoice, AwsChoice {
  readonly tenants?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

const help = `
Deletes landed files and compacted rows that are older than 'lake keep' and the tenants' own settings say. A running 'lake start' does this
once a day, and holds the lake folder: this command is for a lake that no collector uses.

A landed file is deleted only if its rows have been compacted for an hour; 'lake compact' compacts the others. Run it again if it was
interrupted. What was deleted cannot be restored: Microsoft serves only the last days again.

With --aws, a deployment deletes by itself: landed files by the rule of its bucket (retention.rawDays), compacted rows every week. What its
rule cannot know are tenants whose own --raw-days are fewer: this command deletes their landed files, once their rows have been compacted, and
keeps older versions as the rule does. Run it every day where tenants have days of their own. You need the rights of 'lake tenant list --aws',
s3:ListBucket, s3:GetLifecycleConfiguration, and s3:GetObject and s3:DeleteObject on raw/, and dynamodb:PutItem on the ledger's table for the manifests.

Columns:
  files           landed files that are deleted
  being read      files that were compacted less than an hour ago; a query may still read them, the next run deletes them
  not compacted   files that are old enough, and stay until they have been compacted
  rows            compacted rows that are deleted

Examples:
  lake expire --dry-run
  lake expire --lake my-lake --tenants tenants.json
  lake expire --aws --dry-run`;

/** Adds the command. */
export function expireCommand(program: Command): void {
  program
    .command('expire')
    .summary('delete what is older than the lake keeps')
    .description("Deletes landed files and compacted rows that are older than the settings of 'lake keep' allow.")
    .option('--dry-run', 'show what would be deleted, and delete nothing')
    .addOption(
      new Option('--tenants <file>', "the tenants file, or 'none' for a lake without tenants (default: 'tenants.json' of the lake folder)"),
    )
    .addOption(lakeOption())
    .addOption(awsOption().conflicts(['lake', 'tenants']))
    .addOption(new Option('--json', 'print an array of objects'))
    .addHelpText('after', help)
    .action(expire);
}

async function expire(options: ExpireChoice): Promise<void> {
  const { lake, json } = options;
  const isDryRun = options.dryRun ?? false;
  if (options.aws) return expireOnAws(options, isDryRun);
  await asUsage(() => openLakeFolder(lake, { exclusive: false }));
  const tenants = await tenantsOf(options);
  const folder = await asUsage(() => openLakeFolder(lake, { exclusive: true }));
  try {
    const cutoffs = await lakeCutoffs(folder.path, tenants, systemClock.now());
    const expired = await expireLake(folder, { clock: systemClock, ...cutoffs, isDryRun });
    await toStdout(json ? `${prettyJson(expired)}\n` : page(expired, isDryRun));
  } finally {
    folder.close();
  }
}

async function expireOnAws({ json }: ExpireChoice, isDryRun: boolean): Promise<void> {
  const { expireDeployment } = await import('../expire/expire-deployment.ts');
  const progress = createProgress(systemClock);
  try {
    const onPrefix = (prefix: string): void => {
      progress.update(`looking into ${prefix}`);
    };
    const done = await expireDeployment(await readDeployment(), { clock: systemClock, isDryRun, onPrefix });
    progress.done();
    await toStdout(json ? `${prettyJson({ isDryRun, ...done })}\n` : awsPage(done, isDryRun));
  } finally {
    progress.done();
  }
}

function awsPage({ expired, cutShort, bucketDays }: Expiry, isDryRun: boolean): string {
  const right = { align: 'right' } as const;
  const columns = [{ name: 'dataset' }, { name: 'files', ...right }, { name: 'size', ...right }, { name: 'not compacted', ...right }];
  const rows = expired.map((one) => [one.dataset, count(one.objects), bytes(one.bytes), count(one.waiting)]);
  const all =
    expired.length === 0 ? 'No tenant has landed files that are older than its own days.\n' : `${table(columns, rows, terminalStyle())}\n`;
  const short =
    cutShort.length === 0
      ? ''
      : `The bucket deletes landed files of everybody after ${String(bucketDays)} days, those of ${cutShort.join(', ')} too, who keep them longer: set retention.rawDays to the most that anybody has.\n`;
  return `${all}${isDryRun && expired.length > 0 ? 'Nothing was deleted: this was a dry run.\n' : ''}${short}`;
}

/** Without the tenants' own settings, what one of them wants to keep could go: they are never left out by accident. */
async function tenantsOf({ lake, tenants }: ExpireChoice): Promise<ReadonlyMap<string, TenantKeeping>> {
  if (tenants === 'none') return new Map();
  const file = tenants ?? join(lake, 'tenants.json');
  if (tenants === undefined && !existsSync(file))
    throw new UsageError(
      `tenants may keep their data longer, and there is no '${file}' to see it: name their file by --tenants FILE, or say --tenants none`,
    );
  return tenantsKeeping(file);
}

function page(expired: readonly ExpiredDataset[], isDryRun: boolean): string {
  if (expired.length === 0) return 'Nothing is older than the lake keeps.\n';
  const right = { align: 'right' } as const;
  const columns = [
    { name: 'dataset' },
    { name: 'files', ...right },
    { name: 'size', ...right },
    { name: 'being read', ...right },
    { name: 'not compacted', ...right },
    { name: 'rows', ...right },
  ];
  const rows = expired.map((one) => [
    one.dataset,
    count(one.objects),
    bytes(one.bytes),
    count(one.leaving),
    count(one.waiting),
    count(one.rows),
  ]);
  const verdict = isDryRun ? 'Nothing was deleted: this was a dry run.\n' : '';
  return `${table(columns, rows, terminalStyle())}\n${verdict}`;
}
