/** `lake tenant permissions`: what a tenant's administrator has to grant, and where. */

import type { Command } from 'commander';
import type { Tenant } from '../../../shared/domain/tenant.ts';
import { federatedCredential, type FederatedCredential } from '../../tenants/federation.ts';
import { consentSteps, credentialSteps, neededPermissions, type NeededPermissions } from '../../tenants/permissions.ts';
import { checkedTenant, configOf } from '../../tenants/tenant-desk.ts';
import { paperOf } from '../../terminal/paper.ts';
import { table } from '../../terminal/table.ts';
import { toStdout } from '../output.ts';
import { goodName, openDesk } from './desk-choice.ts';
import { addTenantsOptions, type TenantsChoice } from './tenants-choice.ts';

const help = `
Exactly what the chosen log types need, with the links of the tenant's own cloud. With federated credentials, issuer, subject and audience
as Entra wants them; docs/federated-credentials.md walks through both consoles.

Examples:
  lake tenant permissions contoso
  lake tenant permissions contoso --aws --json`;

/** Adds the command. */
export function permissionsCommand(tenant: Command): void {
  const command = tenant
    .command('permissions')
    .summary("show what the tenant's administrator has to grant, and where")
    .description('Shows the application permissions that the chosen log types need, the consent link and the steps in the Entra console.')
    .argument('<name>', "the tenant's name");
  addTenantsOptions(command).option('--json', 'print one object').addHelpText('after', help).action(permissions);
}

async function permissions(name: string, options: TenantsChoice & { readonly json?: true }): Promise<void> {
  const { desk, checkPlace } = await openDesk(options);
  const tenant = checkedTenant(desk, goodName(name), await configOf(desk, name));
  const isFederated = tenant.credentialKind === 'federated' && checkPlace.kind === 'aws';
  const federated = isFederated ? await federatedCredential(tenant, checkPlace.deployment) : undefined;
  const needed = neededPermissions(tenant);
  const answer = { name, clientId: tenant.clientId, ...needed, ...(federated && { federatedCredential: federated }) };
  await toStdout(options.json ? `${JSON.stringify(answer, undefined, 2)}\n` : page(tenant, needed, federated));
}

function page(tenant: Tenant, needed: NeededPermissions, federated: FederatedCredential | undefined): string {
  const rows = needed.apis.flatMap(({ title, permissions: some }) =>
    some.map(({ name, isOptional, why = '', logTypes }) => [title, name, isOptional ? 'optional' : 'needed', logTypes.join(', '), why]),
  );
  const columns = ['API', 'application permission', '', 'for', 'why'].map((name) => ({ name }));
  const steps = [...consentSteps(tenant, needed), ...credentialSteps(tenant)];
  return [
    `${tenant.name} (client id ${tenant.clientId}) needs these application permissions, with admin consent:\n`,
    table(columns, rows, { ...paperOf(), long: 'wrap' }),
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
