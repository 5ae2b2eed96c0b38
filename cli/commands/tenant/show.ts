/** `lake tenant show`: one tenant, whole, without its secret. */

import type { Command } from 'commander';
import { tenantWarnings } from '../../../shared/tenant-config.ts';
import { configOf, isSwitchedOn, nameOf, type TenantStore, type TenantJson } from '../../tenants/tenant-store.ts';
import { prettyJson, toStdout } from '../output.ts';
import { checkedName, chooseStore } from './store-choice.ts';
import { addTenantsOptions, type TenantsChoice } from './tenants-choice.ts';

const help = `
Examples:
  lake tenant show contoso
  lake tenant show contoso --aws --json`;

/** Adds the command. */
export function showCommand(tenant: Command): void {
  const command = tenant
    .command('show')
    .summary('show one tenant, without its secret')
    .description("Shows a tenant's configuration, where its credential is stored, and any errors and warnings.")
    .argument('<name>', "the tenant's name");
  addTenantsOptions(command)
    .option('--json', 'print one object')
    .addHelpText('after', help)
    .action(async (name: string, options: TenantsChoice & { readonly json?: true }) => {
      const { store } = await chooseStore(options);
      const shown = await show(store, checkedName(name));
      await toStdout(options.json ? `${prettyJson(shown)}\n` : page(shown));
    });
}

interface Shown {
  readonly name: string;
  readonly place: string;
  readonly state: 'enabled' | 'disabled' | 'broken';
  readonly credential: string;
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
  readonly config: TenantJson;
}

async function show(store: TenantStore, name: string): Promise<Shown> {
  const config = await configOf(store, name);
  const entry = (await store.entries()).find((one) => nameOf(one) === name);
  const isBroken = entry?.kind === 'broken';
  return {
    name,
    place: store.place,
    state: isBroken ? 'broken' : isSwitchedOn(config) ? 'enabled' : 'disabled',
    credential: await store.credential(name),
    faults: isBroken ? entry.faults : [],
    warnings: entry?.kind === 'tenant' ? tenantWarnings(entry.tenant) : [],
    // What is wrong may be a secret in the wrong place.
    config: isBroken ? {} : config,
  };
}

function page({ name, place, state, credential, faults, warnings, config }: Shown): string {
  const lines = [
    `${name} (in ${place}): ${state}`,
    `credential: ${credential}`,
    ...faults.map((fault) => `wrong: ${fault}`),
    ...warnings.map((warning) => `warning: ${warning}`),
    ...(faults.length > 0 ? [] : [prettyJson(config)]),
  ];
  return `${lines.join('\n')}\n`;
}
