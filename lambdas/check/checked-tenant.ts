/** What a check of a tenant found, as the check function answers it in JSON too. */

import type { CloudId } from '../../shared/clouds.ts';
import type { Instant } from '../../shared/domain/window.ts';
import type { Cause } from '../../shared/ports/microsoft.ts';

/** What one log type came to: it can be collected, or why not. */
export type Checked =
  | { readonly kind: 'checked'; readonly tenant: CheckedTenant }
  /** The configuration or the credential cannot be used, for these reasons; nobody was asked. */
  | { readonly kind: 'broken'; readonly name: string; readonly faults: readonly string[] }
  /** A log type was named that the tenant has not chosen. */
  | { readonly kind: 'not-chosen'; readonly name: string; readonly logType: string; readonly chosen: readonly string[] }
  /** There is no tenant of this name. */
  | { readonly kind: 'unknown'; readonly name: string };

/** The answer of a check: what is wrong with the tenant as a whole, and what each log type came to. */
export interface CheckedTenant {
  readonly name: string;
  readonly checkedAt: Instant;
  /** The tenant's GUID; absent when no token was issued. */
  readonly tenantId?: string;
  /** In the order of the catalog; at least one. */
  readonly logTypes: readonly CheckedLogType[];
}

/** One log type of the tenant. What was not found out before the problem is absent. */
export interface CheckedLogType {
  readonly logType: string;
  readonly cloud: CloudId;
  /** Whether Microsoft answered at all. */
  readonly isReached?: boolean;
  /** Whether the token carries every permission that is needed. */
  readonly isAllowed?: boolean;
  /** Of log types that need a licence: whether the tenant has it. */
  readonly isLicensed?: boolean;
  /** Of content: whether Microsoft has an audit store for the tenant. */
  readonly isAuditing?: boolean;
  /** Of content. `none`: it was never started; collecting starts it. */
  readonly subscription?: 'enabled' | 'disabled' | 'none';
  /** When the newest content blob became available, or the time of the newest row; absent when there is none of the last 7 days. */
  readonly newest?: Instant;
  /** What keeps the log type from being collected; absent: it passed. */
  readonly problem?: Problem;
  /** What is odd and keeps nothing from being collected, a sentence each. */
  readonly warnings: readonly string[];
}

/** The one thing that is wrong. The cure is never empty. */
export interface Problem extends Cause {
  /** `time`: it may pass by itself. `person`: it will not. */
  readonly needs: 'time' | 'person';
}

/** Whether the log type can be collected. */
export function hasPassed({ problem }: CheckedLogType): boolean {
  return problem === undefined;
}
