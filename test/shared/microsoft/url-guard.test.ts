import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cloudById } from '../../../shared/clouds.ts';
import { guardContentUri, guardNextLink, guardNextPageUri, guardTokenEndpoint, ownUrl } from '../../../shared/microsoft/url-guard.ts';

const tenantId = '11111111-2222-3333-4444-555555555555';
const publisherId = '99999999-8888-7777-6666-555555555555';
const place = { cloud: cloudById('gcc-high'), tenantId, publisherId };
const feed = `https://manage.office365.us/api/v1.0/${tenantId}/activity/feed`;
const blob = `${feed}/audit/20261122060000$na0030$audit_exchange$Audit_Exchange$na0030`;
const nextPage = `https://manage.office365.us/api/v1/${tenantId}/activity/feed/subscriptions/content?contentType=Audit.General&startTime=2026-11-22T06:00:00&nextPage=abc%3D`;
const signIns = '/v1.0/auditLogs/signIns';

describe('what belongs to the stream passes', () => {
  test('a content URI gets the publisher and is otherwise left as it is', () => {
    expect(guardContentUri(blob, place)).toEqual({ kind: 'safe', url: `${blob}?PublisherIdentifier=${publisherId}` });
  });

  test('a content URI with another publisher keeps it', () => {
    const url = `${blob}?publisheridentifier=somebody`;
    expect(guardContentUri(url, place)).toEqual({ kind: 'safe', url });
  });

  test('a content URI may be written with /api/v1/ and an upper-case tenant', () => {
    expect(guardContentUri(blob.replace('v1.0', 'v1').replace(tenantId, tenantId.toUpperCase()), place).kind).toBe('safe');
  });

  test('a next page is followed verbatim, with the publisher appended', () => {
    expect(guardNextPageUri(nextPage, place)).toEqual({ kind: 'safe', url: `${nextPage}&PublisherIdentifier=${publisherId}` });
  });

  test('a nextLink is followed whole', () => {
    const nextLink = 'https://graph.microsoft.us/v1.0/auditLogs/signIns?$filter=a%20eq%20%27b%27&$top=1000&$skiptoken=x_y%2Fz==';
    expect(guardNextLink(nextLink, cloudById('us-gov-l4'), signIns)).toEqual({ kind: 'safe', url: nextLink });
  });

  test('a token endpoint is of the cloud that the API is of', () => {
    const endpoint = 'https://login.microsoftonline.us/contoso.example/oauth2/v2.0/token';
    expect(guardTokenEndpoint(endpoint, cloudById('dod')).kind).toBe('safe');
    expect(guardTokenEndpoint(endpoint, cloudById('gcc')).kind).toBe('unsafe');
  });

  test('a query of our own is encoded', () => {
    expect(ownUrl(cloudById('global'), signIns, { $filter: 'a ge 1 & b', $top: '1' })).toBe(
      'https://graph.microsoft.com/v1.0/auditLogs/signIns?$filter=a%20ge%201%20%26%20b&$top=1',
    );
  });
});

const otherTenant = '00000000-0000-0000-0000-000000000000';

test.each([
  { fault: 'not https', url: blob.replace('https', 'http') },
  { fault: 'a host of another cloud', url: blob.replace('manage.office365.us', 'manage.office.com') },
  { fault: 'a host that begins like ours', url: blob.replace('.us/', '.us.example/') },
  { fault: 'a host that ends like ours', url: blob.replace('manage.', 'x-manage.') },
  { fault: 'our host as the user', url: blob.replace('.us/', '.us@192.0.2.1/') },
  { fault: 'our host as user and password', url: blob.replace('https://', 'https://a:b@') },
  { fault: 'a port', url: blob.replace('.us/', '.us:8443/') },
  { fault: 'a dot after the host', url: blob.replace('.us/', '.us./') },
  { fault: 'a backslash before the host', url: blob.replace('//manage', '//192.0.2.1\\manage') },
  { fault: 'dot segments out of the feed', url: `${feed}/audit/../../../../other` },
  { fault: 'encoded dot segments', url: `${feed}/audit/%2e%2e/%2E%2e/%2e%2e/x` },
  { fault: 'an encoded slash', url: `${feed}/audit/..%2f..%2fx` },
  { fault: 'an encoded backslash', url: `${feed}/audit/..%5cx` },
  { fault: 'an empty segment', url: `${feed}//audit/x` },
  { fault: 'another version', url: blob.replace('v1.0', 'v2.0') },
  { fault: 'no feed', url: `https://manage.office365.us/api/v1.0/${tenantId}/ServiceComms/x` },
  { fault: 'a subscription instead of a blob', url: `${feed}/Subscriptions/stop?contentType=Audit.General` },
  { fault: 'subscriptions with an encoded letter', url: `${feed}/%73ubscriptions/stop` },
  { fault: 'subscriptions with an encoded blank', url: `${feed}/subscriptions%20/stop` },
  { fault: 'subscriptions with a parameter', url: `${feed}/subscriptions;a/stop` },
  { fault: 'subscriptions within', url: `${feed}/audit/x/subscriptions` },
  { fault: 'subscriptions alone', url: `${feed}/subscriptions` },
  { fault: 'a parameter without a name', url: `${feed}/;/subscriptions/stop` },
  { fault: 'a parameter after two dots', url: `${feed}/audit/..;/subscriptions/stop` },
  { fault: 'an encoded line end', url: `${feed}/audit/x%0d%0aHost` },
  { fault: 'nothing after the feed', url: `${feed}/` },
  { fault: 'no URL', url: 'audit/x' },
  { fault: 'nothing', url: '' },
  { fault: 'a file', url: 'file:///etc/passwd' },
  { fault: 'a script', url: 'javascript:alert(1)' },
])('a content URI with $fault is unsafe', ({ url }) => {
  expect(guardContentUri(url, place).kind).toBe('unsafe');
});

test('a content URI of another tenant is distinguished, for it may be our own mistake', () => {
  expect(guardContentUri(blob.replace(tenantId, otherTenant), place).kind).toBe('foreign');
  expect(guardNextPageUri(nextPage.replace(tenantId, otherTenant), place).kind).toBe('foreign');
});

test.each([
  { fault: 'another collection', url: 'https://graph.microsoft.us/v1.0/users?$skiptoken=x' },
  { fault: 'another version', url: 'https://graph.microsoft.us/beta/auditLogs/signIns?$skiptoken=x' },
  { fault: 'another host', url: 'https://graph.microsoft.com/v1.0/auditLogs/signIns?$skiptoken=x' },
  { fault: 'a path below', url: 'https://graph.microsoft.us/v1.0/auditLogs/signIns/x?$skiptoken=x' },
])('a nextLink with $fault is unsafe', ({ url }) => {
  expect(guardNextLink(url, cloudById('us-gov-l4'), signIns).kind).toBe('unsafe');
});

test('a next page that is a blob is unsafe', () => {
  expect(guardNextPageUri(blob, place).kind).toBe('unsafe');
});

// Pieces of URLs, good and bad, in all orders: whatever is accepted has to be ours by an independent reading of what is sent.
const pieces = fc.constantFrom(
  ...[
    'https:',
    'http:',
    'HTTPS:',
    '//',
    '/',
    '\\',
    '@',
    ':',
    ':443',
    ':8443',
    '#',
    '?',
    '%2f',
    '%2e',
    '..',
    '.',
    '\t',
    '\n',
    ' ',
    '\0',
    'ß',
  ],
  ...[
    'manage.office365.us',
    'MANAGE.office365.us',
    'manage.office.com',
    'evil.example',
    '192.0.2.1',
    '[2001:db8::1]',
    'manage.office365.us.',
  ],
  ...[
    '/api/v1.0/',
    '/api/v1/',
    tenantId,
    otherTenant,
    '/activity/feed/',
    'audit/',
    'subscriptions/content',
    'a$b$c',
    '?PublisherIdentifier=x',
  ],
);
const assembled = fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join(''));
const mutated = fc
  .tuple(fc.constantFrom(blob, nextPage), fc.nat(), fc.nat({ max: 3 }), fc.oneof(pieces, fc.string({ maxLength: 6 })))
  .map(([url, at, cut, piece]) => url.slice(0, at % url.length) + piece + url.slice((at % url.length) + cut));

test('whatever passes the guards leads to this tenant on this host and nowhere else', () => {
  fc.assert(
    fc.property(fc.oneof(assembled, mutated, fc.webUrl(), fc.string()), (url) => {
      for (const guard of [guardContentUri, guardNextPageUri]) {
        const answer = guard(url, place);
        if (answer.kind !== 'safe') continue;
        expect(answer.url.toLowerCase()).toMatch(
          /^https:\/\/manage\.office365\.us\/api\/v1(\.0)?\/11111111-2222-3333-4444-555555555555\/activity\/feed\/[^/?]/,
        );
        expect(answer.url.toLowerCase()).toContain('publisheridentifier=');
        expect(answer.url).not.toMatch(/[\s#]/);
        expect(answer.url.split('?')[0]).not.toMatch(/\\|\/\.\.?(\/|$)/);
      }
    }),
    { numRuns: 20_000 },
  );
});
