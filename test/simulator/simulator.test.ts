import { get } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Clock } from '../../shared/ports/clock.ts';
import { benchWorld } from '../../simulator/bench-world.ts';
import type { FaultName } from '../../simulator/fault-names.ts';
import { parseFaults } from '../../simulator/faults.ts';
import { simulatedHosts, startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/simulator.ts';
import { startAt } from './stage.ts';

let simulator: Simulator | undefined;
afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
});

const sleeps: number[] = [];
const clock: Clock = {
  now: () => startAt,
  sleep: (ms) => {
    sleeps.push(ms);
    return Promise.resolve();
  },
};
const world = benchWorld({ startAt, records: 400, blobs: 4, recordBytes: 1_000 });
const [tenant] = world.tenants;
const [first] = world.blobs(tenant?.tenantId ?? '', 'audit-exchange', { start: 0, end: startAt });
const blobPath = `/api/v1.0/${tenant?.tenantId ?? ''}/activity/feed/audit/${first?.contentId ?? ''}`;

interface Got {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly bytes: Buffer;
}

/** A bare client: nothing is unpacked, and a broken connection is an error. */
function fetchRaw(url: string, headers: Readonly<Record<string, string>>): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(chunks) });
      });
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

async function start(
  options: Partial<SimulatorOptions> = {},
): Promise<{ on: Simulator; fetchBlob: (headers?: Readonly<Record<string, string>>) => Promise<Got> }> {
  const on = await startSimulator({ world, clock, ...options });
  simulator = on;
  const body = new URLSearchParams({
    client_id: tenant?.apps[0]?.clientId ?? '',
    client_secret: tenant?.apps[0]?.secrets[0]?.value ?? '',
    grant_type: 'client_credentials',
    scope: 'https://manage.office.com/.default',
  });
  const answer = await fetch(`${on.baseUrl}/login.microsoftonline.com/${tenant?.tenantId ?? ''}/oauth2/v2.0/token`, {
    method: 'POST',
    body,
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return {
    on,
    fetchBlob: (headers = {}) => fetchRaw(`${on.baseUrl}/manage.office.com${blobPath}`, { authorization: `Bearer ${token}`, ...headers }),
  };
}

test('every host of the cloud table is played on one port', async () => {
  const { on } = await start();
  expect(on.hosts).toEqual(simulatedHosts().map((host) => ({ host, url: `http://127.0.0.1:${String(on.port)}/${host}` })));
  expect(on.hosts.map(({ host }) => host)).toEqual(
    expect.arrayContaining(['manage.protection.apps.mil', 'dod-graph.microsoft.us', 'login.microsoftonline.us']),
  );
});

test('another host is a 404 that says which there are', async () => {
  const { on } = await start();
  const answer = await fetch(`${on.baseUrl}/example.com/x`);
  expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('manage.office.com')]);
});

test('answers carry the date of the clock, not of the machine', async () => {
  const { fetchBlob } = await start();
  expect((await fetchBlob()).headers.date).toBe('Sun, 22 Nov 2026 12:00:00 GMT');
});

test('a blob is packed for those who can unpack it, and the same for the others', async () => {
  const { fetchBlob } = await start();
  const [plain, packed, again] = [
    await fetchBlob(),
    await fetchBlob({ 'accept-encoding': 'gzip, br' }),
    await fetchBlob({ 'accept-encoding': 'gzip' }),
  ];
  expect([plain.headers['content-encoding'], packed.headers['content-encoding']]).toEqual([undefined, 'gzip']);
  expect(gunzipSync(packed.bytes)).toEqual(plain.bytes);
  expect(again.bytes).toEqual(packed.bytes);
  expect(JSON.parse(plain.bytes.toString())).toHaveLength(100);
});

describe('faults of the way', () => {
  const faulty = (answer: FaultName, more: object = {}) =>
    start({ faults: parseFaults({ script: [{ route: 'content-fetch', request: 1, answer }], ...more }) });

  test('reset breaks the connection', async () => {
    const { fetchBlob } = await faulty('reset');
    await expect(fetchBlob()).rejects.toThrow();
  });

  test('truncated ends in the middle, truncated-gzip in the middle of the packed bytes', async () => {
    const { fetchBlob } = await faulty('truncated');
    const half = (await fetchBlob()).bytes;
    expect(half).toEqual((await fetchBlob()).bytes.subarray(0, half.length));
    expect(() => JSON.parse(half.toString()) as unknown).toThrow();
    await simulator?.close();
    const packed = await faulty('truncated-gzip');
    const bytes = (await packed.fetchBlob({ 'accept-encoding': 'gzip' })).bytes;
    expect(() => gunzipSync(bytes)).toThrow();
  });

  test('cut-short promises the whole, and breaks the connection after half of it', async () => {
    const { fetchBlob } = await faulty('cut-short');
    await expect(fetchBlob()).rejects.toThrow('aborted');
  });

  test('bom is a byte order mark before the right bytes, packed or not, and not there the next time', async () => {
    const { fetchBlob } = await start({
      faults: parseFaults({ script: [1, 2].map((request) => ({ route: 'content-fetch', request, answer: 'bom' })) }),
    });
    const [plain, packed, usual] = [await fetchBlob(), await fetchBlob({ 'accept-encoding': 'gzip' }), await fetchBlob()];
    expect(plain.bytes).toEqual(Buffer.concat([Buffer.from('\uFEFF'), usual.bytes]));
    expect(gunzipSync(packed.bytes)).toEqual(plain.bytes);
  });

  test('date-skew moves the Date header, and nothing else', async () => {
    const { fetchBlob } = await faulty('date-skew', { dateSkewSeconds: -86_400 });
    const [skewed, usual] = [await fetchBlob(), await fetchBlob()];
    expect([skewed.headers.date, usual.headers.date]).toEqual(['Sat, 21 Nov 2026 12:00:00 GMT', 'Sun, 22 Nov 2026 12:00:00 GMT']);
    expect(skewed.bytes).toEqual(usual.bytes);
  });

  test.each<{ fault: FaultName; starts: string }>([
    { fault: 'html', starts: '<!DOCTYPE html>' },
    { fault: 'malformed', starts: '{"Message"' },
  ])('$fault is a 200 with something else in it', async ({ fault, starts }) => {
    const { fetchBlob } = await faulty(fault);
    const got = await fetchBlob();
    expect([got.status, got.bytes.toString().startsWith(starts)]).toEqual([200, true]);
  });

  test('empty-body is a 200 with nothing in it', async () => {
    const { fetchBlob } = await faulty('empty-body');
    expect((await fetchBlob()).bytes).toHaveLength(0);
  });

  test('big holds the same records among megabytes of white space', async () => {
    const { fetchBlob } = await faulty('big', { bigMb: 3 });
    const [big, usual] = [await fetchBlob({ 'accept-encoding': 'gzip' }), await fetchBlob()];
    expect([big.bytes.length > 3_000_000, big.headers['content-encoding']]).toEqual([true, undefined]);
    expect(JSON.parse(big.bytes.toString())).toEqual(JSON.parse(usual.bytes.toString()));
  });

  test('zip-bomb is small until it is unpacked', async () => {
    const { fetchBlob } = await faulty('zip-bomb');
    const { bytes } = await fetchBlob();
    expect(bytes.length).toBeLessThan(2_000_000);
    expect(() => gunzipSync(bytes, { maxOutputLength: 50_000_000 })).toThrow();
  });

  test('late comes later, by the clock it was given', async () => {
    const { fetchBlob } = await faulty('late', { lateMs: 90_000 });
    expect((await fetchBlob()).status).toBe(200);
    expect(sleeps).toContain(90_000);
  });

  test('hang answers nothing, and does not keep the simulator from closing', async () => {
    const { on, fetchBlob } = await faulty('hang');
    const waiting = expect(fetchBlob()).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await on.close();
    await waiting;
  });
});

test('the bench world has as many records as asked, of about the size asked, all different', () => {
  const blobs = world.blobs(tenant?.tenantId ?? '', 'audit-exchange', { start: 0, end: startAt });
  const texts = blobs.flatMap((blob) => blob.records());
  const ids = new Set(texts.map((text) => (JSON.parse(text) as { Id: string }).Id));
  expect([blobs.length, texts.length, ids.size]).toEqual([4, 400, 400]);
  expect(texts.every((text) => text.length > 800 && text.length < 1_200)).toBe(true);
});
