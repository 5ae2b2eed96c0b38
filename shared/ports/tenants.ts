/** Tenants and their credentials, as configured. */

import type { Tenant } from '../domain/tenant.ts';

/** A tenant as configured, or why its configuration cannot be used: one broken tenant stops only itself. */
export type TenantEntry =
  | { readonly kind: 'tenant'; readonly tenant: Tenant }
  | { readonly kind: 'broken'; readonly name: string; readonly faults: readonly string[] };

/** What a tenant proves itself with. */
export type Credential =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'certificate'; readonly privateKey: string; readonly thumbprintSha256: string }
  | { readonly kind: 'assertion'; readonly assertion: () => Promise<string> };

/**
 * The store of tenants cannot be read now: it throttles, or cannot be reached. Nothing is wrong with any tenant; what waits for the
 * answer is tried again later.
 */
export class TenantsUnavailable extends Error {
  override readonly name = 'TenantsUnavailable';
}

/** What collects from Microsoft needs of tenants: who they are, and what each proves itself with. */
export interface Tenants {
  list(): Promise<readonly TenantEntry[]>;
  /** None when the tenant has gone or is switched off. */
  byName(name: string): Promise<Tenant | undefined>;
  /**
   * @param refresh Reads it again whatever is cached: the last one was refused.
   * @throws TenantsUnavailable When it cannot be read now. Whatever else is thrown is wrong with the tenant, and comes with its cure.
   */
  credential(name: string, refresh?: 'refresh'): Promise<Credential>;
}
