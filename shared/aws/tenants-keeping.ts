/** How long tenants keep what is theirs, from their configurations in the parameter store. */

import type { Parameter } from '@aws-sdk/client-ssm';
import type { TenantKeeping } from '../domain/keeping.ts';
import { keepingOf } from '../tenant-config.ts';
import { ParameterReader, type ParameterSource } from './parameter-reader.ts';
import { byTenant, tenantsAtEarlierPath, type TenantParameters } from './tenant-parameters.ts';

/** Where the configurations are. */
export interface KeptTenantsPlace extends ParameterSource {
  /** @example '/m365-audit-lake/tenants' */
  readonly prefix: string;
}

/**
 * What each tenant's configuration says of its days, whether it is switched on or not. It is unknown of one that cannot be read, which is in two homes, or
 * which lies where none is read any more.
 *
 * @throws TenantsUnavailable When not all of them can be had: a tenant that is not listed would count as removed.
 */
export async function tenantsKeeping({ prefix, ...source }: KeptTenantsPlace): Promise<ReadonlyMap<string, TenantKeeping>> {
  const configs = await new ParameterReader(source).below(prefix);
  const earlier = tenantsAtEarlierPath({ prefix }, configs).map((name): [string, TenantKeeping] => [name, 'unknown']);
  const found = [...byTenant({ prefix, credentialsPrefix: '' }, configs)];
  return new Map([...earlier, ...found.map(([name, those]): [string, TenantKeeping] => [name, keepingOfTenant(those)])]);
}

function keepingOfTenant([own, ...others]: readonly TenantParameters[]): TenantKeeping {
  return own?.config && others.length === 0 ? keepingOf(jsonOf(own.config)) : 'unknown';
}

/** Undefined for what is no JSON: no tenant can be made of it. */
function jsonOf({ Value = '' }: Parameter): unknown {
  try {
    return JSON.parse(Value);
  } catch {
    return undefined;
  }
}
