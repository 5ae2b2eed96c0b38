/** How a credential gets in: hidden from a person, from a file, an environment variable or standard input; never from a flag. */

import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Option, type Command } from 'commander';
import { certificateFromPem } from '../../shared/certificate.ts';
import { UsageError } from '../../local/exit.ts';
import { fileText } from '../../local/text-encoding.ts';
import type { CredentialKind } from './draft.ts';
import type { Person } from './person.ts';

/** What the options about a credential set. */
export interface CredentialChoice {
  readonly credentialFile?: string;
  readonly credentialEnv?: string;
  readonly credentialStdin?: true;
}

/** Where a credential can come from; `person` is undefined where there is no terminal. */
export interface CredentialPlaces {
  readonly person: Person | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream;
}

/** The environment variable that is read when no option says where the credential is. */
export const usualVariable = 'LAKE_CREDENTIAL';

/** Adds the options that say where a credential is read from, and refuses those that would hold one. */
export function addCredentialOptions(command: Command): Command {
  return command
    .addOption(new Option('--credential-file <file>', 'read the credential from a file (a certificate: PEM of key and certificate)'))
    .addOption(new Option('--credential-env <name>', `read it from an environment variable (the usual one: ${usualVariable})`))
    .addOption(new Option('--credential-stdin', 'read it from standard input').conflicts(['credentialFile', 'credentialEnv']))
    .addOption(refused('--secret [value]'))
    .addOption(refused('--client-secret [value]'));
}

/** Known to the parser so that the error explains why, and does not repeat the value. */
function refused(flags: string): Option {
  const refuse = (): never => {
    throw new UsageError(
      'a secret on a command line can be read by everybody on this machine, and stays in the history: make a new secret in Entra, and give it by --credential-stdin, --credential-file, --credential-env, or when you are asked',
    );
  };
  return new Option(flags).hideHelp().argParser(refuse).preset('');
}

/**
 * The credential that was given; undefined when none was given and there is no terminal to ask on.
 *
 * @throws UsageError when it cannot be read or is no credential of the kind; what it says is not repeated.
 */
export async function readCredentialInput(
  kind: CredentialKind,
  choice: CredentialChoice,
  places: CredentialPlaces,
): Promise<string | undefined> {
  if (kind === 'federated') return undefined;
  const found = await given(choice, places);
  const read = found ?? (await asked(kind, places.person));
  return read === undefined ? undefined : checked(kind, read);
}

/** Whether an option says where a credential is. */
export function isCredentialGiven({ credentialFile, credentialEnv, credentialStdin }: CredentialChoice): boolean {
  return credentialFile !== undefined || credentialEnv !== undefined || credentialStdin === true;
}

async function given({ credentialFile, credentialEnv, credentialStdin }: CredentialChoice, { env, stdin }: CredentialPlaces) {
  if (credentialFile !== undefined) return textOf(credentialFile);
  if (credentialEnv !== undefined) {
    const value = env[credentialEnv];
    if (value?.trim()) return value;
    throw new UsageError(
      `the environment variable ${credentialEnv} is ${value === undefined ? 'not set' : 'empty'}; set it to the credential`,
    );
  }
  if (credentialStdin) return text(stdin);
  return env[usualVariable]?.trim() ? env[usualVariable] : undefined;
}

async function asked(kind: CredentialKind, person: Person | undefined): Promise<string | undefined> {
  if (!person) return undefined;
  if (kind === 'secret') return person.askHidden("The client secret's Value");
  return textOf(await person.ask('The PEM file with private key and certificate'));
}

async function textOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new UsageError(`the credential's file '${file}' cannot be read (${String((error as NodeJS.ErrnoException).code)})`);
  });
  const text = fileText(bytes);
  if (text === undefined) throw new UsageError(`the credential's file '${file}' is neither UTF-8 nor UTF-16: save it as UTF-8`);
  return text;
}

function checked(kind: CredentialKind, credential: string): string {
  const text = credential.trim();
  if (text === '') throw new UsageError('the credential is empty; nothing was changed');
  if (kind === 'certificate') {
    const read = certificateFromPem(text);
    if (read.kind === 'fault') throw new UsageError(`the PEM ${read.fault}`);
    return text;
  }
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    throw new UsageError("that is a GUID: Entra shows it as the Secret ID; give the secret's Value, which is shown once, when it is made");
  if (/\s/.test(text)) throw new UsageError("that holds blanks or line ends, which no client secret has; give the secret's Value alone");
  return text;
}
