/** The sweep station: sends jobs that are due again. It owns every job's fate; no queue does. */

import { longestParkMs, resendAfterMs } from '../../shared/domain/retry.ts';
import type { Instant } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Jobs, QueuedJob } from '../../shared/ports/jobs.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import type { Log } from '../../shared/ports/log.ts';

/** The ports that the sweep works with. After `deadline` no further batch is begun. */
export interface SweepDeps {
  readonly ledger: Ledger;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly log: Log;
  readonly deadline: Instant;
}

const batchSize = 100;

/**
 * Sends every pending job whose time has come, the longest due first. Its due time is moved on first, if it is still the
 * one read, so that two sweeps do not send a job twice and a lost message is found by the next sweep.
 *
 * A job that is due later than any park lasts was put off by a clock that was ahead: its time has come as well.
 *
 * @returns How many jobs were sent.
 */
export async function sweep(deps: SweepDeps): Promise<number> {
  let sent = 0;
  for (;;) {
    const now = deps.clock.now();
    const due = await deps.ledger.dueJobs(now, batchSize, now + longestParkMs);
    const moved: QueuedJob[] = [];
    for (const { ref, dueAt } of due) {
      const next = deps.clock.now() + resendAfterMs;
      if (await deps.ledger.postponeJob(ref, dueAt, next)) moved.push({ ref, dueAt: next });
    }
    if (moved.length > 0) await deps.jobs.send(moved);
    sent += moved.length;
    if (due.length < batchSize || moved.length === 0 || deps.clock.now() > deps.deadline) break;
  }
  if (sent > 0) deps.log.info('jobs sent again', { count: sent });
  return sent;
}
