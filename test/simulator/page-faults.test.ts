import { describe, expect, test } from '@jest/globals';
import { blob, at, stage, version, worldOfBlobs, worldOfVersions, type Asked, type Stage } from './stage.ts';

const blobs = [blob(at('10:05:00')), blob(at('11:05:00'), { contentId: 'second$1' })];
const signIns = ['10:01:00', '10:02:00', '10:03:00'].map((time, index) => version(`sign-in-${String(index)}`, at(time)));
const withFaults = (faults: unknown): Stage =>
  stage({
    faults,
    world: { ...worldOfBlobs(blobs), ...worldOfVersions({ 'sign-ins-interactive': signIns }) },
    quirks: { graphPageSize: 2 },
  });
const always = (route: string, answer: string, more: object = {}): unknown => ({ rates: { [route]: { [answer]: 1 } }, ...more });

const listUrl = (on: Stage, from: string, until: string): string =>
  `https://manage.office.com/api/v1.0/${on.tenant.tenantId}/activity/feed/subscriptions/content?contentType=Audit.Exchange&startTime=2026-11-22T${from}&endTime=2026-11-22T${until}`;
const list = (on: Stage, from: string, until: string): Asked => on.askAs(listUrl(on, from, until));
const signInsUrl = (from: string, until: string): string =>
  `https://graph.microsoft.com/v1.0/auditLogs/signIns?$filter=${encodeURIComponent(`createdDateTime ge 2026-11-22T${from}Z and createdDateTime le 2026-11-22T${until}Z`)}`;
const ask = (on: Stage, from: string, until: string): Asked => on.askAs(signInsUrl(from, until));

interface Page {
  readonly '@odata.nextLink'?: string;
  readonly value: readonly { readonly id: string }[];
}
const pageOf = ({ json }: Asked): Page => json as Page;
const nextOf = (asked: Asked): string => pageOf(asked)['@odata.nextLink'] ?? '';
const nextPageOf = ({ headers }: Asked): string => headers.NextPageUri ?? '';

describe('a window that is too long', () => {
  test.each([
    { name: 'Graph', long: (on: Stage) => ask(on, '09:00:00', '11:30:00'), short: (on: Stage) => ask(on, '10:00:00', '10:59:59') },
    {
      name: 'the content list',
      long: (on: Stage) => list(on, '09:00:00', '11:30:00'),
      short: (on: Stage) => list(on, '10:00:00', '11:00:00'),
    },
  ])('gets 504 for ever from $name, a shorter one its rows', ({ long, short }) => {
    const on = withFaults(always('*', 'long-window-504'));
    expect([long(on).status, long(on).status, short(on).status, short(on).fault]).toEqual([504, 504, 200, undefined]);
  });

  test('is late only where it is too long', () => {
    const on = withFaults(always('sign-ins', 'long-window-late', { longWindowMinutes: 90 }));
    expect([ask(on, '09:00:00', '11:30:00').fault, ask(on, '10:00:00', '11:00:00').fault]).toEqual(['long-window-late', undefined]);
  });
});

describe('pages after the first', () => {
  test('next-page-404: Graph has a first page, and never a second', () => {
    const on = withFaults(always('sign-ins', 'next-page-404'));
    const first = ask(on, '10:00:00', '11:00:00');
    const second = on.askAs(nextOf(first));
    expect([pageOf(first).value.length, second.status, second.code]).toEqual([2, 404, 'UnknownError']);
    expect(JSON.stringify(second.json)).toContain('Token not found');
  });

  test('empty-page-loop: every record is there, and after the last page one that leads to itself', () => {
    const on = withFaults(always('sign-ins', 'empty-page-loop'));
    const first = ask(on, '10:00:00', '11:00:00');
    const last = on.askAs(nextOf(first));
    const empty = on.askAs(nextOf(last));
    expect([...pageOf(first).value, ...pageOf(last).value].map(({ id }) => id)).toEqual(['sign-in-2', 'sign-in-1', 'sign-in-0']);
    expect([pageOf(empty).value, nextOf(empty)]).toEqual([[], nextOf(last)]);
  });

  test('endless-list: the blobs that there are, and then page after page of others', () => {
    const on = withFaults(always('content-list', 'endless-list', { endlessRows: 3 }));
    const first = list(on, '10:00:00', '11:00:00');
    const second = on.askAs(nextPageOf(first));
    const third = on.askAs(nextPageOf(second));
    const ids = [first, second, third].flatMap(({ json }) => (json as { contentId: string }[]).map(({ contentId }) => contentId));
    expect([ids.length, new Set(ids).size, ids[0]]).toEqual([7, 7, blobs[0]?.contentId]);
    expect(nextPageOf(third)).toContain('nextPage=endless.3');
  });
});

test('long-uris: content URIs of 8,000 characters can be fetched', () => {
  const on = withFaults(always('content-list', 'long-uris'));
  const [row] = list(on, '10:00:00', '11:00:00').json as { contentUri: string }[];
  expect([row?.contentUri.length, on.askAs(row?.contentUri ?? '').status]).toEqual([8_000, 200]);
});

describe('a rule by window', () => {
  const poisoned = { window: { from: '-2h', until: '2026-11-22T11:00:00Z' }, route: 'content-list', answer: 'AF50000' };

  test('breaks one hour of the content list for ever, and no other', () => {
    const on = withFaults({ script: [poisoned] });
    const codes = [list(on, '10:00:00', '11:00:00'), list(on, '11:00:00', '12:00:00'), list(on, '09:00:00', '10:00:00')].map(
      ({ code }) => code,
    );
    expect(codes).toEqual(['AF50000', undefined, undefined]);
  });

  test('ends where it says so', () => {
    const on = withFaults({ script: [{ ...poisoned, until: '+5m' }] });
    const before = list(on, '10:00:00', '11:00:00').status;
    on.now += 300_000;
    expect([before, list(on, '10:00:00', '11:00:00').status]).toEqual([500, 200]);
  });
});

test('a captive portal sends every request to its sign-in page', () => {
  const on = withFaults(always('*', 'captive-portal'));
  const { status, headers } = on.ask(listUrl(on, '10:00:00', '11:00:00'));
  const page = on.ask(`https://captive-portal.example${(headers.Location ?? '').replace(/^\/[^/]+/, '')}`);
  expect([status, page.status, page.headers['Content-Type']]).toEqual([302, 200, 'text/html; charset=utf-8']);
});

test.each([
  { fault: '429-retry-after-list', says: '30,120' },
  { fault: '429-retry-after-years', says: '315360000' },
  { fault: '429-retry-after-date', says: 'Sun, 22 Nov 2026 12:00:05 GMT' },
])('$fault: Retry-After is $says', ({ fault, says }) => {
  const { status, headers } = list(withFaults(always('content-list', fault)), '10:00:00', '11:00:00');
  expect([status, headers['Retry-After']]).toEqual([429, says]);
});
