import {
  DeleteParametersCommand,
  InvalidResourceId,
  ListTagsForResourceCommand,
  ParameterAlreadyExists,
  PutParameterCommand,
  SSMClient,
  type Parameter,
} from '@aws-sdk/client-ssm';
import { ParameterReader } from '../../shared/aws/parameter-reader.ts';
import {
  byTenant,
  configPath,
  credentialPath,
  earlierPaths,
  entryOf,
  tenantsAtEarlierPath,
  type TenantPaths,
} from '../../shared/aws/tenant-parameters.ts';
import { homes, type HomeId } from '../../shared/clouds.ts';
import type { Deployment } from '../../shared/domain/deployment.ts';
import { homeOf } from '../../shared/tenant-config.ts';
import { systemClock } from '../../local/clock.ts';
import { UsageError } from '../../local/exit.ts';
import { isObject, type TenantJson, type TenantStore } from './tenant-store.ts';

/** What {@link openParameterStore} knows of a deployment. */
export type ParameterPlace = Pick<Deployment, 'tenantsPrefix' | 'credentialsPrefix' | 'credentialsKeyArn' | 'queueUrls' | 'isFedramp'>;

/**
 * Tenants of a deployment in AWS: for each a String with the configuration, and a SecureString under the key of credentials. Of a credential nothing is ever read:
 * whoever runs a command needs no right to.
 */
export function openParameterStore(place: ParameterPlace, ssm = new SSMClient({})): TenantStore {
  const paths = pathsOf(place);
  const find = (name: string) => findConfig(ssm, paths, name);
  return {
    place: paths.prefix,
    sameTenants: ' --aws',
    isFedramp: place.isFedramp,
    hasRole: true,
    entries: () => readEntries(ssm, paths, place),
    config: async (name) => {
      const found = await find(name);
      const config = found && parsed(found.parameter.Value ?? '');
      if (!found || isObject(config)) return config as TenantJson | undefined;
      throw new UsageError(
        `the parameter ${configPath(paths, found.home, name)} is no JSON object; mend it, or delete it and add the tenant again`,
      );
    },
    credential: async (name) => {
      const found = await find(name);
      return found ? describeCredential(ssm, credentialPath(paths, found.home, name)) : 'nowhere';
    },
    save: async (name, config, how, credential) => {
      const home = homeIn(place, name, config);
      const before = how === 'replace' ? await find(name) : undefined;
      const isMoved = before !== undefined && before.home !== home;
      if (isMoved && credential === undefined && !isFederated(config)) throw new UsageError(movedFault(name, before.home, home));
      await putConfig(ssm, paths, home, name, config, isMoved ? 'new' : how);
      if (credential !== undefined) await storeCredential(ssm, place, home, name, credential);
      if (isMoved) await remove(ssm, paths, before.home, name);
    },
    remove: async (name) => {
      const found = await find(name);
      if (found) await remove(ssm, paths, found.home, name);
      return [];
    },
  };
}

/** Of a deployment. */
export const pathsOf = ({
  tenantsPrefix: prefix,
  credentialsPrefix,
}: Pick<ParameterPlace, 'tenantsPrefix' | 'credentialsPrefix'>): TenantPaths => ({ prefix, credentialsPrefix });

async function readEntries(ssm: SSMClient, paths: TenantPaths, { isFedramp }: ParameterPlace): ReturnType<TenantStore['entries']> {
  const configs = await configsBelow(ssm, paths);
  const found = [...byTenant(paths, configs)].flatMap(([name, own]) => entryOf(name, own, { isFedramp }, 'every') ?? []);
  return [...found, ...tenantsAtEarlierPath(paths, configs).map((name) => ({ kind: 'broken' as const, name, faults: [earlierFault] }))];
}

const earlierFault = "it is at the path that was used before 0.2.0, where no function reads it: run 'lake tenant move --aws'";

/** Every parameter below the path of configurations; of those at the path used before 0.2.0 the credentials too, undecrypted. */
export const configsBelow = (ssm: SSMClient, { prefix }: TenantPaths): Promise<Parameter[]> => readerOf(ssm).below(prefix);

const readerOf = (client: SSMClient): ParameterReader => new ParameterReader({ client, clock: systemClock, salt: '' });

/** @throws UsageError for a name that is in two homes, or at the path of an earlier version. */
async function findConfig(
  ssm: SSMClient,
  paths: TenantPaths,
  name: string,
): Promise<{ readonly home: HomeId; readonly parameter: Parameter } | undefined> {
  const reader = readerOf(ssm);
  const [earlier, ...found] = await Promise.all([
    reader.get(earlierPaths(paths, name).config, 'undecrypted'),
    ...homes.map(async (home) => ({ home, parameter: await reader.get(configPath(paths, home, name), 'undecrypted') })),
  ]);
  const [own, ...others] = found.flatMap(({ home, parameter }) => (parameter ? [{ home, parameter }] : []));
  if (own && others[0])
    throw new UsageError(`there are two tenants '${name}', at ${own.home} and at ${others[0].home}: delete the parameters of one`);
  if (!own && earlier) throw new UsageError(`tenant '${name}': ${earlierFault}`);
  return own;
}

/** @throws UsageError for a cloud that the deployment does not collect from: nobody would read the tenant. */
function homeIn({ queueUrls }: ParameterPlace, name: string, config: TenantJson): HomeId {
  const collected = Object.keys(queueUrls);
  const chosen = [config.managementActivity, config.graph].flatMap((choice) =>
    isObject(choice) && hasAny(choice) ? [String(choice.cloud)] : [],
  );
  const other = chosen.find((cloud) => !collected.includes(cloud));
  const home = homeOf(config);
  if (home !== undefined && other === undefined) return home;
  throw new UsageError(
    `tenant '${name}' is in cloud '${other ?? 'none'}', and this deployment collects from ${collected.join(', ')}: put it into the setting clouds and deploy, or add the tenant to a deployment that has it`,
  );
}

const hasAny = ({ logTypes, waiting }: TenantJson): boolean => [logTypes, waiting].some((ids) => Array.isArray(ids) && ids.length > 0);

const isFederated = ({ credential }: TenantJson): boolean => isObject(credential) && credential.kind === 'federated';

const movedFault = (name: string, from: HomeId, to: HomeId): string =>
  `tenant '${name}' moves from ${from} to ${to}, where its credential has to be given again, for nobody reads it here: add --credential-stdin, --credential-file or --credential-env`;

/** @throws UsageError when there is one already, of a tenant that is `new`. */
export async function putConfig(
  ssm: SSMClient,
  paths: TenantPaths,
  home: HomeId,
  name: string,
  config: TenantJson,
  how: 'new' | 'replace',
): Promise<void> {
  const put = { Name: configPath(paths, home, name), Value: JSON.stringify(config, undefined, 2), Type: 'String' } as const;
  await ssm.send(new PutParameterCommand({ ...put, Overwrite: how === 'replace' })).catch((error: unknown) => {
    if (error instanceof ParameterAlreadyExists)
      throw new UsageError(`there is a tenant '${name}' in ${paths.prefix} already; change it with 'lake tenant edit ${name} --aws'`);
    throw error;
  });
}

async function remove(ssm: SSMClient, paths: TenantPaths, home: HomeId, name: string): Promise<void> {
  await ssm.send(new DeleteParametersCommand({ Names: [configPath(paths, home, name), credentialPath(paths, home, name)] }));
}

/** @throws UsageError that names the rights that are missing, and nothing of the credential. */
export async function storeCredential(ssm: SSMClient, place: ParameterPlace, home: HomeId, name: string, text: string): Promise<void> {
  const { credentialsKeyArn: keyArn } = place;
  const path = credentialPath(place, home, name);
  // A PEM with a key of 4,096 bits is longer than a standard parameter may be.
  const put = {
    Name: path,
    Value: text.trim(),
    Type: 'SecureString',
    KeyId: keyArn,
    Overwrite: true,
    Tier: 'Intelligent-Tiering',
  } as const;
  await ssm.send(new PutParameterCommand(put)).catch((error: unknown) => {
    throw new UsageError(
      `the configuration is written, the credential is not (${reason(error)}): you need ssm:PutParameter on ${path} and kms:Encrypt on ${keyArn}; then give it again: 'lake tenant edit ${name} --aws --credential-stdin'`,
    );
  });
}

/** The name alone: a message may quote what was sent. */
function reason(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown error';
}

/** Whether there is one, by its tags: to ask for them is a right that opens nothing. */
async function describeCredential(ssm: SSMClient, path: string): Promise<string> {
  try {
    await ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: path }));
    return `in the SecureString ${path}`;
  } catch (error) {
    if (error instanceof InvalidResourceId) return 'nowhere';
    if (reason(error).startsWith('AccessDenied')) return `at ${path}, if it is there: to look needs ssm:ListTagsForResource on it`;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
