/** `lake tenant disable`: stops collecting a tenant. */

import type { Command } from 'commander';
import { configOf, isSwitchedOn, type TenantDesk } from '../../tenants/tenant-desk.ts';
import { toStdout } from '../output.ts';
import { goodName, openDesk } from './desk-choice.ts';
import { addTenantsOptions, type TenantsChoice } from './tenants-choice.ts';

const help = `
Its subscriptions at Microsoft are never stopped: content that appears meanwhile is kept there for 7 days, so that a tenant which is
enabled again within them misses nothing. A run on this machine and the functions in AWS notice within five minutes.

Examples:
  lake tenant disable contoso
  lake tenant disable contoso --aws`;

/** Adds the command. */
export function disableCommand(tenant: Command): void {
  const command = tenant
    .command('disable')
    .summary('stop collecting a tenant; its subscriptions stay')
    .description('Switches a tenant off.')
    .argument('<name>', "the tenant's name");
  addTenantsOptions(command)
    .addHelpText('after', help)
    .action(async (name: string, options: TenantsChoice) => {
      const { desk } = await openDesk(options);
      await toStdout(await disable(desk, goodName(name)));
    });
}

async function disable(desk: TenantDesk, name: string): Promise<string> {
  const config = await configOf(desk, name);
  if (!isSwitchedOn(config)) return `tenant '${name}' is switched off already\n`;
  await desk.save(name, { ...config, enabled: false }, 'replace');
  return `tenant '${name}' is switched off; its subscriptions stay as they are, so that enabling it within 7 days misses nothing\n`;
}
