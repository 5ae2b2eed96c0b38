/** `lake tenant permissions`: what a tenant's administrator has to grant, and where. */

import type { Command } from 'commander';
import type { Tenant } from '../../../shared/domain/tenant.ts';
import { federatedCredential, type FederatedCredential } from '../../tenants/federation.ts';
import { consentSteps, credentialSteps, neededPermissions, type NeededPermissions } from '../../tenants/permissions.ts';
import { checkedTenant, configOf } from '../../tenants/tenant-store.ts';
import { terminalStyle } from '../../terminal/terminal-style.ts';
import { table } from '../../terminal/table.ts';
import { prettyJson, toStdout } from '../output.ts';
import { checkedName, chooseStore } from './store-choice.ts';
import { addTenantsOptions, type TenantsChoice } from './tenants-choice.ts';

const help = `
Lists exactly the permissions that the chosen log types need, with links for the tenant's cloud. For federated credentials, it also prints
issuer, subject and audience; docs/federated-credentials.md shows both consoles.

Examples:
  lake tenant permissions contoso
  lake tenant permissions contoso --aws --json`;

/** Adds the command. */
export function permissionsCommand(tenant: Command): void {
  const command = tenant
    .command('permissions')
    .summary('show the permissions that the administrator has to grant')
    .description('Shows the application permissions that a tenant needs, the link for admin consent, and the steps in the Entra console.')
    .argument('<name>', "the tenant's name");
  addTenantsOptions(command).option('--json', 'print one object').addHelpText('after', help).action(permissions);
}

async function permissions(name: string, options: TenantsChoice & { readonly json?: true }): Promise<void> {
  const { store, checkPlace } = await chooseStore(options);
  const tenant = checkedTenant(store, checkedName(name), await configOf(store, name));
  const isFederated = tenant.credentialKind === 'federated' && checkPlace.kind === 'aws';
  const federated = isFederated ? await federatedCredential(tenant, checkPlace.deployment) : undefined;
  const needed = neededPermissions(tenant);
  const answer = { name, clientId: tenant.clientId, ...needed, ...(federated && { federatedCredential: federated }) };
  await toStdout(options.json ? `${prettyJson(answer)}\n` : page(tenant, needed, federated, store.sameTenants));
}

function page(tenant: Tenant, needed: NeededPermissions, federated: FederatedCredential | undefined, sameTenants: string): string {
  const rows = needed.apis.flatMap(({ title, permissions: some }) =>
    some.map(({ name, isOptional, why = '', logTypes }) => [title, name, isOptional ? 'optional' : 'needed', logTypes.join(', '), why]),
  );
  const columns = ['API', 'application permission', '', 'for', 'why'].map((name) => ({ name }));
  const steps = [...consentSteps(tenant, needed, sameTenants), ...credentialSteps(tenant)];
  return [
    `${tenant.name} (client id ${tenant.clientId}) needs these application permissions, with admin consent:\n`,
    table(columns, rows, { ...terminalStyle(), long: 'wrap' }),
    `\nIn ${needed.portal}:\n`,
    ...steps.map((step, index) => `  ${String(index + 1)}. ${step}`),
    ...(federated ? federationLines(federated) : []),
    '',
  ].join('\n');
}

function federationLines({ issuer, toFindIssuer = '', subject, audience }: FederatedCredential): string[] {
  return [
    '\nFederated credential (each letter counts):\n',
    `  Issuer              ${issuer ?? `what '${toFindIssuer}' prints as issuer`}`,
    `  Subject identifier  ${subject}`,
    `  Audience            ${audience}`,
  ];
}
