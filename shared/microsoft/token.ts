/** Tokens, one per tenant and cloud, kept until they run out. */

import { cloudById, type CloudId } from '../clouds.ts';
import type { Tenant } from '../domain/tenant.ts';
import { longestRetryAfterMs } from '../domain/retry.ts';
import { minutes, seconds, type Instant } from '../domain/window.ts';
import type { Answer, Refusal } from '../ports/microsoft.ts';
import { TenantsUnavailable, type Credential, type Tenants } from '../ports/tenants.ts';
import { refuse } from './refuse.ts';
import { requestToken, type Token, type TokenAnswer, type TokenRequestDeps } from './token-request.ts';

/** The tenant is in order; its credential is asked for again a little later. */
const notNow: Refusal = refuse(
  'unavailable',
  {
    code: 'credential-not-read',
    message: "the tenant's credential cannot be read now, for its store is throttling or out of reach",
    cure: '',
  },
  seconds(30),
);

/** Tokens for any tenant and cloud; never throws for what Microsoft does. */
export interface Tokens {
  /** A token that is good for at least two minutes. */
  acquire(tenant: Tenant, cloud: CloudId): Promise<Answer<Token>>;
  /** Another token than this one, which Microsoft refused; the credential is read again. At most one a minute is made. */
  renew(tenant: Tenant, cloud: CloudId, refused: Token): Promise<Answer<Token>>;
  /** The token lacks a permission: one that was granted since is in the next token only. Young tokens are kept. */
  forget(tenant: Tenant, cloud: CloudId, token: Token): void;
}

interface Entry {
  token?: Token | undefined;
  underWay?: Promise<Answer<Token>> | undefined;
  renewedAt?: Instant;
  held?: { readonly until: Instant; readonly refusal: Refusal };
}

/**
 * The tokens of all tenants of a client.
 *
 * Calls at the same time share one request. A credential that Microsoft refuses is read again once, for it may have been replaced.
 */
export function connectTokens(deps: TokenRequestDeps & { readonly tenants: Pick<Tenants, 'credential'> }): Tokens {
  const entries = new Map<string, Entry>();
  const tenantIds = new Map<string, string>();
  const now = (): Instant => deps.clock.now();

  /** Undefined when it cannot be read now; what is wrong with it is thrown. */
  const credentialOf = (tenant: Tenant, how: 'refresh' | undefined): Promise<Credential | undefined> =>
    deps.tenants.credential(tenant.name, how).catch((error: unknown) => {
      if (error instanceof TenantsUnavailable) return undefined;
      throw error;
    });

  const issue = async (entry: Entry, tenant: Tenant, cloud: CloudId, refresh?: 'refresh'): Promise<Answer<Token>> => {
    const request = async (how?: 'refresh'): Promise<TokenAnswer> => {
      const credential = await credentialOf(tenant, how);
      return credential === undefined
        ? { answer: notNow, isCredentialRefused: false }
        : requestToken(tenant, cloudById(cloud), credential, deps);
    };
    const first = await request(refresh);
    const { answer } = first.isCredentialRefused && refresh === undefined ? await request('refresh') : first;
    const settled = answer.kind === 'ok' ? ofSameTenant(tenant, answer.value, tenantIds) : answer;
    if (settled.kind === 'ok') entry.token = settled.value;
    if (settled.kind === 'throttled' || settled.kind === 'unavailable') {
      entry.held = { until: now() + (settled.retryAfterMs ?? seconds(5)), refusal: settled };
    }
    return settled;
  };
  const once = (entry: Entry, ...how: [Tenant, CloudId, 'refresh'?]): Promise<Answer<Token>> => {
    entry.underWay ??= issue(entry, ...how).finally(() => {
      entry.underWay = undefined;
    });
    return entry.underWay;
  };

  return {
    acquire: async (tenant, cloud) => {
      const entry = entryOf(entries, tenant, cloud);
      if (entry.token && entry.token.expiresAt - now() > minutes(2)) return { kind: 'ok', value: entry.token };
      const heldMs = (entry.held?.until ?? 0) - now();
      // One that is further away than any wait was noted by a clock that was ahead.
      if (entry.held && heldMs > 0 && heldMs <= longestRetryAfterMs)
        return refuse(entry.held.refusal.kind, entry.held.refusal.cause, heldMs);
      return once(entry, tenant, cloud);
    },
    renew: async (tenant, cloud, refused) => {
      const entry = entryOf(entries, tenant, cloud);
      if (entry.token && entry.token.value !== refused.value) return { kind: 'ok', value: entry.token };
      if (entry.underWay) return entry.underWay;
      if (entry.renewedAt !== undefined && Math.abs(now() - entry.renewedAt) < minutes(1)) return { kind: 'ok', value: refused };
      entry.renewedAt = now();
      entry.token = undefined;
      return once(entry, tenant, cloud, 'refresh');
    },
    forget: (tenant, cloud, token) => {
      const entry = entryOf(entries, tenant, cloud);
      if (entry.token?.value === token.value && now() - token.issuedAt > minutes(5)) entry.token = undefined;
    },
  };
}

function entryOf(entries: Map<string, Entry>, tenant: Tenant, cloud: CloudId): Entry {
  const key = JSON.stringify([tenant.name, tenant.tenantDomain, tenant.clientId, tenant.credentialKind, cloud]);
  const entry = entries.get(key) ?? {};
  entries.set(key, entry);
  return entry;
}

/** A domain leads to one tenant: the one it was first seen to lead to, in both APIs. */
function ofSameTenant(tenant: Tenant, token: Token, tenantIds: Map<string, string>): Answer<Token> {
  const known = tenantIds.get(tenant.tenantDomain) ?? token.tenantId;
  tenantIds.set(tenant.tenantDomain, known);
  if (known === token.tenantId) return { kind: 'ok', value: token };
  const message = `the domain led to tenant ${known} before and leads to ${token.tenantId} now`;
  return { kind: 'refused', cause: { code: 'foreign-token', message, cure: "Put the tenant's GUID into tenantDomain" } };
}
