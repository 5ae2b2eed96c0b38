import { constants, createPublicKey, verify, X509Certificate, type KeyObject } from 'node:crypto';
import type { Refused, TokenRequest } from './token-request.ts';
import type { AppRegistration, FederatedCredential } from './world.ts';

interface Assertion {
  readonly header: { readonly alg?: string; readonly kid?: string; readonly 'x5t#S256'?: string };
  readonly claims: {
    readonly iss?: string;
    readonly sub?: string;
    readonly aud?: string | readonly string[];
    readonly exp?: number;
    readonly nbf?: number;
  };
  readonly signed: string;
  readonly signature: Buffer;
}

/** Why a client assertion is refused: one signed with the app's certificate, or one of a federated identity provider. */
export function assertionRefusal(text: string, asked: TokenRequest, app: AppRegistration, now: number): Refused | undefined {
  const assertion = parseAssertion(text);
  if (!assertion) return { code: 50013, named: '' };
  const { exp = 0, nbf = 0, iss } = assertion.claims;
  // Entra forgives five minutes of skew.
  if (exp * 1_000 <= now - skewMs || nbf * 1_000 > now + skewMs) return { code: 500133, named: '' };
  return iss === app.clientId ? certificateRefusal(assertion, asked, app) : federationRefusal(assertion, app);
}

function certificateRefusal(assertion: Assertion, asked: TokenRequest, app: AppRegistration): Refused | undefined {
  const thumbprint = Buffer.from(assertion.header['x5t#S256'] ?? '', 'base64url').toString('hex');
  const certificate = app.certificates.find((one) => normalised(one.thumbprintSha256) === thumbprint);
  if (!certificate) return { code: 700027, named: thumbprint.toUpperCase() };
  const isMadeOutToUs = audiences(assertion).some((one) => one === asked.endpoint || one.startsWith(`https://${asked.authority}/`));
  if (!isMadeOutToUs || assertion.claims.sub !== app.clientId) return { code: 50013, named: '' };
  return certificate.pem === undefined || isSignedBy(assertion, certificate.pem) ? undefined : { code: 50013, named: '' };
}

function federationRefusal(assertion: Assertion, app: AppRegistration): Refused | undefined {
  const { iss = '', sub = '' } = assertion.claims;
  // Only RS256 is supported for federated credentials.
  if (assertion.header.alg !== 'RS256') return { code: 50013, named: '' };
  const ofIssuer = app.federatedCredentials.filter((one) => one.issuer === iss);
  const ofAudience = ofIssuer.filter((one) => audiences(assertion).includes(one.audience));
  if (ofAudience.length === 0) return { code: 70021, named: iss };

  const matching = ofAudience.find((one) => one.subject === sub);
  if (!matching) return { code: ofAudience.some((one) => isSameButForCase(one, sub)) ? 7002131 : 700213, named: sub };
  return matching.pem === undefined || isSignedBy(assertion, matching.pem) ? undefined : { code: 50013, named: '' };
}

function isSameButForCase(credential: FederatedCredential, subject: string): boolean {
  return credential.subject.toLowerCase() === subject.toLowerCase();
}

function parseAssertion(text: string): Assertion | undefined {
  const [header, claims, signature] = text.split('.');
  if (!header || !claims || !signature) return undefined;
  try {
    return {
      header: JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as Assertion['header'],
      claims: JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Assertion['claims'],
      signed: `${header}.${claims}`,
      signature: Buffer.from(signature, 'base64url'),
    };
  } catch {
    // What is no JSON is no assertion; the caller answers 50013.
    return undefined;
  }
}

function isSignedBy(assertion: Assertion, pem: string): boolean {
  const key = publicKey(pem);
  const isPss = assertion.header.alg?.startsWith('PS') === true;
  const padding = isPss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {};
  return verify('sha256', Buffer.from(assertion.signed), { key, ...padding }, assertion.signature);
}

function publicKey(pem: string): KeyObject {
  return pem.includes('BEGIN CERTIFICATE') ? new X509Certificate(pem).publicKey : createPublicKey(pem);
}

function audiences(assertion: Assertion): readonly string[] {
  const { aud = [] } = assertion.claims;
  return typeof aud === 'string' ? [aud] : aud;
}

/** Thumbprints are written with colons, spaces, and in either case. */
function normalised(thumbprint: string): string {
  return thumbprint.replaceAll(/[^0-9a-f]/gi, '').toLowerCase();
}

const skewMs = 5 * 60_000;
