/** `lake tenant erase`: erases everything that a lake has of a tenant. */

import { Option, type Command } from 'commander';
import { systemClock } from '../../../local/clock.ts';
import { eraseFromLake } from '../../../local/erasure/erase-lake.ts';
import { writeAnew } from '../../../local/erasure/write-anew.ts';
import { asUsage, BadAnswer, UsageError } from '../../../local/exit.ts';
import { openLakeFolder, type LakeFolder } from '../../../local/lake-folder.ts';
import { eraseFromDeployment, lockedWords, type Erased } from '../../erase/erase-from-deployment.ts';
import { erasedPage, erasedWords } from '../../erase/erased-page.ts';
import { forgetTenantInFolder, sharingState } from '../../tenants/forget-tenant.ts';
import { noted } from '../../tenants/tenant-audit.ts';
import { isSwitchedOn, nameOf, type TenantStore } from '../../tenants/tenant-store.ts';
import { createProgress } from '../../terminal/progress.ts';
import { count } from '../../terminal/quantity.ts';
import { prettyJson, toStdout } from '../output.ts';
import { checkedName, chooseStore } from './store-choice.ts';
import { addTenantsOptions, type TenantsChoice } from './tenants-choice.ts';

interface EraseChoice extends TenantsChoice {
  readonly reason?: string;
  readonly yes?: true;
  readonly json?: true;
}

const help = `
For offboarding. Deletes the tenant's landed files, removes its rows from the compacted files, deletes what was quarantined of it, and its
state in the ledger: cursors, claims, jobs, and the rows of what was lost or not collected. Without --yes, nothing is changed: the command
shows what would be erased.

The tenant must be disabled or removed, and the lake folder must not be in use by a collector. If the command is interrupted, run it again.
A tenant that is added again later starts anew.

With --aws, every version of the objects in the bucket is deleted, and compaction deletes the compacted rows within two hours; what Object Lock holds stays, and the command says until when (exit code
1). You need s3:ListBucketVersions, s3:GetObjectVersion, s3:DeleteObjectVersion, s3:GetObjectRetention and s3:GetObjectLegalHold on the
bucket, dynamodb:GetItem and dynamodb:PutItem on the ledger's table, and the rights of 'lake tenant remove --purge'.

What stays: its configuration and credential ('lake tenant remove' deletes them), the history of changes, and quarantined files of imports,
which name no tenant. docs/retention.md has the details.

Examples:
  lake tenant erase fabrikam
  lake tenant erase fabrikam --reason "contract ended" --yes
  lake tenant erase fabrikam --aws`;

/** Adds the command. */
export function eraseCommand(tenant: Command): void {
  const command = tenant
    .command('erase')
    .summary('erase everything that was collected of a tenant')
    .description('Erases everything that a lake has of a tenant.')
    .argument('<name>', "the tenant's name")
    .option('--reason <text>', 'why, for the history; required with --yes')
    .option('--yes', 'erase; without it, only show what would be erased')
    .addOption(new Option('--json', 'print one object'));
  addTenantsOptions(command).addHelpText('after', help).action(erase);
}

async function erase(name: string, options: EraseChoice): Promise<void> {
  const isDryRun = options.yes !== true;
  if (!isDryRun && options.reason === undefined)
    throw new UsageError('--yes needs --reason TEXT: the history says why records are missing');
  const { store, note, checkPlace } = await chooseStore(options);
  await refuseCollected(checkedName(name), store);
  const others = (await store.entries()).map(nameOf).filter((other) => other !== name);
  const row = { action: 'erase', tenant: name, reason: options.reason } as const;
  const work = (): Promise<Erased> =>
    checkPlace.kind === 'aws'
      ? eraseFromDeployment(checkPlace.deployment, { name, others, isDryRun })
      : run(options.lake, name, others, isDryRun);
  const done = isDryRun ? await work() : await noted(note, { ...row, changed: [] }, work);
  if (!isDryRun) await note({ ...row, changed: ['done', ...erasedWords(done.erased), `${String(done.ledgerRows)} rows of the ledger`] });
  await toStdout(options.json ? `${prettyJson({ isDryRun, tenant: name, ...done })}\n` : page(done, isDryRun));
  if (done.locked.length > 0)
    throw new BadAnswer(`${lockedWords(done.locked)}. The tenant's state in the ledger stays until they are gone`);
}

function page({ erased, ledgerRows }: Erased, isDryRun: boolean): string {
  return `${erasedPage(erased, isDryRun)}${isDryRun ? '' : `${count(ledgerRows)} rows of the ledger about it were deleted.\n`}`;
}

/** What is collected comes back. A tenant that is in the lake and in no configuration may be erased. */
async function refuseCollected(name: string, store: TenantStore): Promise<void> {
  const config = await store.config(name);
  if (config && isSwitchedOn(config))
    throw new UsageError(`tenant '${name}' is enabled: disable it first with 'lake tenant disable ${name}${store.sameTenants}'`);
}

async function run(lake: string, name: string, others: readonly string[], isDryRun: boolean): Promise<Erased> {
  await asUsage(() => openLakeFolder(lake, { exclusive: false }));
  const folder = await asUsage(() => openLakeFolder(lake, { exclusive: true }));
  const progress = createProgress(systemClock);
  try {
    const erased = await eraseFromLake(folder, {
      clock: systemClock,
      erasure: { kind: 'tenant', tenant: name },
      isDryRun,
      onProgress: (dataset) => {
        progress.update(`${isDryRun ? 'looking into' : 'erasing from'} ${dataset}`);
      },
    });
    if (isDryRun) return { erased, ledgerRows: 0, locked: [] };
    const ledgerRows = forget(folder, name, others);
    for (const file of [folder.ledgerFile, folder.queueFile]) writeAnew(file);
    return { erased, ledgerRows, locked: [] };
  } finally {
    progress.done();
    folder.close();
  }
}

/** Last of all: the tenant's id is known by the ledger alone. State that another name shares is that one's. */
function forget({ ledgerFile }: LakeFolder, name: string, others: readonly string[]): number {
  return sharingState(ledgerFile, name, others) === undefined ? forgetTenantInFolder(ledgerFile, name, others, 'forget') : 0;
}
