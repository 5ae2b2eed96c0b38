/** How a credential gets in: hidden from a person, from a file, an environment variable or standard input; never from a flag. */

import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Option, type Command } from 'commander';
import { certificateFromPem } from '../../shared/certificate.ts';
import { UsageError } from '../../local/exit.ts';
import type { CredentialKind } from './draft.ts';
import type { Person } from './person.ts';

export interface CredentialChoice {
  readonly credentialFile?: string;
  readonly credentialEnv?: string;
  readonly credentialStdin?: true;
}

export interface CredentialPlaces {
  readonly person: Person | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream;
}

/** Read when nothing else is said and it is set. */
export const usualVariable = 'LAKE_CREDENTIAL';

export function addCredentialOptions(command: Command): Command {
  return command
    .addOption(new Option('--credential-file <file>', 'read the credential from a file (a certificate: PEM of key and certificate)'))
    .addOption(new Option('--credential-env <name>', `read it from an environment variable (the usual one: ${usualVariable})`))
    .addOption(new Option('--credential-stdin', 'read it from standard input').conflicts(['credentialFile', 'credentialEnv']))
    .addOption(refused('--secret [value]'))
    .addOption(refused('--client-secret [value]'));
}

/** Named, so that whoever tries is told why, and so that the value does not end up in a message. */
function refused(flags: string): Option {
  const refuse = (): never => {
    throw new UsageError(
      'a secret on a command line can be read by everybody on this machine, and stays in the history: make a new secret in Entra, and give it by --credential-stdin, --credential-file, --credential-env, or when you are asked',
    );
  };
  return new Option(flags).hideHelp().argParser(refuse).preset('');
}

/**
 * The credential that was given; none when nothing was given and nobody can be asked.
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
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`the credential's file '${file}' cannot be read (${String((error as NodeJS.ErrnoException).code)})`);
  });
}

function checked(kind: CredentialKind, credential: string): string {
  const said = credential.trim();
  if (said === '') throw new UsageError('the credential is empty; nothing was changed');
  if (kind === 'certificate') {
    const read = certificateFromPem(said);
    if (read.kind === 'fault') throw new UsageError(`the PEM ${read.fault}`);
    return said;
  }
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(said))
    throw new UsageError("that is a GUID: Entra shows it as the Secret ID; give the secret's Value, which is shown once, when it is made");
  if (/\s/.test(said)) throw new UsageError("that holds blanks or line ends, which no client secret has; give the secret's Value alone");
  return said;
}
