import { describe, expect, test } from '@jest/globals';
import { type Parameter, type SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';
import { credentialFromText } from '../../shared/aws/credential-text.ts';
import { byTenant, entryOf } from '../../shared/aws/tenant-parameters.ts';
import { openTenants } from '../../shared/aws/tenants.ts';
import { webIdentity } from '../../shared/aws/web-identity.ts';
import { minutes, seconds } from '../../shared/domain/window.ts';
import { at } from '../contracts/samples.ts';
import { selfSigned } from '../helpers/self-signed.ts';
import { fakeClient } from './fake-client.ts';
import { leapingClock } from './leaping-clock.ts';

const paths = { prefix: '/m365-audit-lake/tenants', credentialsPrefix: '/m365-audit-lake/credentials' };
const { prefix, credentialsPrefix } = paths;
const config = {
  tenantDomain: 'contoso.onmicrosoft.com',
  clientId: '5d2f1c3a-8b47-4e90-a1d6-0f3e2c7b9a84',
  credential: { kind: 'secret' },
  managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange'] },
};
const parameter = (leaf: string, Value: string, Type: Parameter['Type'] = 'String', home = 'enterprise'): Parameter => ({
  Name: leaf === 'credential' ? `${credentialsPrefix}/${home}/contoso` : `${prefix}/${home}/contoso/${leaf}`,
  Value,
  Type,
});
const configured = (json: unknown): Parameter => parameter('config', JSON.stringify(json));
const credential = parameter('credential', 'AQICAHi…', 'SecureString');

describe('a tenant’s parameters', () => {
  const entry = (isFedramp: boolean, ...parameters: Parameter[]) =>
    entryOf('contoso', byTenant(paths, parameters, parameters).get('contoso') ?? [], { isFedramp });
  const faultsOf = (...parameters: Parameter[]): readonly string[] => {
    const found = entry(false, ...parameters);
    return found?.kind === 'broken' ? found.faults : [];
  };

  test('make a tenant', () => {
    expect(entry(false, configured(config), credential)).toMatchObject({ kind: 'tenant', tenant: { name: 'contoso' } });
  });

  test.each([
    { name: 'no configuration', of: [credential], says: 'config: the parameter is missing' },
    {
      name: 'a secret configuration',
      of: [parameter('config', '{}', 'SecureString'), credential],
      says: 'config: the parameter is a SecureString',
    },
    { name: 'no JSON', of: [parameter('config', '{ "clientId": hunter2'), credential], says: 'config: is no JSON' },
    { name: 'no credential', of: [configured(config)], says: 'credential: the parameter is missing' },
    { name: 'a credential for all to read', of: [configured(config), parameter('credential', 'hunter2')], says: 'make a new secret' },
    { name: 'a misspelt parameter', of: [configured(config), credential, parameter('confg', '{}')], says: "did you mean 'config'" },
  ])('$name: $says', ({ of, says }) => {
    expect(faultsOf(...of)).toEqual([expect.stringContaining(says)]);
    expect(faultsOf(...of).join()).not.toContain('hunter2');
  });

  test('all faults come at once', () => {
    const faults = faultsOf(configured({ ...config, clientId: 'x', tenantDomain: 'https://contoso' }), parameter('credential', 'hunter2'));
    expect(faults).toHaveLength(3);
  });

  test('a federated tenant needs no credential, one that is switched off nothing at all', () => {
    expect(entry(false, configured({ ...config, credential: { kind: 'federated' } }))?.kind).toBe('tenant');
    expect(entry(false, configured({ enabled: false }))).toBeUndefined();
  });

  test('sign-ins are refused in a FedRAMP deployment', () => {
    const signIns = configured({ ...config, graph: { cloud: 'global', logTypes: ['sign-ins-interactive'] } });
    expect(entry(true, signIns, credential)).toMatchObject({ kind: 'broken', faults: [expect.stringContaining('FedRAMP')] });
  });

  test('what lies elsewhere below the prefix belongs to nobody', () => {
    const names = [
      'contoso',
      'contoso/config',
      'enterprise/contoso',
      'enterprise/contoso/old/config',
      'enterprise//config',
      'mars/contoso/config',
    ];
    const others = names.map((name) => ({ Name: `${prefix}/${name}`, Value: '{}' }));
    expect([...byTenant(paths, others, []).keys()]).toEqual([]);
  });

  test('a configuration at the path of a home that its cloud is not in makes no tenant', () => {
    const inGcc = parameter('config', JSON.stringify(config), 'String', 'gcc');
    expect(faultsOf(inGcc, parameter('credential', 'AQICAHi…', 'SecureString', 'gcc'))).toEqual([
      "config: it is at the path of gcc, and its cloud belongs to enterprise; put it and its credential at that one's",
    ]);
  });

  test('a name in two homes is no tenant in either: jobs name a tenant by its name alone', () => {
    const inGcc = parameter(
      'config',
      JSON.stringify({ ...config, managementActivity: { cloud: 'gcc', logTypes: ['audit-exchange'] } }),
      'String',
      'gcc',
    );
    expect(faultsOf(configured(config), credential, inGcc)).toEqual([
      expect.stringContaining('there are two of this name, at enterprise and gcc'),
    ]);
  });
});

describe('a credential parameter', () => {
  test.each([
    { name: 'the secret as it is', text: ' hunter2\n' },
    { name: 'the secret as JSON', text: '{"secret": "hunter2"}' },
  ])('$name', ({ text }) => {
    expect(credentialFromText('secret', text)).toEqual({ kind: 'credential', credential: { kind: 'secret', secret: 'hunter2' } });
  });

  test('key and certificate', () => {
    const { privateKey, certificate } = selfSigned('contoso');
    expect(credentialFromText('certificate', `${certificate}${privateKey}`)).toMatchObject({
      kind: 'credential',
      credential: { kind: 'certificate' },
    });
  });

  test.each([
    { kind: 'secret' as const, text: ' ', says: 'is empty' },
    { kind: 'secret' as const, text: '{"password": "hunter2"}', says: 'is JSON, but not' },
    { kind: 'secret' as const, text: '{"secret": "hunter2"', says: 'is JSON, but not' },
    { kind: 'certificate' as const, text: 'hunter2', says: 'private key' },
  ])('$kind of "$text" is a fault that does not repeat it', ({ kind, text, says }) => {
    const read = credentialFromText(kind, text);
    expect(read).toEqual({ kind: 'fault', fault: expect.stringContaining(says) });
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });
});

describe('one tenant by its name', () => {
  const homes = ['enterprise'] as const;
  const open = (scope: 'enabled' | 'every', ...answers: unknown[]) => {
    const { client, sent } = fakeClient<SSMClient>(...answers);
    const place = {
      client,
      ...paths,
      homes,
      deployment: { isFedramp: false },
      assertion: () => Promise.resolve('proof'),
      clock: leapingClock(at('09:00')),
    };
    return { tenants: openTenants({ ...place, scope }), sent };
  };
  const switchedOff = { Parameters: [configured({ ...config, enabled: false })] };

  test('is read, switched off or not, where every tenant is asked for; nothing is decrypted', async () => {
    const both = [switchedOff, { Parameters: [credential] }];
    const { tenants, sent } = open('every', ...both);
    expect(await tenants.entry('contoso')).toMatchObject({ kind: 'tenant', tenant: { name: 'contoso' } });
    expect(sent).toEqual(
      [`${prefix}/enterprise/contoso/config`, `${credentialsPrefix}/enterprise/contoso`].map((Name) => ({
        Names: [Name],
        WithDecryption: false,
      })),
    );
    expect(await open('enabled', ...both).tenants.entry('contoso')).toBeUndefined();
  });

  test('that is not there is undefined, and a name that cannot be a path is not asked for', async () => {
    const missing = () => ({ Parameters: [] });
    expect(await open('every', missing(), missing()).tenants.entry('contoso')).toBeUndefined();
    const { tenants, sent } = open('every');
    expect(await tenants.entry('../other')).toBeUndefined();
    expect(sent).toEqual([]);
  });
});

describe('caching', () => {
  function open(...answers: unknown[]) {
    const { client, sent } = fakeClient<SSMClient>(...answers);
    const clock = leapingClock(at('09:00'));
    const assertion = () => Promise.resolve('proof');
    const place = { client, ...paths, homes: ['enterprise'] as const, deployment: { isFedramp: false } };
    return { tenants: openTenants({ ...place, assertion, clock }), sent, clock };
  }

  test('a credential is read once in five minutes, and again when it was refused', async () => {
    const { tenants, sent, clock } = open(
      { Parameters: [configured(config)] },
      { Parameters: [parameter('credential', 'first', 'SecureString')] },
      { Parameters: [configured(config)] },
      { Parameters: [parameter('credential', 'second', 'SecureString')] },
    );
    await tenants.credential('contoso');
    await clock.sleep(minutes(5) - 1);
    expect(await tenants.credential('contoso')).toEqual({ kind: 'secret', secret: 'first' });
    expect(sent.map(({ WithDecryption }) => WithDecryption)).toEqual([false, true]);
    expect(await tenants.credential('contoso', 'refresh')).toEqual({ kind: 'secret', secret: 'second' });
  });

  test('after five minutes it is read again without being asked', async () => {
    const { tenants, sent, clock } = open(
      { Parameters: [configured(config)] },
      { Parameters: [parameter('credential', 'first', 'SecureString')] },
      { Parameters: [configured(config)] },
      { Parameters: [parameter('credential', 'second', 'SecureString')] },
    );
    await tenants.credential('contoso');
    await clock.sleep(minutes(5));
    expect(await tenants.credential('contoso')).toEqual({ kind: 'secret', secret: 'second' });
    expect(sent).toHaveLength(4);
  });

  test('a federated tenant proves itself', async () => {
    const { tenants } = open({ Parameters: [configured({ ...config, credential: { kind: 'federated' } })] });
    const found = await tenants.credential('contoso');
    expect(found.kind === 'assertion' && (await found.assertion())).toBe('proof');
  });

  test('what could not be read is not remembered', async () => {
    const missing = { Parameters: [] };
    const { tenants } = open({ Parameters: [configured(config)] }, missing, {
      Parameters: [parameter('credential', 'now', 'SecureString')],
    });
    await expect(tenants.credential('contoso')).rejects.toThrow("tenant 'contoso': credential: the parameter is missing");
    expect(await tenants.credential('contoso')).toEqual({ kind: 'secret', secret: 'now' });
  });

  test('a name that would lead elsewhere is asked of nobody', async () => {
    const { tenants, sent } = open({});
    expect(await tenants.byName('../other')).toBeUndefined();
    await expect(tenants.credential('a/b')).rejects.toThrow("'a/b'");
    expect(sent).toEqual([]);
  });
});

describe('a federated tenant’s proof', () => {
  const tenant = { name: 'contoso', tenantDomain: 'contoso.example', clientId: config.clientId, credentialKind: 'federated' as const };
  const proof = (WebIdentityToken: string, until: number) => ({ WebIdentityToken, Expiration: new Date(until) });

  test('is signed by RS256 for the Entra of the tenant’s cloud, and used until a minute before its end', async () => {
    const { client, sent } = fakeClient<STSClient>(proof('first', at('09:05')), proof('second', at('09:10')));
    const clock = leapingClock(at('09:00'));
    const prove = webIdentity(client, clock);
    const gccHigh = { ...tenant, graph: { cloud: 'us-gov-l4' as const, logTypes: ['alerts'] } };
    expect([await prove(gccHigh), await prove(gccHigh)]).toEqual(['first', 'first']);
    await clock.sleep(minutes(4) + seconds(1));
    expect(await prove(gccHigh)).toBe('second');
    expect(sent[0]).toMatchObject({ Audience: ['api://AzureADTokenExchangeUSGov'], SigningAlgorithm: 'RS256' });
    expect(sent).toHaveLength(2);
  });
});
