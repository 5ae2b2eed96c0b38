/** The options for the fields of a tenant's configuration, of `lake tenant add` and `lake tenant edit`. */

import { Option, type Command } from 'commander';
import { cloudIdsOf, type ApiId } from '../../../shared/clouds.ts';
import { signInsApis } from '../../../shared/domain/tenant.ts';
import { credentialKinds, knownIds } from '../../tenants/draft.ts';
import { tenantDaysChoice } from '../days-choice.ts';

/** Adds `--domain`, `--client-id` and the others. @param how `and variables`: most can also be set by an environment variable, for pipelines. */
export function addFieldOptions(command: Command, how: 'flags' | 'and variables'): Command {
  const option = (flags: string, description: string, variable: string): Option => {
    const made = new Option(flags, description);
    return how === 'flags' ? made : made.env(variable);
  };
  return command
    .addOption(option('--domain <domain>', 'a verified domain of the tenant, or its GUID', 'LAKE_TENANT_DOMAIN'))
    .addOption(option('--client-id <guid>', 'the application (client) id of the app registration', 'LAKE_CLIENT_ID'))
    .addOption(option('--log-types <ids>', 'log types to collect, separated by commas', 'LAKE_LOG_TYPES').argParser(idList('--log-types')))
    .addOption(
      cloudOption(
        'management-activity',
        option('--management-cloud <cloud>', 'cloud of the Management Activity API', 'LAKE_MANAGEMENT_CLOUD'),
      ),
    )
    .addOption(cloudOption('graph', option('--graph-cloud <cloud>', 'cloud of Microsoft Graph', 'LAKE_GRAPH_CLOUD')))
    .addOption(
      option('--sign-ins-api <version>', 'Graph version for interactive sign-ins; beta where v1.0 fails', 'LAKE_SIGN_INS_API').choices(
        signInsApis,
      ),
    )
    .addOption(option('--credential <kind>', 'kind of credential', 'LAKE_CREDENTIAL_KIND').choices(credentialKinds))
    .addOption(new Option('--publisher-id <guid>', 'PublisherIdentifier that Microsoft counts requests against (default: the tenant)'))
    .addOption(new Option('--collect-from <time>', 'collect nothing older (default: all that Microsoft serves)'))
    .addOption(
      new Option('--raw-days <days>', "days to keep landed files, or 'forever' (default: as the lake)").argParser(tenantDaysChoice),
    )
    .addOption(
      new Option('--compacted-days <days>', "days to keep compacted rows, or 'forever' (default: as the lake)").argParser(tenantDaysChoice),
    );
}

const cloudOption = (api: ApiId, option: Option): Option => option.choices(cloudIdsOf(api));

/** An option's parser for ids of log types, separated by commas. @throws UsageError for an unknown id, with the nearest one. */
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
