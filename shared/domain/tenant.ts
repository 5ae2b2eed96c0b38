import type { CloudId } from '../clouds.ts';
import type { Keeping } from './keeping.ts';
import type { Instant } from './window.ts';

/** A Microsoft tenant and what to collect from it, checked (see shared/tenant-config.ts). */
export interface Tenant extends Keeping {
  readonly name: string;
  /** A verified domain of the tenant or its GUID. */
  readonly tenantDomain: string;
  readonly clientId: string;
  readonly credentialKind: 'secret' | 'certificate' | 'federated';
  readonly managementActivity?: LogTypeChoice;
  readonly graph?: GraphChoice;
  /** GUID that Microsoft counts requests against; the tenant's own when absent. */
  readonly publisherId?: string;
  /** Nothing older is collected; the oldest that Microsoft serves when absent. */
  readonly collectFrom?: Instant;
}

/** What is collected of one API: from which cloud, and which log types (ids of the catalog). */
export interface LogTypeChoice {
  readonly cloud: CloudId;
  readonly logTypes: readonly string[];
}

/** What is collected from Microsoft Graph. */
export interface GraphChoice extends LogTypeChoice {
  /** Interactive sign-ins are read from the beta API, which is otherwise asked only where another kind of sign-in is chosen too. */
  readonly signInsApi?: SignInsApi;
}

/** The versions of Graph that serve interactive sign-ins. */
export const signInsApis = ['v1.0', 'beta'] as const;
/** One of {@link signInsApis}. */
export type SignInsApi = (typeof signInsApis)[number];
