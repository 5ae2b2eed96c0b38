/** `lake tenant disable`: stops collecting a tenant. */

import type { Command } from 'commander';
import { configOf, isSwitchedOn, type TenantStore } from '../../tenants/tenant-store.ts';
import { toStdout } from '../output.ts';
import { checkedName, chooseStore } from './store-choice.ts';
import { addTenantsOptions, type TenantsChoice } from './tenants-choice.ts';

const help = `
The subscriptions at Microsoft stay as they are, and Microsoft keeps content for 7 days: a tenant that is enabled again within 7 days misses
nothing. A running collector, here or in AWS, stops within five minutes.

Examples:
  lake tenant disable contoso
  lake tenant disable contoso --aws`;

/** Adds the command. */
export function disableCommand(tenant: Command): void {
  const command = tenant
    .command('disable')
    .summary('stop collecting a tenant')
    .description('Disables a tenant.')
    .argument('<name>', "the tenant's name");
  addTenantsOptions(command)
    .addHelpText('after', help)
    .action(async (name: string, options: TenantsChoice) => {
      const { store } = await chooseStore(options);
      await toStdout(await disable(store, checkedName(name)));
    });
}

async function disable(store: TenantStore, name: string): Promise<string> {
  const config = await configOf(store, name);
  if (!isSwitchedOn(config)) return `tenant '${name}' is disabled already\n`;
  await store.save(name, { ...config, enabled: false }, 'replace');
  return `tenant '${name}' is disabled; its subscriptions stay as they are, and enabling it within 7 days misses nothing\n`;
}
