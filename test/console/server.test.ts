import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend, type Backend } from '../../cli/console/backend.ts';
import { startConsole, type RunningConsole } from '../../cli/console/server.ts';
import { streamed, type Streamed } from '../../console/api/common.ts';
import { routes } from '../../console/api/routes.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';

const token = 'a-token-of-this-test';
let folder: string;
let backend: Backend;
let running: RunningConsole;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-'));
  (await openLakeFolder(join(folder, 'lake'), { exclusive: true })).close();
  backend = await openBackend({ lake: join(folder, 'lake'), aws: false });
  const files = Promise.resolve(
    new Map([
      ['/index.html', { type: 'text/html; charset=utf-8', text: '<meta content="{{token}}">' }],
      ['/app.js', { type: 'text/javascript', text: '1' }],
    ]),
  );
  running = await startConsole({ backend, files, token, port: 0, now: () => 0 });
});
afterAll(async () => {
  await running.close();
  await backend.close();
  await rm(folder, { recursive: true, force: true });
});

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function send({
  method = 'GET',
  path = '/',
  headers = {},
  body = '',
}: Sent): Promise<{ status: number; headers: Readonly<Record<string, unknown>>; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host: '127.0.0.1', port: running.port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    outgoing.on('error', reject).end(body);
  });
}

const cookie = (): string => `lake_console_${String(running.port)}=${token}`;
const own = (): Record<string, string> => ({ cookie: cookie(), 'x-lake-token': token, 'content-type': 'application/json' });
const ask = (name: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  send({ method: 'POST', path: `/api/${name}`, headers: { ...own(), ...headers }, body: JSON.stringify(body) });
const lines = (text: string): Streamed[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => streamed.parse(JSON.parse(line)));

describe('the console is there for', () => {
  test('who has the token: it becomes a cookie of this site alone, and leaves the address bar', async () => {
    const entered = await send({ path: `/search?actor=ada&token=${token}` });
    expect(entered).toMatchObject({ status: 303, headers: { location: '/search?actor=ada' } });
    expect(entered.headers['set-cookie']).toEqual([`${cookie()}; HttpOnly; SameSite=Strict; Path=/`]);
    expect((await send({ path: '/search', headers: { cookie: cookie() } })).text).toContain(token);
  });

  test.each([
    { who: 'nobody without the token', sent: {}, status: 401 },
    { who: 'nobody with another token', sent: { path: '/?token=guessed' }, status: 401 },
    { who: 'nobody who resolves a name to this machine', sent: { headers: { host: 'evil.example' } }, status: 421 },
    { who: 'nobody with a foreign cookie', sent: { headers: { cookie: 'lake_console_1=x' } }, status: 401 },
    { who: 'nobody who would leave the page by the address', sent: { path: '//evil.example/?token=guessed' }, status: 401 },
  ])('$who', async ({ sent, status }) => {
    const answer = await send(sent);
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain(token);
  });

  test('nobody from another page, or a page that sends no header', async () => {
    expect((await ask('session', {}, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await ask('session', {}, { origin: 'null' })).status).toBe(403);
    expect(
      (await send({ method: 'POST', path: '/api/session', headers: { cookie: cookie(), 'content-type': 'application/json' }, body: '{}' }))
        .status,
    ).toBe(401);
    expect((await ask('session', {}, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await send({ path: '/api/session', headers: own() })).status).toBe(405);
    expect((await ask('session', {}, { origin: `http://127.0.0.1:${String(running.port)}` })).status).toBe(200);
  });

  test('no other page: nothing is allowed across origins, framed, cached or loaded from elsewhere', async () => {
    const { headers } = await send({ path: '/', headers: { cookie: cookie(), origin: `http://127.0.0.1:${String(running.port)}` } });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' });
  });
});

describe('the API', () => {
  const range = { from: Date.parse('2026-11-20'), to: Date.parse('2026-11-21') };

  test.each([
    { name: 'session' as const, body: {} },
    { name: 'overview' as const, body: {} },
    { name: 'findingCounts' as const, body: range },
    { name: 'findings' as const, body: { ...range, all: true, who: "x' OR 1=1" } },
    {
      name: 'histogram' as const,
      body: { ...range, filters: [{ name: 'any', how: 'contains', value: "'--" }], words: 'a b', buckets: 100 },
    },
    { name: 'entity' as const, body: { ...range, value: "o'neill@contoso.example" } },
    { name: 'rules' as const, body: range },
    { name: 'queries' as const, body: {} },
    { name: 'tenants' as const, body: {} },
    { name: 'health' as const, body: {} },
  ])('answers $name of an empty lake as its schema has it', async ({ name, body }) => {
    const answer = await ask(name, body);
    expect(answer.text).not.toContain('"message"');
    expect(routes[name].answer.safeParse(JSON.parse(answer.text)).error).toBeUndefined();
  });

  test('refuses what its schema does not have, names what is wrong, and does nothing', async () => {
    const answer = await ask('histogram', { from: 'yesterday' });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('from');
    expect((await ask('nothing', {})).status).toBe(404);
    expect((await ask('sql', { sql: 'x'.repeat(2_000_000), limit: 1 })).status).toBe(413);
  });

  test('compares no lake of which nobody has named the tenants, and says what is missing', async () => {
    const answer = await ask('compareStream', { tenant: 'contoso', logType: 'audit-exchange' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('tenants.json');
  });

  test('switches a rule off with a reason and on again, and allows a value to a day', async () => {
    const range = { from: 0, to: 1 };
    const rule = async () => {
      const { rules } = routes.rules.answer.parse(JSON.parse((await ask('rules', range)).text));
      return rules.find(({ file }) => file === 'mass-download.yml');
    };
    const id = (await rule())?.id ?? '';
    expect((await ask('switchRule', { id, on: false })).text).toContain('say why');
    await ask('switchRule', { id, on: false, because: 'too loud' });
    expect(await rule()).toMatchObject({ off: { because: 'too loud' } });
    await ask('switchRule', { id, on: true });
    const where = { actor_upn: 'backup@contoso.com' };
    const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    await ask('allowValues', { id, where, until, because: 'a move' });
    expect(await rule()).toMatchObject({ allowed: [{ where, until, because: 'a move' }] });
    expect(await rule()).not.toHaveProperty('off');
    await ask('disallowValues', { id, where });
    expect(await rule()).toMatchObject({ allowed: [] });
    expect((await ask('allowValues', { id, where: { colour: 'red' }, until, because: 'x' })).text).toContain(
      "unknown value of its findings 'colour'",
    );
  });

  test('streams rows as lines, with the SQL first and the end last', async () => {
    const found = lines((await ask('sql', { sql: 'SELECT * FROM generate_series(1, 3000) AS t (n)', limit: 1_000 })).text);
    expect(found.map(({ kind }) => kind)).toEqual(['asked', 'columns', 'rows', 'rows', 'rows', 'rows', 'end']);
    expect(found.at(-1)).toEqual({ kind: 'end', rows: 1_000, hasMore: true });
  });

  test.each([
    "SELECT * FROM read_csv('/etc/passwd')",
    "COPY (SELECT 1) TO '/tmp/x'",
    "ATTACH '/tmp/x.db'",
    'SET enable_external_access = true',
    "SELECT getenv('HOME')",
    'CREATE TABLE t (n int)',
  ])('has no more SQL than lake query: %s', async (sql) => {
    const found = lines((await ask('sql', { sql, limit: 10 })).text);
    expect(found.map(({ kind }) => kind)).toEqual(['asked', 'failed']);
  });

  test('binds what a person types into a search', async () => {
    const [asked] = lines(
      (await ask('search', { ...range, filters: [{ name: 'actor', how: 'is', value: "ada' OR 1=1" }], words: '', limit: 10 })).text,
    );
    expect(asked).toMatchObject({ kind: 'asked', values: { v1: "ada' OR 1=1" } });
    expect(asked).toMatchObject({ sql: expect.stringContaining('lower(actor) = lower({{v1}})') as unknown });
  });

  test('adds a tenant disabled, says what has to be granted, and never gives the secret back', async () => {
    const fields = {
      domain: 'contoso.onmicrosoft.com',
      clientId: '00000000-0000-4000-8000-000000000001',
      logTypes: ['audit-exchange', 'directory-audits'],
      credential: 'secret',
    };
    const saved = await ask('saveTenant', { name: 'contoso', isNew: true, fields, credential: 'the-value-of-a-secret-1234567890' });
    expect(saved.text).toContain('ActivityFeed.Read');
    expect(saved.text).toContain('login.microsoftonline.com/contoso.onmicrosoft.com/adminconsent');
    const listed = await ask('tenants', {});
    expect(listed.text + saved.text).not.toContain('the-value-of-a-secret');
    expect(JSON.parse(listed.text)).toMatchObject({
      tenants: [
        { name: 'contoso', isEnabled: false, fields: { domain: fields.domain, managementCloud: 'enterprise', graphCloud: 'global' } },
      ],
    });
    expect((await ask('saveTenant', { name: '../x', isNew: true, fields })).status).toBe(422);
    expect((await ask('saveTenant', { name: 'contoso', isNew: true, fields, credential: 'another' })).text).toContain('already');
  });
});
