/** Which path a job takes to the workers: what is live never waits for what is collected afterwards. */

import type { Member } from './fetch-job.ts';
import { days, hours, type Instant } from './window.ts';

/** `live`: new, or about to expire. `backfill`: everything else, which waits for what is live. */
export type JobPath = 'live' | 'backfill';

/** Content that became available longer ago is not live. */
const liveMs = hours(24);
/** What Microsoft stops serving sooner than this is collected like what is live: it cannot wait. */
const expiringMs = hours(24);

/** Of content: backfill is what is neither new nor about to expire. The members of a job are of the same hour, or nearly. */
export function contentPath(members: readonly Member[], now: Instant): JobPath {
  const newest = members.reduce((last, { created }) => Math.max(last, created), 0);
  const firstToExpire = members.reduce((first, { expires }) => Math.min(first, expires), Infinity);
  return now - newest > liveMs && firstToExpire - now > expiringMs ? 'backfill' : 'live';
}

/** The last pass over a window comes a day after it; what is older than two is not live. */
const windowBackfillMs = days(2);

/** Of a window, by its job's key. */
export function windowPath(key: string, dueAt: Instant): JobPath {
  const [, , end = ''] = key.split('#');
  return dueAt - Date.parse(end) > windowBackfillMs ? 'backfill' : 'live';
}
