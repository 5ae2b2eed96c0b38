import { describe, expect, test } from '@jest/globals';
import type { FaultName } from '../../simulator/fault-names.ts';
import { parseFaults } from '../../simulator/faults.ts';
import { at, blob, stage, worldOfBlobs, type Asked, type Stage } from './stage.ts';

const listed = blob(at('10:00:00'));
const root = (on: Stage): string => `https://manage.office.com/api/v1.0/${on.tenant.tenantId}/activity/feed`;
const subscriptions = (on: Stage): Asked => on.askAs(`${root(on)}/subscriptions/list`);
const fetchBlob = (on: Stage): Asked => on.askAs(`${root(on)}/audit/${listed.contentId}`);
const withFaults = (faults: unknown): Stage => stage({ faults, world: worldOfBlobs([listed]) });

describe('what is no fault', () => {
  test.each([
    { name: 'an unknown answer', faults: { rates: { token: { '418': 1 } } }, says: 'rates.token' },
    { name: 'an unknown route', faults: { rates: { tokens: { '503': 1 } } }, says: 'tokens' },
    { name: 'a rate above 1', faults: { rates: { '*': { '503': 1.5 } } }, says: 'rates.*.503' },
    { name: 'a rule of nothing', faults: { script: [{ whenever: 'x' }] }, says: 'script.0' },
    { name: 'a time that is none', faults: { script: [{ at: 'tomorrow', event: 'rotate-secret' }] }, says: 'script.0' },
    { name: 'a key nobody knows', faults: { rate: {} }, says: 'rate' },
  ])('$name is refused, and the message lists what there is', ({ faults, says }) => {
    expect(() => parseFaults(faults)).toThrow(says);
    expect(() => parseFaults(faults)).toThrow('answers are 401, ');
  });
});

describe('by rate', () => {
  const outcomes = (seed: string): (FaultName | undefined)[] => {
    const on = withFaults({ seed, rates: { 'subscriptions-list': { '503': 0.3, '429': 0.2 } } });
    return Array.from({ length: 400 }, () => subscriptions(on).fault);
  };

  test('faults are as frequent as they should be, and the same for the same seed', () => {
    const [once, again, other] = [outcomes('a'), outcomes('a'), outcomes('b')];
    const share = (fault: FaultName) => once.filter((one) => one === fault).length / once.length;
    expect(Math.abs(share('503') - 0.3)).toBeLessThan(0.08);
    expect(Math.abs(share('429') - 0.2)).toBeLessThan(0.08);
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
  });

  test('* is every route', () => {
    const on = stage({ faults: { rates: { '*': { '500': 1 } } } });
    expect(on.ask(`${root(on)}/subscriptions/list`).status).toBe(500);
  });
});

describe('by script', () => {
  test('the third request of a route, and no other', () => {
    const on = withFaults({ script: [{ route: 'subscriptions-list', request: 3, answer: '503' }] });
    expect(Array.from({ length: 4 }, () => subscriptions(on).status)).toEqual([200, 200, 503, 200]);
  });

  test('everything between two times', () => {
    const on = withFaults({ script: [{ from: '+10m', until: '2026-11-22T12:20:00Z', answer: '503-retry-after' }], retryAfterSeconds: 7 });
    const before = subscriptions(on).status;
    on.now = at('12:10:00');
    const token = on.ask(`https://login.microsoftonline.com/${on.tenant.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      body: on.tokenForm('manage.office.com'),
    });
    on.now = at('12:20:00');
    expect([before, token.status, token.headers['Retry-After'], subscriptions(on).status]).toEqual([200, 503, '7', 200]);
  });

  test.each([
    { name: 'this one', concerns: { contentId: listed.contentId } },
    { name: 'the first of its type', concerns: { logType: 'audit-exchange', nth: 1 } },
    { name: 'one in one', concerns: { oneIn: 1 } },
  ])('a blob for ever: $name', ({ concerns }) => {
    const on = withFaults({ script: [{ blob: concerns, answer: '404' }] });
    expect([fetchBlob(on).status, fetchBlob(on).status, subscriptions(on).status]).toEqual([404, 404, 200]);
  });

  test('a blob for its first two fetches only', () => {
    const on = withFaults({ script: [{ blob: { contentId: listed.contentId }, answer: 'AF20050', times: 2 }] });
    expect([fetchBlob(on).code, fetchBlob(on).code, fetchBlob(on).status]).toEqual(['AF20050', 'AF20050', 200]);
  });
});

describe('by the clock', () => {
  const after = (event: string, ask: (on: Stage) => Asked, more: Readonly<Record<string, string>> = {}): Asked => {
    const on = withFaults({ script: [{ at: '+60s', event, ...more }] });
    on.now += 60_000;
    // Events happen with the next request, whatever it is.
    on.ask('https://login.microsoftonline.com/common/oauth2/v2.0/token', { method: 'POST' });
    return ask(on);
  };
  const token = (secret: string) => (on: Stage) =>
    on.ask(`https://login.microsoftonline.com/${on.tenant.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      body: on.tokenForm('manage.office.com', { client_secret: secret }),
    });
  const list = (on: Stage) =>
    on.askAs(`${root(on)}/subscriptions/content?contentType=Audit.Exchange&startTime=2026-11-22T10:00:00&endTime=2026-11-22T11:00:00`);

  test.each<{ event: string; ask: (on: Stage) => Asked; outcome: string; more?: Readonly<Record<string, string>> }>([
    { event: 'rotate-secret', ask: token('simulated-secret-of-contoso'), outcome: '7000215' },
    { event: 'rotate-secret', ask: token('new'), outcome: '200', more: { secret: 'new' } },
    { event: 'expire-secret', ask: token('simulated-secret-of-contoso'), outcome: '7000222' },
    { event: 'block-by-conditional-access', ask: token('simulated-secret-of-contoso'), outcome: '53003' },
    { event: 'withdraw-consent', ask: subscriptions, outcome: 'AF10001' },
    { event: 'disable-subscription', ask: list, outcome: 'AF20023', more: { contentType: 'Audit.Exchange' } },
    { event: 'remove-subscription', ask: list, outcome: 'AF20022' },
    { event: 'disable-subscription', ask: list, outcome: '200', more: { contentType: 'DLP.All' } },
    { event: 'switch-auditing-off', ask: list, outcome: 'AF50000' },
    { event: 'delete-tenant', ask: list, outcome: 'AF20011' },
    { event: 'delete-tenant', ask: list, outcome: '200', more: { tenant: 'fabrikam' } },
    {
      event: 'lose-licence',
      ask: (on) => on.askAs('https://graph.microsoft.com/v1.0/auditLogs/signIns'),
      outcome: 'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
    },
  ])('$event: $outcome', ({ event, ask, outcome, more = {} }) => {
    const answer = after(event, ask, more);
    expect(answer.code ?? String(answer.status)).toBe(outcome);
  });
});

test('the request log shows what was answered, and what went wrong', () => {
  const on = withFaults({ script: [{ route: 'content-fetch', request: 2, answer: 'malformed' }] });
  for (let times = 0; times < 3; times++) fetchBlob(on);
  on.ask('https://elsewhere.example/x');
  expect(on.requestLog.toJSON()).toEqual({
    requests: { token: { '200': 3 }, 'content-fetch': { '200': 2, '200 (malformed)': 1 } },
    faults: { malformed: 1 },
    throttled: {},
    tokensIssued: 3,
    blobsFetched: 1,
    blobsFetchedMoreThanOnce: 1,
    unknownHosts: { 'elsewhere.example': 1 },
  });
});
