/** `lake tenant history`: who changed or tested which tenant, and when. */

import type { Command } from 'commander';
import { printable } from '../../../shared/printable.ts';
import type { AuditRow } from '../../tenants/tenant-audit.ts';
import { toStdout } from '../output.ts';
import { chooseStore } from './store-choice.ts';
import { addTenantsOptions, type TenantsChoice } from './tenants-choice.ts';

const help = `
Each command that adds, changes, enables, disables or removes a tenant leaves a row before it does so, and each test of one a row after it. Fields
are named, never their values.

Examples:
  lake tenant history
  lake tenant history contoso --aws
  lake tenant history --json`;

/** Adds the command. */
export function historyCommand(tenant: Command): void {
  const command = tenant
    .command('history')
    .summary('show who changed or tested which tenant, and when')
    .description('Shows every change and every test of tenants, oldest first.')
    .argument('[name]', 'only this tenant')
    .option('--json', 'print JSON lines');
  addTenantsOptions(command)
    .addHelpText('after', help)
    .action(async (name: string | undefined, options: TenantsChoice & { readonly json?: true }) => {
      const { audit } = await chooseStore(options);
      const rows = (await audit.rows()).filter(({ tenant: of }) => name === undefined || of === name);
      await toStdout(rows.map((row) => `${options.json ? JSON.stringify(row) : lineOf(row)}\n`).join(''));
    });
}

function lineOf({ at, who, action, tenant, changed, failed, subject, reason }: AuditRow): string {
  const fields = changed.length === 0 ? '' : `: ${changed.join(', ')}`;
  const person = subject === undefined ? '' : ` sha256:${subject.slice(0, 16)}`;
  const why = reason === undefined ? '' : ` because: ${reason}`;
  return printable(`${at}  ${who}  ${action} ${tenant}${person}${fields}${why}${failed === undefined ? '' : ` (failed: ${failed})`}`);
}
