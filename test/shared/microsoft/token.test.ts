import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import type { Tenant } from '../../../shared/domain/tenant.ts';
import { TenantsUnavailable } from '../../../shared/ports/tenants.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { contoso, FakeMicrosoft, tenantId, tokenError, tokenReply } from './fake-microsoft.ts';

let fake: FakeMicrosoft;
beforeEach(async () => {
  fake = await FakeMicrosoft.open();
});
afterEach(() => fake.close());

const exchange = logTypeById('audit-exchange');
const audits = logTypeById('directory-audits');
const subscriptions = /subscriptions\/list/;
const formOf = (index: number): URLSearchParams => new URLSearchParams(fake.tokenRequests[index]?.body);

test('a tenant is identified by its token, with the permissions that were granted', async () => {
  fake.answer(/oauth2/, tokenReply({ tid: tenantId.toUpperCase(), roles: ['ActivityFeed.Read'] }));
  expect(await fake.connect().identify(contoso, exchange)).toEqual({ kind: 'ok', value: { tenantId, roles: ['ActivityFeed.Read'] } });
});

test.each([
  { cloud: 'enterprise', authority: 'login.microsoftonline.com', scope: 'https://manage.office.com/.default' },
  { cloud: 'gcc', authority: 'login.microsoftonline.com', scope: 'https://manage-gcc.office.com/.default' },
  { cloud: 'gcc-high', authority: 'login.microsoftonline.us', scope: 'https://manage.office365.us/.default' },
  { cloud: 'dod', authority: 'login.microsoftonline.us', scope: 'https://manage.protection.apps.mil/.default' },
] as const)('the token of $cloud is asked of $authority, by one request', async ({ cloud, authority, scope }) => {
  await fake.connect().identify({ ...contoso, managementActivity: { cloud, logTypes: ['audit-exchange'] } }, exchange);
  expect(fake.asked).toMatchObject([{ method: 'POST', host: authority, path: '/contoso.onmicrosoft.com/oauth2/v2.0/token' }]);
  expect(formOf(0).get('scope')).toBe(scope);
});

describe('credentials', () => {
  test('a secret is sent as it is', async () => {
    fake.credential = { kind: 'secret', secret: 'a+b&c=d%20' };
    await fake.connect().identify(contoso, exchange);
    expect(formOf(0).get('client_secret')).toBe('a+b&c=d%20');
  });

  test('a certificate signs an assertion with its SHA-256 thumbprint', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const thumbprintSha256 = 'AB:'.repeat(31) + 'AB';
    fake.credential = { kind: 'certificate', privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), thumbprintSha256 };
    expect(await fake.connect().identify({ ...contoso, credentialKind: 'certificate' }, exchange)).toMatchObject({ kind: 'ok' });
    const header: unknown = JSON.parse(Buffer.from(formOf(0).get('client_assertion')?.split('.')[0] ?? '', 'base64url').toString());
    expect(header).toMatchObject({ 'x5t#S256': Buffer.from('ab'.repeat(32), 'hex').toString('base64url') });
  });

  test('a federated assertion is sent as it is, and asked for only with a token', async () => {
    let asked = 0;
    fake.credential = { kind: 'assertion', assertion: () => Promise.resolve(`jwt-${String((asked += 1))}`) };
    const client = fake.connect();
    for (let count = 0; count < 3; count += 1) await client.identify({ ...contoso, credentialKind: 'federated' }, exchange);
    expect(formOf(0).get('client_assertion')).toBe('jwt-1');
    expect(asked).toBe(1);
  });

  test('a federated credential that does not match is refused with the claims to compare', async () => {
    const jwt = `x.${Buffer.from(JSON.stringify({ iss: 'https://issuer.example', sub: 'role-1', aud: 'api://x' })).toString('base64url')}.y`;
    fake.credential = { kind: 'assertion', assertion: () => Promise.resolve(jwt) };
    fake.answer(/oauth2/, tokenError(700213));
    const answer = await fake.connect().identify({ ...contoso, credentialKind: 'federated' }, exchange);
    expect(answer.kind === 'refused' ? answer.cause.message : '').toContain('iss https://issuer.example, sub role-1, aud api://x');
    expect(JSON.stringify(answer)).not.toContain(jwt);
  });

  test.each([
    {
      name: 'a Secret ID',
      secret: '0c0ffee0-cafe-4bad-8ace-c0ffeec0ffee',
      says: "the stored client secret is a Secret ID, not the secret's Value",
    },
    { name: 'any other text', secret: 'hunter2', says: 'the client secret is wrong' },
  ])('$name in the place of the secret is recognized by its form', async ({ secret, says }) => {
    fake.credential = { kind: 'secret', secret };
    fake.answer(/oauth2/, tokenError(7000215));
    const answer = await fake.connect().identify(contoso, exchange);
    expect(answer).toMatchObject({ kind: 'refused', cause: { code: 'AADSTS7000215', message: expect.stringContaining(says) as unknown } });
    expect(JSON.stringify(answer)).not.toContain(secret);
  });

  test('a certificate that does not match is refused with its thumbprint', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    fake.credential = { kind: 'certificate', privateKey: pem, thumbprintSha256: 'ab:'.repeat(31) + 'ab' };
    fake.answer(/oauth2/, tokenError(700027));
    const answer = await fake.connect().identify({ ...contoso, credentialKind: 'certificate' }, exchange);
    expect(answer.kind === 'refused' ? answer.cause.message : '').toContain(`thumbprint is ${'AB'.repeat(32)}`);
  });

  test('an assertion that cannot be made is not Microsoft: the error is thrown on', async () => {
    fake.credential = { kind: 'assertion', assertion: () => Promise.reject(new Error('federation is not enabled for this account')) };
    await expect(fake.connect().identify({ ...contoso, credentialKind: 'federated' }, exchange)).rejects.toThrow(
      'federation is not enabled',
    );
  });

  test('a credential that cannot be read now is later, and no refusal of the tenant', async () => {
    fake.credential = new TenantsUnavailable('the parameter store did not answer');
    const answer = await fake.connect().identify(contoso, exchange);
    expect(answer).toMatchObject({ kind: 'unavailable', retryAfterMs: 30_000, cause: { code: 'credential-not-read' } });
    expect(fake.asked).toEqual([]);
  });

  test.each([
    { name: 'of another kind than configured', credential: { kind: 'certificate', privateKey: '', thumbprintSha256: '' }, kind: 'secret' },
    { name: 'that is an empty secret', credential: { kind: 'secret', secret: ' ' }, kind: 'secret' },
    {
      name: 'with a SHA-1 thumbprint',
      credential: { kind: 'certificate', privateKey: 'x', thumbprintSha256: 'ab'.repeat(20) },
      kind: 'certificate',
    },
    {
      name: 'with a key that is not one',
      credential: { kind: 'certificate', privateKey: 'very private', thumbprintSha256: 'ab'.repeat(32) },
      kind: 'certificate',
    },
  ] as const)('a credential $name is read again, then refused without asking Microsoft', async ({ credential, kind }) => {
    fake.credential = credential;
    const answer = await fake.connect().identify({ ...contoso, credentialKind: kind }, exchange);
    expect(answer).toMatchObject({ kind: 'refused', cause: { code: 'credential' } });
    expect(JSON.stringify(answer)).not.toContain('very private');
    expect(fake.credentialReads).toEqual([undefined, 'refresh']);
    expect(fake.asked).toEqual([]);
  });
});

describe('keeping', () => {
  test('calls at the same time share one token, and so do later ones', async () => {
    const client = fake.connect();
    await Promise.all(Array.from({ length: 20 }, () => client.identify(contoso, exchange)));
    fake.now += 50 * 60_000;
    await client.identify(contoso, audits);
    await client.identify(contoso, exchange);
    expect(fake.tokenRequests).toHaveLength(2); // one an API
  });

  test('a token that is about to run out is replaced before', async () => {
    const client = fake.connect();
    await client.identify(contoso, exchange);
    fake.now += 3_599_000 - 119_000;
    await client.identify(contoso, exchange);
    expect(fake.tokenRequests).toHaveLength(2);
  });

  test('tenants never share a token', async () => {
    const client = fake.connect();
    await client.identify(contoso, exchange);
    await client.identify({ ...contoso, name: 'fabrikam', tenantDomain: 'fabrikam.example' }, exchange);
    expect(fake.tokenRequests.map((asked) => asked.path)).toEqual([
      '/contoso.onmicrosoft.com/oauth2/v2.0/token',
      '/fabrikam.example/oauth2/v2.0/token',
    ]);
  });
});

describe('a token of another tenant', () => {
  const other = '99999999-2222-3333-4444-555555555555';
  test('is refused when the configuration names the GUID', async () => {
    fake.answer(/oauth2/, tokenReply({ tid: other }));
    const tenant: Tenant = { ...contoso, tenantDomain: tenantId };
    expect(await fake.connect().listSubscriptions(tenant, exchange)).toMatchObject({ kind: 'refused', cause: { code: 'foreign-token' } });
    expect(fake.askedFor(/manage/)).toEqual([]);
  });

  test('is refused when the domain led elsewhere before', async () => {
    fake.answer(/oauth2/, tokenReply(), tokenReply({ tid: other }));
    const client = fake.connect();
    await client.identify(contoso, exchange);
    expect(await client.identify(contoso, audits)).toMatchObject({ kind: 'refused', cause: { code: 'foreign-token' } });
  });

  test('is not even recognized without a tenant in it', async () => {
    fake.answer(/oauth2/, { body: { token_type: 'Bearer', expires_in: 3_599, access_token: 'opaque' } });
    expect(await fake.connect().identify(contoso, exchange)).toMatchObject({ kind: 'unavailable', cause: { code: 'token' } });
  });
});

describe('a refused credential', () => {
  test('is read again once, and the new one is used', async () => {
    fake.answer(/oauth2/, (asked) => {
      fake.credential = { kind: 'secret', secret: 'second secret' };
      return new URLSearchParams(asked.body).get('client_secret') === 'second secret' ? tokenReply() : tokenError(7000222);
    });
    expect(await fake.connect().identify(contoso, exchange)).toMatchObject({ kind: 'ok' });
    expect(fake.credentialReads).toEqual([undefined, 'refresh']);
  });

  test('that stays refused is named with its code and cure, and no secret', async () => {
    fake.answer(/oauth2/, tokenError(7000215));
    const answer = await fake.connect().identify(contoso, exchange);
    expect(answer).toMatchObject({ kind: 'refused', cause: { code: 'AADSTS7000215' } });
    expect(JSON.stringify(answer)).not.toContain('first secret');
    expect(fake.tokenRequests).toHaveLength(2);
  });

  test('of a permission is not read again: another secret would not help', async () => {
    fake.answer(/oauth2/, tokenError(65001, 400));
    expect(await fake.connect().identify(contoso, exchange)).toMatchObject({ kind: 'refused', cause: { code: 'AADSTS65001' } });
    expect(fake.credentialReads).toEqual([undefined]);
  });
});

describe('a token endpoint that fails', () => {
  test('quickly is asked again at once, without new credentials', async () => {
    fake.answer(/oauth2/, { status: 503, body: '<html/>' }, { hangsUp: true }, tokenReply());
    expect(await fake.connect().identify(contoso, exchange)).toMatchObject({ kind: 'ok' });
    expect(fake.credentialReads).toEqual([undefined]);
  });

  test('with a Retry-After is left alone until then, by our clock', async () => {
    fake.answer(/oauth2/, tokenError(90055, 429, { 'retry-after': '120' }), tokenReply());
    const client = fake.connect();
    expect(await client.identify(contoso, exchange)).toMatchObject({ kind: 'throttled', retryAfterMs: 120_000 });
    fake.now += 100_000;
    expect(await client.identify(contoso, exchange)).toMatchObject({ kind: 'throttled', retryAfterMs: 20_000 });
    fake.now += 20_001;
    expect(await client.identify(contoso, exchange)).toMatchObject({ kind: 'ok' });
    expect(fake.tokenRequests).toHaveLength(2);
  });

  test('for good is unavailable, not refused', async () => {
    fake.answer(/oauth2/, { status: 500 });
    expect(await fake.connect().identify(contoso, exchange)).toMatchObject({ kind: 'unavailable' });
    expect(await fake.connect().identify(contoso, exchange)).toMatchObject({ kind: 'unavailable' });
  });

  test.each([
    { name: 'a page for people', reply: { body: '<html>Sign in to the network</html>' } },
    { name: 'nothing', reply: { body: '' } },
    { name: 'half of an answer', reply: { body: '{"token_type":"Bearer","expires_in":35' } },
    { name: 'a page for people that forbids', reply: { status: 403, body: '<html/>' } },
    { name: 'a connection cut in the middle', reply: { ...tokenReply(), cutAfter: 10 } },
    { name: 'a packed answer that is damaged', reply: { body: 'x', headers: { 'content-encoding': 'gzip' } } },
  ])('with $name is unavailable: nobody refused anything', async ({ reply }) => {
    fake.answer(/oauth2/, reply);
    expect(await fake.connect().identify(contoso, exchange)).toMatchObject({ kind: 'unavailable' });
  });

  test.each(['\r\nx-evil: 1', 'é', ' '])('with a token that no header takes (%j) keeps none: the next answer counts', async (extra) => {
    const { body } = tokenReply() as { body: { access_token: string } };
    fake.answer(/oauth2/, { body: { ...body, access_token: body.access_token + extra } }, tokenReply());
    const client = fake.connect();
    expect(await client.identify(contoso, exchange)).toMatchObject({ kind: 'unavailable', cause: { code: 'token' } });
    fake.now += 60_000;
    expect(await client.identify(contoso, exchange)).toMatchObject({ kind: 'ok' });
  });

  test('by a redirect is not followed', async () => {
    fake.answer(/oauth2/, { status: 302, headers: { location: 'https://evil.example/' } });
    expect(await fake.connect().identify(contoso, exchange)).toMatchObject({ kind: 'unavailable' });
    expect(fake.asked).toHaveLength(1);
  });
});

describe('a token that an API refuses', () => {
  test('is replaced once, with the credential read again, and the call repeated', async () => {
    fake.answer(subscriptions, { status: 401 }, { body: [] });
    expect(await fake.connect().listSubscriptions(contoso, exchange)).toEqual({ kind: 'ok', value: [] });
    expect(fake.credentialReads).toEqual([undefined, 'refresh']);
    const [first, second] = fake.askedFor(subscriptions).map((asked) => asked.headers.authorization);
    expect(first).not.toBe(second);
  });

  test('twice is refused, and the next calls do not ask for a token each', async () => {
    fake.answer(subscriptions, { status: 401 });
    const client = fake.connect();
    for (let count = 0; count < 5; count += 1) {
      expect(await client.listSubscriptions(contoso, exchange)).toMatchObject({ kind: 'refused', cause: { code: 'HTTP 401' } });
    }
    expect(fake.tokenRequests).toHaveLength(2);
    fake.now += 61_000;
    await client.listSubscriptions(contoso, exchange);
    expect(fake.tokenRequests).toHaveLength(3);
  });

  test('for many calls at once is replaced once', async () => {
    let good: string | undefined;
    fake.answer(subscriptions, (asked) => {
      if (fake.tokenRequests.length > 1) good = asked.headers.authorization === fake.asked[0]?.headers.authorization ? undefined : 'yes';
      return fake.tokenRequests.length > 1 ? { body: [] } : { status: 401 };
    });
    const client = fake.connect();
    await client.identify(contoso, exchange);
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.listSubscriptions(contoso, exchange)));
    expect(answers.every((answer) => answer.kind === 'ok')).toBe(true);
    expect(good).toBe('yes');
    expect(fake.tokenRequests).toHaveLength(2);
  });
});

test('a token without the permission is forgotten, so that consent acts before it runs out', async () => {
  fake.answer(/oauth2/, tokenReply({ roles: [] }));
  fake.answer(subscriptions, { status: 403, body: { error: { code: 'AF10001', message: 'x' } } });
  const client = fake.connect();
  const answer = await client.listSubscriptions(contoso, exchange);
  expect(answer.kind === 'refused' ? answer.cause.message : '').toContain('missing ActivityFeed.Read, granted nothing');
  fake.now += 6 * 60_000;
  await client.listSubscriptions(contoso, exchange);
  await client.listSubscriptions(contoso, exchange);
  expect(fake.tokenRequests).toHaveLength(2);
});

test('a token after a byte order mark is read, with its lifetime', async () => {
  const { body } = tokenReply();
  fake.answer(/oauth2/, { body: `\ufeff${JSON.stringify(body)}` });
  const client = fake.connect();
  expect(await client.identify(contoso, exchange)).toMatchObject({ kind: 'ok', value: { tenantId } });
  await client.identify(contoso, exchange);
  expect(fake.tokenRequests).toHaveLength(1);
});

test.each([
  { name: 'a web page', reply: { body: '<html>Sign in to the guest network</html>' }, code: 'html' },
  { name: 'a redirect', reply: { status: 307, headers: { location: 'http://portal.example/' } }, code: 'redirect' },
])('$name in the place of a token is unavailable, and no refusal of the credential', async ({ reply, code }) => {
  fake.answer(/oauth2/, reply);
  expect(await fake.connect().identify(contoso, exchange)).toMatchObject({ kind: 'unavailable', cause: { code } });
});

test('ten years of Retry-After keep a tenant from its tokens for half an hour, not for the life of the process', async () => {
  fake.answer(/oauth2/, tokenError(90055, 429, { 'retry-after': '315360000' }), tokenReply());
  const client = fake.connect();
  expect(await client.identify(contoso, exchange)).toMatchObject({ kind: 'throttled', retryAfterMs: 1_800_000 });
  fake.now += 1_800_000;
  expect(await client.identify(contoso, exchange)).toMatchObject({ kind: 'ok' });
});

test('an error of Entra after a byte order mark keeps its number', async () => {
  fake.answer(/oauth2/, { status: 401, body: `\ufeff${JSON.stringify(tokenError(7000222).body)}` });
  expect(await fake.connect().identify(contoso, exchange)).toMatchObject({ kind: 'refused', cause: { code: 'AADSTS7000222' } });
});
