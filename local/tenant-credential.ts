/** Where a tenant's credential is on one machine, and what is read from there. */

import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { certificateFromPem } from '../shared/certificate.ts';
import { unknownWord } from '../shared/domain/nearest.ts';
import type { Credential } from '../shared/ports/tenants.ts';
import { looksLikeSecret } from '../shared/redact.ts';
import { fileCure } from './file-cures.ts';
import { fileText } from './text-encoding.ts';

/** Where a credential is stored: an environment variable or a file. */
export type CredentialSource =
  | { readonly kind: 'secret'; readonly from: { readonly env: string } | { readonly file: string } }
  | { readonly kind: 'certificate'; readonly pemFile: string };

/** What names and paths of a source count from. */
export interface CredentialPlace {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A credential, or the one thing that is wrong with it. */
export type CredentialRead =
  { readonly kind: 'credential'; readonly credential: Credential } | { readonly kind: 'fault'; readonly fault: string };

/** The part of a configuration about the credential, checked. */
export interface ParsedCredential {
  /** What the shared checks are to see: the kind alone. */
  readonly credential: unknown;
  readonly source?: CredentialSource;
  readonly faults: readonly string[];
}

/** Reads where the credential is. What the shared checks find by themselves (no object, no kind, another kind) is left to them. */
export function parseCredential(json: unknown): ParsedCredential {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return { credential: json, faults: [] };
  const { kind, ...rest } = json as Readonly<Record<string, unknown>>;
  if (kind === 'federated') return { credential: { kind }, faults: [federatedFault] };
  if (kind !== 'secret' && kind !== 'certificate') return { credential: { kind }, faults: [] };
  const faults = Object.entries(rest).flatMap(([key, value]) => keyFaults(kind, key, value));
  if (faults.length > 0) return { credential: { kind }, faults };
  return { credential: { kind }, ...(kind === 'secret' ? secretSource(rest) : certificateSource(rest)) };
}

const federatedFault = "credential.kind: 'federated' needs an AWS role, which one machine has not; use 'secret' or 'certificate' here";
const cure = 'write the name of an environment variable as secretEnv, or the path of a file as secretFile, and the secret there';
const keysOf = { secret: ['secretEnv', 'secretFile'], certificate: ['pemFile'] } as const;

function keyFaults(kind: 'secret' | 'certificate', key: string, value: unknown): string[] {
  const known: readonly string[] = keysOf[kind];
  const path = `credential.${key}`;
  if (known.includes(key)) return typeof value === 'string' && value !== '' ? valueFaults(path, key, value) : [`${path}: is not text`];
  if (typeof value === 'string' && (/^(client_?)?secret(_?(value|text))?$|password|value|key/i.test(key) || looksLikeSecret(value))) {
    return [`${path}: a secret does not belong into this file; ${kind === 'secret' ? cure : 'write the path of a PEM file as pemFile'}`];
  }
  return [`credential: ${unknownWord('key', key, ['kind', ...known])}`];
}

/** A secret put where its name belongs is not named in the message. */
function valueFaults(path: string, key: string, value: string): string[] {
  if (looksLikeSecret(value)) return [`${path}: is a secret itself; ${cure}`];
  if (key !== 'secretEnv' || /^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(value)) return [];
  return [`${path}: is no name of an environment variable (letters, digits and '_'); ${cure}`];
}

type Source = Pick<ParsedCredential, 'source' | 'faults'>;

function secretSource({ secretEnv: env, secretFile: file }: Readonly<Record<string, unknown>>): Source {
  if (typeof env === 'string' && typeof file === 'string')
    return { faults: ['credential: secretEnv and secretFile are both there; leave one out'] };
  if (typeof env === 'string') return { source: { kind: 'secret', from: { env } }, faults: [] };
  if (typeof file === 'string') return { source: { kind: 'secret', from: { file } }, faults: [] };
  return { faults: [`credential: does not say where the secret is; ${cure}`] };
}

function certificateSource({ pemFile }: Readonly<Record<string, unknown>>): Source {
  if (typeof pemFile === 'string') return { source: { kind: 'certificate', pemFile }, faults: [] };
  return {
    faults: [
      'credential: does not say where the certificate is; write the path of a PEM file with the private key and the certificate as pemFile',
    ],
  };
}

/** Reads the credential itself. A fault names the place, never what stands there. */
export async function readCredential(source: CredentialSource, place: CredentialPlace): Promise<CredentialRead> {
  if (source.kind === 'certificate') return readCertificate(resolve(place.folder, source.pemFile));
  return 'env' in source.from
    ? secretFromEnv(source.from.env, place.env[source.from.env])
    : secretFromFile(resolve(place.folder, source.from.file));
}

function secretFromEnv(name: string, value: string | undefined): CredentialRead {
  if (value?.trim()) return { kind: 'credential', credential: { kind: 'secret', secret: value.trim() } };
  return {
    kind: 'fault',
    fault: `credential.secretEnv: the environment variable ${name} is ${value === undefined ? 'not set' : 'empty'}; set it to the secret's Value`,
  };
}

async function secretFromFile(path: string): Promise<CredentialRead> {
  const { text, cure = "write the secret's Value into it" } = await textOf(path);
  if (text?.trim()) return { kind: 'credential', credential: { kind: 'secret', secret: text.trim() } };
  return {
    kind: 'fault',
    fault: `credential.secretFile: '${path}' ${text === undefined ? 'cannot be read' : 'is empty'}; ${cure}`,
  };
}

async function readCertificate(path: string): Promise<CredentialRead> {
  const { text, cure = 'write the private key and the certificate into it, as PEM' } = await textOf(path);
  const fault = (what: string): CredentialRead => ({ kind: 'fault', fault: `credential.pemFile: '${path}' ${what}` });
  if (text === undefined) return fault(`cannot be read; ${cure}`);
  const read = certificateFromPem(text);
  return read.kind === 'fault' ? fault(read.fault) : read;
}

/** Where the file is not what is wrong, such as with too many open ones, what to do; else the caller says it, and which file. */
async function textOf(path: string): Promise<{ readonly text?: string | undefined; readonly cure?: string | undefined }> {
  try {
    return { text: fileText(await readFile(path)) };
  } catch (error) {
    return { cure: fileCure(error) };
  }
}

/** What is odd about where the credential is; nothing where it cannot be read, for that is a fault. */
export async function sourceWarning(source: CredentialSource, place: CredentialPlace): Promise<string | undefined> {
  const [key, file] =
    source.kind === 'certificate' ? ['pemFile', source.pemFile] : 'file' in source.from ? ['secretFile', source.from.file] : [];
  if (key === undefined || file === undefined || process.platform === 'win32') return undefined;
  const path = resolve(place.folder, file);
  const mode = await stat(path).then(
    (stats) => stats.mode & 0o777,
    () => 0,
  );
  if ((mode & 0o077) === 0) return undefined;
  return `credential.${key}: others can read '${path}' (its mode is 0${mode.toString(8)}); run chmod 600 on it`;
}
