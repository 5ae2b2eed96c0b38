/** URLs that come from answers: whatever they are, a token only ever goes to the host and path it was issued for. */

import fc from 'fast-check';
import { clouds, type Cloud } from '../../../shared/clouds.ts';
import { guardContentUri, guardNextLink, guardNextPageUri, guardTokenEndpoint, type Guarded } from '../../../shared/microsoft/url-guard.ts';
import { hold, target, type Target } from '../target.ts';
import { mutated, nastyText } from '../hostile.ts';

const tenantId = '11111111-2222-4333-8444-555555555555';
const publisherId = '99999999-8888-4777-8666-555555555555';
const collection = '/v1.0/auditLogs/signIns';

const hosts = [...new Set(clouds.flatMap(({ host, authority }) => [host, authority]))];
const scheme = fc.constantFrom('https', 'https', 'https', 'http', 'HTTPS', 'ftp', 'javascript', 'data', 'file', ' https', 'ht\ttps', '');
const slashes = fc.constantFrom('://', '://', '://', ':', ':/', ':///', ':\\\\', '//', ':/\\');
const user = fc.constantFrom('', '', '', 'user@', 'manage.office.com@', 'graph.microsoft.com:443@', '@', ':@', '%40');
const host = fc.oneof(
  fc.constantFrom(...hosts),
  fc.constantFrom(...hosts).chain((name) => mutated(name)),
  fc.constantFrom(...hosts).map((name) => `${name}.example`),
  fc.constantFrom(...hosts).map((name) => `evil.example#${name}`),
  fc.constantFrom(...hosts).map((name) => name.replace('.', '\u3002')),
  fc.constantFrom(
    '192.0.2.1',
    '[::1]',
    'localhost',
    '169.254.169.254',
    'xn--mnage-nqa.office.com',
    'manage.office.com\\.example',
    'manage.office.com%2eexample',
    '',
  ),
);
const port = fc.constantFrom('', '', '', ':443', ':80', ':8443', ':', ':99999');
const path = fc
  .oneof(
    fc.constantFrom(
      `/api/v1.0/${tenantId}/activity/feed/audit/20261122$blob`,
      `/api/v1/${tenantId}/activity/feed/subscriptions/content`,
      `/api/v1.0/${tenantId}/activity/feed/subscriptions/content?contentType=Audit.General&nextPage=x`,
      `/api/v1.0/${tenantId}/activity/feed/../../../../other`,
      `/api/v1.0/${tenantId}/activity/feed/audit/%2e%2e/%2e%2e`,
      `/api/v1.0/${tenantId}/activity/feed//evil.example/`,
      `${collection}?$skiptoken=x`,
      `/beta/../v1.0/auditLogs/signIns`,
      `/${tenantId}/oauth2/v2.0/token`,
      '/contoso.example/oauth2/v2.0/token',
    ),
    nastyText,
  )
  .chain((text) => fc.oneof({ weight: 2, arbitrary: fc.constant(text) }, { weight: 1, arbitrary: mutated(text) }));
const urls = fc.oneof(
  fc.tuple(scheme, slashes, user, host, port, path).map((parts) => parts.join('')),
  fc.constantFrom(...clouds).chain((cloud) => mutated(`https://${cloud.host}/api/v1.0/${tenantId}/activity/feed/audit/20261122$a$b`)),
  fc.constantFrom(...clouds).chain((cloud) => mutated(`https://${cloud.host}${collection}?$skiptoken=abc`)),
);
const cloud = fc.constantFrom<Cloud>(...clouds);
const inputs = fc.tuple(urls, cloud);

/** Looked at as text, not as the guard's own parser sees it: nothing but these characters stands before the path. */
function holdGuarded(answer: Guarded, expectedHost: string, expectedPath: RegExp): void {
  if (answer.kind !== 'safe') return;
  const [, authority, rest = ''] = /^https:\/\/([^/?#]*)(\/.*)$/s.exec(answer.url) ?? [];
  hold(authority === expectedHost, `a token would go to '${String(authority)}'`);
  hold(!/[\s\0-\x1f\x7f#]/.test(answer.url), 'it has characters that a server may read in another way');
  const [pathname = ''] = rest.split('?');
  hold(!pathname.includes('\\'), 'its path has a separator that some servers take for one');
  hold(!/(?:^|\/)\.\.?(?:\/|$)|\/\/|%2e|%2f|%5c/i.test(pathname), `its path '${pathname}' leads elsewhere`);
  hold(expectedPath.test(pathname), `its path is '${pathname}'`);
}

const feed = new RegExp(`^/api/v1(?:\\.0)?/${tenantId}/activity/feed/`, 'i');
const place = (of: Cloud) => ({ cloud: of, tenantId, publisherId });

export const guardTargets: readonly Target[] = [
  target({ name: 'content-uri', what: 'contentUri of a content list', share: 150 }, inputs, ([url, of]) => {
    holdGuarded(guardContentUri(url, place(of)), of.host, feed);
  }),
  target({ name: 'next-page-uri', what: 'NextPageUri header of a content list', share: 150 }, inputs, ([url, of]) => {
    holdGuarded(guardNextPageUri(url, place(of)), of.host, new RegExp(`${feed.source}subscriptions/content$`, 'i'));
  }),
  target({ name: 'next-link', what: '@odata.nextLink of a Graph page', share: 150 }, inputs, ([url, of]) => {
    holdGuarded(guardNextLink(url, of, collection), of.host, /^\/v1\.0\/auditLogs\/signIns$/i);
  }),
  target({ name: 'token-endpoint', what: 'where a token request goes', share: 50 }, inputs, ([url, of]) => {
    holdGuarded(guardTokenEndpoint(url, of), of.authority, /^\/[a-z0-9.-]+\/oauth2\/v2\.0\/token$/i);
  }),
];
