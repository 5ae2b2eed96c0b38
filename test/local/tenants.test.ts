import { createHash } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { LocalTenants } from '../../local/tenants.ts';
import { tenantsContract } from '../contracts/tenants-contract.ts';
import { selfSigned } from '../helpers/self-signed.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();

const config = {
  tenantDomain: 'contoso.onmicrosoft.com',
  clientId: '5d2f1c3a-8b47-4e90-a1d6-0f3e2c7b9a84',
  managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange'] },
};
/** Of the form of Entra's secrets, and none. */
const lookalike = `abc8Q~${'x'.repeat(34)}`;

async function tenantsOf(json: unknown, env: Record<string, string> = {}): Promise<LocalTenants> {
  const file = join(await makeFolder(), 'tenants.json');
  await writeFile(file, typeof json === 'string' ? json : JSON.stringify(json));
  return new LocalTenants(file, env);
}

const withCredential = (credential: unknown, env?: Record<string, string>): Promise<LocalTenants> =>
  tenantsOf({ contoso: { ...config, credential } }, env);

async function faultsOf(tenants: LocalTenants): Promise<readonly string[]> {
  return (await tenants.list()).flatMap((entry) => (entry.kind === 'broken' ? entry.faults : ['none']));
}

describe('tenants in a file, secrets in the environment', () => {
  tenantsContract(async () => {
    const file = join(await makeFolder(), 'tenants.json');
    const env: Record<string, string | undefined> = {};
    return {
      tenants: new LocalTenants(file, env),
      configure: async (setups) => {
        const entries = setups.map((setup, index) => {
          env[`SECRET_${String(index)}`] = setup.secret;
          return [setup.name, { ...setup.config, credential: { kind: 'secret', secretEnv: `SECRET_${String(index)}` } }];
        });
        await writeFile(file, JSON.stringify(Object.fromEntries(entries)));
      },
    };
  });
});

describe('one tenant by its name', () => {
  const switchedOff = { ...config, enabled: false, credential: { kind: 'secret', secretEnv: 'SECRET' } };

  test('is read, switched off or not, where every tenant is asked for', async () => {
    const file = join(await makeFolder(), 'tenants.json');
    await writeFile(file, JSON.stringify({ contoso: switchedOff }));
    const [every, enabled] = [new LocalTenants(file, { SECRET: 'x' }, 'every'), new LocalTenants(file, { SECRET: 'x' })];
    expect(await every.entry('contoso')).toMatchObject({ kind: 'tenant', tenant: { name: 'contoso' } });
    expect(await every.credential('contoso')).toEqual({ kind: 'secret', secret: 'x' });
    expect([await every.entry('fabrikam'), await enabled.entry('contoso')]).toEqual([undefined, undefined]);
  });

  test('comes with the faults of its credential', async () => {
    const tenants = await withCredential({ kind: 'secret', secretEnv: 'SECRET' });
    expect(await tenants.entry('contoso')).toMatchObject({ kind: 'broken', faults: [expect.stringContaining('SECRET is not set')] });
  });
});

describe('the tenants file', () => {
  test.each([
    { name: 'JSON of another kind', text: '[]', says: 'is no JSON object' },
    { name: 'no JSON', text: `{\n"contoso": {"clientSecret": ${lookalike}`, says: 'is no JSON: look for a comma' },
    { name: 'half of JSON', text: '{ "contoso": {},}', says: 'at line 1 column' },
  ])('$name is refused, without a word of what stands in it', async ({ text, says }) => {
    const tenants = await tenantsOf(text);
    await expect(tenants.list()).rejects.toThrow(says);
    await expect(tenants.list()).rejects.not.toThrow(lookalike);
  });

  test('that is not there is refused by its name', async () => {
    const file = join(await makeFolder(), 'tenants.json');
    await expect(new LocalTenants(file, {}).list()).rejects.toThrow(`the tenants file '${file}' cannot be read`);
  });

  test('may hold a tenant that is no object: that one is broken', async () => {
    expect((await faultsOf(await tenantsOf({ contoso: 'yes' })))[0]).toMatch('is not an object');
  });
});

describe('a secret in the tenants file', () => {
  test.each([
    { name: 'as credential.secret', json: { credential: { kind: 'secret', secret: 'hunter2' } }, at: 'credential.secret' },
    { name: 'as credential.value', json: { credential: { kind: 'secret', value: 'hunter2' } }, at: 'credential.value' },
    { name: 'in place of a variable', json: { credential: { kind: 'secret', secretEnv: 'hunter2!' } }, at: 'credential.secretEnv' },
    { name: 'in place of a path', json: { credential: { kind: 'secret', secretFile: lookalike } }, at: 'credential.secretFile' },
    {
      name: 'beside the credential',
      json: { clientSecret: 'hunter2', credential: { kind: 'secret', secretEnv: 'S' } },
      at: 'clientSecret',
    },
    { name: 'under an odd name', json: { note: lookalike, credential: { kind: 'secret', secretEnv: 'S' } }, at: 'note' },
    { name: 'a key', json: { credential: { kind: 'certificate', privateKey: 'hunter2' } }, at: 'credential.privateKey' },
  ])('$name is refused with the cure, and not repeated', async ({ json, at }) => {
    const faults = await faultsOf(await tenantsOf({ contoso: { ...config, ...json } }, { S: 'x' }));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${at}: .*(secretEnv|pemFile)`));
    expect(faults[0]).not.toMatch(/hunter2|Q~/);
  });
});

describe('where a credential is', () => {
  test.each([
    { name: 'a secret that is nowhere', credential: { kind: 'secret' }, says: 'credential: does not say where the secret is' },
    { name: 'two places', credential: { kind: 'secret', secretEnv: 'S', secretFile: 'f' }, says: 'leave one out' },
    { name: 'a variable that is not set', credential: { kind: 'secret', secretEnv: 'MISSING' }, says: 'MISSING is not set' },
    { name: 'an empty variable', credential: { kind: 'secret', secretEnv: 'EMPTY' }, says: 'EMPTY is empty' },
    { name: 'a file that is missing', credential: { kind: 'secret', secretFile: 'nowhere' }, says: 'cannot be read' },
    {
      name: 'a certificate that is nowhere',
      credential: { kind: 'certificate' },
      says: 'credential: does not say where the certificate is',
    },
    { name: 'a missing PEM file', credential: { kind: 'certificate', pemFile: 'nowhere' }, says: 'cannot be read' },
    { name: 'federation', credential: { kind: 'federated' }, says: 'needs an AWS role' },
    { name: 'a misspelt key', credential: { kind: 'secret', secretEnvv: 'S' }, says: "did you mean 'secretEnv'" },
    { name: 'a misspelt kind', credential: { kind: 'sekret' }, says: "did you mean 'secret'" },
    { name: 'no text', credential: { kind: 'secret', secretEnv: 7 }, says: 'credential.secretEnv: is not text' },
    { name: 'no credential', credential: undefined, says: 'credential: is missing' },
  ])('$name is a fault that says so', async ({ credential, says }) => {
    const faults = await faultsOf(await withCredential(credential, { S: 'x', EMPTY: ' ' }));
    expect(faults).toEqual([expect.stringContaining(says)]);
  });

  test('all faults come at once, those of the credential with the others', async () => {
    const tenants = await tenantsOf({ contoso: { ...config, clientId: 'x', credential: { kind: 'secret', secretEnv: 'MISSING' } } });
    const faults = await faultsOf(tenants);
    expect(faults).toHaveLength(2);
    expect(faults.join('\n')).toMatch(/clientId: [\s\S]*credential\.secretEnv: /);
  });

  test('a secret file is found from the folder of the tenants file, and its line break is none of the secret', async () => {
    const folder = await makeFolder();
    const file = join(folder, 'tenants.json');
    await writeFile(file, JSON.stringify({ contoso: { ...config, credential: { kind: 'secret', secretFile: 'secret' } } }));
    await writeFile(join(folder, 'secret'), 'hunter2\n', { mode: 0o600 });
    const tenants = new LocalTenants(file, {});
    expect(await tenants.credential('contoso')).toEqual({ kind: 'secret', secret: 'hunter2' });
    expect(await tenants.warnings()).toEqual([]);

    await chmod(join(folder, 'secret'), 0o644);
    expect(await tenants.warnings()).toEqual([
      `tenant 'contoso': credential.secretFile: others can read '${join(folder, 'secret')}' (its mode is 0644); run chmod 600 on it`,
    ]);
  });

  test('a credential that went away is an error with the cure', async () => {
    const tenants = await withCredential({ kind: 'secret', secretEnv: 'GONE' });
    await expect(tenants.credential('contoso')).rejects.toThrow(
      "tenant 'contoso': credential.secretEnv: the environment variable GONE is not set",
    );
  });
});

describe('a certificate', () => {
  async function withPem(pem: string): Promise<LocalTenants> {
    const folder = await makeFolder();
    const file = join(folder, 'tenants.json');
    await writeFile(join(folder, 'app.pem'), pem, { mode: 0o600 });
    await writeFile(file, JSON.stringify({ contoso: { ...config, credential: { kind: 'certificate', pemFile: 'app.pem' } } }));
    return new LocalTenants(file, {});
  }

  test('is read with its key, and its thumbprint is computed', async () => {
    const { privateKey, certificate, der } = selfSigned('contoso');
    const tenants = await withPem(`${certificate}${privateKey}`);
    expect(await tenants.list()).toEqual([{ kind: 'tenant', tenant: expect.objectContaining({ credentialKind: 'certificate' }) }]);
    expect(await tenants.credential('contoso')).toEqual({
      kind: 'certificate',
      privateKey: privateKey.trim(),
      thumbprintSha256: createHash('sha256').update(der).digest('hex').toUpperCase(),
    });
  });

  const [own, other] = [selfSigned('contoso'), selfSigned('fabrikam')];
  test.each([
    { name: 'without a key', pem: own.certificate, says: 'holds no unencrypted private key' },
    { name: 'without a certificate', pem: own.privateKey, says: 'holds no certificate' },
    { name: "with another one's key", pem: own.certificate + other.privateKey, says: 'do not belong together' },
    { name: 'that is damaged', pem: own.certificate.replace(/^.{70}/s, '$&AAAA') + own.privateKey, says: 'cannot be read' },
  ])('$name is a fault that says so', async ({ pem, says }) => {
    expect(await faultsOf(await withPem(pem))).toEqual([expect.stringContaining(says)]);
  });
});

describe('files as Windows saves them', () => {
  const text = JSON.stringify({ contoso: { ...config, enabled: true, credential: { kind: 'secret', secretFile: 'secret.txt' } } });
  test.each([
    { name: 'UTF-8 with a byte order mark', encoded: (content: string) => Buffer.from(`\ufeff${content}`) },
    { name: 'UTF-16 with one, as PowerShell redirects', encoded: (content: string) => Buffer.from(`\ufeff${content}`, 'utf16le') },
    { name: 'UTF-16 without one', encoded: (content: string) => Buffer.from(content, 'utf16le') },
  ])('are read in $name, the secret too', async ({ encoded }) => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'tenants.json'), encoded(text));
    await writeFile(join(folder, 'secret.txt'), encoded('a-secret-of-contoso\r\n'));
    await chmod(join(folder, 'secret.txt'), 0o600);
    const tenants = new LocalTenants(join(folder, 'tenants.json'), {});
    expect(await tenants.list()).toMatchObject([{ kind: 'tenant', tenant: { name: 'contoso' } }]);
    expect(await tenants.credential('contoso')).toEqual({ kind: 'secret', secret: 'a-secret-of-contoso' });
  });

  test('are refused by name in anything else', async () => {
    const file = join(await makeFolder(), 'tenants.json');
    await writeFile(file, Buffer.from(text.replace('contoso', 'contosö'), 'latin1'));
    await expect(new LocalTenants(file, {}).list()).rejects.toThrow('is neither UTF-8 nor UTF-16: save it as UTF-8');
  });
});
