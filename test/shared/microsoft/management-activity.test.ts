import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Member } from '../../../shared/domain/fetch-job.ts';
import { hours, minutes } from '../../../shared/domain/window.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { apiError, contoso, FakeMicrosoft, start, tenantId, type Reply } from './fake-microsoft.ts';

let fake: FakeMicrosoft;
let folder: string;
let file: string;

beforeEach(async () => {
  fake = await FakeMicrosoft.open();
  folder = await mkdtemp(join(tmpdir(), 'activity-test-'));
  file = join(folder, 'blob.json');
});
afterEach(async () => {
  await fake.close();
  await rm(folder, { recursive: true });
  for (const asked of fake.askedFor(/^manage/)) {
    expect(asked.query.getAll('PublisherIdentifier')).toHaveLength(1);
    expect(asked.path).not.toContain('stop');
  }
});

const general = logTypeById('audit-general');
const exchange = logTypeById('audit-exchange');
const feed = `https://manage.office.com/api/v1.0/${tenantId}/activity/feed`;
const window = { start, end: start + hours(1) };
const content = /subscriptions\/content/;
const row = (id: string) => ({
  contentType: 'Audit.General',
  contentId: id,
  contentUri: `${feed}/audit/${id}`,
  contentCreated: '2026-11-22T06:10:00.000Z',
  contentExpiration: '2026-11-29T06:10:00.000Z',
});
const next = (token: string): string =>
  `https://manage.office.com/api/v1/${tenantId}/activity/feed/subscriptions/content?contentType=Audit.General&nextPage=${token}`;
const page = (ids: readonly string[], following?: string, header = 'NextPageUri'): Reply => ({
  body: ids.map(row),
  headers: following === undefined ? {} : { [header]: next(following) },
});

describe('subscriptions', () => {
  const list = /subscriptions\/list/;
  const beginning = /subscriptions\/start/;

  test('are listed with what is enabled; a row without status is not', async () => {
    fake.answer(list, {
      body: [
        { contentType: 'Audit.General', status: 'Enabled', webhook: null },
        { contentType: 'Audit.Exchange', status: 'disabled', webhook: { status: 'enabled' } },
        { contentType: 'DLP.All', webhook: null },
      ],
    });
    expect(await fake.connect().listSubscriptions(contoso, general)).toEqual({
      kind: 'ok',
      value: [
        { contentType: 'Audit.General', isEnabled: true },
        { contentType: 'Audit.Exchange', isEnabled: false },
        { contentType: 'DLP.All', isEnabled: false },
      ],
    });
  });

  test('that are no list are malformed', async () => {
    fake.answer(list, { body: '{}' });
    expect((await fake.connect().listSubscriptions(contoso, general)).kind).toBe('malformed');
  });

  test('are started by a POST, and the publisher is the configured one', async () => {
    fake.answer(beginning, { body: { contentType: 'Audit.General', status: 'enabled', webhook: null } });
    const publisherId = '12121212-2222-3333-4444-555555555555';
    expect(await fake.connect().startSubscription({ ...contoso, publisherId }, general)).toEqual({ kind: 'ok', value: null });
    const [asked] = fake.askedFor(beginning);
    expect(asked?.method).toBe('POST');
    expect(Object.fromEntries(asked?.query ?? [])).toEqual({ contentType: 'Audit.General', PublisherIdentifier: publisherId });
  });

  test('that are enabled already are what was asked for', async () => {
    fake.answer(beginning, apiError(400, 'AF20024', 'The subscription is already enabled. No property change.'));
    expect(await fake.connect().startSubscription(contoso, general)).toEqual({ kind: 'ok', value: null });
  });

  test('of a tenant without auditing are refused with what to switch on', async () => {
    fake.answer(beginning, apiError(400, 'AF20011', 'Microsoft.Office.Compliance.Audit.DataServiceException: Tenant x does not exist.'));
    const answer = await fake.connect().startSubscription(contoso, general);
    expect(answer.kind === 'refused' ? answer.cause.cure : '').toContain('Turn auditing on');
  });
});

describe('a list of content', () => {
  const ids = async (limits = {}) => {
    const answer = await fake.connect(limits).listBlobs(contoso, general, window);
    return answer.kind === 'ok' ? answer.value.map((member) => member.contentId) : answer;
  };

  test('asks for whole seconds without zone, the end rounded up', async () => {
    fake.answer(content, page([]));
    await fake.connect().listBlobs(contoso, general, { start: start + 300, end: start + hours(1) + 300 });
    expect(Object.fromEntries(fake.askedFor(content)[0]?.query ?? [])).toEqual({
      contentType: 'Audit.General',
      startTime: '2026-11-22T06:00:00',
      endTime: '2026-11-22T07:00:01',
      PublisherIdentifier: tenantId,
    });
  });

  test('gives members; times without zone are UTC, and content expires after 7 days', async () => {
    const { contentExpiration: _, ...bare } = { ...row('a$1'), contentCreated: '2026-11-22T06:10:00' };
    fake.answer(content, { body: [bare] });
    const created = Date.parse('2026-11-22T06:10:00Z');
    expect(await fake.connect().listBlobs(contoso, general, window)).toEqual({
      kind: 'ok',
      value: [{ contentId: 'a$1', contentUri: `${feed}/audit/a$1`, created, expires: created + hours(7 * 24) }],
    });
  });

  test.each(['NextPageUri', 'nextpageuri', 'NEXTPAGEURI', 'NextPageUrl'])(
    'follows pages named by %s until there is none, empty ones too',
    async (header) => {
      fake.answer(content, page(['a'], 'p2', header), page([], 'p3', header), page(['b', 'a']));
      expect(await ids()).toEqual(['a', 'b', 'a']);
      expect(fake.askedFor(content).map((asked) => asked.query.get('nextPage'))).toEqual([null, 'p2', 'p3']);
      expect(fake.askedFor(content)[1]?.path).toBe(`/api/v1/${tenantId}/activity/feed/subscriptions/content`);
    },
  );

  test('begins again, once, when a page token is refused', async () => {
    fake.answer(content, page(['a'], 'p2'), apiError(400, 'AF20031'), page(['a'], 'q2'), page(['b']));
    expect(await ids()).toEqual(['a', 'b']);
  });

  test('is unavailable when a page token is refused again', async () => {
    fake.answer(content, page(['a'], 'p2'), apiError(400, 'AF20031'), page(['a'], 'p2'), apiError(400, 'AF20031'));
    expect(await ids()).toMatchObject({ kind: 'unavailable', cause: { code: 'AF20031' } });
    expect(fake.askedFor(content)).toHaveLength(4);
  });

  test('after a byte order mark is read, and so is the list of subscriptions', async () => {
    fake.answer(content, { body: `\ufeff${JSON.stringify([row('a')])}` });
    fake.answer(/subscriptions\/list/, { body: '\ufeff[{"contentType":"Audit.General","status":"enabled"}]' });
    expect(await ids()).toEqual(['a']);
    expect(await fake.connect().listSubscriptions(contoso, general)).toMatchObject({ value: [{ isEnabled: true }] });
  });

  test.each([
    { name: 'rows', limits: { listRows: 10 } },
    { name: 'bytes', limits: { listTotalBytes: 2_000 } },
  ])('that does not end is refused by name, by its $name', async ({ limits }) => {
    let count = 0;
    fake.answer(content, () => page(['a', 'b', 'c'], `p${String((count += 1))}`));
    expect(await ids(limits)).toMatchObject({ kind: 'malformed', cause: { code: 'list-too-long' } });
    expect(count).toBeLessThan(12);
  });

  test('fetches a blob whose content URI is too long to keep from where the documents say it is, and the others as listed', async () => {
    const long = { ...row('long'), contentUri: `${feed}/audit/long?x=${'x'.repeat(8_000)}` };
    const odd = { ...row('odd'), contentUri: `${feed}/audit/odd?x=1` };
    fake.answer(content, { body: [odd, long] });
    const listed = await fake.connect().listBlobs(contoso, general, window);
    expect(listed.kind === 'ok' ? listed.value.map(({ contentUri }) => contentUri) : listed).toEqual([
      odd.contentUri,
      `${feed}/audit/long`,
    ]);
  });

  test.each([
    { name: 'names a user', uri: (id: string) => `https://evil@manage.office.com/api/v1.0/${tenantId}/activity/feed/audit/${id}` },
    { name: 'names another host', uri: (id: string) => `https://evil.example/api/v1.0/${tenantId}/activity/feed/audit/${id}` },
    { name: 'is not https', uri: (id: string) => `http://manage.office.com/api/v1.0/${tenantId}/activity/feed/audit/${id}` },
    {
      name: 'is of another tenant',
      uri: (id: string) => `https://manage.office.com/api/v1.0/${tenantId.replace(/^./, 'f')}/activity/feed/audit/${id}`,
    },
    { name: 'has no host', uri: (id: string) => `/api/v1.0/${tenantId}/activity/feed/audit/${id}` },
  ])('keeps the documented URI of a blob whose own $name: a claim keeps its URI when the fault has passed', async ({ uri }) => {
    fake.answer(content, { body: [{ ...row('a'), contentUri: uri('a') }, row('b')] });
    const listed = await fake.connect().listBlobs(contoso, general, window);
    expect(listed).toMatchObject({ kind: 'ok', value: [{ contentUri: `${feed}/audit/a` }, { contentUri: `${feed}/audit/b` }] });
  });

  test('that answers to another content type is malformed: its blobs would land twice, here and where they belong', async () => {
    fake.answer(content, { body: [row('a'), { ...row('b'), contentType: 'Audit.Exchange' }] });
    expect(await fake.connect().listBlobs(contoso, general, window)).toMatchObject({ kind: 'malformed', cause: { code: 'odd-rows' } });
    fake.answer(content, {
      body: [
        { ...row('a'), contentType: 'audit.general' },
        { ...row('b'), contentType: undefined },
      ],
    });
    expect(await fake.connect().listBlobs(contoso, general, window)).toMatchObject({ kind: 'ok' });
  });

  test('is unavailable when its pages go round in a circle', async () => {
    fake.answer(content, page(['a'], 'p2'), page(['b'], 'p3'), page(['c'], 'p2'));
    expect(await ids()).toMatchObject({ kind: 'unavailable', cause: { code: 'paging-loop' } });
    expect(fake.askedFor(content)).toHaveLength(3);
  });

  test('is unavailable when it has more pages than allowed', async () => {
    let count = 0;
    fake.answer(content, () => page([], `p${String((count += 1))}`));
    expect(await ids({ listPages: 5 })).toMatchObject({ kind: 'unavailable', cause: { code: 'too-many-pages' } });
    expect(fake.askedFor(content)).toHaveLength(5);
  });

  test('that leads to another host is not followed, and logged as an error', async () => {
    fake.answer(content, { body: [row('a')], headers: { NextPageUri: 'https://manage.office.com.evil.example/x' } });
    expect(await ids()).toMatchObject({ kind: 'malformed' });
    expect(fake.log.of('error')).toMatchObject([{ fields: { count: 1, tenant: 'contoso' } }]);
    expect(fake.askedFor(/evil/)).toEqual([]);
  });

  test.each([
    { name: 'an error object with status 200', reply: apiError(200, 'AF20055'), kind: 'out-of-range' },
    { name: 'an error object without a known code', reply: apiError(200, 'Weird'), kind: 'malformed' },
    { name: 'an object', reply: { body: {} }, kind: 'malformed' },
    { name: 'a row without id', reply: { body: [{ ...row('a'), contentId: undefined }] }, kind: 'malformed' },
    { name: 'a row without a time', reply: { body: [{ ...row('a'), contentCreated: 'soon' }] }, kind: 'malformed' },
    { name: 'a row whose id is too long for a key', reply: { body: [row('x'.repeat(701))] }, kind: 'malformed' },
    { name: 'a web page', reply: { body: '<html></html>' }, kind: 'unavailable' },
    { name: 'nothing', reply: { body: '' }, kind: 'malformed' },
    { name: 'half a list', reply: { body: '[{"contentId":' }, kind: 'malformed' },
    { name: 'a list longer than allowed', reply: { body: 'x'.repeat(2_000) }, kind: 'malformed' },
    { name: 'no subscription', reply: apiError(400, 'AF20022'), kind: 'not-subscribed' },
    { name: 'a disabled subscription', reply: apiError(400, 'AF20023'), kind: 'not-subscribed' },
    { name: 'a window too old', reply: apiError(400, 'AF20030'), kind: 'out-of-range' },
    { name: 'a throttle that comes as 403', reply: apiError(403, 'AF429'), kind: 'throttled' },
    { name: 'an error inside Microsoft', reply: apiError(500, 'AF50000'), kind: 'unavailable' },
  ])('that is $name is $kind', async ({ reply, kind }) => {
    fake.answer(content, reply);
    expect(await ids({ listBytes: 1_000 })).toMatchObject({ kind });
  });

  test.each([
    { name: 'reversed', end: start - 1 },
    { name: 'empty', end: start },
    { name: 'longer than a day', end: start + hours(24) + 1 },
  ])('of a window that is $name is never asked for', async ({ end }) => {
    await expect(fake.connect().listBlobs(contoso, general, { start, end })).rejects.toThrow('at most 24 hours');
    expect(fake.askedFor(content)).toEqual([]);
  });
});

describe('trying again', () => {
  test('is done at once after 5xx and broken connections, twice', async () => {
    fake.answer(content, { status: 503 }, { body: '[1,2]', cutAfter: 2 }, page(['a']));
    expect((await fake.connect().listBlobs(contoso, general, window)).kind).toBe('ok');
    expect(fake.slept).toEqual([250, 1_000]);
  });

  test('is done at once after a body that ends in the middle or has nothing in it, and what comes then counts', async () => {
    const whole = JSON.stringify([row('a')]);
    const halves: Reply[] = [
      { body: whole.slice(0, 20) },
      { body: '' },
      { body: gzipSync(whole).subarray(0, 40), headers: { 'content-encoding': 'gzip' } },
    ];
    fake.answer(content, ...halves, page(['a']));
    expect((await fake.connect().listBlobs(contoso, general, window)).kind).toBe('ok');
    expect(fake.slept).toEqual([250, 1_000, 3_000]);
  });

  test('is not done at once after a web page, which lasts', async () => {
    fake.answer(content, { body: '<html></html>' }, page(['a']));
    expect((await fake.connect().listBlobs(contoso, general, window)).kind).toBe('unavailable');
    expect(fake.askedFor(content)).toHaveLength(1);
  });

  test('is not done after a Retry-After, a throttle, or a refusal', async () => {
    for (const reply of [apiError(503, 'x', '', { 'retry-after': '9' }), apiError(403, 'AF429'), apiError(403, 'AF10001')]) {
      const before = fake.askedFor(content).length;
      fake.answer(content, reply);
      await fake.connect().listBlobs(contoso, general, window);
      expect(fake.askedFor(content)).toHaveLength(before + 1);
    }
  });

  test('is not done after a timeout, for time is what a worker has least of', async () => {
    fake.answer(content, { hangs: 'at once' });
    expect(await fake.connect({ headersMs: 50 }).listBlobs(contoso, general, window)).toMatchObject({
      kind: 'unavailable',
      cause: { code: 'timeout' },
    });
    expect(fake.askedFor(content)).toHaveLength(1);
  });

  test('is not possible for anybody of the tenant while a Retry-After runs', async () => {
    fake.answer(content, apiError(403, 'AF429', '', { 'retry-after': '60' }), page(['a']));
    const client = fake.connect();
    expect(await client.listBlobs(contoso, general, window)).toMatchObject({ kind: 'throttled', retryAfterMs: 60_000 });
    expect(await client.listSubscriptions(contoso, general)).toMatchObject({ kind: 'throttled', retryAfterMs: 60_000 });
    fake.now += minutes(1);
    expect(await client.listBlobs(contoso, general, window)).toMatchObject({ kind: 'ok' });
    expect(fake.askedFor(/^manage/)).toHaveLength(2);
  });
});

test('ten years of Retry-After on one content list hold its log type for half an hour, and the others for five minutes', async () => {
  fake.answer(content, apiError(429, 'AF429', '', { 'retry-after': '315360000' }), { body: [] });
  const client = fake.connect();
  expect(await client.listBlobs(contoso, general, window)).toMatchObject({ kind: 'throttled', retryAfterMs: minutes(30) });
  expect(await client.listBlobs(contoso, exchange, window)).toMatchObject({ kind: 'throttled', retryAfterMs: minutes(5) });
  fake.now += minutes(5);
  expect(await client.listBlobs(contoso, exchange, window)).toMatchObject({ kind: 'ok' });
  expect(await client.listBlobs(contoso, general, window)).toMatchObject({ kind: 'throttled', retryAfterMs: minutes(25) });
  fake.now += minutes(25);
  expect(await client.listBlobs(contoso, general, window)).toMatchObject({ kind: 'ok' });
});

describe('a content blob', () => {
  const blob = /activity\/feed\/audit/;
  const member: Member = { contentId: 'a$b', contentUri: `${feed}/audit/a$b`, created: start, expires: start + hours(7 * 24) };
  const fetchIt = (uri = member.contentUri) => fake.connect().fetchBlob(contoso, general, { ...member, contentUri: uri }, file);

  test('is written as it is, unpacked', async () => {
    fake.answer(blob, { body: ' [{"Id":"1","n":1.0}]\n', isGzip: true });
    expect(await fetchIt()).toEqual({ kind: 'ok', value: { bytes: 22 } });
    expect(await readFile(file, 'utf8')).toBe(' [{"Id":"1","n":1.0}]\n');
    expect(fake.askedFor(blob)).toMatchObject([{ path: `/api/v1.0/${tenantId}/activity/feed/audit/a$b` }]);
  });

  const fetchSmall = (keptBytes: number) => fake.connect().fetchBlob(contoso, general, member, file, keptBytes);

  test('that is packed and small enough stays in memory, and no file is written', async () => {
    fake.answer(blob, { body: '[{"Id":"1"}]', isGzip: true });
    expect(await fetchSmall(12)).toEqual({ kind: 'ok', value: { bytes: 12, content: Buffer.from('[{"Id":"1"}]') } });
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  test('of a byte more goes into the file', async () => {
    fake.answer(blob, { body: '[{"Id":"12"}]', isGzip: true });
    expect(await fetchSmall(12)).toEqual({ kind: 'ok', value: { bytes: 13 } });
    expect(await readFile(file, 'utf8')).toBe('[{"Id":"12"}]');
  });

  test('that is malformed lies in the file, however small', async () => {
    fake.answer(blob, { body: '[{"Id":"1"', isGzip: true });
    expect(await fetchSmall(1_000)).toMatchObject({ kind: 'malformed' });
    expect(await readFile(file, 'utf8')).toBe('[{"Id":"1"');
  });

  test('that is packed in an unknown way is malformed with an empty file, which can be kept', async () => {
    fake.answer(blob, { body: '[]', headers: { 'content-encoding': 'br' } });
    expect(await fetchSmall(1_000)).toMatchObject({ kind: 'malformed', cause: { code: 'content-encoding' } });
    expect(await readFile(file, 'utf8')).toBe('');
  });

  test('without records is a blob', async () => {
    fake.answer(blob, { body: '[]' });
    expect(await fetchIt()).toEqual({ kind: 'ok', value: { bytes: 2 } });
  });

  test.each([
    { name: 'empty', body: '', code: 'empty' },
    { name: 'cut', body: '[{"Id":"1"},{"I', code: 'truncated' },
    { name: 'an object', body: '{"Id":"1"}', code: 'not-json' },
    { name: 'one bracket', body: '[', code: 'truncated' },
    { name: 'blank', body: '  ', code: 'empty' },
    { name: 'half a byte order mark', body: Buffer.from([0xef, 0xbb, 0x5b, 0x5d]), code: 'not-json' },
    { name: 'two byte order marks', body: '\ufeff\ufeff[]', code: 'not-json' },
  ])('that is $name is malformed by that name, and its bytes are kept', async ({ body, code }) => {
    fake.answer(blob, { body });
    expect(await fetchIt()).toMatchObject({ kind: 'malformed', cause: { code } });
    expect(await readFile(file)).toEqual(Buffer.from(body));
  });

  test.each([{ isGzip: false }, { isGzip: true }])('after a byte order mark is a blob, packed: $isGzip', async ({ isGzip }) => {
    fake.answer(blob, { body: '\ufeff [{"Id":"1"}]', isGzip });
    expect(await fetchIt()).toEqual({ kind: 'ok', value: { bytes: 16 } });
  });

  test.each([
    { name: 'a web page with status 200', reply: { body: ' <!DOCTYPE html><html>Sign in to the guest network</html>' }, code: 'html' },
    { name: 'text that a header calls a web page', reply: { body: 'blocked', headers: { 'content-type': 'text/html' } }, code: 'html' },
    { name: 'a redirect', reply: { status: 302, headers: { location: 'https://portal.hotel.example/login?u=1' } }, code: 'redirect' },
  ])('in whose place $name comes is unavailable: it is no answer of Microsoft', async ({ reply, code }) => {
    fake.answer(blob, reply);
    expect(await fetchIt()).toMatchObject({
      kind: 'unavailable',
      cause: { code, cure: expect.stringContaining('captive portal') as unknown },
    });
  });

  test('that is redirected names the host it was sent to, and no more of it', async () => {
    fake.answer(blob, { status: 302, headers: { location: 'https://portal.hotel.example/login?u=adele' } });
    const answer = await fetchIt();
    expect(answer.kind === 'unavailable' ? answer.cause.message : '').toMatch(/redirect to portal\.hotel\.example, which/);
  });

  test.each([
    { name: 'expired', reply: apiError(400, 'AF20051'), kind: 'expired' },
    { name: 'expired, with status 200', reply: apiError(200, 'AF20051'), kind: 'expired' },
    { name: 'not there', reply: apiError(404, 'AF20050'), kind: 'missing' },
    { name: 'gone without a word', reply: { status: 404 }, kind: 'missing' },
    { name: 'throttled', reply: apiError(403, 'AF429', '', { 'retry-after': '3' }), kind: 'throttled' },
    { name: 'unavailable', reply: apiError(503, ''), kind: 'unavailable' },
    { name: 'cut by the connection', reply: { body: '[1,2,3,4,5]', cutAfter: 4 }, kind: 'unavailable' },
    { name: 'larger than allowed', reply: { body: `[${'1,'.repeat(9_000)}1]` }, kind: 'malformed' },
  ])('that is $name is $kind', async ({ reply, kind }) => {
    fake.answer(blob, reply);
    expect(await fake.connect({ blobBytes: 10_000 }).fetchBlob(contoso, general, member, file)).toMatchObject({ kind });
  });

  test('whose URI leads elsewhere is malformed without being fetched, and the file says why', async () => {
    expect(await fetchIt('https://evil.example/api/v1.0/x')).toMatchObject({ kind: 'malformed', cause: { code: 'unsafe-uri' } });
    expect(await readFile(file, 'utf8')).toContain('its host is not manage.office.com');
    expect(fake.askedFor(/evil|^manage/)).toEqual([]);
    expect(fake.log.of('error')).toHaveLength(1);
  });

  test('of another tenant is refused: the configuration may be wrong, and nothing is given up', async () => {
    const answer = await fetchIt(member.contentUri.replace(tenantId, '00000000-0000-0000-0000-000000000000'));
    expect(answer).toMatchObject({ kind: 'refused', cause: { code: 'foreign-uri' } });
    expect(fake.askedFor(/^manage/)).toEqual([]);
  });
});

test('no token and no secret is in what was logged or answered', async () => {
  fake.answer(content, apiError(400, 'Odd', 'adele@contoso.example at 192.0.2.7 with eyJhbGciOi.eyJ0aWQiOiI.c2ln'));
  const answer = await fake.connect().listBlobs(contoso, general, window);
  const token = fake.askedFor(content)[0]?.headers.authorization?.slice('Bearer '.length) ?? '?';
  for (const text of [JSON.stringify(fake.log.lines), JSON.stringify(answer)]) {
    for (const secret of [token, 'first secret', 'adele@', '192.0.2.7', 'eyJhbGciOi']) expect(text).not.toContain(secret);
  }
});
