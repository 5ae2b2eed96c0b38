import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { looksLikeSecret } from '../../shared/redact.ts';
import { UsageError } from '../../local/exit.ts';
import { fileText } from '../../local/text-encoding.ts';
import { LocalTenants } from '../../local/tenants.ts';
import { shellWord } from '../terminal/shell-word.ts';
import { isThere, replaceFile } from './replace-file.ts';
import { isObject, type TenantStore, type TenantJson } from './tenant-store.ts';

/** Beside the tenants file; nobody else may look into it. */
const credentialFolder = 'credentials';
const privately = { file: 0o600, folder: 0o700 };

/**
 * Tenants of a JSON file on this machine, each credential in a file of its own in the folder `credentials` beside it.
 *
 * The file need not be there yet.
 *
 * @param sameTenants The options that lead another command to this file, where something shorter than `--tenants` does.
 */
export function openFileStore(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  sameTenants = ` --tenants ${shellWord(path)}`,
): TenantStore {
  const file = resolve(path);
  const tenants = new LocalTenants(file, env, 'every');
  return {
    place: `'${path}'`,
    sameTenants,
    isFedramp: false,
    hasRole: false,
    entries: async () => ((await isThere(file)) ? tenants.list() : []),
    config: async (name) => {
      const all = await readTenants(file);
      const config = Object.hasOwn(all, name) ? all[name] : undefined;
      if (config === undefined || isObject(config)) return config;
      throw new UsageError(`tenant '${name}' in '${path}' is no object; write { "tenantDomain", "clientId", ... } or take it out`);
    },
    credential: async (name) => placeOf((await readTenants(file))[name]),
    save: (name, config, how, credential) => save({ file, path, sameTenants }, name, config, how, credential),
    remove: (name) => remove(file, name),
  };
}

interface Place {
  readonly file: string;
  /** As it was given. */
  readonly path: string;
  readonly sameTenants: string;
}

async function save(
  { file, path, sameTenants }: Place,
  name: string,
  config: TenantJson,
  how: 'new' | 'replace',
  credential?: string,
): Promise<void> {
  const refuse = (all: TenantJson): void => {
    if (how === 'new' && Object.hasOwn(all, name))
      throw new UsageError(`there is a tenant '${name}' in '${path}' already; change it with 'lake tenant edit ${name}${sameTenants}'`);
  };
  refuse(await readTenants(file));
  const stored = credential === undefined ? config : { ...config, credential: await storeCredential(file, name, config, credential) };
  await rewrite(file, (all) => {
    refuse(all);
    return { ...all, [name]: stored };
  });
}

/** Takes the credential away only where this program has put it. */
async function remove(file: string, name: string): Promise<readonly string[]> {
  const config = (await readTenants(file))[name];
  await rewrite(file, ({ [name]: _removed, ...others }) => others);
  const source = credentialFileOf(config);
  const variable = variableOf(config);
  if (source === undefined) return variable === undefined ? [] : [`its secret is still in the environment variable ${variable}`];
  const path = resolve(dirname(file), source);
  if (dirname(path) !== join(dirname(file), credentialFolder))
    return [`its credential is still in '${source}': delete it if nothing else uses it`];
  await rm(path, { force: true });
  return [];
}

async function storeCredential(file: string, name: string, config: TenantJson, text: string): Promise<TenantJson> {
  const kind = isObject(config.credential) ? config.credential.kind : undefined;
  const folder = join(dirname(file), credentialFolder);
  await mkdir(folder, { recursive: true, mode: privately.folder });
  const path = join(folder, kind === 'certificate' ? `${name}.pem` : `${name}.secret`);
  await replaceFile(path, () => Promise.resolve(`${text.trim()}\n`), privately.file);
  const source = relative(dirname(file), path);
  return kind === 'certificate' ? { kind, pemFile: source } : { kind, secretFile: source };
}

async function rewrite(file: string, change: (all: TenantJson) => TenantJson): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: privately.folder });
  const mode = await stat(file).then(
    (found) => found.mode & 0o777,
    () => privately.file,
  );
  await replaceFile(file, async () => `${JSON.stringify(change(await readTenants(file)), undefined, 2)}\n`, mode);
}

/** Nothing where there is no file yet. */
async function readTenants(file: string): Promise<TenantJson> {
  if (!(await isThere(file))) return {};
  const text = fileText(await readFile(file));
  if (text === undefined) throw new UsageError(`the tenants file '${file}' is neither UTF-8 nor UTF-16: save it as UTF-8`);
  const json = parsed(text);
  if (isObject(json)) return json;
  // What stands there is not repeated: it may be a secret.
  throw new UsageError(`the tenants file '${file}' is no JSON object; mend it, or name another file with --tenants`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function placeOf(config: unknown): string {
  const file = credentialFileOf(config);
  if (file !== undefined) return `in the file '${file}'`;
  const variable = variableOf(config);
  return variable === undefined ? 'nowhere' : `in the environment variable ${variable}`;
}

function credentialFileOf(config: unknown): string | undefined {
  return sourceIn(config, 'secretFile') ?? sourceIn(config, 'pemFile');
}

function variableOf(config: unknown): string | undefined {
  return sourceIn(config, 'secretEnv');
}

/** Undefined for a secret in place of its location; that is reported as a fault, without repeating it. */
function sourceIn(config: unknown, key: string): string | undefined {
  const source = isObject(config) && isObject(config.credential) ? config.credential[key] : undefined;
  return typeof source === 'string' && !looksLikeSecret(source) ? source : undefined;
}
