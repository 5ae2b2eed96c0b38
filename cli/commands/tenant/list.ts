/** `lake tenant list`: every tenant there is. */

import type { Command } from 'commander';
import type { TenantEntry } from '../../../shared/ports/tenants.ts';
import { isSwitchedOn, nameOf, type TenantStore } from '../../tenants/tenant-store.ts';
import { terminalStyle } from '../../terminal/terminal-style.ts';
import { table } from '../../terminal/table.ts';
import { prettyJson, toStdout } from '../output.ts';
import { chooseStore } from './store-choice.ts';
import { addTenantsOptions, type TenantsChoice } from './tenants-choice.ts';

const help = `
A tenant is 'broken' if its configuration or credential cannot be used; 'lake tenant show' says why.

Examples:
  lake tenant list
  lake tenant list --aws --json`;

/** Adds the command. */
export function listCommand(tenant: Command): void {
  const command = tenant.command('list').summary('list tenants').description('Lists all tenants, enabled and disabled.');
  addTenantsOptions(command)
    .option('--json', 'print an array of objects')
    .addHelpText('after', help)
    .action(async (options: TenantsChoice & { readonly json?: true }) => {
      const { store } = await chooseStore(options);
      const rows = await listed(store);
      await toStdout(options.json ? `${prettyJson(rows)}\n` : `${page(rows, store)}\n`);
    });
}

interface Row {
  readonly name: string;
  readonly state: 'enabled' | 'disabled' | 'broken';
  readonly domain: string;
  readonly clouds: readonly string[];
  readonly logTypes: readonly string[];
  readonly credential: string;
}

async function listed(store: TenantStore): Promise<Row[]> {
  return Promise.all((await store.entries()).map((entry) => rowOf(store, entry)));
}

async function rowOf(store: TenantStore, entry: TenantEntry): Promise<Row> {
  const name = nameOf(entry);
  if (entry.kind === 'broken') return { name, state: 'broken', domain: '', clouds: [], logTypes: [], credential: '' };
  const { tenantDomain: domain, managementActivity, graph, credentialKind: credential } = entry.tenant;
  const choices = [managementActivity, graph].flatMap((choice) => choice ?? []);
  return {
    name,
    state: isSwitchedOn((await store.config(name)) ?? {}) ? 'enabled' : 'disabled',
    domain,
    clouds: choices.map(({ cloud }) => cloud),
    logTypes: choices.flatMap((choice) => choice.logTypes),
    credential,
  };
}

function page(rows: readonly Row[], { place, sameTenants }: TenantStore): string {
  if (rows.length === 0) return `no tenant in ${place} yet; add one with 'lake tenant add NAME${sameTenants}'`;
  const columns = ['tenant', 'state', 'domain', 'clouds', 'credential', 'log types'].map((name) => ({ name }));
  const cells = rows.map(({ name, state, domain, clouds, credential, logTypes }) => [
    name,
    state,
    domain,
    clouds.join(', '),
    credential,
    logTypes.join(', '),
  ]);
  return table(columns, cells, { ...terminalStyle(), long: 'wrap' });
}
