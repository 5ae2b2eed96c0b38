/** What there is to serve: tenants with their app registrations, and their content. The simulator only serves it through the APIs. */

import type { CloudId } from '../shared/clouds.ts';
import type { Instant, Window } from '../shared/domain/window.ts';

/** Everything there is to serve. Implementations answer the same for the same question at any time. */
export interface World {
  readonly startAt: Instant;
  readonly tenants: readonly SimulatedTenant[];
  /**
   * `seeded` records are rendered as each API version sends them; `given` ones are served as somebody gave them, also on the
   * retired alerts API, so that every log type can be exercised with real records.
   */
  readonly records: 'seeded' | 'given';
  /** Every content blob created within the window, listed yet or not, ordered by creation. */
  blobs(tenantId: string, logTypeId: string, window: Window): readonly Blob[];
  /** Undefined when there never was such a blob. */
  blob(tenantId: string, contentId: string): Blob | undefined;
  /** Every version whose time field lies within the window, visible yet, no more, or not; in no particular order. */
  versions(tenantId: string, logTypeId: string, window: Window): readonly Version[];
}

/** A content blob of the Management Activity API. */
export interface Blob {
  readonly contentId: string;
  readonly logTypeId: string;
  /** contentCreated: listings filter on it. */
  readonly created: Instant;
  /** Listings do not have it before; late blobs become visible long after they were created. */
  readonly visibleAt: Instant;
  readonly expires: Instant;
  /** The records' JSON texts in the order served; made on demand. */
  records(): readonly string[];
}

/** What Graph serves of one record between two instants. */
export interface Version {
  readonly id: string;
  /** The value of the log type's time field, in whole milliseconds (Microsoft sends seven digits). */
  readonly time: Instant;
  readonly visibleFrom: Instant;
  /** Infinity while it is the newest. */
  readonly visibleUntil: Instant;
  readonly text: string;
}

/** Changes at run time (a secret expires, consent is withdrawn) are changes of these fields. */
export interface SimulatedTenant {
  readonly name: string;
  readonly tenantId: string;
  /** All names the token endpoint knows the tenant by, apart from its GUID. */
  readonly domains: readonly string[];
  readonly clouds: readonly CloudId[];
  /** `deleted` and `misconfigured` are answers of the Management API (AF20011, AF20012). */
  state: 'active' | 'deleted' | 'misconfigured';
  /** `free` tenants have no premium licence: sign-ins are refused, audits are not. */
  licence: 'free' | 'premium';
  isAuditingOn: boolean;
  /** Some tenants get DLP.All refused without ActivityFeed.ReadDlp, some do not. */
  dlpNeedsReadDlp: boolean;
  /** The licence check of the reporting APIs has been seen to need Directory.Read.All. */
  licenceCheckNeedsDirectoryRead: boolean;
  /** Content types with a subscription, and how it stands. */
  readonly subscriptions: Map<string, 'enabled' | 'disabled'>;
  readonly apps: AppRegistration[];
}

/** An app of a tenant, and its state. */
export interface AppRegistration {
  readonly clientId: string;
  readonly displayName: string;
  isEnabled: boolean;
  /** `Allow public client flows` is on: secrets are refused. */
  isPublicClient: boolean;
  /** Hosts whose API was never added to the app or its tenant. */
  readonly unknownResources: Set<string>;
  /** Conditional Access for workload identities blocks issuance. */
  isBlockedByConditionalAccess: boolean;
  /** Every token request is answered with this AADSTS code: for states that no other field describes. */
  refuseWith?: number;
  readonly secrets: ClientSecret[];
  readonly certificates: {
    readonly thumbprintSha256: string;
    /** PEM of certificate or public key; unchecked when absent. */ readonly pem?: string;
  }[];
  readonly federatedCredentials: FederatedCredential[];
  /** Application permissions with admin consent. */
  readonly roles: Set<string>;
}

interface ClientSecret {
  /** What people paste by mistake. */
  readonly secretId: string;
  readonly value: string;
  readonly expiresAt: Instant;
}

/** Whose assertions an app accepts in place of a secret. */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** PEM of the issuer's key; unchecked when absent. */
  readonly pem?: string;
}

/** Content is served for seven days from its creation. */
export const contentLifetimeMs = 7 * 86_400_000;
