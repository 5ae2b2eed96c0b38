/** One token from Microsoft Entra, by MSAL, checked before anybody can use it. */

import { ConfidentialClientApplication, type Configuration } from './msal.cjs';
import { createPrivateKey } from 'node:crypto';
import { tokenScope, type Cloud } from '../clouds.ts';
import type { Tenant } from '../domain/tenant.ts';
import { minutes, type Instant } from '../domain/window.ts';
import type { Clock } from '../ports/clock.ts';
import type { Answer, Refusal } from '../ports/microsoft.ts';
import type { Credential } from '../ports/tenants.ts';
import { judgeToken, tokenErrorNumbers } from './api-errors.ts';
import { refuse } from './refuse.ts';
import type { Http, HttpReply } from './http.ts';
import type { Limits } from './limits.ts';
import { msalNetwork, type MsalNetwork } from './msal-network.ts';
import { federationClaims, readTokenClaims, type TokenClaims } from './token-claims.ts';
import { certificateErrors, credentialErrors, secretIdRow, wrongSecret } from './token-errors.ts';

/** A token that was checked to belong to the tenant. */
export interface Token extends TokenClaims {
  readonly value: string;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
}

/** What asking for a token needs. */
export interface TokenRequestDeps {
  readonly http: Http;
  readonly clock: Clock;
  readonly limits: Limits;
}

/** What became of one request for a token. */
export interface TokenAnswer {
  readonly answer: Answer<Token>;
  /** Another credential may do: this one was refused. */
  readonly isCredentialRefused: boolean;
}

/**
 * Asks for a token of one cloud's API.
 *
 * A client of MSAL's is made for each request: tokens are kept by token.ts, on our clock, and MSAL's memory of throttled
 * requests, which answers for a minute without asking anybody, dies with it.
 *
 * @throws What the credential's own `assertion` throws.
 */
export async function requestToken(tenant: Tenant, cloud: Cloud, credential: Credential, deps: TokenRequestDeps): Promise<TokenAnswer> {
  const fault = credentialFault(tenant, credential);
  if (fault) return { answer: fault, isCredentialRefused: true };
  const network = msalNetwork(deps.http, deps.clock, cloud, deps.limits);
  const assertions: string[] = [];
  const client = new ConfidentialClientApplication(configuration(tenant, cloud, credential, network, assertions));
  try {
    const result = await client.acquireTokenByClientCredential({ scopes: [tokenScope(cloud)] });
    const now = deps.clock.now();
    return { answer: checked(tenant, result?.accessToken ?? '', now, lifetimeMs(network)), isCredentialRefused: false };
  } catch (error) {
    return explain(network.ownError() ?? error, network.lastAnswer(), credential, assertions.at(-1));
  }
}

/** What can be seen to be wrong without asking Microsoft. */
function credentialFault(tenant: Tenant, credential: Credential): Refusal | undefined {
  const kind = credential.kind === 'assertion' ? 'federated' : credential.kind;
  if (kind !== tenant.credentialKind) {
    return refused(
      'credential',
      `the stored credential is a ${kind}, the configuration names a ${tenant.credentialKind}`,
      'Make them agree',
    );
  }
  if (credential.kind === 'secret' && credential.secret.trim() === '')
    return refused('credential', 'the client secret is empty', 'Store the secret');
  if (credential.kind !== 'certificate') return undefined;
  if (!/^[0-9a-f]{64}$/i.test(plainHex(credential.thumbprintSha256))) {
    return refused(
      'credential',
      'the thumbprint is not a SHA-256 one',
      'Store the 64 hex digits that the portal shows as SHA-256 thumbprint',
    );
  }
  return isPrivateKey(credential.privateKey)
    ? undefined
    : refused('credential', 'the private key of the certificate cannot be read', 'Store an unencrypted PEM private key');
}

function configuration(
  tenant: Tenant,
  cloud: Cloud,
  credential: Credential,
  networkClient: MsalNetwork,
  assertions: string[],
): Configuration {
  const auth = { clientId: tenant.clientId, authority: `https://${cloud.authority}/${tenant.tenantDomain}` };
  const system = { networkClient, disableInternalRetries: true };
  switch (credential.kind) {
    case 'secret':
      return { auth: { ...auth, clientSecret: credential.secret }, system };
    case 'certificate': {
      const { privateKey, thumbprintSha256 } = credential;
      return { auth: { ...auth, clientCertificate: { privateKey, thumbprintSha256: plainHex(thumbprintSha256) } }, system };
    }
    case 'assertion': {
      const clientAssertion = async (): Promise<string> => {
        const assertion = await credential.assertion();
        assertions.push(assertion);
        return assertion;
      };
      return { auth: { ...auth, clientAssertion }, system };
    }
  }
}

/**
 * What can be sent as a bearer token: anything else would be refused by the header for as long as the token is kept.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
const bearerToken = /^[\w.~+/-]+=*$/;

/** A token of another tenant never leaves this function. */
function checked(tenant: Tenant, value: string, now: Instant, validMs: number): Answer<Token> {
  const claims = bearerToken.test(value) ? readTokenClaims(value) : undefined;
  if (!claims) {
    return { kind: 'unavailable', cause: { code: 'token', message: 'the token that Microsoft issued names no tenant', cure: '' } };
  }
  if (/^[0-9a-f-]{36}$/i.test(tenant.tenantDomain) && tenant.tenantDomain.toLowerCase() !== claims.tenantId) {
    return refused(
      'foreign-token',
      `the token belongs to tenant ${claims.tenantId}, not to the configured one`,
      'Check tenantDomain and clientId',
    );
  }
  return { kind: 'ok', value: { ...claims, value, issuedAt: now, expiresAt: now + validMs } };
}

/** From the answer itself, not from MSAL's clock. */
function lifetimeMs(network: MsalNetwork): number {
  const answer = network.lastAnswer();
  const text = answer?.kind === 'ok' ? answer.value.body.toString('utf8') : '';
  const lifetimeSeconds = Number(/"expires_in"\s*:\s*"?(\d+)/.exec(text)?.[1] ?? 3_599);
  return Math.min(lifetimeSeconds * 1_000, minutes(24 * 60));
}

/** Reads what Microsoft answered, not what MSAL made of it. Without an answer it is our own error, and thrown on. */
function explain(error: unknown, last: Answer<HttpReply> | undefined, credential: Credential, assertion: string | undefined): TokenAnswer {
  if (!last) throw error;
  if (last.kind !== 'ok')
    return { answer: last.kind === 'malformed' ? { ...last, kind: 'unavailable' } : last, isCredentialRefused: false };
  const numbers = tokenErrorNumbers(last.value.body);
  const details = detailsOf(numbers, credential, assertion);
  const known = numbers.includes(wrongSecret) && isSecretId(credential) ? secretIdRow : undefined;
  return { answer: judgeToken(last.value, details, known), isCredentialRefused: numbers.some((number) => credentialErrors.has(number)) };
}

/** What the person has to compare with the application's registration. No secrets. */
function detailsOf(numbers: readonly number[], credential: Credential, assertion: string | undefined): string {
  const isFederation = numbers.some((number) => String(number).startsWith('7002'));
  if (isFederation && assertion !== undefined) return `: ${federationClaims(assertion)}`;
  if (credential.kind !== 'certificate' || !numbers.some((number) => certificateErrors.has(number))) return '';
  return `; its SHA-256 thumbprint is ${plainHex(credential.thumbprintSha256).toUpperCase()}`;
}

/** The portal shows an ID beside each secret's Value; only the ID is a GUID. */
function isSecretId(credential: Credential): boolean {
  return credential.kind === 'secret' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(credential.secret.trim());
}

function refused(code: string, message: string, cure: string): Refusal {
  return refuse('refused', { code, message, cure });
}

function isPrivateKey(pem: string): boolean {
  try {
    createPrivateKey(pem);
    return true;
  } catch {
    return false; // the reason could quote the key
  }
}

function plainHex(thumbprint: string): string {
  return thumbprint.replace(/[:\s]/g, '');
}
