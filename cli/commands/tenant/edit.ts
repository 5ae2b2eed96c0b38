/** `lake tenant edit`: changes what a tenant collects, or its credential. */

import { Option, type Command } from 'commander';
import { tenantWarnings } from '../../../shared/tenant-config.ts';
import {
  addCredentialOptions,
  isCredentialGiven,
  readCredentialInput,
  type CredentialChoice,
  type CredentialPlaces,
} from '../../tenants/credential-input.ts';
import { changeTenant, chosenIds, kindOf, knownIds, type TenantFields } from '../../tenants/draft.ts';
import { checkedTenant, configOf, isSwitchedOn, type TenantStore } from '../../tenants/tenant-store.ts';
import { UsageError } from '../../../local/exit.ts';
import { toStderr, toStdout } from '../output.ts';
import { checkedName, chooseStore, thisTerminal } from './store-choice.ts';
import { addTenantsOptions, type TenantsChoice } from './tenants-choice.ts';
import { addFieldOptions, idList } from './field-options.ts';

/** What `lake tenant edit` changes; what is absent stays as it is. */
export interface Changes extends TenantFields, CredentialChoice {
  readonly add?: readonly string[];
  readonly drop?: readonly string[];
  readonly replace?: { readonly from: string; readonly to: string };
}

const help = `
Everything that is not named stays as it is. To replace a credential, give the new one ('lake tenant add --help' shows how); collectors use
it within five minutes, or at once if the old one is refused. What has been collected stays.

Examples:
  lake tenant edit contoso --replace alerts-legacy=alerts
  lake tenant edit contoso --add dlp-all --drop audit-general
  lake tenant edit contoso --credential-stdin < new-secret.txt`;

/** Adds the command. */
export function editCommand(tenant: Command): void {
  const command = tenant
    .command('edit')
    .summary('change what a tenant collects, or its credential')
    .description("Changes a tenant's configuration or credential.")
    .argument('<name>', "the tenant's name")
    .addOption(new Option('--replace <old=new>', 'collect one log type in place of another').argParser(replacement))
    .addOption(new Option('--add <ids>', 'also collect these log types').argParser(idList('--add')))
    .addOption(new Option('--drop <ids>', 'stop collecting these log types').argParser(idList('--drop')));
  addTenantsOptions(addCredentialOptions(addFieldOptions(command, 'flags')))
    .addHelpText('after', help)
    .action(async (name: string, options: TenantsChoice & Changes) => {
      const { store } = await chooseStore(options);
      const { warnings, isEnabled } = await editTenant(checkedName(name), options, store, thisTerminal());
      for (const warning of warnings) toStderr(`warning: ${warning}\n`);
      const next = isEnabled
        ? `it is collected like this from now on; check it with 'lake tenant test ${name}${store.sameTenants}'`
        : 'it is disabled';
      await toStdout(`changed tenant '${name}' in ${store.place}: ${next}\n`);
    });
}

interface Edited {
  readonly warnings: readonly string[];
  readonly isEnabled: boolean;
}

/** @throws UsageError when the change, or what it would make, is wrong; nothing is written then. */
export async function editTenant(name: string, changes: Changes, store: TenantStore, places: CredentialPlaces): Promise<Edited> {
  const config = await configOf(store, name);
  const logTypes = changedIds(changes, chosenIds(config));
  const changed = changeTenant(config, { ...changes, ...(logTypes && { logTypes }) });
  const tenant = checkedTenant(store, name, changed);
  const isOtherKind = kindOf(config) !== tenant.credentialKind;
  const isNewCredential = tenant.credentialKind !== 'federated' && (isOtherKind || isCredentialGiven(changes));
  const credential = isNewCredential ? await readCredentialInput(tenant.credentialKind, changes, places) : undefined;
  if (isNewCredential && credential === undefined)
    throw new UsageError(`a ${tenant.credentialKind} is needed now: give it by --credential-file, --credential-env or --credential-stdin`);
  if (credential === undefined && JSON.stringify(changed) === JSON.stringify(config))
    throw new UsageError(`nothing to change: tenant '${name}' is like that already`);
  await store.save(name, changed, 'replace', credential);
  return { warnings: tenantWarnings(tenant), isEnabled: isSwitchedOn(changed) };
}

/** Undefined when no log type is added, dropped or replaced. */
function changedIds({ logTypes, add = [], drop = [], replace }: Changes, before: readonly string[]): readonly string[] | undefined {
  if (logTypes === undefined && add.length === 0 && drop.length === 0 && !replace) return undefined;
  const from = logTypes ?? before;
  const unknown = [...drop, ...(replace ? [replace.from] : [])].filter((id) => !from.includes(id));
  if (unknown.length > 0) throw new UsageError(`${unknown.join(', ')}: not among what is collected, which is ${from.join(', ')}`);
  const replaced = from.map((id) => (id === replace?.from ? replace.to : id));
  return [...new Set([...replaced, ...add])].filter((id) => !drop.includes(id));
}

function replacement(text: string): Changes['replace'] {
  const [from = '', to = '', ...rest] = text.split('=');
  if (from === '' || to === '' || rest.length > 0)
    throw new UsageError(`--replace: '${text}' should be OLD=NEW, such as alerts-legacy=alerts`);
  knownIds([from, to], '--replace');
  return { from, to };
}
