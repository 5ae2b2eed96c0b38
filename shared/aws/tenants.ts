import type { Parameter } from '@aws-sdk/client-ssm';
import type { HomeId } from '../clouds.ts';
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
  configPath,
  credentialPath,
  entryOf,
  secureFault,
  type TenantParameters,
  type TenantPaths,
  type TenantScope,
} from './tenant-parameters.ts';

/** Where the tenants are kept, and what reading them takes. */
export interface TenantsPlace extends Omit<ParameterSource, 'salt'>, TenantPaths {
  /** See {@link ParameterSource}; empty when absent, for a process that is alone. */
  readonly salt?: string;
  /** Whose tenants there are: a function may read the parameters of no other home. */
  readonly homes: readonly HomeId[];
  readonly deployment: Deployment;
  /** A proof of identity for a federated tenant. */
  readonly assertion: (tenant: Tenant) => Promise<string>;
  /** `enabled` when absent. */
  readonly scope?: TenantScope;
  /** `unread`: whether a credential is there is not looked at, so that the right to read configurations is enough to list. */
  readonly credentials?: 'unread';
}

/** Tenants of which one can be read by its name, with its faults. */
export interface NamedTenants extends Tenants {
  /** One tenant, its credential looked at as far as its place goes; undefined when there is no such tenant. */
  entry(name: string): Promise<TenantEntry | undefined>;
}

const listedForMs = minutes(1);
const readForMs = minutes(5);

/**
 * Tenants in the parameter store: `<prefix>/<home>/<name>/config`, a String of JSON, and `<credentialsPrefix>/<home>/<name>`, a SecureString.
 *
 * The list is kept for a minute, everything else for five; who is listed need not be read again by name. The list decrypts nothing,
 * so it needs no key.
 */
export function openTenants(place: TenantsPlace): NamedTenants {
  return new ParameterTenants(place);
}

/** A tenant, and the home at whose paths its parameters are. */
interface Found {
  readonly tenant: Tenant;
  readonly home: HomeId;
}

class ParameterTenants implements NamedTenants {
  private readonly place: TenantsPlace;
  private readonly reader: ParameterReader;
  private readonly listed: Kept<readonly TenantEntry[]>;
  private readonly tenants: Kept<Found | undefined>;
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
    const found = isName(name) ? await this.find(name) : [];
    const read = found.map(async (one) => ({ ...one, credential: await this.look(one.home, name), others: [] }));
    return entryOf(name, await Promise.all(read), this.place.deployment, this.place.scope);
  }

  /** Undefined for a broken tenant as well: its jobs wait in the ledger. */
  async byName(name: string): Promise<Tenant | undefined> {
    return (await this.found(name))?.tenant;
  }

  /** @throws TenantsUnavailable, or what is wrong with the credential, with the cure. */
  async credential(name: string, refresh?: 'refresh'): Promise<Credential> {
    if (!isName(name)) throw new Error(`'${name}' is no tenant's name`);
    if (refresh) for (const kept of [this.tenants, this.credentials]) kept.forget(name);
    return this.credentials.get(name, () => this.readCredential(name));
  }

  private async readAll(): Promise<TenantEntry[]> {
    const { prefix, credentialsPrefix, deployment, scope } = this.place;
    const configs = await this.below(prefix);
    const credentials = this.place.credentials === 'unread' ? undefined : await this.below(credentialsPrefix);
    const found = byTenant(this.place, configs, credentials);
    return [...found].flatMap(([name, parameters]) => {
      const entry = entryOf(name, parameters, deployment, scope);
      const [own] = parameters;
      if (entry?.kind === 'tenant' && own) this.tenants.keep(name, { tenant: entry.tenant, home: own.home });
      return entry ?? [];
    });
  }

  /** What lies at each home's own path: no other may be read. */
  private async below(path: string): Promise<Parameter[]> {
    const found: Parameter[] = [];
    for (const home of this.place.homes) found.push(...(await this.reader.below(`${path}/${home}`)));
    return found;
  }

  /** The configurations of a name, by home. */
  private async find(name: string): Promise<Pick<TenantParameters, 'home' | 'config'>[]> {
    const read = this.place.homes.map(async (home) => ({
      home,
      config: await this.reader.get(configPath(this.place, home, name), 'undecrypted'),
    }));
    return (await Promise.all(read)).filter(({ config }) => config !== undefined);
  }

  private look(home: HomeId, name: string): Promise<Parameter | undefined> | 'unread' {
    return this.place.credentials === 'unread' ? 'unread' : this.reader.get(credentialPath(this.place, home, name), 'undecrypted');
  }

  private async found(name: string): Promise<Found | undefined> {
    return isName(name) ? this.tenants.get(name, () => this.readTenant(name)) : undefined;
  }

  private async readTenant(name: string): Promise<Found | undefined> {
    const [own, ...others] = await this.find(name);
    if (!own || others.length > 0) return undefined;
    const config = configOf(name, own, this.place.deployment, this.place.scope);
    return config.kind === 'tenant' ? { tenant: config.tenant, home: own.home } : undefined;
  }

  private async readCredential(name: string): Promise<Credential> {
    const found = await this.found(name);
    if (!found) throw new Error(`tenant '${name}' has no configuration that can be used; the list function's log names its faults`);
    const { tenant, home } = found;
    const { credentialKind: kind } = tenant;
    if (kind === 'federated') return { kind: 'assertion', assertion: () => this.place.assertion(tenant) };
    const parameter = await this.reader.get(credentialPath(this.place, home, name), 'decrypted');
    if (!parameter) throw new Error(`tenant '${name}': credential: the parameter is missing; put it as a SecureString`);
    if (parameter.Type !== 'SecureString') throw new Error(`tenant '${name}': ${secureFault(String(parameter.Type))}`);
    const read = credentialFromText(kind, parameter.Value ?? '');
    if (read.kind === 'fault') throw new Error(`tenant '${name}': credential: the parameter ${read.fault}`);
    return read.credential;
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
