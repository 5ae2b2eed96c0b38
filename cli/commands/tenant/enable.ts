/** `lake tenant enable`: tests a tenant, and collects what passed. */

import { Option, type Command } from 'commander';
import type { Checked, CheckedTenant } from '../../../lambdas/check/checked-tenant.ts';
import { days } from '../../../shared/domain/window.ts';
import { logTypes } from '../../../shared/log-types/index.ts';
import type { LogType } from '../../../shared/log-types/log-type.ts';
import { tenantWarnings } from '../../../shared/tenant-config.ts';
import { checkReport } from '../../tenants/check-report.ts';
import { checkTenant } from '../../tenants/check-tenant.ts';
import { enabled, type Enabled } from '../../tenants/enabling.ts';
import { checkedTenant, configOf, type TenantStore } from '../../tenants/tenant-store.ts';
import { terminalStyle } from '../../terminal/terminal-style.ts';
import { BadAnswer, UsageError } from '../../../local/exit.ts';
import { toStderr, toStdout } from '../output.ts';
import { checkedName, chooseStore } from './store-choice.ts';
import { addTenantsOptions, type TenantsChoice } from './tenants-choice.ts';

interface EnableOptions extends TenantsChoice {
  readonly anyway?: true;
  readonly simulator?: string;
}

const help = `
Runs 'lake tenant test' first, and enables the log types that pass. A log type that fails is left waiting; the next 'lake tenant enable' tests
it again. Log types that are collected already stay enabled. --anyway enables everything, whatever the test finds.

The first list runs within five minutes. It starts subscriptions that are not enabled, and goes back as far as Microsoft serves: ${servedFor('content')} of
content, ${servedFor('windows')} of what Graph has (docs/log-types.md). Microsoft's first content can take 12 hours after a subscription is started;
'lake status' shows that as 'warming up'.

Examples:
  lake tenant enable contoso
  lake tenant enable contoso --anyway
  lake tenant enable contoso --aws`;

/** Adds the command. */
export function enableCommand(tenant: Command): void {
  const command = tenant
    .command('enable')
    .summary('test a tenant and start collecting it')
    .description('Tests a tenant, and enables the log types that pass.')
    .argument('<name>', "the tenant's name")
    .option('--anyway', 'also enable log types that fail their test');
  addTenantsOptions(command)
    .addOption(new Option('--simulator <url>', "send requests to a running 'lake simulate' instead of Microsoft").conflicts('aws'))
    .addHelpText('after', help)
    .action(enable);
}

async function enable(name: string, options: EnableOptions): Promise<void> {
  const { store, checkPlace } = await chooseStore(options);
  const outcome = await enableTenant(checkedName(name), store, {
    check: () => checkTenant(name, checkPlace),
    isAnyway: options.anyway === true,
    print: toStdout,
    warn: (text) => {
      toStderr(`warning: ${text}\n`);
    },
  });
  const { logTypes, waiting } = outcome;
  if (logTypes.length === 0)
    throw new BadAnswer(`no log type passed, so tenant '${name}' was not changed; follow the cures above, or use --anyway`);
  await toStdout(`\ntenant '${name}' is enabled: ${logTypes.join(', ')}\n`);
  await toStdout('The next list starts its subscriptions and goes back as far as Microsoft serves.\n');
  if (waiting.length > 0)
    throw new BadAnswer(
      `waiting for their test to pass: ${waiting.join(', ')}; then run 'lake tenant enable ${name}${store.sameTenants}' again`,
    );
}

/** How a tenant is enabled: the test to run, whether its result decides, and where output goes. */
export interface Enabling {
  readonly check: () => Promise<Checked>;
  readonly isAnyway: boolean;
  readonly print: (text: string) => Promise<void>;
  readonly warn: (text: string) => void;
}

/** @throws UsageError when the configuration or the credential cannot be used at all; nothing is changed then. */
export async function enableTenant(name: string, store: TenantStore, { check, isAnyway, print, warn }: Enabling): Promise<Enabled> {
  const config = await configOf(store, name);
  for (const warning of tenantWarnings(checkedTenant(store, name, config))) warn(warning);
  const { logTypes } = await checkedOrThrow(await check(), print);
  const outcome = enabled(config, isAnyway ? 'anyway' : logTypes);
  if (outcome.config) await store.save(name, outcome.config, 'replace');
  return outcome;
}

async function checkedOrThrow(checked: Checked, print: Enabling['print']): Promise<CheckedTenant> {
  if (checked.kind === 'checked') {
    await print(`${checkReport(checked.tenant, terminalStyle())}\n`);
    return checked.tenant;
  }
  const faults = checked.kind === 'broken' ? checked.faults : ['it was not found where it is collected; look at it again in a minute'];
  throw new UsageError(`tenant '${checked.name}' cannot be tested, and was not changed:\n  ${faults.join('\n  ')}`);
}

/** How far back Microsoft serves the log types of one API. @example servedFor('windows') // '30 to 90 days' */
function servedFor(kind: LogType['source']['kind']): string {
  const kept = logTypes.filter(({ source }) => source.kind === kind).map(({ retentionMs }) => Math.round(retentionMs / days(1)));
  const [least, most] = [Math.min(...kept), Math.max(...kept)];
  return least === most ? `${String(least)} days` : `${String(least)} to ${String(most)} days`;
}
