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
import { credentialKinds, draftTenant, knownIds, matchingCloud, usualLogTypes, type TenantWords } from '../../tenants/draft.ts';
import type { Person } from '../../tenants/person.ts';
import { checkedTenant, type TenantDesk } from '../../tenants/tenant-desk.ts';
import { UsageError } from '../../../local/exit.ts';
import { toStdout } from '../output.ts';
import { goodName, openDesk, sameTenants, whoeverIsThere } from './desk-choice.ts';
import { addTenantsOptions, type TenantsChoice } from './tenants-choice.ts';
import { addTenantWords } from './words.ts';

type AddOptions = TenantsChoice & TenantWords & CredentialChoice;

const help = `
Asks for what is missing when a person sits there; the secret is not shown. From a pipeline everything comes from options, environment
variables or standard input. The credential is never an option: it is read from --credential-file, --credential-env, --credential-stdin
or the variable ${usualVariable}. On one machine it is stored in a file of its own that only you can read, with --aws in a SecureString
under the deployment's key. With --credential federated there is none. The tenant is switched off until 'lake tenant enable'.

Examples:
  lake tenant add contoso
  lake tenant add contoso --domain contoso.onmicrosoft.com --client-id 00000000-0000-4000-8000-000000000000 \\
      --log-types audit-exchange,audit-general,directory-audits --credential-env CONTOSO_SECRET
  lake tenant add contoso --aws --credential federated --management-cloud gcc-high --graph-cloud us-gov-l4 ...`;

/** Adds the command. */
export function addCommand(tenant: Command): void {
  const command = tenant
    .command('add')
    .summary('add a tenant: what to collect, and with which credential')
    .description('Adds a tenant, switched off.')
    .argument('<name>', 'a name of your choice: letters, digits, - and _');
  addTenantsOptions(addCredentialOptions(addTenantWords(command, 'and variables')))
    .addHelpText('after', help)
    .action(async (name: string, options: AddOptions) => {
      const { desk } = await openDesk(options);
      const warnings = await addTenant(goodName(name), options, desk, whoeverIsThere());
      for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
      await toStdout(added(name, desk, sameTenants(options)));
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
  given: TenantWords & CredentialChoice,
  desk: TenantDesk,
  places: CredentialPlaces,
): Promise<readonly string[]> {
  if (await desk.config(name))
    throw new UsageError(`there is a tenant '${name}' in ${desk.place} already; change it with 'lake tenant edit ${name}'`);
  const words = places.person ? await askForWords(given, places.person, desk.isFedramp) : given;
  const missing = missingWords(words);
  if (missing.length > 0) throw new UsageError(`nobody is there to be asked, and these are missing: ${missing.join(', ')}`);
  const config = draftTenant(words);
  const tenant = checkedTenant(desk, name, config);
  const credential = await readCredentialInput(tenant.credentialKind, given, places);
  if (credential === undefined && tenant.credentialKind !== 'federated')
    throw new UsageError(
      `the credential is missing: give it by --credential-file, --credential-env, --credential-stdin, or set ${usualVariable}`,
    );
  await desk.save(name, config, 'new', credential);
  return tenantWarnings(tenant);
}

function missingWords({ domain, clientId, logTypes }: TenantWords): string[] {
  const words = [
    { flag: '--domain (or LAKE_TENANT_DOMAIN)', value: domain },
    { flag: '--client-id (or LAKE_CLIENT_ID)', value: clientId },
    { flag: '--log-types (or LAKE_LOG_TYPES)', value: logTypes },
  ];
  return words.filter(({ value }) => value === undefined).map(({ flag }) => flag);
}

/** The questions in an order in which each answer suggests the next one. */
async function askForWords(given: TenantWords, person: Person, isFedramp: boolean): Promise<TenantWords> {
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

function oneOf<Word extends string>(known: readonly Word[], said: string): Word {
  const found = known.find((word) => word === said);
  if (found === undefined) throw new UsageError(`'${said}' is none of ${known.join(', ')}`);
  return found;
}

const split = (text: string): string[] => text.split(',').map((id) => id.trim());

function added(name: string, { place }: TenantDesk, same: string): string {
  return [
    `added tenant '${name}' to ${place}, switched off. Next:`,
    `  lake tenant permissions ${name}${same}   what its administrator has to grant, and where`,
    `  lake tenant test ${name}${same}          whether everything is there`,
    `  lake tenant enable ${name}${same}        collect it\n`,
  ].join('\n');
}
