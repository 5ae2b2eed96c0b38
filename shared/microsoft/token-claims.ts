/** The claims of a token. Its signature is not checked: it is our own token, read to find mistakes before Microsoft does. */

/** Whose a token is, and what it allows. */
export interface TokenClaims {
  /** The tenant's GUID, lower case. */
  readonly tenantId: string;
  /** Application permissions that were granted on the token's API. */
  readonly roles: readonly string[];
}

/** Undefined when the token is not a JWT with a tenant. */
export function readTokenClaims(token: string): TokenClaims | undefined {
  const claims = readClaims(token);
  const tenantId = claims.tid;
  if (typeof tenantId !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(tenantId)) return undefined;
  const roles = Array.isArray(claims.roles) ? claims.roles.filter((role) => typeof role === 'string') : [];
  return { tenantId: tenantId.toLowerCase(), roles };
}

/** The three claims that a federated credential has to match, for the person who compares them. None is a secret. */
export function federationClaims(assertion: string): string {
  const claims = readClaims(assertion);
  return ['iss', 'sub', 'aud'].map((name) => `${name} ${String(claims[name])}`).join(', ');
}

function readClaims(jwt: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? { ...claims } : {};
  } catch {
    return {}; // not a JWT: the claims are all unknown
  }
}
