import { jobRef } from '../../shared/domain/fetch-job.ts';
import { parkUntil } from '../../shared/domain/retry.ts';
import { isStuck, publishedAt } from '../../shared/domain/stuck.ts';
import { iso, type Instant } from '../../shared/domain/window.ts';
import type { Attempt, Fetched } from './fetching.ts';

/** Why a job is left for later, and what the next attempt has to know. */
export interface ParkInput {
  readonly because: string;
  readonly retryAfterMs?: number;
  readonly malformed?: readonly number[];
  /** The longest backoff; 30 minutes when absent. */
  readonly mostMs?: number;
  /** The job is fine and waits for something that ends then: no try is counted. */
  readonly waitUntil?: Instant;
}

/**
 * Leaves the job for later. The message is done with: the sweep sends the job again when it is due.
 *
 * Of two workers that attempt a job at once one parks it; the other's try is not counted.
 */
export async function park(attempt: Attempt, { because, retryAfterMs = 0, malformed, mostMs, waitUntil }: ParkInput): Promise<Fetched> {
  const { job, state, deps } = attempt;
  const isWaiting = waitUntil !== undefined;
  const dueAt = waitUntil ?? parkUntil(deps.clock.now(), state.parks, retryAfterMs, job.jobId, mostMs);
  const parks = isWaiting ? state.parks : state.parks + 1;
  const why = because.slice(0, mostLetters);
  const how = { dueAt, parks, malformed: malformed ?? state.malformed, because: why };
  const parked = await deps.ledger.parkJob(jobRef(job), state.version, how);
  if (!parked) return { kind: 'nothing-to-do' };
  if (!isWaiting) report(attempt, parks, why);
  return { kind: 'parked', until: dueAt, ...(isWaiting ? {} : { because: why }) };
}

/** Most parks end well. What was published hours ago, and was tried for hours, is an error: a person has to look at the cause. */
function report({ job, state, deps }: Attempt, parks: number, because: string): void {
  const fields = { tenant: job.tenantName, logType: job.stream.logType, job: job.jobId, parks, because };
  const record = { job, state };
  if (!isStuck(record, { parks, because }, deps.clock.now())) deps.log.warn('a job is parked', fields);
  else
    deps.log.error('a job does not land', {
      ...fields,
      count: 1,
      published: iso(publishedAt(record)),
      cure: 'see docs/runbook.md, not-landed',
    });
}

/** Of a reason: codes are short, and one that is not comes from elsewhere. */
const mostLetters = 120;
