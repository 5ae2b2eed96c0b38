import {
  DeleteParametersCommand,
  GetParameterCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
  type Parameter,
} from '@aws-sdk/client-ssm';
import { parameterPath, type ParameterName } from '../../shared/aws/tenant-parameters.ts';
import { openTenants } from '../../shared/aws/tenants.ts';
import type { Deployment } from '../../shared/domain/deployment.ts';
import { systemClock } from '../../local/clock.ts';
import { UsageError } from '../../local/exit.ts';
import { isObject, type TenantStore } from './tenant-store.ts';

/** Tenants of a deployment in AWS: for each a String with the configuration, and a SecureString under the deployment's own key. */
export function openParameterStore(deployment: Deployment, ssm = new SSMClient({})): TenantStore {
  const { tenantsPrefix: prefix, isFedramp } = deployment;
  const read = (name: string, what: ParameterName): Promise<Parameter | undefined> => readParameter(ssm, parameterPath(prefix, name, what));
  const tenants = openTenants({
    client: ssm,
    prefix,
    deployment: { isFedramp },
    clock: systemClock,
    scope: 'every',
    assertion: () => Promise.reject(new Error('the functions prove who they are; this machine cannot')),
  });
  return {
    place: prefix,
    sameTenants: ' --aws',
    isFedramp,
    hasRole: true,
    entries: () => tenants.list(),
    config: async (name) => {
      const parameter = await read(name, 'config');
      const config = parameter && parsed(parameter.Value ?? '');
      if (config === undefined && !parameter) return undefined;
      if (isObject(config)) return config;
      throw new UsageError(
        `the parameter ${parameterPath(prefix, name, 'config')} is no JSON object; mend it, or delete it and add the tenant again`,
      );
    },
    credential: async (name) => describeCredential(await read(name, 'credential')),
    save: async (name, config, how, credential) => {
      const put = { Name: parameterPath(prefix, name, 'config'), Value: JSON.stringify(config, undefined, 2), Type: 'String' } as const;
      await ssm.send(new PutParameterCommand({ ...put, Overwrite: how === 'replace' })).catch((error: unknown) => {
        if (error instanceof ParameterAlreadyExists)
          throw new UsageError(`there is a tenant '${name}' in ${prefix} already; change it with 'lake tenant edit ${name} --aws'`);
        throw error;
      });
      if (credential !== undefined) await storeCredential(ssm, deployment, name, credential);
    },
    remove: async (name) => {
      const names = (['config', 'credential'] as const).map((what) => parameterPath(prefix, name, what));
      await ssm.send(new DeleteParametersCommand({ Names: names }));
      return [];
    },
  };
}

async function storeCredential(
  ssm: SSMClient,
  { tenantsPrefix, credentialsKeyArn: keyArn }: Deployment,
  name: string,
  text: string,
): Promise<void> {
  const path = parameterPath(tenantsPrefix, name, 'credential');
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

function describeCredential(parameter: Parameter | undefined): string {
  if (!parameter) return 'nowhere';
  const since = parameter.LastModifiedDate ? `, since ${parameter.LastModifiedDate.toISOString().slice(0, 16).replace('T', ' ')} UTC` : '';
  return `in the ${String(parameter.Type)} ${String(parameter.Name)} (version ${String(parameter.Version)}${since})`;
}

async function readParameter(ssm: SSMClient, Name: string): Promise<Parameter | undefined> {
  try {
    return (await ssm.send(new GetParameterCommand({ Name, WithDecryption: false }))).Parameter;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
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
