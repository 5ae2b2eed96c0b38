/** Which jobs have to end before a seed does. */

import type { Harness } from './harness.ts';

/**
 * How many jobs are pending that have anything to land. Where even a request for one row of an hour times out, every hour is taken to have
 * rows, so that there are jobs of the last empty hours at any time.
 */
export function pendingOf({ ledger, plan }: Pick<Harness, 'ledger' | 'plan'>): number {
  if (!plan.rows?.fragile?.isProbeToo) return ledger.pendingCount;
  const pending = ledger.streams().flatMap((stream) => ledger.jobsOf(stream, ({ state }) => state.state === 'pending'));
  return pending.filter(({ job }) => job.kind !== 'window' || job.window.start < plan.publishUntil).length;
}
