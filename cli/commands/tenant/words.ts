/** The options that say what a tenant is, for adding and editing one. */

import { Option, type Command } from 'commander';
import { cloudIdsOf, type ApiId } from '../../../shared/clouds.ts';
import { credentialKinds, knownIds } from '../../tenants/draft.ts';

/** @param how `and variables`: some can be given by an environment variable as well, for those who deploy from a pipeline. */
export function addTenantWords(command: Command, how: 'flags' | 'and variables'): Command {
  const option = (flags: string, description: string, variable: string): Option => {
    const made = new Option(flags, description);
    return how === 'flags' ? made : made.env(variable);
  };
  return command
    .addOption(option('--domain <domain>', 'a verified domain of the tenant, or its GUID', 'LAKE_TENANT_DOMAIN'))
    .addOption(option('--client-id <guid>', 'the application (client) id of the app registration', 'LAKE_CLIENT_ID'))
    .addOption(option('--log-types <ids>', 'what to collect, separated by commas', 'LAKE_LOG_TYPES').argParser(idList('--log-types')))
    .addOption(
      cloudOption(
        'management-activity',
        option('--management-cloud <cloud>', 'cloud of the Management Activity API', 'LAKE_MANAGEMENT_CLOUD'),
      ),
    )
    .addOption(cloudOption('graph', option('--graph-cloud <cloud>', 'cloud of Microsoft Graph', 'LAKE_GRAPH_CLOUD')))
    .addOption(option('--credential <kind>', 'how the app proves who it is', 'LAKE_CREDENTIAL_KIND').choices(credentialKinds))
    .addOption(new Option('--publisher-id <guid>', 'whom Microsoft counts requests against (default: the tenant itself)'))
    .addOption(new Option('--collect-from <time>', 'nothing older is collected (default: all that Microsoft serves)'));
}

const cloudOption = (api: ApiId, option: Option): Option => option.choices(cloudIdsOf(api));

export function idList(flag: string): (text: string) => readonly string[] {
  return (text) =>
    knownIds(
      text
        .split(',')
        .map((id) => id.trim())
        .filter((id) => id !== ''),
      flag,
    );
}
