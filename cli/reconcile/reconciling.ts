/** What the steps of a reconciliation share. */

import type { Stream } from '../../shared/domain/stream.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import type { Instant, Window } from '../../shared/domain/window.ts';
import type { Comparison } from '../../shared/domain/reconcile.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Jobs } from '../../shared/ports/jobs.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Cause, Microsoft } from '../../shared/ports/microsoft.ts';
import type { Tenants } from '../../shared/ports/tenants.ts';
import type { RebuildDeps } from './rebuild-ledger.ts';

/** The ports that a reconciliation works on. */
export interface ReconcileDeps extends RebuildDeps {
  readonly clock: Clock;
  readonly microsoft: Microsoft;
  readonly jobs: Jobs;
  readonly tenants: Pick<Tenants, 'list'>;
  readonly log: Log;
}

/** What is compared; everything that Microsoft still serves when absent. */
export interface ReconcileScope {
  readonly tenant?: string;
  readonly logType?: string;
  readonly from?: Instant;
  readonly to?: Instant;
}

/** One stream at hand. */
export interface Subject {
  readonly tenant: Tenant;
  readonly logType: LogType;
  readonly stream: Stream;
  readonly window: Window;
}

/** What the reconciliation of one stream found, and what a repair did. */
export type StreamReport =
  | ({ readonly kind: 'compared'; readonly subject: Subject; readonly comparison: Comparison; readonly gaps: number } & {
      readonly repaired?: Repaired;
    })
  /** Microsoft did not let us look, or the tenant's configuration cannot be used. */
  | { readonly kind: 'not-compared'; readonly tenant: string; readonly logType?: string; readonly cause: Cause };

/** What a repair set going; it lands with the next run. */
export interface Repaired {
  readonly jobs: number;
  /** Objects that cannot be landed again yet: another pass over the same window is not settled. */
  readonly waiting: number;
  /** What this repair does nothing about. */
  readonly left: number;
}
