/** `lake tenant remove`: takes a tenant's configuration and credential away. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Command } from 'commander';
import { forgetTenantInTable } from '../../../shared/aws/forget-tenant.ts';
import { systemClock } from '../../../local/clock.ts';
import { openLakeFolder } from '../../../local/lake-folder.ts';
import type { CheckPlace } from '../../tenants/check-tenant.ts';
import { forgetTenantInFolder } from '../../tenants/forget-tenant.ts';
import type { Person } from '../../tenants/person.ts';
import { configOf, nameOf, type TenantDesk } from '../../tenants/tenant-desk.ts';
import { count } from '../../terminal/quantity.ts';
import { asUsage, UsageError } from '../../../local/exit.ts';
import { toStdout } from '../output.ts';
import { goodName, openDesk, whoeverIsThere } from './desk-choice.ts';
import { addTenantsOptions, type TenantsChoice } from './tenants-choice.ts';

interface RemoveOptions extends TenantsChoice {
  readonly purge?: true;
  readonly yes?: true;
}

const help = `
What has landed stays in the lake, and so does the ledger's state: a tenant that is added again goes on where it stopped, and nothing lands
twice. --purge forgets the state (cursors, claims, jobs, losses, gaps) as well: a tenant that is added again then collects anew whatever
Microsoft still serves, so that what is in the lake already lands a second time.

Examples:
  lake tenant remove contoso
  lake tenant remove contoso --purge --yes --aws`;

/** Adds the command. */
export function removeCommand(tenant: Command): void {
  const command = tenant
    .command('remove')
    .summary('take a tenant away; what has landed stays')
    .description("Removes a tenant's configuration and credential.")
    .argument('<name>', "the tenant's name")
    .option('--purge', "forget the ledger's state of the tenant, too")
    .option('--yes', 'do not ask');
  addTenantsOptions(command).addHelpText('after', help).action(remove);
}

async function remove(name: string, options: RemoveOptions): Promise<void> {
  const { desk, checkPlace } = await openDesk(options);
  await configOf(desk, goodName(name));
  if (options.yes !== true) await confirm(name, options.purge === true, whoeverIsThere().person);
  const left = await desk.remove(name);
  await toStdout(`removed tenant '${name}' from ${desk.place}${left.map((what) => `; ${what}`).join('')}\n`);
  if (options.purge !== true) return;
  const forgotten = await purge(name, desk, checkPlace, options);
  await toStdout(`forgot ${count(forgotten)} entries of the ledger about it; what has landed is still in the lake\n`);
}

async function confirm(name: string, isPurge: boolean, person: Person | undefined): Promise<void> {
  if (!person) throw new UsageError(`nobody is there to be asked: add --yes to remove tenant '${name}'`);
  const what = isPurge ? "configuration, credential and the ledger's state" : 'configuration and credential';
  const said = await person.ask(`This removes ${what} of '${name}'. Its name, to go on`);
  if (said !== name) throw new UsageError(`'${said}' is not '${name}': nothing was changed`);
}

/** @throws UsageError when another tenant of the desk is the same one at Microsoft: its state would go as well. */
async function purge(name: string, desk: TenantDesk, place: CheckPlace, { lake }: RemoveOptions): Promise<number> {
  const others = (await desk.entries()).map(nameOf);
  if (place.kind === 'aws') return forgetTenantInTable(new DynamoDBClient({}), place.deployment.tableName, systemClock, name, others);
  const folder = await asUsage(() => openLakeFolder(lake, { exclusive: true }));
  try {
    return await asUsage(() => forgetTenantInFolder(folder.ledgerFile, name, others));
  } finally {
    folder.close();
  }
}
