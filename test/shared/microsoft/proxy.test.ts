import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSecureContext, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { connectMicrosoft, type ConnectedMicrosoft } from '../../../shared/microsoft/connect.ts';
import { proxyFrom } from '../../../shared/microsoft/proxy.ts';
import { selfSigned } from '../../helpers/self-signed.ts';
import { FakeLog } from '../../fakes/fake-log.ts';
import { openConnectProxy, type ConnectProxy } from './connect-proxy.ts';
import { contoso, start, tokenReply } from './fake-microsoft.ts';

const hosts = ['login.microsoftonline.com', 'manage.office.com', 'graph.microsoft.com'];
const certificates = new Map(hosts.map((host) => [host, selfSigned(host)]));
const trusted = getCACertificates('default');
const exchange = logTypeById('audit-exchange');

let server: Server;
let proxy: ConnectProxy;
/** Host and path of every request that came through. */
let requests: string[];

beforeEach(async () => {
  requests = [];
  server = createServer(
    {
      SNICallback: (host, give) => {
        const made = certificates.get(host);
        give(null, made && createSecureContext({ key: made.privateKey, cert: made.certificate }));
      },
    },
    (request, response) => {
      requests.push(`${request.headers.host ?? ''}${(request.url ?? '').split('?')[0] ?? ''}`);
      response.end(JSON.stringify(request.url?.includes('oauth2') === true ? tokenReply().body : []));
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await openConnectProxy((server.address() as AddressInfo).port);
});
afterEach(async () => {
  setDefaultCACertificates(trusted);
  await proxy.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** As NODE_EXTRA_CA_CERTS does it when a process starts. */
function trustAuthorities(): void {
  setDefaultCACertificates([...trusted, ...[...certificates.values()].map(({ certificate }) => certificate)]);
}

function connect(env: NodeJS.ProcessEnv): ConnectedMicrosoft {
  const credential = () => Promise.resolve({ kind: 'secret', secret: 's' } as const);
  const clock = { now: () => start, sleep: () => Promise.resolve() };
  return connectMicrosoft({ tenants: { credential }, clock, log: new FakeLog(), env });
}

test('tokens and calls go through the proxy, which sees hosts and nothing more', async () => {
  trustAuthorities();
  const answer = await connect({ HTTPS_PROXY: proxy.url }).listSubscriptions(contoso, exchange);
  expect(answer).toEqual({ kind: 'ok', value: [] });
  expect(proxy.asked).toEqual(['login.microsoftonline.com:443', 'manage.office.com:443']);
  expect(proxy.plainRequests).toEqual([]);
  expect(requests.map((request) => request.split('/')[0])).toEqual(['login.microsoftonline.com', 'manage.office.com']);
});

test('user and password of the proxy are sent to the proxy, and to nobody else', async () => {
  trustAuthorities();
  const url = proxy.url.replace('//', '//anna:p%40ss@');
  expect(await connect({ https_proxy: url }).listSubscriptions(contoso, exchange)).toMatchObject({ kind: 'ok' });
  expect(proxy.users).toEqual(Array<string>(2).fill(`Basic ${Buffer.from('anna:p@ss').toString('base64')}`));
});

test('a host that NO_PROXY names is reached without the proxy', async () => {
  trustAuthorities();
  // Nothing of this machine answers for that host, so the way to it fails: what counts is that the proxy was not asked.
  await connect({ HTTPS_PROXY: proxy.url, NO_PROXY: 'manage.office.com' }).listSubscriptions(contoso, exchange);
  expect(proxy.asked).toEqual(['login.microsoftonline.com:443']);
});

test('a certificate that this machine does not trust ends the request, through a proxy as well, and its cure names the setting', async () => {
  const answer = await connect({ HTTPS_PROXY: proxy.url }).identify(contoso, exchange);
  expect(answer).toMatchObject({ kind: 'unavailable', cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
  expect(answer.kind === 'unavailable' ? answer.cause.cure : '').toContain('NODE_EXTRA_CA_CERTS');
  expect(requests).toEqual([]);
});

test.each([
  { answered: 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', code: 'proxy HTTP 407', cure: 'user and password' },
  { answered: 'HTTP/1.1 403 Forbidden\r\n\r\n', code: 'proxy HTTP 403', cure: 'HTTPS_PROXY' },
  { answered: '', code: 'ERR_PROXY_TUNNEL', cure: 'HTTPS_PROXY' },
])('a proxy that answers "$answered" is named by $code, with what to do', async ({ answered, code, cure }) => {
  proxy.answerInstead = answered;
  const answer = await connect({ HTTPS_PROXY: proxy.url.replace('//', '//anna:hunter2@') }).identify(contoso, exchange);
  expect(answer).toMatchObject({ kind: 'unavailable', cause: { code, cure: expect.stringContaining(cure) as unknown } });
  expect(JSON.stringify(answer)).not.toContain('hunter2');
});

test.each(['proxy.example:3128', 'socks5://proxy.example', 'http://', 'nonsense'])('%s is no proxy, and nothing starts', (url) => {
  expect(() => connect({ HTTPS_PROXY: url })).toThrow('write it as http://proxy.example:3128');
});

test('a Node that would go past the proxy without a word is refused', () => {
  expect(() => proxyFrom({ HTTPS_PROXY: 'http://proxy.example:3128' }, '24.4.1')).toThrow('use Node 24.5 or newer');
  expect(proxyFrom({ HTTPS_PROXY: ' ' }, '20.19.0')).toBeUndefined();
});
