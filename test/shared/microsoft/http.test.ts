import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { cloudById } from '../../../shared/clouds.ts';
import { connectHttp, type Http, type HttpRequest } from '../../../shared/microsoft/http.ts';
import { defaultLimits, type Limits } from '../../../shared/microsoft/limits.ts';
import { ownUrl, type GuardedUrl } from '../../../shared/microsoft/url-guard.ts';
import { FakeMicrosoft } from './fake-microsoft.ts';

let fake: FakeMicrosoft;
let folder: string;
let file: string;

beforeEach(async () => {
  fake = await FakeMicrosoft.open();
  folder = await mkdtemp(join(tmpdir(), 'http-test-'));
  file = join(folder, 'body');
});
afterEach(async () => {
  await fake.close();
  await rm(folder, { recursive: true });
});

const url = ownUrl(cloudById('global'), '/v1.0/x', { a: 'b' });
const http = (limits: Partial<Limits> = {}): Http =>
  connectHttp(fake.clock, { ...defaultLimits, ...limits }, { override: { baseUrl: fake.baseUrl } });
const get = (into: HttpRequest['into'] = { kind: 'memory', maxBytes: 1_000 }): HttpRequest => ({ method: 'GET', url, into });
const intoFile = (maxBytes = 1e9): HttpRequest => get({ kind: 'file', file, maxBytes });

test('with an override, the host becomes the first part of the path, and the query stays', async () => {
  fake.answer(/x$/, { body: 'hello' });
  expect(await http().send({ ...get(), token: 'abc', headers: { prefer: 'p' } })).toMatchObject({
    kind: 'ok',
    value: { status: 200, body: Buffer.from('hello') },
  });
  expect(fake.asked).toMatchObject([
    { method: 'GET', host: 'graph.microsoft.com', path: '/v1.0/x', headers: { authorization: 'Bearer abc', prefer: 'p' } },
  ]);
  expect(fake.asked[0]?.query.get('a')).toBe('b');
});

test.each([
  'https://127.0.0.1:1',
  'http://192.0.2.1:1',
  'http://localhost.example',
  'http://127.0.0.1:1/path',
  'http://u:p@127.0.0.1',
  'http://127.0.0.1?x',
  '127.0.0.1',
])('an override to %s is refused', (baseUrl) => {
  expect(() => connectHttp(fake.clock, defaultLimits, { override: { baseUrl } })).toThrow('not allowed; it must be http on this machine');
});

test('nothing is sent to a host outside the cloud table, whoever calls it guarded', async () => {
  for (const bad of ['https://evil.example/x', 'http://graph.microsoft.com/x', 'https://graph.microsoft.com:8443/x']) {
    await expect(http().send({ ...get(), url: bad as GuardedUrl })).rejects.toThrow('only https hosts of the cloud table are allowed');
  }
  expect(fake.asked).toEqual([]);
});

test('a redirect is an answer like any other, and not followed', async () => {
  fake.answer(/x$/, { status: 302, headers: { location: 'https://evil.example/' } });
  expect(await http().send(get())).toMatchObject({ kind: 'ok', value: { status: 302 } });
  expect(fake.asked).toHaveLength(1);
});

test('the body of an error goes to memory, not to the file', async () => {
  fake.answer(/x$/, { status: 403, body: 'AF429', headers: { 'retry-after': '7' } });
  expect(await http().send(intoFile())).toMatchObject({
    kind: 'ok',
    value: { status: 403, body: Buffer.from('AF429'), retryAfterMs: 7_000 },
  });
  await expect(stat(file)).rejects.toThrow('ENOENT');
});

test.each([
  { name: 'is damaged', body: 'x', headers: { 'content-encoding': 'gzip' } },
  { name: 'is packed in a way nobody asked for', body: 'x', headers: { 'content-encoding': 'br' } },
  { name: 'is too large', body: 'x'.repeat(2_000_000), headers: {} },
])('an error whose body $name is known by its status', async ({ body, headers }) => {
  fake.answer(/x$/, { status: 503, body, headers });
  expect(await http().send(intoFile())).toMatchObject({ kind: 'ok', value: { status: 503, body: Buffer.alloc(0) } });
});

describe.each([{ isGzip: false }, { isGzip: true }])('into a file, packed: $isGzip', ({ isGzip }) => {
  test('the body is written unpacked, and its ends are known', async () => {
    const body = ` \n[${'"0123456789",'.repeat(400_000)}1]\r\n\r\n`;
    fake.answer(/x$/, { body, isGzip });
    const facts = { bytes: body.length, firstByte: 0x5b, lastByte: 0x5d };
    expect(await http().send(intoFile())).toMatchObject({ kind: 'ok', value: { status: 200, file: facts } });
    expect(await readFile(file, 'utf8')).toBe(body);
  });

  test('blanks at either end are no end, however many', async () => {
    fake.answer(/x$/, { body: `${' '.repeat(700_000)}[1]${' '.repeat(700_000)}`, isGzip });
    expect(await http().send(intoFile())).toMatchObject({
      kind: 'ok',
      value: { file: { bytes: 1_400_003, firstByte: 0x5b, lastByte: 0x5d } },
    });
  });

  test('a blank body has no ends', async () => {
    fake.answer(/x$/, { body: ' \n ', isGzip });
    const answer = await http().send(intoFile());
    expect(answer.kind === 'ok' ? answer.value.file : answer).toEqual({ bytes: 3 });
  });

  test('a connection cut in the middle is unavailable', async () => {
    fake.answer(/x$/, { body: Buffer.from('[' + 'abcdef'.repeat(50_000)), isGzip, cutAfter: 200 });
    expect(await http().send(intoFile())).toMatchObject({ kind: 'unavailable', cause: { code: 'ECONNRESET' } });
  });

  test('a body larger than allowed is malformed, and the file holds its beginning only', async () => {
    fake.answer(/x$/, { body: 'x'.repeat(5_000_000), isGzip });
    expect(await http().send(intoFile(1_000_000))).toMatchObject({ kind: 'malformed', cause: { code: 'too-large' } });
    expect((await stat(file)).size).toBeLessThanOrEqual(1_000_000);
  });
});

test('a gzip body that is cut short but complete by its length is malformed, and the file holds what came', async () => {
  const whole = gzipSync(`[${'"abc",'.repeat(100_000)}1]`);
  fake.answer(/x$/, { body: whole.subarray(0, whole.length - 20), headers: { 'content-encoding': 'gzip' } });
  expect(await http().send(intoFile())).toMatchObject({ kind: 'malformed', cause: { code: 'gzip' } });
  expect((await readFile(file, 'utf8')).startsWith('["abc"')).toBe(true);
});

test.each([
  { name: 'says gzip and is not', headers: { 'content-encoding': 'gzip' }, code: 'gzip' },
  { name: 'is packed in a way nobody asked for', headers: { 'content-encoding': 'br' }, code: 'content-encoding' },
])('a body that $name is malformed', async ({ headers, code }) => {
  fake.answer(/x$/, { body: '[1]', headers });
  expect(await http().send(intoFile())).toMatchObject({ kind: 'malformed', cause: { code } });
});

test('a body that unpacks to more than a hundred times its size is malformed, before it is all unpacked', async () => {
  fake.answer(/x$/, { body: Buffer.alloc(200_000_000, 0x20), isGzip: true });
  expect(await http().send(intoFile())).toMatchObject({ kind: 'malformed', cause: { code: 'too-large' } });
  expect((await stat(file)).size).toBeLessThan(20_000_000);
});

test('a small body may unpack as well as it likes', async () => {
  fake.answer(/x$/, { body: Buffer.alloc(10_000_000, 0x20), isGzip: true });
  expect(await http().send(intoFile())).toMatchObject({ kind: 'ok', value: { file: { bytes: 10_000_000 } } });
});

test.each([
  { name: 'no answer', hangs: 'at once', limits: { headersMs: 50 }, phase: 'waiting for the answer' },
  { name: 'a body that does not go on', hangs: 'after the head', limits: { idleMs: 50 }, phase: 'reading the answer' },
  { name: 'a request that takes too long as a whole', hangs: 'at once', limits: { requestMs: 50 }, phase: 'as a whole' },
] as const)('$name is unavailable after its timeout', async ({ hangs, limits, phase }) => {
  fake.answer(/x$/, { body: 'hello', hangs });
  const answer = await http(limits).send(intoFile());
  expect(answer).toMatchObject({ kind: 'unavailable', cause: { code: 'timeout' } });
  expect(answer.kind === 'unavailable' ? answer.cause.message : '').toContain(phase);
});

test('a server that is not there is unavailable', async () => {
  const gone = http();
  await fake.close();
  expect(await gone.send(get())).toMatchObject({ kind: 'unavailable', cause: { code: 'ECONNREFUSED' } });
  fake = await FakeMicrosoft.open();
});

test('a connection that was kept and closed by the server meanwhile is replaced silently', async () => {
  fake.answer(/x$/, { body: 'one' }, { hangsUp: true }, { body: 'three' });
  const client = http();
  await client.send(get());
  expect(await client.send(get())).toMatchObject({ kind: 'ok', value: { body: Buffer.from('three') } });
});

test('a file that cannot be written is our own failure, and thrown', async () => {
  fake.answer(/x$/, { body: '[1]' });
  await expect(http().send(get({ kind: 'file', file: join(folder, 'missing', 'body'), maxBytes: 100 }))).rejects.toThrow('ENOENT');
});

/** Sends to a server that answers with these bytes, and goes on as it is asked to. */
async function fromSocket(answer: string | Buffer, limits: Partial<Limits> = {}, goOn: (socket: Socket) => void = () => undefined) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    socket.once('data', () => {
      socket.write(answer);
      goOn(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  try {
    return await connectHttp(fake.clock, { ...defaultLimits, ...limits }, { override: { baseUrl } }).send(get());
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

test('a change of protocol that nobody asked for ends at once, and is named', async () => {
  const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n';
  expect(await fromSocket(upgrade)).toMatchObject({
    kind: 'unavailable',
    cause: { code: 'no-answer', cure: expect.stringContaining('proxy') },
  });
});

test('a body that never ends is a timeout, which is not asked for again at once', async () => {
  const drip = (socket: Socket): void => {
    const timer = setInterval(() => {
      if (socket.destroyed) clearInterval(timer);
      else socket.write(' ');
    }, 20);
  };
  const answered = await fromSocket('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n[', { requestMs: 300 }, drip);
  expect(answered).toMatchObject({ kind: 'unavailable', cause: { code: 'timeout' } });
});

test.each([
  { encoding: 'x-gzip', body: gzipSync('[1]') },
  { encoding: 'identity, gzip', body: gzipSync('[1]') },
  { encoding: 'none', body: Buffer.from('[1]') },
  { encoding: '', body: Buffer.from('[1]') },
])("a body whose encoding is written '$encoding' is read", async ({ encoding, body }) => {
  const head = `HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${String(body.length)}\r\n\r\n`;
  expect(await fromSocket(Buffer.concat([Buffer.from(head), body]))).toMatchObject({ kind: 'ok', value: { body: Buffer.from('[1]') } });
});
