import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Tenant } from '../shared/domain/tenant.ts';
import type { Credential, TenantEntry, Tenants } from '../shared/ports/tenants.ts';
import { asEnabled, parseTenantConfig } from '../shared/tenant-config.ts';
import { looksLikeSecret } from '../shared/redact.ts';
import { fileCure } from './file-cures.ts';
import { fileText } from './text-encoding.ts';
import { parseCredential, readCredential, sourceWarning, type CredentialPlace, type CredentialSource } from './tenant-credential.ts';

/** One tenant of the file: what to collect, and where its credential is. */
interface Configured {
  readonly entry: TenantEntry;
  readonly source?: CredentialSource;
}

/**
 * Tenants from a JSON file: `{ "<name>": { …configuration, "credential": {…} } }`.
 *
 * The credential says where the secret is, `{ "kind": "secret", "secretEnv": "NAME" }`, `{ "kind": "secret", "secretFile": "path" }` or
 * `{ "kind": "certificate", "pemFile": "path" }` with the private key and the certificate in it; paths count from the file's folder.
 * Everything is read again at each call, so that a change needs no restart.
 */
export class LocalTenants implements Tenants {
  private readonly file: string;
  private readonly place: CredentialPlace;
  private readonly scope: 'enabled' | 'every';

  /** @param scope `every`: tenants that are switched off are read as if they were on. */
  constructor(file: string, env: Readonly<Record<string, string | undefined>>, scope: 'enabled' | 'every' = 'enabled') {
    this.file = resolve(file);
    this.place = { folder: dirname(this.file), env };
    this.scope = scope;
  }

  /** Every tenant that is switched on. One whose credential cannot be read is broken as well. */
  async list(): Promise<readonly TenantEntry[]> {
    const configured = await this.read();
    return Promise.all([...configured].map(([name, one]) => this.withCredentialChecked(name, one)));
  }

  /** One tenant, with its credential checked; undefined when the file has no tenant of this name. */
  async entry(name: string): Promise<TenantEntry | undefined> {
    const configured = (await this.read()).get(name);
    return configured && this.withCredentialChecked(name, configured);
  }

  /** One tenant, its credential not checked; undefined when it is broken, so that its jobs wait in the ledger. */
  async byName(name: string): Promise<Tenant | undefined> {
    const entry = (await this.read()).get(name)?.entry;
    return entry?.kind === 'tenant' ? entry.tenant : undefined;
  }

  /** @throws What is wrong with the credential, with the cure. */
  async credential(name: string): Promise<Credential> {
    const source = (await this.read()).get(name)?.source;
    if (!source)
      throw new Error(`tenant '${name}' has no credential that can be read in '${this.file}': see the faults of its configuration`);
    const read = await readCredential(source, this.place);
    if (read.kind === 'fault') throw new Error(`tenant '${name}': ${read.fault}`);
    return read.credential;
  }

  /** What is odd about where the credentials are, a sentence each. */
  async warnings(): Promise<readonly string[]> {
    const configured = [...(await this.read())];
    const found = configured.map(async ([name, { source }]) => {
      const warning = source && (await sourceWarning(source, this.place));
      return warning === undefined ? [] : [`tenant '${name}': ${warning}`];
    });
    return (await Promise.all(found)).flat();
  }

  private async read(): Promise<ReadonlyMap<string, Configured>> {
    const json = await readObject(this.file);
    const configured = Object.entries(json).map(
      ([name, config]) => [name, configure(name, this.scope === 'every' ? asEnabled(config) : config)] as const,
    );
    return new Map(configured.flatMap(([name, one]) => (one ? [[name, one]] : [])));
  }

  private async withCredentialChecked(name: string, { entry, source }: Configured): Promise<TenantEntry> {
    if (!source) return entry;
    const read = await readCredential(source, this.place);
    if (read.kind === 'credential') return entry;
    return { kind: 'broken', name, faults: [...(entry.kind === 'broken' ? entry.faults : []), read.fault] };
  }
}

/** Undefined for a tenant that is disabled. */
function configure(name: string, config: unknown): Configured | undefined {
  if (!isObject(config)) return { entry: { kind: 'broken', name, faults: ['is not an object; docs/tenants.md has an example'] } };
  const { credential, faults: credentialFaults, source } = parseCredential(config.credential);
  const { clean, faults: secretFaults } = withoutSecrets({ ...config, credential });
  const parsed = parseTenantConfig(name, clean);
  if (parsed.kind === 'disabled') return undefined;
  const faults = [...(parsed.kind === 'broken' ? parsed.faults : []), ...secretFaults, ...credentialFaults];
  const entry: TenantEntry = parsed.kind === 'tenant' && faults.length === 0 ? parsed : { kind: 'broken', name, faults };
  return { entry, ...(source && { source }) };
}

/** A secret beside the credential, where it belongs even less. Its value goes no further, not even into the message about it. */
function withoutSecrets(config: Readonly<Record<string, unknown>>): { readonly clean: unknown; readonly faults: readonly string[] } {
  const isSecret = (name: string): boolean => {
    const value = config[name];
    return typeof value === 'string' && (/secret|password/i.test(name) || looksLikeSecret(value));
  };
  const secrets = Object.keys(config).filter(isSecret);
  return {
    clean: Object.fromEntries(Object.entries(config).filter(([name]) => !secrets.includes(name))),
    faults: secrets.map((name) => `${name}: a secret does not belong into this file; ${whereSecretsBelong}`),
  };
}

const whereSecretsBelong =
  'put it into an environment variable and write its name as credential.secretEnv, or into a file named by credential.secretFile';

async function readObject(file: string): Promise<Readonly<Record<string, unknown>>> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new Error(`the tenants file '${file}' cannot be read: ${fileCure(error) ?? 'make it, or name another one'}`, { cause: error });
  });
  const text = fileText(bytes);
  if (text === undefined) throw new Error(`the tenants file '${file}' is neither UTF-8 nor UTF-16: save it as UTF-8`);
  const json = parseJson(file, text);
  if (isObject(json)) return json;
  throw new Error(`the tenants file '${file}' is no JSON object; it should be { "<tenant's name>": { ...its configuration } }`);
}

/** Of the parser's message only the place is kept: it quotes what is there, which may be a secret. */
function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const place = /line \d+ column \d+/.exec(String(error))?.[0];
    // Without a cause, which would quote as well.
    throw new Error(`the tenants file '${file}' is no JSON: look for a comma, quote or bracket${place ? ` at ${place}` : ''}`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
