/** Moves the parameters of tenants from the path that was used before 0.2.0 to those of their homes. */

import { DeleteParametersCommand, GetParameterCommand, type Parameter, type SSMClient } from '@aws-sdk/client-ssm';
import { configPath, earlierPaths, tenantsAtEarlierPath } from '../../shared/aws/tenant-parameters.ts';
import { homeOf } from '../../shared/tenant-config.ts';
import { configsBelow, pathsOf, putConfig, storeCredential, type ParameterPlace } from './parameter-store.ts';
import { noted, type Note } from './tenant-audit.ts';
import { isObject, type TenantJson } from './tenant-store.ts';

/** What became of one tenant. */
export interface MovedTenant {
  readonly name: string;
  /** Why nothing of it was moved, or what is left to do; undefined where all is done. */
  readonly fault?: string;
}

/**
 * Every tenant that is at the earlier path; a move that was cut off goes on. The credential is read, put under the key of credentials, and deleted where it was: the one command
 * that opens one, with the right of whoever runs it.
 */
export async function moveTenants(place: ParameterPlace, ssm: SSMClient, note: Note): Promise<MovedTenant[]> {
  const configs = await configsBelow(ssm, pathsOf(place));
  const moved: MovedTenant[] = [];
  for (const name of tenantsAtEarlierPath(pathsOf(place), configs)) {
    const fault = await noted(note, { action: 'move', tenant: name, changed: [] }, () => moveTenant(place, ssm, name, configs)).catch(
      reason,
    );
    moved.push({ name, ...(fault !== undefined && { fault }) });
  }
  return moved;
}

/** The name alone where it is AWS that refuses: a message may quote what was sent. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return error.name.startsWith('AccessDenied')
    ? 'AccessDenied: you need ssm:GetParameter, PutParameter and DeleteParameters on its parameters, kms:Decrypt on the key its credential is under, and kms:Encrypt on the key of credentials'
    : error.message;
}

/** Credential first: a configuration at the new path is complete. @returns The fault. */
async function moveTenant(place: ParameterPlace, ssm: SSMClient, name: string, configs: readonly Parameter[]): Promise<string | undefined> {
  const paths = pathsOf(place);
  const earlier = earlierPaths(paths, name);
  const config = parsed(configs.find(({ Name }) => Name === earlier.config)?.Value);
  const home = homeOf(config);
  if (!isObject(config) || home === undefined)
    return 'its configuration is no JSON object with a cloud: mend it where it is, or delete it and add the tenant again';
  const there = configs.find(({ Name }) => Name === configPath(paths, home, name));
  if (there && JSON.stringify(parsed(there.Value)) !== JSON.stringify(config))
    return `there is another tenant '${name}' at ${home} already: remove one of them`;
  const hasCredential = configs.some(({ Name }) => Name === earlier.credential);
  if (hasCredential) await storeCredential(ssm, place, home, name, await opened(ssm, earlier.credential));
  if (!there) await putConfig(ssm, paths, home, name, config, 'new');
  await ssm.send(new DeleteParametersCommand({ Names: [earlier.config, ...(hasCredential ? [earlier.credential] : [])] }));
  return undefined;
}

async function opened(ssm: SSMClient, Name: string): Promise<string> {
  const { Parameter: found } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  return found?.Value ?? '';
}

function parsed(text = ''): TenantJson | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : undefined;
  } catch {
    return undefined; // the caller names it
  }
}
