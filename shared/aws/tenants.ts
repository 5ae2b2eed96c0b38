import type { Parameter } from '@aws-sdk/client-ssm';
import type { Tenant } from '../domain/tenant.ts';
import { minutes, type Instant } from '../domain/window.ts';
import type { Clock } from '../ports/clock.ts';
import type { Credential, TenantEntry, Tenants } from '../ports/tenants.ts';
import type { Deployment } from '../tenant-config.ts';
import { credentialFromText } from './credential-text.ts';
import { ParameterReader, type ParameterSource } from './parameter-reader.ts';
import {
  byTenant,
  configOf,
  entryOf,
  parameterNames,
  parameterPath,
  secureFault,
  type ParameterName,
  type TenantScope,
} from './tenant-parameters.ts';

/** Where the tenants are kept, and what reading them takes. */
export interface TenantsPlace extends Omit<ParameterSource, 'salt'> {
  /** See {@link ParameterSource}; empty when absent, for a process that is alone. */
  readonly salt?: string;
  /** `/m365-audit-lake/tenants`; without a slash at the end. */
  readonly prefix: string;
  readonly deployment: Deployment;
  /** A proof of identity for a federated tenant. */
  readonly assertion: (tenant: Tenant) => Promise<string>;
  /** `enabled` when absent. */
  readonly scope?: TenantScope;
}

/** Tenants of which one can be read by its name, with its faults. */
export interface NamedTenants extends Tenants {
  /** One tenant, its credential looked at as far as its place goes; undefined when there is no such tenant. */
  entry(name: string): Promise<TenantEntry | undefined>;
}

const listedForMs = minutes(1);
const readForMs = minutes(5);

/**
 * Tenants in the parameter store: `<prefix>/<name>/config`, a String of JSON, and `<prefix>/<name>/credential`, a SecureString.
 *
 * The list is kept for a minute, everything else for five; who is listed need not be read again by name. The list decrypts nothing,
 * so it needs no key.
 */
export function openTenants(place: TenantsPlace): NamedTenants {
  return new ParameterTenants(place);
}

class ParameterTenants implements NamedTenants {
  private readonly place: TenantsPlace;
  private readonly reader: ParameterReader;
  private readonly listed: Kept<readonly TenantEntry[]>;
  private readonly tenants: Kept<Tenant | undefined>;
  private readonly credentials: Kept<Credential>;

  constructor(place: TenantsPlace) {
    this.place = place;
    this.reader = new ParameterReader({ client: place.client, clock: place.clock, salt: place.salt ?? '' });
    this.listed = new Kept(place.clock, listedForMs);
    this.tenants = new Kept(place.clock, readForMs);
    this.credentials = new Kept(place.clock, readForMs);
  }

  list(): Promise<readonly TenantEntry[]> {
    return this.listed.get('', () => this.readAll());
  }

  async entry(name: string): Promise<TenantEntry | undefined> {
    if (!isName(name)) return undefined;
    const read = parameterNames.map(async (what) => [what, await this.readParameter(name, what, 'undecrypted')] as const);
    const found = (await Promise.all(read)).flatMap(([what, parameter]) => (parameter ? [[what, parameter] as const] : []));
    return found.length === 0 ? undefined : entryOf(name, new Map(found), this.place.deployment, this.place.scope);
  }

  /** Undefined for a broken tenant as well: its jobs wait in the ledger. */
  async byName(name: string): Promise<Tenant | undefined> {
    return isName(name) ? this.tenants.get(name, () => this.readTenant(name)) : undefined;
  }

  /** @throws TenantsUnavailable, or what is wrong with the credential, with the cure. */
  async credential(name: string, refresh?: 'refresh'): Promise<Credential> {
    if (!isName(name)) throw new Error(`'${name}' is no tenant's name`);
    if (refresh) for (const kept of [this.tenants, this.credentials]) kept.forget(name);
    return this.credentials.get(name, () => this.readCredential(name));
  }

  private async readAll(): Promise<TenantEntry[]> {
    const { prefix, deployment, scope } = this.place;
    const found = byTenant(prefix, await this.reader.below(prefix));
    const entries = [...found].flatMap(([name, parameters]) => entryOf(name, parameters, deployment, scope) ?? []);
    for (const entry of entries) if (entry.kind === 'tenant') this.tenants.keep(entry.tenant.name, entry.tenant);
    return entries;
  }

  private async readTenant(name: string): Promise<Tenant | undefined> {
    const config = configOf(name, await this.readParameter(name, 'config'), this.place.deployment, this.place.scope);
    return config.kind === 'tenant' ? config.tenant : undefined;
  }

  private async readCredential(name: string): Promise<Credential> {
    const tenant = await this.byName(name);
    if (!tenant) throw new Error(`tenant '${name}' has no configuration that can be used; the list function's log names its faults`);
    const { credentialKind: kind } = tenant;
    if (kind === 'federated') return { kind: 'assertion', assertion: () => this.place.assertion(tenant) };
    const parameter = await this.readParameter(name, 'credential', 'decrypted');
    if (!parameter) throw new Error(`tenant '${name}': credential: the parameter is missing; put it as a SecureString`);
    if (parameter.Type !== 'SecureString') throw new Error(`tenant '${name}': ${secureFault(String(parameter.Type))}`);
    const read = credentialFromText(kind, parameter.Value ?? '');
    if (read.kind === 'fault') throw new Error(`tenant '${name}': credential: the parameter ${read.fault}`);
    return read.credential;
  }

  private readParameter(
    name: string,
    what: ParameterName,
    how: 'decrypted' | 'undecrypted' = 'undecrypted',
  ): Promise<Parameter | undefined> {
    return this.reader.get(parameterPath(this.place.prefix, name, what), how);
  }
}

/** Names of tenants become parts of paths; no other name is ever asked for. */
function isName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,62}$/i.test(name);
}

/** Values by name, each for a while. What fails is not kept. */
class Kept<T> {
  private readonly values = new Map<string, { readonly value: T; readonly until: Instant }>();
  private readonly clock: Clock;
  private readonly forMs: number;

  constructor(clock: Clock, forMs: number) {
    this.clock = clock;
    this.forMs = forMs;
  }

  async get(name: string, read: () => Promise<T>): Promise<T> {
    const kept = this.values.get(name);
    if (kept && this.clock.now() < kept.until) return kept.value;
    const value = await read();
    this.keep(name, value);
    return value;
  }

  keep(name: string, value: T): void {
    this.values.set(name, { value, until: this.clock.now() + this.forMs });
  }

  forget(name: string): void {
    this.values.delete(name);
  }
}
