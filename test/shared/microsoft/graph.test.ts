import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tenant } from '../../../shared/domain/tenant.ts';
import { hours, minutes } from '../../../shared/domain/window.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { apiError, contoso, FakeMicrosoft, start, type Reply } from './fake-microsoft.ts';

let fake: FakeMicrosoft;
let folder: string;

beforeEach(async () => {
  fake = await FakeMicrosoft.open();
  folder = await mkdtemp(join(tmpdir(), 'graph-test-'));
});
afterEach(async () => {
  await fake.close();
  await rm(folder, { recursive: true });
  for (const asked of fake.askedFor(/^graph/)) expect(asked.headers.prefer).toBe('include-unknown-enum-members');
});

const audits = logTypeById('directory-audits');
const window = { start, end: start + minutes(5) };
const collection = /directoryAudits/;
const next = (token: string): string => `https://graph.microsoft.com/v1.0/auditLogs/directoryAudits?$top=1000&$skiptoken=${token}`;
const page = (rows: string, following?: string): Reply => ({
  body: `{"@odata.context":"x","value":${rows}${following === undefined ? '' : `,"@odata.nextLink":"${next(following)}"`}}`,
});
const badToken = apiError(400, 'BadRequest', 'Invalid Skip Token, skip token is null.');

describe('the query', () => {
  const wantsBeta = (logTypes: string[]): Tenant => ({ ...contoso, graph: { cloud: 'global', logTypes, signInsApi: 'beta' } });
  const withAll: Tenant = { ...contoso, graph: { cloud: 'global', logTypes: ['sign-ins-interactive', 'sign-ins-service-principal'] } };
  test.each([
    {
      name: 'interactive sign-ins alone are read from v1.0, unfiltered by kind',
      tenant: contoso,
      logType: 'sign-ins-interactive',
      path: '/v1.0/auditLogs/signIns',
      filter: 'createdDateTime ge 2026-11-22T06:00:00Z and createdDateTime le 2026-11-22T06:05:00Z',
    },
    {
      name: 'interactive sign-ins beside another kind are read from beta, as their kind',
      tenant: withAll,
      logType: 'sign-ins-interactive',
      path: '/beta/auditLogs/signIns',
      filter:
        "createdDateTime ge 2026-11-22T06:00:00Z and createdDateTime le 2026-11-22T06:05:00Z and (signInEventTypes/any(t: t eq 'interactiveUser'))",
    },
    {
      name: 'interactive sign-ins are read from beta alone where the tenant wants it',
      tenant: wantsBeta(['sign-ins-interactive']),
      logType: 'sign-ins-interactive',
      path: '/beta/auditLogs/signIns',
      filter:
        "createdDateTime ge 2026-11-22T06:00:00Z and createdDateTime le 2026-11-22T06:05:00Z and (signInEventTypes/any(t: t eq 'interactiveUser'))",
    },
    {
      name: 'of a tenant that wants sign-ins from beta, audits stay where they are',
      tenant: wantsBeta(['directory-audits']),
      logType: 'directory-audits',
      path: '/v1.0/auditLogs/directoryAudits',
      filter: 'activityDateTime ge 2026-11-22T06:00:00Z and activityDateTime le 2026-11-22T06:05:00Z',
    },
    {
      name: 'another kind of sign-ins is read from beta',
      tenant: withAll,
      logType: 'sign-ins-service-principal',
      path: '/beta/auditLogs/signIns',
      filter:
        "createdDateTime ge 2026-11-22T06:00:00Z and createdDateTime le 2026-11-22T06:05:00Z and (signInEventTypes/any(t: t eq 'servicePrincipal'))",
    },
    {
      name: 'audits are read by their own time',
      tenant: contoso,
      logType: 'directory-audits',
      path: '/v1.0/auditLogs/directoryAudits',
      filter: 'activityDateTime ge 2026-11-22T06:00:00Z and activityDateTime le 2026-11-22T06:05:00Z',
    },
    {
      name: 'alerts are read by their last change',
      tenant: contoso,
      logType: 'alerts',
      path: '/v1.0/security/alerts_v2',
      filter: 'lastUpdateDateTime ge 2026-11-22T06:00:00Z and lastUpdateDateTime le 2026-11-22T06:05:00Z',
    },
  ])('$name', async ({ tenant, logType, path, filter }) => {
    fake.answer(/^graph/, page('[]'));
    await fake.connect().fetchWindow(tenant, logTypeById(logType), window, folder, 10);
    const [asked] = fake.askedFor(/^graph/);
    expect(asked?.path).toBe(path);
    expect(Object.fromEntries(asked?.query ?? [])).toEqual({ $filter: filter, $top: '1000' });
  });

  test('a window that ends within a second includes the whole of it', async () => {
    fake.answer(/^graph/, page('[]'));
    await fake.connect().probeWindow(contoso, audits, { start: start + 900, end: start + 1_100 });
    expect(fake.askedFor(/^graph/)[0]?.query.get('$filter')).toBe(
      'activityDateTime ge 2026-11-22T06:00:00Z and activityDateTime le 2026-11-22T06:00:02Z',
    );
  });

  test.each([
    { cloud: 'us-gov-l4', host: 'graph.microsoft.us' },
    { cloud: 'us-gov-l5', host: 'dod-graph.microsoft.us' },
  ] as const)('$cloud is asked at $host', async ({ cloud, host }) => {
    fake.answer(/graph/, page('[]'));
    await fake.connect().probeWindow({ ...contoso, graph: { cloud, logTypes: ['directory-audits'] } }, audits, window);
    expect(fake.asked.map((asked) => asked.host)).toEqual(['login.microsoftonline.us', host]);
  });
});

test('sign-ins that v1.0 refuses as a bad request name the setting that reads them from beta', async () => {
  const v1 = /v1\.0\/auditLogs\/signIns/;
  fake.answer(v1, apiError(400, 'BadRequest', 'words')).answer(/beta\/auditLogs\/signIns/, page('[]'));
  const probe = (graph: Tenant['graph']) =>
    fake.connect().probeWindow({ ...contoso, ...(graph && { graph }) }, logTypeById('sign-ins-interactive'), window);
  const answer = await probe({ cloud: 'us-gov-l4', logTypes: ['sign-ins-interactive'] });
  expect(answer.kind === 'refused' ? answer.cause.cure : '').toContain('lake tenant edit contoso --sign-ins-api beta');
  expect(await probe({ cloud: 'us-gov-l4', logTypes: ['sign-ins-interactive'], signInsApi: 'beta' })).toMatchObject({ kind: 'ok' });
});

describe('a probe', () => {
  const probe = () => fake.connect({ probePages: 4 }).probeWindow(contoso, audits, window);

  test('asks for one row', async () => {
    fake.answer(collection, page('[{"id":"a"}]', 'more'));
    expect(await probe()).toEqual({ kind: 'ok', value: 'rows' });
    expect(fake.askedFor(collection)).toHaveLength(1);
    expect(fake.askedFor(collection)[0]?.query.get('$top')).toBe('1');
  });

  test('without rows and without a next page is empty', async () => {
    fake.answer(collection, page('[]'));
    expect(await probe()).toEqual({ kind: 'ok', value: 'empty' });
  });

  test('follows empty pages to the first row', async () => {
    fake.answer(collection, page('[]', 'b'), page('[ ]', 'c'), page('[{}]'));
    expect(await probe()).toEqual({ kind: 'ok', value: 'rows' });
  });

  test('says rows rather than follow empty pages for ever', async () => {
    let count = 0;
    fake.answer(collection, () => page('[]', `p${String((count += 1))}`));
    expect(await probe()).toEqual({ kind: 'ok', value: 'rows' });
    expect(count).toBe(4);
  });

  test.each([
    { name: 'an error object', reply: apiError(200, 'UnknownError'), kind: 'malformed' },
    { name: 'a page without value', reply: { body: {} }, kind: 'malformed' },
    {
      name: 'a part of an answer',
      reply: { ...page('[]'), status: 206, headers: { warning: '199 - "Vendor/Provider/code/ms"' } },
      kind: 'unavailable',
    },
    { name: 'a missing licence', reply: apiError(403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant'), kind: 'refused' },
    { name: 'an unknown collection', reply: apiError(404, 'UnknownError'), kind: 'not-offered' },
    { name: 'a time too old', reply: apiError(400, 'BadRequest', 'Invalid filter clause'), kind: 'out-of-range' },
    { name: 'a throttle', reply: apiError(429, 'TooManyRequests', '', { 'retry-after': '17' }), kind: 'throttled' },
  ])('of $name is $kind, never empty', async ({ reply, kind }) => {
    fake.answer(collection, reply);
    expect(await probe()).toMatchObject({ kind });
  });
});

describe('a fetched window', () => {
  const fetchIt = (maxPages = 10) => fake.connect().fetchWindow(contoso, audits, window, folder, maxPages);
  const contents = async () => {
    const answer = await fetchIt();
    return answer.kind === 'ok' ? Promise.all(answer.value.files.map((file) => readFile(file, 'utf8'))) : answer;
  };

  test('has a file a page, rows byte for byte, pages without rows left out', async () => {
    const rows = '[{"id":"Directory_1", "n":12345678901234567890,"t":"\\u00e9]"}]';
    fake.answer(collection, page(rows, 'b'), page('[]', 'c'), page('[{"id":"2"}]'));
    expect(await contents()).toEqual([rows, '[{"id":"2"}]']);
    expect(fake.askedFor(collection).map((asked) => asked.query.get('$skiptoken'))).toEqual([null, 'b', 'c']);
  });

  test('without rows has no files', async () => {
    fake.answer(collection, page('[]'));
    expect(await contents()).toEqual([]);
  });

  test('of exactly as many pages as allowed is whole; of one more it has too many', async () => {
    fake.answer(collection, page('[1]', 'b'), page('[2]'));
    expect((await fetchIt(2)).kind).toBe('ok');
    fake.answer(collection, page('[1]', 'b'), page('[2]', 'c'), page('[3]'));
    expect(await fetchIt(2)).toEqual({ kind: 'too-many-pages' });
  });

  test('begins again, once, when a next page is refused, and leaves nothing of the first time', async () => {
    fake.answer(collection, page('[1]', 'b'), page('[2]', 'c'), badToken, page('[]', 'd'), page('[4]'));
    expect(await contents()).toEqual(['[4]']);
  });

  test('is unavailable when a next page is refused again, or leads back', async () => {
    fake.answer(collection, page('[1]', 'b'), badToken, page('[1]', 'b'), badToken);
    expect(await contents()).toMatchObject({ kind: 'unavailable', cause: { code: 'page-token' } });
    fake.answer(collection, page('[1]', 'b'), page('[2]', 'b'));
    expect(await contents()).toMatchObject({ kind: 'unavailable', cause: { code: 'paging-loop' } });
  });

  test('whose second page is never there has a cause of its own, and is not taken for a collection that is not offered', async () => {
    const notFound = apiError(404, 'UnknownError', 'Token not found: token is either invalid or expired');
    fake.answer(collection, page('[1]', 'b'), notFound, page('[1]', 'b'), notFound);
    const answer = await contents();
    expect(answer).toMatchObject({ kind: 'unavailable', cause: { code: 'page-token' } });
    expect(JSON.stringify(answer)).not.toContain('Take the log type out');
    expect(fake.askedFor(collection)).toHaveLength(4);
  });

  test('ends at an empty page that leads to itself', async () => {
    fake.answer(collection, page('[1]', 'LOOP'), page('[]', 'LOOP'));
    expect(await contents()).toEqual(['[1]']);
    expect(fake.askedFor(collection)).toHaveLength(2);
  });

  test('whose page with rows leads to itself is not taken for whole', async () => {
    fake.answer(collection, page('[1]', 'LOOP'), page('[2]', 'LOOP'));
    expect(await contents()).toMatchObject({ kind: 'unavailable', cause: { code: 'paging-loop' } });
  });

  test('after a byte order mark is read', async () => {
    fake.answer(collection, { body: '\ufeff{"value":[1]}' });
    expect(await contents()).toEqual(['[1]']);
  });

  test.each([
    { name: 'a web page', body: '<html>', kind: 'unavailable', code: 'html' },
    { name: 'half a page', body: '{"value":[1', kind: 'malformed', code: 'truncated' },
    { name: 'nothing', body: '', kind: 'malformed', code: 'empty' },
    { name: 'text', body: 'Bad Gateway', kind: 'malformed', code: 'not-json' },
    { name: 'another object', body: '{}', kind: 'malformed', code: 'page' },
  ])('that is $name is $kind by its name', async ({ body, kind, code }) => {
    fake.answer(collection, { body });
    expect(await contents()).toMatchObject({ kind, cause: { code } });
  });

  test.each([
    { name: 'a day, with an hour of time', span: hours(24), timeMs: hours(1), waits: true },
    { name: 'a day, with no time left', span: hours(24), timeMs: 0, waits: false },
    { name: 'an hour', span: hours(1), timeMs: hours(1), waits: false },
    { name: 'a day, of somebody who names no time', span: hours(24), timeMs: undefined, waits: false },
  ])('of $name waits longer for a first byte: $waits', async ({ span, timeMs, waits }) => {
    fake.answer(collection, { ...page('[1]'), delayMs: 200 });
    const client = fake.connect({ headersMs: 50, longWindowHeadersMs: 5_000 });
    const until = timeMs === undefined ? undefined : start + timeMs;
    const answer = await client.fetchWindow(contoso, audits, { start, end: start + span }, folder, 10, until);
    expect(answer).toMatchObject(waits ? { kind: 'ok' } : { kind: 'unavailable', cause: { code: 'timeout' } });
  });

  test('whose first page is refused as bad is not begun again', async () => {
    fake.answer(collection, apiError(400, 'BadRequest', 'words'));
    expect(await contents()).toMatchObject({ kind: 'refused' });
    expect(fake.askedFor(collection)).toHaveLength(1);
  });

  test('whose next page leads elsewhere is not followed, and the token stays here', async () => {
    fake.answer(collection, {
      body: { value: [1], '@odata.nextLink': 'https://graph.microsoft.com.evil.example/v1.0/auditLogs/directoryAudits' },
    });
    expect(await contents()).toMatchObject({ kind: 'malformed', cause: { code: 'unsafe-uri' } });
    expect(fake.askedFor(/evil/)).toEqual([]);
    expect(fake.log.of('error')).toHaveLength(1);
  });
});

test('sign-ins, audits and probes of a tenant share five requests in ten seconds', async () => {
  fake.answer(/^graph/, page('[]'));
  const client = fake.connect();
  const kinds = [logTypeById('sign-ins-interactive'), audits];
  for (let count = 0; count < 20; count += 1) await client.probeWindow(contoso, kinds[count % 2] ?? audits, window);
  const times = fake.askedFor(/^graph/).map((asked) => asked.at);
  times.forEach((time, index) => {
    const earlier = times[index - 5];
    if (earlier !== undefined) expect(time - earlier).toBeGreaterThanOrEqual(10_000);
  });
  expect(times).toHaveLength(20);
});

test('a licence that Microsoft misses for a moment is asked for again', async () => {
  const missing = apiError(403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant');
  fake.answer(collection, missing, missing, page('[]'));
  expect(await fake.connect().probeWindow(contoso, audits, window)).toEqual({ kind: 'ok', value: 'empty' });
});

test.each([
  { id: 'sign-ins-interactive', at: /signIns/, licence: ' (Microsoft Entra ID P1 or P2)' },
  { id: 'risk-detections', at: /riskDetections/, licence: ' (Microsoft Entra ID P1 or P2; with P1 Microsoft hides the details)' },
  { id: 'directory-audits', at: collection, licence: '' },
])('a licence that $id lacks is named as its declaration has it, with the log type to take out', async ({ id, at, licence }) => {
  const missing = apiError(403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant');
  fake.answer(at, missing, missing, missing, missing);
  const answer = await fake.connect().probeWindow(contoso, logTypeById(id), window);
  expect(answer).toMatchObject({
    kind: 'refused',
    cause: {
      message: `the tenant has no licence for ${logTypeById(id).title}${licence}`,
      cure: `Add the licence to the tenant, or take ${id} out of its configuration`,
    },
  });
});

test('a refused permission names what is missing and what was granted', async () => {
  fake.answer(/alerts_v2/, apiError(403, 'Forbidden', 'Missing application roles.'));
  const answer = await fake.connect().probeWindow(contoso, logTypeById('alerts'), window);
  expect(answer.kind === 'refused' ? answer.cause.message : '').toContain(
    'missing SecurityAlert.Read.All, granted ActivityFeed.Read, AuditLog.Read.All',
  );
});
