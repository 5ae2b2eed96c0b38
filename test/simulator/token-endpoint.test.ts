import { generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { simulatedTenant } from '../../simulator/tenants.ts';
import { everyRole } from '../../simulator/roles.ts';
import type { AppRegistration } from '../../simulator/world.ts';
import { startAt, stage, type Asked, type Stage } from './stage.ts';

const authority = 'login.microsoftonline.com';
const manage = 'manage.office.com';

interface TokenAsk {
  readonly authority?: string;
  readonly tenant?: string;
  readonly form?: Readonly<Record<string, string>>;
}

function askToken(on: Stage, { authority: host = authority, tenant = on.tenant.tenantId, form = {} }: TokenAsk = {}): Asked {
  return on.ask(`https://${host}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body: on.tokenForm(manage, form) });
}

function claimsOf(answer: Asked): Record<string, unknown> {
  const { access_token: token = '' } = answer.json as { access_token?: string };
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
}

test('a token says whose it is, for what, and until when', () => {
  const on = stage({ tokenLifetimeSeconds: 60 });
  const answer = askToken(on, { tenant: on.tenant.domains[0] ?? '' });
  expect(answer.json).toMatchObject({ token_type: 'Bearer', expires_in: 60 });
  expect(claimsOf(answer)).toMatchObject({
    aud: 'https://manage.office.com',
    tid: on.tenant.tenantId,
    appid: on.app.clientId,
    idtyp: 'app',
    roles: ['ActivityFeed.Read', 'ActivityFeed.ReadDlp'],
    exp: startAt / 1_000 + 60,
  });
});

test('a token of Graph has the roles of Graph only', () => {
  const answer = askToken(stage(), { form: { scope: 'https://graph.microsoft.com/.default' } });
  expect(claimsOf(answer).roles).toEqual(everyRole.filter((role) => !role.startsWith('ActivityFeed')).sort());
});

test('without any granted role a token is issued all the same, and has no roles', () => {
  const on = stage();
  on.app.roles.clear();
  const answer = askToken(on);
  expect([answer.status, Object.hasOwn(claimsOf(answer), 'roles')]).toEqual([200, false]);
});

describe('what is wrong with the request', () => {
  test.each<{ name: string; ask: TokenAsk; code: string; status: number }>([
    { name: 'an unknown tenant', ask: { tenant: 'nobody.example' }, code: '90002', status: 400 },
    { name: '/common', ask: { tenant: 'common' }, code: '9001023', status: 400 },
    { name: '/organizations', ask: { tenant: 'organizations' }, code: '90130', status: 400 },
    { name: 'the login host of another national cloud', ask: { authority: 'login.microsoftonline.us' }, code: '90038', status: 400 },
    { name: 'an unknown app', ask: { form: { client_id: '6f8f3f0a-0000-4000-8000-000000000000' } }, code: '700016', status: 400 },
    { name: 'no client id', ask: { form: { client_id: '' } }, code: '900144', status: 400 },
    { name: 'another grant', ask: { form: { grant_type: 'password' } }, code: '70003', status: 400 },
    { name: 'neither secret nor assertion', ask: { form: { client_secret: '' } }, code: '7000218', status: 401 },
    { name: 'a wrong secret', ask: { form: { client_secret: 'wrong' } }, code: '7000215', status: 401 },
    {
      name: 'a scope without .default',
      ask: { form: { scope: 'https://manage.office.com/ActivityFeed.Read' } },
      code: '70011',
      status: 400,
    },
    {
      name: 'two resources',
      ask: { form: { scope: 'https://manage.office.com/.default https://graph.microsoft.com/.default' } },
      code: '700022',
      status: 400,
    },
    { name: 'a resource of another cloud', ask: { form: { scope: 'https://manage.office365.us/.default' } }, code: '500011', status: 400 },
    {
      name: 'a resource the tenant does not have',
      ask: { form: { scope: 'https://manage-gcc.office.com/.default' } },
      code: '500011',
      status: 400,
    },
    { name: 'an assertion that is none', ask: { form: { client_assertion: 'a.b' } }, code: '50013', status: 401 },
  ])('$name: AADSTS$code', ({ ask, code, status }) => {
    const answer = askToken(stage(), ask);
    expect([answer.code, answer.status]).toEqual([code, status]);
  });
});

describe('what is wrong with the app', () => {
  test.each<{ name: string; spoil: (app: AppRegistration) => void; code: string }>([
    { name: 'it is disabled', spoil: (app) => (app.isEnabled = false), code: '7000112' },
    { name: 'it is a public client', spoil: (app) => (app.isPublicClient = true), code: '700025' },
    { name: 'Conditional Access blocks it', spoil: (app) => (app.isBlockedByConditionalAccess = true), code: '53003' },
    { name: 'the API was never added', spoil: (app) => app.unknownResources.add(manage), code: '650057' },
    { name: 'its secret has expired', spoil: (app) => app.secrets.splice(0, 1, { ...secretOf(app), expiresAt: startAt }), code: '7000222' },
    { name: 'the tenant is throttled', spoil: (app) => (app.refuseWith = 90055), code: '90055' },
    { name: 'consent is missing', spoil: (app) => (app.refuseWith = 65001), code: '65001' },
  ])('$name: AADSTS$code', ({ spoil, code }) => {
    const on = stage();
    spoil(on.app);
    const { secretId: _secretId, value } = secretOf(on.app);
    expect(askToken(on, { form: { client_secret: value } }).code).toBe(code);
  });

  test('who pastes the id of a secret learns that it is not the value', () => {
    const on = stage();
    const answer = askToken(on, { form: { client_secret: secretOf(on.app).secretId } });
    expect(answer.code).toBe('7000215');
    expect((answer.json as { error_description: string }).error_description).toContain('not the client secret ID');
  });
});

function secretOf(app: AppRegistration) {
  const [secret] = app.secrets;
  if (!secret) throw new Error('the app has a secret');
  return secret;
}

test('an error has the shape of Entra, and never the secret', () => {
  const answer = askToken(stage(), { form: { client_secret: 'hunter2-value' } });
  expect(answer.json).toMatchObject({ error: 'invalid_client', error_codes: [7000215], timestamp: '2026-11-22 12:00:00Z' });
  expect(Object.keys(answer.json as object)).toEqual(expect.arrayContaining(['trace_id', 'correlation_id', 'error_uri']));
  expect(JSON.stringify(answer.json)).not.toContain('hunter2-value');
});

test('a government tenant is served by the government authority', () => {
  const on = stage({ tenant: simulatedTenant({ name: 'agency', clouds: ['gcc-high', 'us-gov-l4'] }) });
  const form = { scope: 'https://manage.office365.us/.default' };
  expect(askToken(on, { authority: 'login.microsoftonline.us', form }).status).toBe(200);
  expect(askToken(on, { form }).code).toBe('90038');
});

describe('assertions', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const other = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const thumbprint = 'AB:CD:01'.padEnd(95, ':EF');

  function assertion(claims: Readonly<Record<string, unknown>>, header: Readonly<Record<string, unknown>>, key = privateKey): string {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'RS256', typ: 'JWT', ...header })}.${part({ exp: startAt / 1_000 + 300, ...claims })}`;
    return `${signed}.${signBytes('sha256', Buffer.from(signed), key).toString('base64url')}`;
  }

  const withAssertion = (text: string) => ({
    form: { client_secret: '', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: text },
  });

  function certified(): Stage {
    const on = stage();
    on.app.certificates.push({ thumbprintSha256: thumbprint, pem });
    return on;
  }
  const x5t = { 'x5t#S256': Buffer.from(thumbprint.replaceAll(':', ''), 'hex').toString('base64url') };
  const own = (on: Stage) => ({
    iss: on.app.clientId,
    sub: on.app.clientId,
    aud: `https://${authority}/${on.tenant.tenantId}/oauth2/v2.0/token`,
  });

  test('one signed with the app’s certificate gets a token', () => {
    const on = certified();
    expect(askToken(on, withAssertion(assertion(own(on), x5t))).status).toBe(200);
  });

  test.each<{
    name: string;
    claims: Readonly<Record<string, unknown>>;
    header: Readonly<Record<string, unknown>>;
    key: typeof privateKey;
    code: string;
  }>([
    { name: 'of a certificate nobody uploaded', claims: {}, header: { 'x5t#S256': 'AAAA' }, key: privateKey, code: '700027' },
    { name: 'signed with another key', claims: {}, header: x5t, key: other.privateKey, code: '50013' },
    { name: 'made out to somebody else', claims: { aud: 'https://sts.example' }, header: x5t, key: privateKey, code: '50013' },
    { name: 'that has expired', claims: { exp: startAt / 1_000 - 301 }, header: x5t, key: privateKey, code: '500133' },
  ])('one $name is refused with $code', ({ claims, header, key, code }) => {
    const on = certified();
    expect(askToken(on, withAssertion(assertion({ ...own(on), ...claims }, header, key))).code).toBe(code);
  });

  const credential = {
    issuer: 'https://issuer.example',
    subject: 'arn:aws:iam::123456789012:role/Token',
    audience: 'api://AzureADTokenExchange',
    pem,
  };
  const federated = { iss: credential.issuer, sub: credential.subject, aud: credential.audience };

  test.each<{ name: string; claims: Readonly<Record<string, unknown>>; header?: Readonly<Record<string, unknown>>; outcome: string }>([
    { name: 'that matches the federated credential', claims: {}, outcome: '200' },
    { name: 'of another issuer', claims: { iss: 'https://other.example' }, outcome: '70021' },
    { name: 'for another audience', claims: { aud: 'api://AzureADTokenExchangeUSGov' }, outcome: '70021' },
    { name: 'of another role', claims: { sub: 'arn:aws:iam::123456789012:role/Other' }, outcome: '700213' },
    { name: 'of the role in another case', claims: { sub: 'arn:aws:iam::123456789012:role/token' }, outcome: '7002131' },
    { name: 'not signed by RS256', claims: {}, header: { alg: 'ES384' }, outcome: '50013' },
  ])('one of AWS $name: $outcome', ({ claims, header = {}, outcome }) => {
    const on = stage();
    on.app.federatedCredentials.push(credential);
    const answer = askToken(on, withAssertion(assertion({ ...federated, ...claims }, header)));
    expect(answer.code ?? String(answer.status)).toBe(outcome);
  });
});

describe('clients that ask in another way', () => {
  const login = (on: Stage, host: string, path: string, form: Readonly<Record<string, string>>, headers = {}) =>
    on.ask(`https://${host}/${on.tenant.tenantId}/${path}`, { method: 'POST', body: new URLSearchParams(form).toString(), headers });
  const secret = (on: Stage) => ({
    client_id: on.app.clientId,
    client_secret: on.app.secrets[0]?.value ?? '',
    grant_type: 'client_credentials',
  });

  test.each(['https://manage.office.com', 'https://manage.office.com/'])(
    'the older endpoint gives a token for the resource %s',
    (resource) => {
      const on = stage();
      const { status, json } = login(on, 'login.windows.net', 'oauth2/token', { ...secret(on), resource });
      const body = json as Readonly<Record<string, string>>;
      const url = `https://manage.office.com/api/v1.0/${on.app.clientId}/activity/feed/subscriptions/list`;
      const listed = on.ask(url, { headers: { authorization: `Bearer ${body.access_token ?? ''}` } });
      expect([status, body.expires_in, body.expires_on, body.resource]).toEqual([
        200,
        '3599',
        String(startAt / 1_000 + 3_599),
        'https://manage.office.com',
      ]);
      expect(listed.status).toBe(200);
    },
  );

  test('the older endpoint names the parameter that is missing', () => {
    const on = stage();
    const { code, json } = login(on, 'login.microsoftonline.com', 'oauth2/token', {
      ...secret(on),
      scope: 'https://manage.office.com/.default',
    });
    expect([code, JSON.stringify(json)]).toEqual(['900144', expect.stringContaining("'resource'")]);
  });

  test('id and secret may come in the header', () => {
    const on = stage();
    const { client_id: id, client_secret: value } = secret(on);
    const authorization = `Basic ${Buffer.from(`${id}:${value}`).toString('base64')}`;
    const form = { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' };
    expect(login(on, 'login.microsoftonline.com', 'oauth2/v2.0/token', form, { authorization }).status).toBe(200);
  });
});
