import { describe, expect, test } from '@jest/globals';
import { days, minutes, seconds } from '../../shared/domain/window.ts';
import type { SimulatedTenant, Version } from '../../simulator/world.ts';
import { at, startAt, stage, tokenFor, version, worldOfVersions, type Asked, type Stage, type StageOptions } from './stage.ts';

const graph = 'https://graph.microsoft.com';
const query = (path: string, options: Readonly<Record<string, string>>): string =>
  `${graph}${path}?${Object.entries(options)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')}`;
const idsOf = (answer: Asked): string[] => (answer.json as { value: { id: string }[] }).value.map(({ id }) => id);
const nextOf = (answer: Asked): string | undefined => (answer.json as { '@odata.nextLink'?: string })['@odata.nextLink'];
const messageOf = (answer: Asked): string => (answer.json as { error: { message: string } }).error.message;

const hourFilter = 'createdDateTime ge 2026-11-22T10:00:00Z and createdDateTime le 2026-11-22T11:00:00Z';
const rows: readonly Version[] = [
  version('a', at('10:00:00')),
  version('b', at('10:30:00')),
  version('c', at('11:00:00')),
  version('d', at('11:00:01')),
];
const signInStage = (options: StageOptions = {}): Stage => stage({ world: worldOfVersions({ 'sign-ins-interactive': rows }), ...options });

describe('a filter on time', () => {
  test.each([
    { name: 'includes both ends, newest first', filter: hourFilter, ids: ['c', 'b', 'a'] },
    { name: 'may be one clause', filter: 'createdDateTime ge 2026-11-22T11:00:00Z', ids: ['d', 'c'] },
    { name: 'may be in parentheses', filter: `(${hourFilter})`, ids: ['c', 'b', 'a'] },
    { name: 'knows eq', filter: 'createdDateTime eq 2026-11-22T10:30:00Z', ids: ['b'] },
    {
      name: 'ignores gt and lt',
      filter: 'createdDateTime gt 2026-11-22T10:30:00Z and createdDateTime lt 2026-11-22T10:31:00Z',
      ids: ['d', 'c', 'b', 'a'],
    },
    { name: 'may be absent', filter: '', ids: ['d', 'c', 'b', 'a'] },
  ])('$name', ({ filter, ids }) => {
    expect(idsOf(signInStage().askAs(query('/v1.0/auditLogs/signIns', filter === '' ? {} : { $filter: filter })))).toEqual(ids);
  });

  test.each([
    { name: 'quoted dates', filter: "createdDateTime ge '2026-11-22T10:00:00Z'" },
    { name: 'dates older than 90 days', filter: 'createdDateTime ge 2026-08-01T00:00:00Z' },
    { name: 'no date', filter: 'createdDateTime ge yesterday' },
    { name: 'a field it does not know', filter: "favouriteColour eq 'red'" },
    { name: 'another field for the time', filter: 'activityDateTime ge 2026-11-22T10:00:00Z' },
  ])('refuses $name', ({ filter }) => {
    const answer = signInStage().askAs(query('/v1.0/auditLogs/signIns', { $filter: filter }));
    expect([answer.status, messageOf(answer).startsWith('Invalid filter clause')]).toEqual([400, true]);
  });

  test('joined by & instead of and loses what follows', () => {
    const url = `${query('/v1.0/auditLogs/signIns', { $filter: 'createdDateTime ge 2026-11-22T10:30:00Z' })}&createdDateTime le 2026-11-22T10:31:00Z`;
    expect(idsOf(signInStage().askAs(url))).toEqual(['d', 'c', 'b']);
  });

  test('gt is honoured on alerts', () => {
    const on = stage({ world: worldOfVersions({ alerts: rows }) });
    expect(idsOf(on.askAs(query('/v1.0/security/alerts_v2', { $filter: 'lastUpdateDateTime gt 2026-11-22T11:00:00Z' })))).toEqual(['d']);
  });
});

describe('kinds of sign-ins', () => {
  const on = stage({
    world: worldOfVersions({
      'sign-ins-interactive': [version('interactive', at('10:00:00'))],
      'sign-ins-non-interactive': [version('non-interactive', at('10:01:00'))],
      'sign-ins-service-principal': [version('service principal', at('10:02:00'))],
      'sign-ins-managed-identity': [version('managed identity', at('10:03:00'))],
    }),
    throttle: { reportingPer10Seconds: 100 },
  });
  const any = (inner: string) => `${hourFilter} and (signInEventTypes/any(t: ${inner}))`;

  test.each([
    { name: 'beta without a clause: interactive only', filter: hourFilter, ids: ['interactive'] },
    { name: 'one kind', filter: any("t eq 'nonInteractiveUser'"), ids: ['non-interactive'] },
    { name: 'another', filter: any("t eq 'managedIdentity'"), ids: ['managed identity'] },
    { name: 'two', filter: any("t eq 'interactiveUser' or t eq 'servicePrincipal'"), ids: ['service principal', 'interactive'] },
    { name: 'all but one', filter: any("t ne 'interactiveUser'"), ids: ['managed identity', 'service principal', 'non-interactive'] },
  ])('$name', ({ filter, ids }) => {
    expect(idsOf(on.askAs(query('/beta/auditLogs/signIns', { $filter: filter })))).toEqual(ids);
  });

  test('v1.0 does not know the clause', () => {
    expect(on.askAs(query('/v1.0/auditLogs/signIns', { $filter: any("t eq 'servicePrincipal'") })).status).toBe(400);
  });
});

describe('pages', () => {
  const hundred = Array.from({ length: 100 }, (_, index) =>
    version(String(index).padStart(3, '0'), at('10:00:00') + Math.floor(index / 2) * 1_000),
  );

  function follow(on: Stage, url: string): Asked[] {
    const pages: Asked[] = [];
    for (let next: string | undefined = url; next !== undefined; on.now += seconds(10)) {
      const page: Asked = on.askAs(next);
      pages.push(page);
      next = nextOf(page);
    }
    return pages;
  }

  test.each([{ emptyPageEvery: 0 }, { emptyPageEvery: 2 }])('hold every row once, also rows of one instant ($emptyPageEvery)', (quirks) => {
    const on = stage({ world: worldOfVersions({ 'sign-ins-interactive': hundred }), quirks });
    const pages = follow(on, query('/v1.0/auditLogs/signIns', { $filter: hourFilter, $top: '7' }));
    const ids = pages.flatMap(idsOf);
    expect([ids.length, new Set(ids).size]).toEqual([100, 100]);
    expect(pages.some((page) => idsOf(page).length === 0)).toBe(quirks.emptyPageEvery > 0);
  });

  test('a row that comes in meanwhile is not shown to who is past it, and shifts nothing', () => {
    const late = version('late', at('10:59:00'), { visibleFrom: startAt + 1 });
    const on = stage({ world: worldOfVersions({ 'sign-ins-interactive': [...hundred, late] }) });
    expect(follow(on, query('/v1.0/auditLogs/signIns', { $filter: hourFilter, $top: '60' })).flatMap(idsOf)).toHaveLength(100);
  });

  test('$top is at most 1,000', () => {
    const many = Array.from({ length: 1_200 }, (_, index) => version(String(index), at('10:00:00') + index));
    const on = stage({ world: worldOfVersions({ alerts: many }) });
    const page = on.askAs(query('/v1.0/security/alerts_v2', { $top: '5000' }));
    expect([idsOf(page).length, nextOf(page) === undefined]).toEqual([1_000, false]);
  });

  test('links name Microsoft’s host and repeat the query', () => {
    const on = stage({ world: worldOfVersions({ 'sign-ins-interactive': hundred }) });
    const next = new URL(nextOf(on.askAs(query('/beta/auditLogs/signIns', { $filter: hourFilter, $top: '7' }))) ?? '');
    expect([next.host, next.pathname, next.searchParams.get('$filter'), next.searchParams.get('$top')]).toEqual([
      'graph.microsoft.com',
      '/beta/auditLogs/signIns',
      hourFilter,
      '7',
    ]);
  });

  test.each([
    { name: 'one that is none', expire: false, spoil: (link: string) => link.replace(/skiptoken=.*/, 'skiptoken=abc') },
    { name: 'one that has expired', expire: true, spoil: (link: string) => link },
  ])('a skip token: $name is refused', ({ expire, spoil }) => {
    const faults = { script: expire ? [{ at: '+30s', event: 'expire-next-pages' }] : [] };
    const on = stage({ world: worldOfVersions({ 'sign-ins-interactive': hundred }), faults });
    const next = spoil(nextOf(on.askAs(query('/v1.0/auditLogs/signIns', { $filter: hourFilter, $top: '7' }))) ?? '');
    on.now += seconds(31);
    const answer = on.askAs(next);
    expect([answer.status, messageOf(answer)]).toEqual([400, 'Invalid Skip Token, skip token is null.']);
  });

  test.each([
    { name: 'not at all on the reporting APIs', path: '/v1.0/auditLogs/directoryAudits', skip: '10', status: 400 },
    { name: 'up to 500 on alerts', path: '/v1.0/security/alerts_v2', skip: '500', status: 200 },
    { name: 'not beyond', path: '/v1.0/security/alerts_v2', skip: '501', status: 400 },
  ])('$skip: $name', ({ path, skip, status }) => {
    expect(stage().askAs(query(path, { $skip: skip })).status).toBe(status);
  });
});

describe('records that change', () => {
  test('a late one is not there before its time; a corrected one takes the place of the first', () => {
    const correctedAt = at('11:30:00');
    const first = version('a', at('10:00:00'), { visibleUntil: correctedAt, record: { riskState: 'none' } });
    const second = version('a', at('10:00:00'), { visibleFrom: correctedAt, record: { riskState: 'atRisk' } });
    const late = version('b', at('10:10:00'), { visibleFrom: at('11:45:00') });
    const on = stage({ world: worldOfVersions({ 'sign-ins-interactive': [first, second, late] }) });
    const ask = (time: string) => {
      on.now = at(time);
      return (on.askAs(query('/v1.0/auditLogs/signIns', { $filter: hourFilter })).json as { value: { riskState?: string }[] }).value.map(
        (row) => row.riskState,
      );
    };
    expect([ask('11:00:00'), ask('11:31:00'), ask('11:46:00')]).toEqual([['none'], ['atRisk'], [undefined, 'atRisk']]);
  });
});

describe('limits', () => {
  const sources = ['/v1.0/auditLogs/signIns', '/beta/auditLogs/signIns', '/v1.0/auditLogs/directoryAudits'];

  test('five requests in ten seconds, shared by everything under auditLogs, and those refused count too', () => {
    const on = stage();
    const statuses = Array.from({ length: 6 }, (_, index) => on.askAs(`${graph}${sources[index % 3] ?? ''}`).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    expect(on.askAs(`${graph}/v1.0/security/alerts_v2`).status).toBe(200);
    on.now += seconds(9);
    expect(on.askAs(`${graph}${sources[0] ?? ''}`).status).toBe(429);
    on.now += seconds(10);
    expect(on.askAs(`${graph}${sources[0] ?? ''}`).status).toBe(200);
  });

  test.each([
    { retryAfter: 'never' as const, header: undefined },
    { retryAfter: 'always' as const, header: '10' },
  ])('say when to come back: $retryAfter', ({ retryAfter, header }) => {
    const on = stage({ throttle: { reportingPer10Seconds: 1, retryAfter } });
    on.askAs(`${graph}${sources[0] ?? ''}`);
    expect(on.askAs(`${graph}${sources[0] ?? ''}`)).toMatchObject({ status: 429, code: 'TooManyRequests' });
    expect(on.askAs(`${graph}${sources[0] ?? ''}`).headers['Retry-After']).toBe(header);
  });

  test('150 requests a minute on alerts', () => {
    const on = stage();
    const token = { headers: { authorization: `Bearer ${tokenFor(on, 'graph.microsoft.com')}` } };
    const statuses = Array.from({ length: 151 }, () => on.ask(`${graph}/v1.0/security/alerts_v2`, token).status);
    expect(statuses.indexOf(429)).toBe(150);
    on.now += minutes(1) + 1;
    expect(on.ask(`${graph}/v1.0/security/alerts_v2`, token).status).toBe(200);
  });
});

describe('who may ask', () => {
  const drop = (role: string) => (tenant: SimulatedTenant) => tenant.apps[0]?.roles.delete(role);
  test.each<{ name: string; path: string; spoil: (tenant: SimulatedTenant) => unknown; code: string | undefined }>([
    {
      name: 'sign-ins without a licence',
      path: 'auditLogs/signIns',
      spoil: (tenant) => (tenant.licence = 'free'),
      code: 'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
    },
    { name: 'audits without a licence', path: 'auditLogs/directoryAudits', spoil: (tenant) => (tenant.licence = 'free'), code: undefined },
    {
      name: 'sign-ins without AuditLog.Read.All',
      path: 'auditLogs/signIns',
      spoil: drop('AuditLog.Read.All'),
      code: 'Authentication_MSGraphPermissionMissing',
    },
    { name: 'audits without Directory.Read.All', path: 'auditLogs/directoryAudits', spoil: drop('Directory.Read.All'), code: undefined },
    {
      name: 'the same where the licence check needs it',
      path: 'auditLogs/directoryAudits',
      spoil: (tenant) => {
        tenant.licenceCheckNeedsDirectoryRead = true;
        tenant.apps[0]?.roles.delete('Directory.Read.All');
      },
      code: 'Authentication_ApplicationHasNoDirectoryReadAccess',
    },
    { name: 'alerts without their role', path: 'security/alerts_v2', spoil: drop('SecurityAlert.Read.All'), code: 'Forbidden' },
    {
      name: 'alerts with more than it',
      path: 'security/alerts_v2',
      spoil: (tenant) => {
        tenant.apps[0]?.roles.delete('SecurityAlert.Read.All');
        tenant.apps[0]?.roles.add('SecurityAlert.ReadWrite.All');
      },
      code: undefined,
    },
  ])('$name: $code', ({ path, spoil, code }) => {
    const on = stage();
    spoil(on.tenant);
    const answer = on.askAs(`${graph}/v1.0/${path}`);
    expect([answer.code, answer.status]).toEqual([code, code === undefined ? 200 : 403]);
  });

  test('a missing role of alerts names what is needed and what is there', () => {
    const on = stage();
    on.app.roles.delete('SecurityAlert.Read.All');
    expect(messageOf(on.askAs(`${graph}/v1.0/security/alerts_v2`))).toMatch(
      /API required roles: SecurityAlert\.Read\.All, .*application roles: AuditLog\.Read\.All/,
    );
  });

  test.each([
    { name: 'no token', token: '', host: 'graph.microsoft.com' },
    { name: 'a token of the other API', token: 'manage.office.com', host: 'graph.microsoft.com' },
    { name: 'a token of another cloud', token: 'graph.microsoft.com', host: 'graph.microsoft.us' },
  ])('$name is a 401', ({ token, host }) => {
    const on = stage();
    const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${tokenFor(on, token)}` };
    expect(on.ask(`https://${host}/v1.0/auditLogs/signIns`, { headers })).toMatchObject({
      status: 401,
      code: 'InvalidAuthenticationToken',
    });
  });
});

describe('how records are rendered', () => {
  const signIn = version('a', at('10:00:00'), {
    record: { userAgent: 'x', signInEventTypes: ['interactiveUser'], appliedConditionalAccessPolicies: [] },
  });
  const row = (on: Stage, path: string) =>
    (on.askAs(query(path, { $filter: hourFilter })).json as { value: Record<string, unknown>[] }).value[0] ?? {};

  test('v1.0 has fewer fields than beta', () => {
    const on = signInStage({ world: worldOfVersions({ 'sign-ins-interactive': [signIn] }) });
    expect(Object.keys(row(on, '/beta/auditLogs/signIns'))).toEqual([
      'id',
      'createdDateTime',
      'userAgent',
      'signInEventTypes',
      'appliedConditionalAccessPolicies',
    ]);
    expect(Object.keys(row(on, '/v1.0/auditLogs/signIns'))).toEqual(['id', 'createdDateTime', 'appliedConditionalAccessPolicies']);
  });

  test('without Policy.Read.* the applied policies are left out without a word', () => {
    const on = signInStage({ world: worldOfVersions({ 'sign-ins-interactive': [signIn] }) });
    on.app.roles.delete('Policy.Read.ConditionalAccess');
    expect(row(on, '/beta/auditLogs/signIns')).not.toHaveProperty('appliedConditionalAccessPolicies');
  });

  test('given records are served as given', () => {
    const on = signInStage({ world: { ...worldOfVersions({ 'sign-ins-interactive': [signIn] }), records: 'given' } });
    expect(row(on, '/v1.0/auditLogs/signIns')).toHaveProperty('userAgent');
  });

  test.each([
    { name: 'with the header', headers: { prefer: 'include-unknown-enum-members' }, source: 'microsoftSentinel' },
    { name: 'without', headers: {}, source: 'unknownFutureValue' },
  ])('new sources of alerts, $name: $source', ({ headers, source }) => {
    const on = stage({
      world: worldOfVersions({ alerts: [version('a', at('10:00:00'), { record: { serviceSource: 'microsoftSentinel' } })] }),
    });
    expect(on.askAs(`${graph}/v1.0/security/alerts_v2`, { headers }).json).toMatchObject({ value: [{ serviceSource: source }] });
  });
});

describe('the first alerts API', () => {
  const world = worldOfVersions({ 'alerts-legacy': [version('a', at('10:00:00'))] });
  const ask = (options: StageOptions, now = startAt): number => {
    const on = stage({ world, ...options });
    on.now = now;
    return idsOf(on.askAs(`${graph}/v1.0/security/alerts`)).length;
  };

  test('has answered 200 and an empty list since its retirement', () => {
    expect(ask({})).toBe(0);
  });

  test('serves given records, and everything where a world says so', () => {
    expect([ask({ world: { ...world, records: 'given' } }), ask({ quirks: { legacyAlerts: 'served' } })]).toEqual([1, 1]);
  });
});

test('rows older than the licence keeps are not served', () => {
  const old = version('old', startAt - days(8));
  const on = stage({ world: worldOfVersions({ 'directory-audits': [old] }) });
  const kept = idsOf(on.askAs(`${graph}/v1.0/auditLogs/directoryAudits`));
  on.tenant.licence = 'free';
  expect([kept, idsOf(on.askAs(`${graph}/v1.0/auditLogs/directoryAudits`))]).toEqual([['old'], []]);
});
