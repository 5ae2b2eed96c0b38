/** `lake tenant enable`: tests a tenant, and collects what passed. */

import { Option, type Command } from 'commander';
import type { Checked, CheckedTenant } from '../../../lambdas/check/checked-tenant.ts';
import { tenantWarnings } from '../../../shared/tenant-config.ts';
import { checkReport } from '../../tenants/check-report.ts';
import { checkTenant } from '../../tenants/check-tenant.ts';
import { enabled, type Enabled } from '../../tenants/enabling.ts';
import { checkedTenant, configOf, type TenantDesk } from '../../tenants/tenant-desk.ts';
import { paperOf } from '../../terminal/paper.ts';
import { BadAnswer, UsageError } from '../../../local/exit.ts';
import { toStdout } from '../output.ts';
import { goodName, openDesk, sameTenants } from './desk-choice.ts';
import { addTenantsOptions, type TenantsChoice } from './tenants-choice.ts';

interface EnableOptions extends TenantsChoice {
  readonly anyway?: true;
  readonly simulator?: string;
}

const help = `
Tests first ('lake tenant test'), then switches on what passed; a log type that failed waits, and is tested again by the next enable.
What is collected already goes on, whatever the test says. --anyway switches everything on that is chosen.

The first list, within five minutes, starts the subscriptions that are not enabled, and goes back as far as Microsoft serves: 7 days of
content, 30 of sign-ins, audits and alerts. After a first start, Microsoft's first content can take 12 hours: 'lake status' says so.

Examples:
  lake tenant enable contoso
  lake tenant enable contoso --anyway
  lake tenant enable contoso --aws`;

/** Adds the command. */
export function enableCommand(tenant: Command): void {
  const command = tenant
    .command('enable')
    .summary('test a tenant, and collect what passed')
    .description('Switches a tenant on, as far as its test passes.')
    .argument('<name>', "the tenant's name")
    .option('--anyway', 'switch on what fails its test, too');
  addTenantsOptions(command)
    .addOption(new Option('--simulator <url>', "test with a running 'lake simulate' instead of Microsoft").conflicts('aws'))
    .addHelpText('after', help)
    .action(enable);
}

async function enable(name: string, options: EnableOptions): Promise<void> {
  const { desk, checkPlace } = await openDesk(options);
  const outcome = await enableTenant(goodName(name), desk, {
    check: () => checkTenant(name, checkPlace),
    isAnyway: options.anyway === true,
    say: toStdout,
    warn: (text) => process.stderr.write(`warning: ${text}\n`),
  });
  const { logTypes, waiting } = outcome;
  if (logTypes.length === 0)
    throw new BadAnswer(`nothing passed, so that tenant '${name}' stays as it was; cure what the test names, or insist with --anyway`);
  await toStdout(`\ntenant '${name}' is enabled: ${logTypes.join(', ')}\n`);
  await toStdout('The next list starts its subscriptions and goes back as far as Microsoft serves.\n');
  if (waiting.length > 0)
    throw new BadAnswer(
      `${waiting.join(', ')} wait until their test passes: run 'lake tenant enable ${name}${sameTenants(options)}' again then`,
    );
}

export interface Enabling {
  readonly check: () => Promise<Checked>;
  readonly isAnyway: boolean;
  readonly say: (text: string) => Promise<void>;
  readonly warn: (text: string) => void;
}

/** @throws UsageError when the configuration or the credential cannot be used at all; nothing is changed then. */
export async function enableTenant(name: string, desk: TenantDesk, { check, isAnyway, say, warn }: Enabling): Promise<Enabled> {
  const config = await configOf(desk, name);
  for (const warning of tenantWarnings(checkedTenant(desk, name, config))) warn(warning);
  const { logTypes } = await checkedOrThrow(await check(), say);
  const outcome = enabled(config, isAnyway ? 'anyway' : logTypes);
  if (outcome.config) await desk.save(name, outcome.config, 'replace');
  return outcome;
}

async function checkedOrThrow(checked: Checked, say: Enabling['say']): Promise<CheckedTenant> {
  if (checked.kind === 'checked') {
    await say(`${checkReport(checked.tenant, paperOf())}\n`);
    return checked.tenant;
  }
  const faults = checked.kind === 'broken' ? checked.faults : ['it was not found where it is collected; look at it again in a minute'];
  throw new UsageError(`tenant '${checked.name}' cannot be tested, and stays as it was:\n  ${faults.join('\n  ')}`);
}
