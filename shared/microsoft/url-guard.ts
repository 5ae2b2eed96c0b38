/** Which URLs a token may be sent to. Pure; everything that comes from an answer is hostile until it has passed here. */

import type { Cloud } from '../clouds.ts';

declare const guarded: unique symbol;
/** A URL that passed a guard: https, one of our own hosts, no user, no port, a path we know. Made here only. */
export type GuardedUrl = string & { readonly [guarded]: true };

/** What a guard finds. */
export type Guarded =
  | { readonly kind: 'safe'; readonly url: GuardedUrl }
  /** Well-formed, and of another tenant: the configuration has changed since, or Microsoft mixed tenants up. */
  | { readonly kind: 'foreign'; readonly why: string }
  | { readonly kind: 'unsafe'; readonly why: string };

/** Where a tenant's content is: what a URL of the Management Activity API has to agree with. */
export interface ActivityPlace {
  readonly cloud: Cloud;
  /** The tenant's GUID, lower case. */
  readonly tenantId: string;
  /** GUID that requests are counted against. */
  readonly publisherId: string;
}

/** A content blob's own URI, with PublisherIdentifier. It is part of an answer, and may not lead anywhere but to this tenant's feed. */
export function guardContentUri(contentUri: string, place: ActivityPlace): Guarded {
  return guardFeed(contentUri, place, (path) => path.length > 0 && !namesOf(path).includes('subscriptions'), 'a content blob');
}

/** The next page of a content list, verbatim, with PublisherIdentifier. Microsoft writes `/api/v1/` as well as `/api/v1.0/`. */
export function guardNextPageUri(nextPageUri: string, place: ActivityPlace): Guarded {
  return guardFeed(nextPageUri, place, (path) => path === 'subscriptions/content', 'a content list');
}

/** The next page of a Graph collection, whole and verbatim. */
export function guardNextLink(nextLink: string, cloud: Cloud, collectionPath: string): Guarded {
  return guard(nextLink, cloud.host, (url) => {
    return url.pathname.toLowerCase() === collectionPath.toLowerCase() ? undefined : `its path is not ${collectionPath}`;
  });
}

/** Where tokens of a cloud are issued. */
export function guardTokenEndpoint(endpoint: string, cloud: Cloud): Guarded {
  return guard(endpoint, cloud.authority, (url) => {
    return /^\/[a-z0-9.-]+\/oauth2\/v2\.0\/token$/i.test(url.pathname) ? undefined : 'its path is not a token endpoint';
  });
}

/** A URL of our own making: the cloud's host, a path, and a query. */
export function ownUrl(cloud: Cloud, path: string, query: Readonly<Record<string, string>>): GuardedUrl {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `https://${cloud.host}${path}?${pairs.join('&')}` as GuardedUrl;
}

/** `/api/v1.0/{tenant}/activity/feed`, the root of the Management Activity API. */
export function feedPath(tenantId: string): string {
  return `/api/v1.0/${tenantId}/activity/feed`;
}

function guardFeed(text: string, place: ActivityPlace, isExpected: (path: string) => boolean, what: string): Guarded {
  let owner: string | undefined;
  const answer = guard(text, place.cloud.host, (url) => {
    const [, tenantId, path] = /^\/api\/v1(?:\.0)?\/([^/]+)\/activity\/feed\/(.*)$/i.exec(url.pathname) ?? [];
    owner = tenantId?.toLowerCase();
    return path !== undefined && isExpected(path.toLowerCase()) ? undefined : `its path is not ${what}`;
  });
  if (answer.kind !== 'safe') return answer;
  if (owner !== place.tenantId) return { kind: 'foreign', why: 'it belongs to another tenant' };
  return { kind: 'safe', url: withPublisher(answer.url, place.publisherId) };
}

/** What is sent is the parsed URL written out again, never the text: two parsers may disagree about a text. */
function guard(text: string, host: string, pathFault: (url: URL) => string | undefined): Guarded {
  const url = URL.parse(text);
  if (!url) return unsafe('it is not a URL');
  if (url.protocol !== 'https:') return unsafe('it is not https');
  if (url.username !== '' || url.password !== '') return unsafe('it names a user');
  if (url.port !== '') return unsafe('it names a port');
  if (url.hostname !== host) return unsafe(`its host is not ${host}`);
  if (isAmbiguous(url.pathname)) return unsafe('its path is ambiguous');
  const fault = pathFault(url);
  return fault === undefined ? { kind: 'safe', url: `https://${host}${url.pathname}${url.search}` as GuardedUrl } : unsafe(fault);
}

/** An encoded separator, dot or control character, or a parameter in the place of a name, could mean another path to the server. */
function isAmbiguous(path: string): boolean {
  return /%(?:2f|5c|2e|[01][0-9a-f]|7f)|\/\/|\/\.*;/i.test(path);
}

/** The names of a path as a server may take them: decoded, in lower case, without parameters and blanks. */
function namesOf(path: string): readonly string[] {
  const decoded = path.replaceAll(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return decoded
    .toLowerCase()
    .split('/')
    .map((name) => name.split(';', 1).join('').trim());
}

function withPublisher(url: GuardedUrl, publisherId: string): GuardedUrl {
  const { searchParams, search } = new URL(url);
  if ([...searchParams.keys()].some((name) => name.toLowerCase() === 'publisheridentifier')) return url;
  return `${url}${search === '' ? '?' : '&'}PublisherIdentifier=${publisherId}` as GuardedUrl;
}

function unsafe(why: string): Guarded {
  return { kind: 'unsafe', why };
}
