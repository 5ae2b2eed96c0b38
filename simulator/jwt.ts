/** Access tokens as Entra shapes them (v1, app-only). Signed with a key of no secrecy at all: only the simulator accepts them. */

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../shared/domain/window.ts';
import { guidOf } from './random.ts';

/** The claims that the APIs look at. */
export interface AccessTokenClaims {
  /** The resource, `https://manage.office.com`. */
  readonly aud: string;
  readonly tid: string;
  readonly appid: string;
  /** Absent, not empty, when no application permission was granted. */
  readonly roles?: readonly string[];
  /** Seconds. */
  readonly iat: number;
  readonly exp: number;
}

/** @param lifetimeSeconds Until `exp`. */
export function issueToken(claims: Omit<AccessTokenClaims, 'iat' | 'exp'>, now: Instant, lifetimeSeconds: number): string {
  const issuedAt = Math.floor(now / 1_000);
  const servicePrincipal = guidOf('service-principal', claims.tid, claims.appid);
  return sign({
    aud: claims.aud,
    iss: `https://sts.windows.net/${claims.tid}/`,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + lifetimeSeconds,
    aio: guidOf('aio', claims.appid, now),
    appid: claims.appid,
    appidacr: '1',
    idp: `https://sts.windows.net/${claims.tid}/`,
    idtyp: 'app',
    oid: servicePrincipal,
    ...(claims.roles === undefined ? {} : { roles: claims.roles }),
    sub: servicePrincipal,
    tid: claims.tid,
    uti: guidOf('uti', claims.appid, now).slice(0, 22),
    ver: '1.0',
  });
}

/** The claims of a token that this simulator issued and that has not expired, else why not. */
export function readToken(token: string, now: Instant): AccessTokenClaims | 'not ours' | 'expired' {
  const [header, payload, signature] = token.split('.');
  if (!header || !payload || !signature) return 'not ours';
  if (!isSame(signature, signatureOf(`${header}.${payload}`))) return 'not ours';
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as AccessTokenClaims;
  return claims.exp * 1_000 <= now ? 'expired' : claims;
}

/** A compact JWT signed with the simulator's own key. */
function sign(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ typ: 'JWT', alg: 'HS256', kid: 'simulator' })}.${part(claims)}`;
  return `${signed}.${signatureOf(signed)}`;
}

function signatureOf(signed: string): string {
  return createHmac('sha256', 'the simulator of Microsoft, not a secret').update(signed).digest('base64url');
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
