/** What the steps of a list share: the stream at hand, what they need, and how they end. */

import { clockFault, type ClockFault } from '../../shared/domain/clock.ts';
import type { GroupLimits } from '../../shared/domain/grouping.ts';
import type { JobPath } from '../../shared/domain/job-path.ts';
import type { Stream } from '../../shared/domain/stream.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { iso, type Instant } from '../../shared/domain/window.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Jobs, QueuedJob } from '../../shared/ports/jobs.ts';
import type { Cursor, CursorBody, Gap, Ledger } from '../../shared/ports/ledger.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Microsoft, Refusal } from '../../shared/ports/microsoft.ts';
import type { KnownClaims } from './known-claims.ts';

/** The ports that a list works with, and what bounds it. */
export interface ListDeps {
  readonly microsoft: Microsoft;
  readonly ledger: Ledger;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly log: Log;
  readonly known: KnownClaims;
  /** Hash of the rules in force, which every job that is made names; undefined where there are none. */
  readonly rules?: string;
  readonly groupLimits: GroupLimits;
  /** No new window is begun after this; what is left is for the next run. */
  readonly deadline: Instant;
}

/** One stream, as the steps of a list see it. */
export interface Listing {
  readonly tenant: Tenant;
  readonly logType: LogType;
  readonly stream: Stream;
  readonly deps: ListDeps;
}

/** How a list ended. */
export type Listed =
  | { readonly kind: 'listed'; readonly jobs: number; readonly isCaughtUp: boolean }
  /** Another list of the same stream won; it does the work. */
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'suspended'; readonly until: Instant }
  /** Microsoft did not let us; nothing is lost, the next run goes on from the same place. */
  | { readonly kind: 'stopped'; readonly by: Refusal };

/**
 * What was wrong with the time that a run has taken; undefined while it is near enough to Microsoft's.
 *
 * @param now As taken, before the answer that it is compared with: our clock may have jumped since, there or back.
 */
export function timeFault({ clock, microsoft }: ListDeps, now: Instant): ClockFault | undefined {
  const leadMs = microsoft.clockLeadMs();
  return leadMs === undefined ? undefined : clockFault(now - (clock.now() - leadMs));
}

/** For a commit that makes neither jobs nor gaps. */
export const nothingElse = { jobs: [], dueAt: 0, gaps: [] } as const;

/** A cursor's body, for a commit that changes part of it; whoever commits is not suspended any more. */
export function cursorBody(cursor: Cursor): CursorBody {
  const { version: _version, meanBlobBytes: _mean, suspendedUntil: _until, suspendedBecause: _because, ...body } = cursor;
  return body;
}

/** Logs a gap as an error: something is lost. */
export function logGap(gap: Gap, { tenant, deps }: Listing): void {
  const span = { from: iso(gap.from), to: iso(gap.to), pass: gap.pass };
  deps.log.error('records are out of reach', { tenant: tenant.name, logType: gap.stream.logType, ...span, reason: gap.reason });
}

/** @param paths Of content, one a job. */
export function queued(jobs: readonly QueuedJob[], deps: ListDeps, paths: readonly JobPath[] = []): Promise<void> {
  const sent = jobs.map((job, index) => (paths[index] === 'backfill' ? { ...job, path: paths[index] } : job));
  return sent.length === 0 ? Promise.resolve() : deps.jobs.send(sent);
}
