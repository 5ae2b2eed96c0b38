/** A company's proxy and certificates between the deployed functions and Microsoft: the settings `httpsProxy` and `caFile`. */

import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { bundle } from '../../infra/bundle/bundle.ts';
import { addAuthorities, wayOut } from '../../infra/way-out.ts';
import { systemClock } from '../../local/clock.ts';
import { benchWorld } from '../../simulator/bench-world.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { configPath, credentialPath } from '../../shared/aws/tenant-parameters.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { selfSigned } from '../helpers/self-signed.ts';
import { openConnectProxy, type ConnectProxy } from '../shared/microsoft/connect-proxy.ts';
import { apiOf } from './deployment/api.ts';
import { emulated, makeBucket, makeQueue, makeTable } from './emulated.ts';
import { zipOf } from './zip-of.ts';

const { clients, emulator } = emulated();
const root = resolve(import.meta.dirname, '../..');
const certificates = new Map(['login.microsoftonline.com', 'manage.office.com'].map((host) => [host, selfSigned(host)]));
const world = benchWorld({ startAt: systemClock.now(), records: 60, recordBytes: 800, blobs: 6 });
const [tenant] = world.tenants;
const paths = { prefix: '/lake-behind-a-proxy/tenants', credentialsPrefix: '/lake-behind-a-proxy/credentials' };

let folder: string;
let simulator: Simulator;
let microsoft: Server;
let proxy: ConnectProxy;

/** Microsoft's hosts, with certificates of nobody's but this company's; behind them the simulator. */
function openHosts(): Server {
  return createServer(
    {
      SNICallback: (host, give) => {
        const made = certificates.get(host);
        give(null, made && createSecureContext({ key: made.privateKey, cert: made.certificate }));
      },
    },
    (request, response) => {
      const path = `/${request.headers.host ?? ''}${request.url ?? ''}`;
      const { method, headers } = request;
      const onwards = httpRequest({ host: '127.0.0.1', port: simulator.port, method, path, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.rawHeaders);
        answer.pipe(response);
      });
      onwards.on('error', () => response.destroy());
      request.pipe(onwards);
    },
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'behind-a-proxy-'));
  simulator = await startSimulator({ world, clock: systemClock });
  microsoft = openHosts();
  await new Promise<void>((listening) => microsoft.listen(0, '127.0.0.1', listening));
  proxy = await openConnectProxy((microsoft.address() as AddressInfo).port);
  const config = {
    ...{ tenantDomain: tenant?.domains[0], clientId: tenant?.apps[0]?.clientId, credential: { kind: 'secret' } },
    managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange'] },
  };
  const put = (Name: string, Value: string, Type: 'String' | 'SecureString') =>
    clients().ssm.send(new PutParameterCommand({ Name, Value, Type }));
  await put(configPath(paths, 'enterprise', 'contoso'), JSON.stringify(config), 'String');
  await put(credentialPath(paths, 'enterprise', 'contoso'), String(tenant?.apps[0]?.secrets[0]?.value), 'SecureString');
}, 180_000);
afterAll(async () => {
  await proxy.close();
  microsoft.closeAllConnections();
  await new Promise((closed) => microsoft.close(closed));
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

/** A function of the stack: its bundle with the authorities beside it, and the variables that the settings become. */
async function deploy(name: string, station: 'check' | 'list', settings: Parameters<typeof wayOut>[0], more: Record<string, string> = {}) {
  const { light } = await bundle(root, process.arch === 'arm64' ? 'arm64' : 'x64');
  const code = join(folder, name);
  await cp(light, code, { recursive: true });
  await addAuthorities({ light: code, fetch: code }, settings.caFile);
  const files: Record<string, Buffer> = {};
  for (const file of await readdir(code)) files[file] = await readFile(join(code, file));
  // Observed 2026-11-30: the emulator unpacks code elsewhere than Lambda, and starts the process there.
  const way = Object.entries(wayOut(settings)).map(([key, value]) => [key, value.replace('/var/task/', '')] as const);
  await apiOf(emulator()).post('lambda', '/2015-03-31/functions', {
    FunctionName: name,
    Runtime: 'nodejs24.x',
    Handler: `${station}.handler`,
    Role: 'arn:aws:iam::000000000000:role/worker',
    Timeout: 60,
    Environment: {
      Variables: {
        TENANTS_PREFIX: paths.prefix,
        CREDENTIALS_PREFIX: paths.credentialsPrefix,
        CLOUDS: 'enterprise',
        ...Object.fromEntries(way),
        ...more,
      },
    },
    Code: { ZipFile: zipOf(files).toString('base64') },
  });
}

const invoke = (name: string, event: Readonly<Record<string, unknown>>) =>
  apiOf(emulator()).post('lambda', `/2015-03-31/functions/${name}/invocations`, event);

async function authorities(): Promise<string> {
  const file = join(folder, 'company.pem');
  await writeFile(file, [...certificates.values()].map(({ certificate }) => certificate).join(''));
  return file;
}

test('the check goes through the proxy, tokens too, and trusts the authorities of the setting', async () => {
  await deploy('check-behind-proxy', 'check', { httpsProxy: proxy.url, caFile: await authorities() });
  const checked = await invoke('check-behind-proxy', { tenant: 'contoso' });
  expect(checked).toMatchObject({
    kind: 'checked',
    tenant: { logTypes: [{ logType: 'audit-exchange', isReached: true, isAllowed: true }] },
  });
  expect(new Set(proxy.asked)).toEqual(new Set(['login.microsoftonline.com:443', 'manage.office.com:443']));
  expect(proxy.plainRequests).toEqual([]);
}, 180_000);

test('without the authorities nothing is sent, and the cure names the setting', async () => {
  await deploy('check-without-authorities', 'check', { httpsProxy: proxy.url });
  const checked = await invoke('check-without-authorities', { tenant: 'contoso' });
  const text = JSON.stringify(checked);
  expect(text).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
  expect(text).toContain('caFile');
}, 180_000);

test('a list claims through the proxy what Microsoft lists', async () => {
  const table = await makeTable(clients().dynamodb);
  await deploy(
    'list-behind-proxy',
    'list',
    { httpsProxy: proxy.url, caFile: await authorities() },
    {
      ...{ LOG_TYPE: 'audit-exchange', CLOUD: 'enterprise', TABLE_NAME: table, BUCKET_NAME: await makeBucket(clients().s3) },
      QUEUE_URLS: `enterprise=${await makeQueue(clients().sqs, 'standard')}`,
    },
  );
  await invoke('list-behind-proxy', {});
  const ledger = openLedger(clients().dynamodb, table, systemClock);
  const tenantId = await ledger.tenantId('contoso');
  const jobs = await ledger.jobs({ cloud: 'enterprise', tenantId: String(tenantId), logType: 'audit-exchange' });
  expect(jobs.flatMap(({ job }) => (job.kind === 'content' ? job.members : []))).toHaveLength(6);
}, 180_000);
