import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { readCredentialInput, type CredentialChoice } from '../../../cli/tenants/credential-input.ts';
import type { CredentialKind } from '../../../cli/tenants/draft.ts';
import type { Person } from '../../../cli/tenants/person.ts';
import { selfSigned } from '../../helpers/self-signed.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();

interface Given {
  readonly kind?: CredentialKind;
  readonly choice?: CredentialChoice;
  readonly env?: Record<string, string>;
  readonly stdin?: string;
  readonly person?: Person;
}

const read = ({ kind = 'secret', choice = {}, env = {}, stdin = '', person }: Given) =>
  readCredentialInput(kind, choice, { person, env, stdin: Readable.from([stdin]) });

const typing = (typed: string): Person => ({ ask: () => Promise.resolve(typed), askHidden: () => Promise.resolve(typed) });

describe('a credential comes', () => {
  test.each([
    { from: 'standard input', given: { choice: { credentialStdin: true }, stdin: 'hunter2\n' } },
    { from: 'a variable that is named', given: { choice: { credentialEnv: 'MINE' }, env: { MINE: 'hunter2', LAKE_CREDENTIAL: 'other' } } },
    { from: 'the usual variable', given: { env: { LAKE_CREDENTIAL: 'hunter2' }, person: typing('other') } },
    { from: 'a person', given: { person: typing('hunter2') } },
  ] as const)('from $from', async ({ given }) => {
    expect(await read(given)).toBe('hunter2');
  });

  test('from a file, a certificate too', async () => {
    const folder = await makeFolder();
    const { privateKey, certificate } = selfSigned('contoso');
    await writeFile(join(folder, 'secret'), 'hunter2\n');
    await writeFile(join(folder, 'pem'), `${certificate}${privateKey}`);
    expect(await read({ choice: { credentialFile: join(folder, 'secret') } })).toBe('hunter2');
    expect(await read({ kind: 'certificate', choice: { credentialFile: join(folder, 'pem') } })).toContain('PRIVATE KEY');
    expect(await read({ kind: 'certificate', person: typing(join(folder, 'pem')) })).toContain('BEGIN CERTIFICATE');
  });

  test('from nowhere where nobody is, and never for a federated tenant', async () => {
    expect(await read({})).toBeUndefined();
    expect(await read({ kind: 'federated', env: { LAKE_CREDENTIAL: 'hunter2' } })).toBeUndefined();
  });
});

describe('what is no credential is refused without being repeated', () => {
  test.each([
    { what: "the secret's id", given: { stdin: '5d2f1c3a-8b47-4e90-a1d6-0f3e2c7b9a84' }, says: 'Secret ID' },
    { what: 'nothing', given: { stdin: ' \n' }, says: 'is empty' },
    { what: 'two lines', given: { stdin: 'hunter2\nhunter3' }, says: 'blanks or line ends' },
    { what: 'a secret for a certificate', given: { kind: 'certificate', stdin: 'hunter2' }, says: 'holds no unencrypted private key' },
  ] as const)('$what', async ({ given, says }) => {
    const reading = read({ choice: { credentialStdin: true }, ...given });
    await expect(reading).rejects.toThrow(says);
    await expect(reading).rejects.not.toThrow(/hunter|5d2f1c3a/);
  });

  test.each([
    { what: 'a variable that is not set', choice: { credentialEnv: 'MISSING' }, says: 'MISSING is not set' },
    { what: 'a file that is not there', choice: { credentialFile: '/nowhere' }, says: "'/nowhere' cannot be read (ENOENT)" },
  ])('$what', async ({ choice, says }) => {
    await expect(read({ choice })).rejects.toThrow(says);
  });
});
