/** Who may ask the console: only the page that it served, on this machine, in this session. */

import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What decides about a request. */
export interface GuardedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** What is done with a request. */
export type Admission =
  | { readonly kind: 'page' }
  | { readonly kind: 'api' }
  /** The first call with the token in its address: it becomes a cookie, and leaves the address bar. */
  | { readonly kind: 'enter'; readonly to: string }
  | { readonly kind: 'refused'; readonly status: number; readonly because: string };

/** The cookie's name; one console a port, and cookies know no ports. */
export const cookieName = (port: number): string => `lake_console_${String(port)}`;
/** The header in which the page sends the token with every call. */
const tokenHeader = 'x-lake-token';

/**
 * Decides about a request before anything of it is read.
 *
 * A foreign Host is a name that somebody else resolves to this machine (DNS rebinding); a foreign Origin is another page's script.
 */
export function admit({ method, url, headers }: GuardedRequest, port: number, token: string): Admission {
  const own = [`127.0.0.1:${String(port)}`, `localhost:${String(port)}`];
  if (!own.includes(headers.host ?? '')) return refused(421, 'this is not the host of the console');
  if (headers.origin !== undefined && !own.some((host) => headers.origin === `http://${host}`))
    return refused(403, 'this is another page: the console answers its own alone');
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  const given = searchParams.get('token');
  if (method === 'GET' && given !== null) {
    if (!same(given, token)) return refused(401, missing);
    searchParams.delete('token');
    const rest = searchParams.toString();
    return { kind: 'enter', to: `${pathname.replace(/^\/+/, '/')}${rest === '' ? '' : `?${rest}`}` };
  }
  if (!same(cookieOf(headers.cookie, cookieName(port)), token)) return refused(401, missing);
  if (!pathname.startsWith('/api/')) return method === 'GET' ? { kind: 'page' } : refused(405, 'pages are only read');
  if (method !== 'POST') return refused(405, 'the API is asked by POST');
  if (!same(String(headers[tokenHeader] ?? ''), token)) return refused(401, missing);
  if (headers['content-type'] !== 'application/json') return refused(415, 'the API takes application/json');
  return { kind: 'api' };
}

const missing = "open the address that 'lake console' printed: it has the token of this session";
const refused = (status: number, because: string): Admission => ({ kind: 'refused', status, because });

function same(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function cookieOf(header = '', name: string): string {
  const pair = header.split(/;\s*/).find((one) => one.startsWith(`${name}=`));
  return pair === undefined ? '' : pair.slice(name.length + 1);
}

/** Sent with everything: nothing but our own files is loaded, nobody frames us, and nothing is kept or sent to others. */
export const safeHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
};
