/** `lake tenant add`: a new tenant, switched off until its test has passed. */

import type { Command } from 'commander';
import { cloudIdsOf } from '../../../shared/clouds.ts';
import { tenantWarnings } from '../../../shared/tenant-config.ts';
import {
  addCredentialOptions,
  readCredentialInput,
  usualVariable,
  type CredentialChoice,
  type CredentialPlaces,
} from '../../tenants/credential-input.ts';
import { credentialKinds, draftTenant, knownIds, matchingCloud, usualLogTypes, type TenantFields } from '../../tenants/draft.ts';
import type { Person } from '../../tenants/person.ts';
import { checkedTenant, type TenantStore } from '../../tenants/tenant-store.ts';
import { UsageError } from '../../../local/exit.ts';
import { toStderr, toStdout } from '../output.ts';
import { checkedName, chooseStore, thisTerminal } from './store-choice.ts';
import { addTenantsOptions, type TenantsChoice } from './tenants-choice.ts';
import { addFieldOptions } from './field-options.ts';

type AddOptions = TenantsChoice & TenantFields & CredentialChoice;

const help = `
On a terminal, what is missing is asked for; the secret is not echoed. Elsewhere, everything comes from options, environment variables or
standard input. The credential is never an option: it is read from --credential-file, --credential-env, --credential-stdin or the variable
${usualVariable}. On one machine it is stored in a file that only you can read; with --aws, in a SecureString encrypted with the key of the
deployment. With --credential federated there is no credential to store.

The tenant is disabled until 'lake tenant enable'.

Examples:
  lake tenant add contoso
  lake tenant add contoso --domain contoso.onmicrosoft.com --client-id 00000000-0000-4000-8000-000000000000 \\
      --log-types audit-exchange,audit-general,directory-audits --credential-env CONTOSO_SECRET
  lake tenant add contoso --aws --credential federated --management-cloud gcc-high --graph-cloud us-gov-l4 ...`;

/** Adds the command. */
export function addCommand(tenant: Command): void {
  const command = tenant
    .command('add')
    .summary('add a tenant')
    .description('Adds a tenant with its log types and credential. It stays disabled until it is enabled.')
    .argument('<name>', 'a name of your choice, of letters, digits, - and _');
  addTenantsOptions(addCredentialOptions(addFieldOptions(command, 'and variables')))
    .addHelpText('after', help)
    .action(async (name: string, options: AddOptions) => {
      const { store } = await chooseStore(options);
      const warnings = await addTenant(checkedName(name), options, store, thisTerminal());
      for (const warning of warnings) toStderr(`warning: ${warning}\n`);
      await toStdout(added(name, store));
    });
}

/**
 * Adds a tenant, and asks for what was not given where a person can be asked.
 *
 * @returns What is odd about it, a sentence each.
 * @throws UsageError with everything that is missing or wrong; nothing is written then.
 */
export async function addTenant(
  name: string,
  given: TenantFields & CredentialChoice,
  store: TenantStore,
  places: CredentialPlaces,
): Promise<readonly string[]> {
  if (await store.config(name))
    throw new UsageError(
      `there is a tenant '${name}' in ${store.place} already; change it with 'lake tenant edit ${name}${store.sameTenants}'`,
    );
  const fields = places.person ? await askForFields(given, places.person, store.isFedramp) : given;
  const missing = missingFields(fields);
  if (missing.length > 0) throw new UsageError(`missing, and there is no terminal to ask on: ${missing.join(', ')}`);
  const config = draftTenant(fields);
  const tenant = checkedTenant(store, name, config);
  const credential = await readCredentialInput(tenant.credentialKind, given, places);
  if (credential === undefined && tenant.credentialKind !== 'federated')
    throw new UsageError(
      `the credential is missing: give it by --credential-file, --credential-env, --credential-stdin, or set ${usualVariable}`,
    );
  await store.save(name, config, 'new', credential);
  return tenantWarnings(tenant);
}

function missingFields({ domain, clientId, logTypes }: TenantFields): string[] {
  const fields = [
    { flag: '--domain (or LAKE_TENANT_DOMAIN)', value: domain },
    { flag: '--client-id (or LAKE_CLIENT_ID)', value: clientId },
    { flag: '--log-types (or LAKE_LOG_TYPES)', value: logTypes },
  ];
  return fields.filter(({ value }) => value === undefined).map(({ flag }) => flag);
}

/** The questions in an order in which each answer suggests the next one. */
async function askForFields(given: TenantFields, person: Person, isFedramp: boolean): Promise<TenantFields> {
  const usual = usualLogTypes(isFedramp).join(',');
  const domain = given.domain ?? (await person.ask('A verified domain of the tenant, or its GUID'));
  const clientId = given.clientId ?? (await person.ask('Client id of the app registration'));
  const logTypes = given.logTypes ?? knownIds(split(await person.ask('Log types, separated by commas', usual)), 'log types');
  const managementCloud = given.managementCloud ?? (await askForCloud(person, 'management-activity', given.graphCloud));
  const graphCloud = given.graphCloud ?? (await askForCloud(person, 'graph', managementCloud));
  const credential = given.credential ?? oneOf(credentialKinds, await person.ask(`Credential (${credentialKinds.join(', ')})`, 'secret'));
  return { ...given, domain, clientId, logTypes, managementCloud, graphCloud, credential };
}

function askForCloud(person: Person, api: 'management-activity' | 'graph', other: string | undefined): Promise<string> {
  const title = api === 'graph' ? 'Microsoft Graph' : 'the Management Activity API';
  return person.ask(`Cloud of ${title} (${cloudIdsOf(api).join(', ')})`, matchingCloud(api, other));
}

function oneOf<Word extends string>(known: readonly Word[], answer: string): Word {
  const found = known.find((word) => word === answer);
  if (found === undefined) throw new UsageError(`unknown credential '${answer}'; known are ${known.join(', ')}`);
  return found;
}

const split = (text: string): string[] => text.split(',').map((id) => id.trim());

function added(name: string, { place, sameTenants }: TenantStore): string {
  return [
    `added tenant '${name}' to ${place}, disabled. Next:`,
    `  lake tenant permissions ${name}${sameTenants}   show the permissions that its administrator has to grant`,
    `  lake tenant test ${name}${sameTenants}          check that everything is in place`,
    `  lake tenant enable ${name}${sameTenants}        start collecting\n`,
  ].join('\n');
}
