/** What does not land, and why. */

import type { JobRecord } from './fetch-job.ts';
import { hours, type Instant } from './window.ts';

/** The parked job of the oldest content among these; nothing where none was parked. */
export function stuckOf(pending: readonly JobRecord[]): { readonly stuck?: StuckJob } {
  const parked = pending.filter(({ state }) => state.parks > 0);
  const [oldest] = parked.sort((a, b) => publishedAt(a) - publishedAt(b));
  if (!oldest) return {};
  const { parks, because = 'see the log' } = oldest.state;
  return { stuck: { since: publishedAt(oldest), parks, because } };
}

/** A job that does not land. */
export interface StuckJob {
  /** When Microsoft published what it is for: the oldest member's creation, or the window's end. */
  readonly since: Instant;
  /** Attempts in a row that ended in a park. */
  readonly parks: number;
  /** Why it was parked last. */
  readonly because: string;
}

/** When Microsoft published what a job is for: the oldest member's creation, or the window's end. */
export function publishedAt({ job }: Pick<JobRecord, 'job'>): Instant {
  return job.kind === 'window' ? job.window.end : job.members.reduce((first, { created }) => Math.min(first, created), Infinity);
}

/** What was published longer ago, and was tried for as often as this in vain, needs a person. Parks that many take two hours. */
export const stuckAfter = { ms: hours(6), parks: 8 } as const;

/** Whether a person has to look at a job that is parked once more. Throttling passes by itself. */
export function isStuck(record: JobRecord, park: { readonly parks: number; readonly because: string }, now: Instant): boolean {
  const isOurTurn = !/429|paced|throttl/i.test(park.because);
  return isOurTurn && park.parks >= stuckAfter.parks && now - publishedAt(record) > stuckAfter.ms;
}
