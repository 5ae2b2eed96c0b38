/** A tenant's parameters, parsed: its configuration, or every fault of it. */

import type { Parameter } from '@aws-sdk/client-ssm';
import { unknownWord } from '../domain/nearest.ts';
import type { TenantEntry } from '../ports/tenants.ts';
import { asEnabled, parseTenantConfig, type Deployment, type TenantConfig } from '../tenant-config.ts';

/** The parameters below `<prefix>/<name>/`. */
export const parameterNames = ['config', 'credential'] as const;
/** The last part of a parameter's name. */
export type ParameterName = (typeof parameterNames)[number];

/** A tenant's parameters by their last part; values of SecureStrings are not decrypted and not looked at. */
export type TenantParameters = ReadonlyMap<string, Parameter>;

/** The parameters by tenant, in the order of their names. Whatever lies elsewhere below the prefix belongs to nobody. */
export function byTenant(prefix: string, parameters: readonly Parameter[]): Map<string, Map<string, Parameter>> {
  const tenants = new Map<string, Map<string, Parameter>>();
  for (const parameter of parameters) {
    const [tenant = '', leaf = '', ...deeper] = (parameter.Name ?? '').slice(prefix.length + 1).split('/');
    if (tenant === '' || leaf === '' || deeper.length > 0) continue;
    tenants.set(tenant, (tenants.get(tenant) ?? new Map<string, Parameter>()).set(leaf, parameter));
  }
  return tenants;
}

/** `every`: tenants that are switched off are read as if they were on. */
export type TenantScope = 'enabled' | 'every';

/** Undefined for a tenant that is switched off. */
export function entryOf(
  name: string,
  parameters: TenantParameters,
  deployment: Deployment,
  scope: TenantScope = 'enabled',
): TenantEntry | undefined {
  const config = configOf(name, parameters.get('config'), deployment, scope);
  if (config.kind === 'disabled') return undefined;
  const faults = [
    ...[...parameters.keys()].flatMap(unknownFaults),
    ...(config.kind === 'broken' ? config.faults : []),
    ...credentialFaults(config, parameters.get('credential')),
  ];
  return config.kind === 'tenant' && faults.length === 0 ? config : { kind: 'broken', name, faults };
}

/** The configuration of one tenant. @param parameter Undefined when there is no such parameter. */
export function configOf(
  name: string,
  parameter: Parameter | undefined,
  deployment: Deployment,
  scope: TenantScope = 'enabled',
): TenantConfig {
  const broken = (fault: string): TenantConfig => ({ kind: 'broken', name, faults: [`config: ${fault}`] });
  if (!parameter) return broken('the parameter is missing; put the configuration there, as a String of JSON');
  if (parameter.Type !== 'String') return broken(`the parameter is a ${String(parameter.Type)}; put it as a String, it holds no secret`);
  try {
    const json: unknown = JSON.parse(parameter.Value ?? '');
    return parseTenantConfig(name, scope === 'every' ? asEnabled(json) : json, deployment);
  } catch (error) {
    // Of the parser's message only the position is kept: the rest quotes the text.
    const place = /line \d+ column \d+/.exec(String(error))?.[0];
    return broken(`is no JSON: look for a comma, quote or bracket${place ? ` at ${place}` : ''}`);
  }
}

function unknownFaults(leaf: string): string[] {
  const known: readonly string[] = parameterNames;
  return known.includes(leaf) ? [] : [unknownWord('parameter', leaf, known)];
}

/** Whether the credential is there at all; it is decrypted and parsed when a token is asked for. */
function credentialFaults(config: TenantConfig, parameter: Parameter | undefined): string[] {
  if (config.kind === 'tenant' && config.tenant.credentialKind === 'federated') return [];
  if (parameter) return parameter.Type === 'SecureString' ? [] : [secureFault(String(parameter.Type))];
  return config.kind === 'tenant' ? ['credential: the parameter is missing; put the secret or certificate there, as a SecureString'] : [];
}

/** The fault of a credential that is readable. @param type The type it has in place of SecureString. */
export function secureFault(type: string): string {
  return `credential: the parameter is a ${type}; delete it, put it as a SecureString, and make a new secret, for this one could be read`;
}

/** The full name of a tenant's parameter. */
export const parameterPath = (prefix: string, tenant: string, name: ParameterName): string => `${prefix}/${tenant}/${name}`;
