/** Where tenants are configured, for the commands that change them: a file on one machine, parameters in AWS. */

import type { TenantEntry } from '../../shared/ports/tenants.ts';
import { parseTenantConfig, asEnabled } from '../../shared/tenant-config.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { UsageError } from '../../local/exit.ts';
import { unknownWord } from '../../shared/domain/nearest.ts';

/** A configuration as it is written, checked or not. It never holds a secret. */
export type TenantJson = Readonly<Record<string, unknown>>;

/** The tenants of one place, to be listed and changed. */
export interface TenantStore {
  /** For people: the file, or the path of the parameters. */
  readonly place: string;
  /** The options that lead another command to these tenants, after a space; empty where it finds them without. @example ' --aws' */
  readonly sameTenants: string;
  readonly isFedramp: boolean;
  /** Whether what collects there has a role of AWS, which federated credentials prove. */
  readonly hasRole: boolean;
  /** Every tenant, switched on or not, with its faults; credentials are looked at as far as their place goes. */
  entries(): Promise<readonly TenantEntry[]>;
  /** The configuration as it is stored; undefined when there is no such tenant. @throws UsageError when it cannot be read as JSON. */
  config(name: string): Promise<TenantJson | undefined>;
  /** Where the credential is, and whether it is there; never what it says. */
  credential(name: string): Promise<string>;
  /**
   * Writes a configuration whole, and the credential where one is given; other tenants are left as they are.
   *
   * @param how `new`: @throws UsageError when there is a tenant of this name already.
   * @param credential The client secret's Value, or the PEM of key and certificate.
   */
  save(name: string, config: TenantJson, how: 'new' | 'replace', credential?: string): Promise<void>;
  /** Configuration and credential. @returns What was left in place, a sentence each. */
  remove(name: string): Promise<readonly string[]>;
}

/** @throws UsageError with the nearest name, when there is no such tenant. */
export async function configOf(store: TenantStore, name: string): Promise<TenantJson> {
  const config = await store.config(name);
  if (config) return config;
  const known = (await store.entries()).map(nameOf);
  if (known.length === 0)
    throw new UsageError(`there is no tenant in ${store.place} yet; add one with 'lake tenant add ${name}${store.sameTenants}'`);
  throw new UsageError(`${unknownWord('tenant', name, known)} (in ${store.place})`);
}

/**
 * The tenant that a configuration describes, as if it were switched on.
 *
 * @throws UsageError with every fault and its path.
 */
export function checkedTenant(store: TenantStore, name: string, config: TenantJson): Tenant {
  const { credential, ...rest } = config;
  // On one machine it says where the secret is as well, which is the store's own.
  const kind: unknown = isObject(credential) ? credential.kind : undefined;
  const parsed = parseTenantConfig(name, asEnabled({ ...rest, credential: { kind } }), store);
  const faults = [...(parsed.kind === 'broken' ? parsed.faults : []), ...(kind === 'federated' && !store.hasRole ? [rolelessFault] : [])];
  if (parsed.kind === 'tenant' && faults.length === 0) return parsed.tenant;
  throw new UsageError(`tenant '${name}' cannot be configured like this:\n  ${faults.join('\n  ')}`);
}

const rolelessFault =
  "credential.kind: 'federated' needs a role of AWS, which one machine has not; use 'secret' or 'certificate' here, or --aws";

/** The name of a tenant, also of one whose configuration is broken. */
export function nameOf(entry: TenantEntry): string {
  return entry.kind === 'tenant' ? entry.tenant.name : entry.name;
}

/** Whether a configuration is enabled; it is unless it says `"enabled": false`. */
export function isSwitchedOn(config: TenantJson): boolean {
  return config.enabled !== false;
}

/** Whether a JSON value is an object, and no array. */
export function isObject(value: unknown): value is TenantJson {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The log types that are chosen and not collected before their test has passed. */
export function idsWaiting(config: TenantJson): string[] {
  return [config.managementActivity, config.graph].flatMap((choice) => {
    const waiting = isObject(choice) && isSwitchedOn(config) ? choice.waiting : undefined;
    return Array.isArray(waiting) ? waiting.filter((id) => typeof id === 'string') : [];
  });
}
