import { describe, expect, test } from '@jest/globals';
import { hours, minutes } from '../../shared/domain/window.ts';
import { simulatedTenant } from '../../simulator/tenants.ts';
import type { SimulatedTenant } from '../../simulator/world.ts';
import { at, blob, startAt, stage, tokenFor, worldOfBlobs, type Asked, type Stage } from './stage.ts';

const publisher = 'PublisherIdentifier=9b1d8f60-0000-4000-8000-000000000001';
const root = (on: Stage): string => `https://manage.office.com/api/v1.0/${on.tenant.tenantId}/activity/feed`;
const list = (on: Stage, query: string): Asked =>
  on.askAs(`${root(on)}/subscriptions/content?contentType=Audit.Exchange&${publisher}&${query}`);
const day = 'startTime=2026-11-21T12:00:00&endTime=2026-11-22T12:00:00';
const idsOf = (answer: Asked): string[] => (answer.json as { contentId: string }[]).map(({ contentId }) => contentId);

describe('who may ask', () => {
  test('nobody without a token, with one of Graph, or with one that has expired', () => {
    const on = stage({ tokenLifetimeSeconds: 60 });
    const url = `${root(on)}/subscriptions/list`;
    const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    const [ours, ofGraph] = [tokenFor(on, 'manage.office.com'), tokenFor(on, 'graph.microsoft.com')];
    expect([on.ask(url).status, on.ask(url, withToken(ofGraph)).status, on.ask(url, withToken(ours)).status]).toEqual([401, 401, 200]);
    on.now += 60_000;
    expect(on.ask(url, withToken(ours)).status).toBe(401);
  });

  test.each<{ name: string; tenantInUrl?: string; spoil?: (tenant: SimulatedTenant) => void; code: string; status: number }>([
    { name: 'a domain in the URL', tenantInUrl: 'contoso.onmicrosoft.com', code: 'AF20013', status: 400 },
    { name: 'another tenant than the token’s', tenantInUrl: '6f8f3f0a-0000-4000-8000-000000000000', code: 'AF20010', status: 400 },
    { name: 'a tenant that was deleted', spoil: (tenant) => (tenant.state = 'deleted'), code: 'AF20011', status: 400 },
    { name: 'a tenant that is misconfigured', spoil: (tenant) => (tenant.state = 'misconfigured'), code: 'AF20012', status: 400 },
    { name: 'no role', spoil: (tenant) => tenant.apps[0]?.roles.clear(), code: 'AF10001', status: 401 },
    { name: 'auditing switched off', spoil: (tenant) => (tenant.isAuditingOn = false), code: 'AF50000', status: 500 },
  ])('$name: $code', ({ tenantInUrl, spoil, code, status }) => {
    const on = stage();
    spoil?.(on.tenant);
    const answer = on.askAs(`https://manage.office.com/api/v1.0/${tenantInUrl ?? on.tenant.tenantId}/activity/feed/subscriptions/list`);
    expect([answer.code, answer.status]).toEqual([code, status]);
  });

  test('auditing switched off reads as if the tenant were wrong', () => {
    const on = stage();
    on.tenant.isAuditingOn = false;
    const { error } = on.askAs(`${root(on)}/subscriptions/list`).json as { error: { message: string } };
    expect(error.message).toBe(`Microsoft.Office.Compliance.Audit.DataServiceException: Tenant ${on.tenant.tenantId} does not exist.`);
  });

  test('a role granted later is only in the next token', () => {
    const on = stage();
    on.app.roles.clear();
    const old = tokenFor(on, 'manage.office.com');
    on.app.roles.add('ActivityFeed.Read');
    const ask = (token: string) => on.ask(`${root(on)}/subscriptions/list`, { headers: { authorization: `Bearer ${token}` } }).status;
    expect([ask(old), ask(tokenFor(on, 'manage.office.com'))]).toEqual([401, 200]);
  });

  test('DLP.All without ActivityFeed.ReadDlp is refused where the tenant is of that kind', () => {
    const on = stage();
    on.app.roles.delete('ActivityFeed.ReadDlp');
    const ask = () => on.askAs(`${root(on)}/subscriptions/content?contentType=DLP.All&${day}`).status;
    const served = ask();
    on.tenant.dlpNeedsReadDlp = true;
    expect([served, ask()]).toEqual([200, 401]);
  });
});

describe('subscriptions', () => {
  const start = (on: Stage, contentType = 'Audit.General'): Asked =>
    on.askAs(`${root(on)}/subscriptions/start?contentType=${contentType}`, { method: 'POST' });

  test('one that is started is listed as enabled; started again it is a 400 that is no failure', () => {
    const on = stage({ tenant: simulatedTenant({ name: 'contoso' }) });
    expect(start(on).json).toEqual({ contentType: 'Audit.General', status: 'enabled', webhook: null });
    expect(on.askAs(`${root(on)}/subscriptions/list`).json).toEqual([{ contentType: 'Audit.General', status: 'enabled', webhook: null }]);
    expect([start(on).status, start(on).code]).toEqual([400, 'AF20024']);
  });

  test('one that was disabled starts again only 15 minutes after its last start', () => {
    const on = stage({ tenant: simulatedTenant({ name: 'contoso' }) });
    start(on);
    on.tenant.subscriptions.set('Audit.General', 'disabled');
    on.now += minutes(15) - 1;
    const early = start(on).code;
    on.now += 1;
    expect([early, start(on).status]).toEqual(['AF20023', 200]);
  });

  test.each([
    { name: 'none', status: undefined, code: 'AF20022' },
    { name: 'a disabled one', status: 'disabled' as const, code: 'AF20023' },
  ])('content is not listed with $name', ({ status, code }) => {
    const on = stage({ tenant: simulatedTenant({ name: 'contoso' }) });
    if (status) on.tenant.subscriptions.set('Audit.Exchange', status);
    expect(list(on, day).code).toBe(code);
  });

  test('an unknown content type and a missing one are distinguished', () => {
    const on = stage();
    expect([start(on, 'Audit.Yammer').code, on.askAs(`${root(on)}/subscriptions/start`, { method: 'POST' }).code]).toEqual([
      'AF20020',
      'AF20001',
    ]);
  });

  test('one that is stopped is gone', () => {
    const on = stage();
    expect(on.askAs(`${root(on)}/subscriptions/stop?contentType=Audit.Exchange`, { method: 'POST' }).status).toBe(200);
    expect(list(on, day).code).toBe('AF20022');
  });
});

describe('the window of a listing', () => {
  test.each([
    { name: 'one time only', query: 'startTime=2026-11-22T11:00:00', code: 'AF20030' },
    { name: 'reversed', query: 'startTime=2026-11-22T11:00:00&endTime=2026-11-22T10:00:00', code: 'AF20030' },
    { name: 'empty', query: 'startTime=2026-11-22T11:00:00&endTime=2026-11-22T11:00:00', code: 'AF20030' },
    { name: 'no time at all', query: 'startTime=yesterday&endTime=today', code: 'AF20030' },
    { name: 'more than 24 hours', query: 'startTime=2026-11-21T11:59:59&endTime=2026-11-22T12:00:00', code: 'AF20055' },
    { name: 'older than 7 days', query: 'startTime=2026-11-15T11:59:59&endTime=2026-11-15T13:00:00', code: 'AF20055' },
    { name: 'of exactly 7 days ago', query: 'startTime=2026-11-15T12:00:00&endTime=2026-11-15T13:00:00', code: undefined },
    { name: 'of a date', query: 'startTime=2026-11-21&endTime=2026-11-22', code: undefined },
    { name: 'of minutes', query: 'startTime=2026-11-22T10:00&endTime=2026-11-22T11:30', code: undefined },
    { name: 'ending in the future', query: 'startTime=2026-11-22T11:00:00&endTime=2026-11-22T14:00:00', code: undefined },
    { name: 'with Z', query: 'startTime=2026-11-22T11:00:00Z&endTime=2026-11-22T12:00:00Z', code: undefined },
  ])('$name: $code', ({ query, code }) => {
    expect(list(stage(), query).code).toBe(code);
  });

  test('is half-open, on the time of creation', () => {
    const [first, last] = [blob(at('10:00:00')), blob(at('11:00:00'))];
    const on = stage({ world: worldOfBlobs([first, blob(at('09:59:59.999')), last, blob(at('10:59:59.999'))]) });
    const ids = idsOf(list(on, 'startTime=2026-11-22T10:00:00&endTime=2026-11-22T11:00:00'));
    expect([ids.length, ids.includes(first.contentId), ids.includes(last.contentId)]).toEqual([2, true, false]);
  });

  test('longer than 24 hours may also be answered in part', () => {
    const on = stage({ world: worldOfBlobs([blob(startAt - hours(30)), blob(startAt - hours(2))]), quirks: { longWindows: 'partial' } });
    expect(idsOf(list(on, 'startTime=2026-11-21T00:00:00&endTime=2026-11-22T12:00:00'))).toHaveLength(1);
  });
});

describe('pages of a listing', () => {
  const many = Array.from({ length: 7 }, (_, index) => blob(at('10:00:00') + index * 1_000));

  function allPages(on: Stage, headerName = 'NextPageUri'): string[][] {
    const pages: string[][] = [];
    for (let answer = list(on, day); ;) {
      pages.push(idsOf(answer));
      const next = answer.headers[headerName];
      if (next === undefined) return pages;
      answer = on.askAs(next);
    }
  }

  test('follow one another by the header, and end without it', () => {
    const on = stage({ world: worldOfBlobs(many), quirks: { contentPageSize: 3 } });
    expect(allPages(on)).toEqual([many.slice(0, 3), many.slice(3, 6), many.slice(6)].map((page) => page.map((one) => one.contentId)));
  });

  test('name the window again, another path, and no publisher', () => {
    const on = stage({ world: worldOfBlobs(many), quirks: { contentPageSize: 3 } });
    const next = list(on, day).headers.NextPageUri ?? '';
    expect(next).toContain(
      `https://manage.office.com/api/v1/${on.tenant.tenantId}/activity/feed/subscriptions/content?contentType=Audit.Exchange&${day}&nextPage=`,
    );
    expect(next).not.toContain('Publisher');
  });

  test('come under the name and in the case that is wanted', () => {
    const on = stage({ world: worldOfBlobs(many), quirks: { contentPageSize: 3, nextPageHeader: 'nextpageurl' } });
    expect(allPages(on, 'nextpageurl')).toHaveLength(3);
  });

  test('may be empty with more to come', () => {
    const on = stage({ world: worldOfBlobs(many), quirks: { contentPageSize: 3, emptyPageEvery: 1 } });
    const pages = allPages(on);
    expect(pages.some((page) => page.length === 0)).toBe(true);
    expect(pages.flat()).toEqual(many.map((one) => one.contentId));
  });

  test.each(['nonsense', 'bm9uc2Vuc2U', 'mwrsbk00.nonsense'])('a page indicator that is none of ours is AF20031: %s', (nextPage) => {
    expect(list(stage(), `${day}&nextPage=${nextPage}`).code).toBe('AF20031');
  });

  test('expire on demand', () => {
    const on = stage({
      world: worldOfBlobs(many),
      quirks: { contentPageSize: 3 },
      faults: { script: [{ at: '+60s', event: 'expire-next-pages' }] },
    });
    const next = list(on, day).headers.NextPageUri ?? '';
    on.now += 61_000;
    expect(on.askAs(next).code).toBe('AF20031');
    expect(list(on, 'startTime=2026-11-22T10:00:00&endTime=2026-11-22T12:00:00').status).toBe(200);
  });
});

describe('content blobs', () => {
  const fetchBlob = (on: Stage, contentId: string): Asked => on.askAs(`${root(on)}/audit/${contentId}?${publisher}`);

  test('are listed when they become visible, which may be long after they were created, and in that order', () => {
    const [late, early] = [blob(at('08:00:00'), { visibleAt: at('11:30:00') }), blob(at('09:00:00'))];
    const on = stage({ world: worldOfBlobs([late, early]) });
    on.now = at('11:00:00');
    const before = idsOf(list(on, day.replace('12:00:00&', '12:00:00&')));
    on.now = at('12:00:00');
    expect([before, idsOf(list(on, day))]).toEqual([[early.contentId], [early.contentId, late.contentId]]);
  });

  test('say where they are, and for how long', () => {
    const one = blob(at('10:00:00'));
    const on = stage({ world: worldOfBlobs([one]) });
    expect(list(on, day).json).toEqual([
      {
        contentUri: `https://manage.office.com/api/v1.0/${on.tenant.tenantId}/activity/feed/audit/${one.contentId}`,
        contentId: one.contentId,
        contentType: 'Audit.Exchange',
        contentCreated: '2026-11-22T10:00:00.000Z',
        contentExpiration: '2026-11-29T10:00:00.000Z',
      },
    ]);
  });

  test('are served whole, whether the $ in the id is written as such or not', () => {
    const one = blob(at('10:00:00'));
    const on = stage({ world: worldOfBlobs([one]) });
    expect(fetchBlob(on, one.contentId).json).toEqual([expect.objectContaining({ Id: 'a' }), expect.objectContaining({ Id: 'b' })]);
    expect(fetchBlob(on, encodeURIComponent(one.contentId)).status).toBe(200);
  });

  test.each([
    { name: 'that never was', contentId: '1$1$audit_exchange$Audit_Exchange', code: 'AF20050' },
    { name: 'not listed yet', contentId: 'late$1', code: 'AF20050' },
    { name: 'older than seven days', contentId: 'old$1', code: 'AF20051' },
    { name: 'with an id that is none', contentId: 'no id', code: 'AF20052' },
  ])('one $name is $code', ({ contentId, code }) => {
    const world = worldOfBlobs([
      blob(at('10:00:00'), { contentId: 'late$1', visibleAt: at('13:00:00') }),
      blob(startAt - hours(168), { contentId: 'old$1' }),
    ]);
    expect(fetchBlob(stage({ world }), encodeURIComponent(contentId)).code).toBe(code);
  });
});

describe('throttling', () => {
  test('is HTTP 403 with AF429, per tenant and publisher', () => {
    const on = stage({ throttle: { managementPerMinute: 2 } });
    const ask = (query: string) => on.askAs(`${root(on)}/subscriptions/list?${query}`);
    expect([ask(publisher).status, ask(publisher).status, ask(publisher).status]).toEqual([200, 200, 403]);
    expect(ask(publisher)).toMatchObject({ code: 'AF429', json: { error: { message: expect.stringContaining('PublisherId=9b1d8f60') } } });
    expect(ask('PublisherIdentifier=another').status).toBe(200);
    on.now += minutes(1) + 1;
    expect(ask(publisher).status).toBe(200);
  });

  test('those who name no publisher share one quota', () => {
    const on = stage({ throttle: { managementPerMinute: 1 } });
    const ask = () => on.askAs(`${root(on)}/subscriptions/list`);
    ask();
    expect(ask()).toMatchObject({ status: 403, json: { error: { message: expect.stringContaining('PublisherId=00000000-0000') } } });
  });
});

test('friendly names take one language', () => {
  const on = stage();
  const ask = (language: string) => on.askAs(`${root(on)}/resources/dlpSensitiveTypes`, { headers: { 'accept-language': language } });
  expect([ask('en-US').status, ask('en, de').code, ask('?').code]).toEqual([200, 'AF20053', 'AF20054']);
});

describe('the shape of errors', () => {
  const bodies = (errorShape: string): string[] => {
    const on = stage({ faults: { errorShape } });
    const ask = () =>
      on.askAs(`https://manage.office.com/api/v1.0/${on.tenant.tenantId}/activity/feed/subscriptions/content?contentType=Audit.General`);
    return Array.from({ length: 3 }, () => ask().text);
  };
  const words = 'No subscription found for the specified content type.';

  test.each([
    { shape: 'nested', body: `{"error":{"code":"AF20022","message":"${words}"}}` },
    { shape: 'flat', body: `{"Code":"AF20022","Message":"${words}"}` },
    { shape: 'quoted', body: `{'error':{'code':'AF20022','message':'${words}'}}` },
  ])('$shape: $body', ({ shape, body }) => {
    expect(bodies(shape)).toEqual([body, body, body]);
  });

  test('mixed: one after the other', () => {
    expect(new Set(bodies('mixed')).size).toBe(3);
  });
});
