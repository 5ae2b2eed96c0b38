/** `lake tenant remove`: takes a tenant's configuration and credential away. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Command } from 'commander';
import { forgetTenantInTable } from '../../../shared/aws/forget-tenant.ts';
import { systemClock } from '../../../local/clock.ts';
import { openLakeFolder } from '../../../local/lake-folder.ts';
import type { CheckPlace } from '../../tenants/check-place.ts';
import { forgetTenantInFolder } from '../../tenants/forget-tenant.ts';
import type { Person } from '../../tenants/person.ts';
import { noted } from '../../tenants/tenant-audit.ts';
import { configOf, nameOf, type TenantStore } from '../../tenants/tenant-store.ts';
import { count } from '../../terminal/quantity.ts';
import { asUsage, UsageError } from '../../../local/exit.ts';
import { toStdout } from '../output.ts';
import { checkedName, chooseStore, thisTerminal } from './store-choice.ts';
import { addTenantsOptions, type TenantsChoice } from './tenants-choice.ts';

interface RemoveOptions extends TenantsChoice {
  readonly purge?: true;
  readonly purgeLosses?: true;
  readonly yes?: true;
}

const help = `
What has landed stays in the lake. The state in the ledger stays as well: a tenant that is added again continues where it stopped, and
nothing lands twice. --purge also deletes that state (cursors, claims, jobs). A tenant that is added again then collects everything that
Microsoft still serves, so records that are in the lake already land a second time. The rows that say what was lost, and which times were
not collected, stay; --purge-losses deletes them too.

Examples:
  lake tenant remove contoso
  lake tenant remove contoso --purge --yes --aws`;

/** Adds the command. */
export function removeCommand(tenant: Command): void {
  const command = tenant
    .command('remove')
    .summary('remove a tenant; what has landed stays')
    .description("Removes a tenant's configuration and credential.")
    .argument('<name>', "the tenant's name")
    .option('--purge', 'also delete its state in the ledger')
    .option('--purge-losses', 'with --purge: also delete the rows of what was lost or not collected')
    .option('--yes', 'do not ask for confirmation');
  addTenantsOptions(command).addHelpText('after', help).action(remove);
}

async function remove(name: string, options: RemoveOptions): Promise<void> {
  if (options.purgeLosses && !options.purge) throw new UsageError('--purge-losses goes with --purge only; add it, or leave both out');
  const { store, checkPlace, note } = await chooseStore(options);
  await configOf(store, checkedName(name));
  if (options.yes !== true) await confirm(name, options.purge === true, thisTerminal().person);
  const left = await store.remove(name);
  await toStdout(`removed tenant '${name}' from ${store.place}${left.map((what) => `; ${what}`).join('')}\n`);
  if (options.purge !== true) return;
  const changed = options.purgeLosses ? ['state', 'losses', 'gaps'] : ['state'];
  const forgotten = await noted(note, { action: 'purge', tenant: name, changed }, () => purge(name, store, checkPlace, options));
  await toStdout(`forgot ${count(forgotten)} entries of the ledger about it; what has landed is still in the lake\n`);
}

async function confirm(name: string, isPurge: boolean, person: Person | undefined): Promise<void> {
  if (!person) throw new UsageError(`there is no terminal to confirm on: add --yes to remove tenant '${name}'`);
  const what = isPurge ? "configuration, credential and the ledger's state" : 'configuration and credential';
  const answer = await person.ask(`This removes ${what} of '${name}'. Its name, to go on`);
  if (answer !== name) throw new UsageError(`'${answer}' is not '${name}': nothing was changed`);
}

/** @throws UsageError when another tenant of the store is the same one at Microsoft: its state would go as well. */
async function purge(name: string, store: TenantStore, place: CheckPlace, { lake, purgeLosses }: RemoveOptions): Promise<number> {
  const others = (await store.entries()).map(nameOf);
  const losses = purgeLosses ? 'forget' : 'keep';
  if (place.kind === 'aws')
    return forgetTenantInTable(new DynamoDBClient({}), place.deployment.tableName, systemClock, name, others, losses);
  const folder = await asUsage(() => openLakeFolder(lake, { exclusive: true }));
  try {
    return await asUsage(() => forgetTenantInFolder(folder.ledgerFile, name, others, losses));
  } finally {
    folder.close();
  }
}
