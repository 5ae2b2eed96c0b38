/** Which queue a job goes to, and with whom it waits there. */

import { cloudById } from '../clouds.ts';
import type { JobRef } from '../domain/fetch-job.ts';
import { days, type Instant } from '../domain/window.ts';
import { logTypeById } from '../log-types/index.ts';
import type { QueuedJob } from '../ports.ts';

export type JobKind = 'content' | 'window';

export function jobKindOf(ref: JobRef): JobKind {
  return cloudById(ref.stream.cloud).api === 'graph' ? 'window' : 'content';
}

/**
 * Content jobs: the tenant, so that a fair queue serves a tenant with few jobs before one with many.
 * Window jobs: tenant and throttle, for those share Microsoft's limit and come one at a time. Backfill has a group of its own,
 * so that live windows do not wait behind it.
 */
export function jobGroupOf({ ref, dueAt }: QueuedJob): string {
  const { cloud, tenantId, logType } = ref.stream;
  if (jobKindOf(ref) === 'content') return `${cloud}#${tenantId}`;
  const { source } = logTypeById(logType);
  const throttle = source.kind === 'windows' ? source.throttle : 'none';
  return [cloud, tenantId, throttle, ...(isBackfill(ref.key, dueAt) ? ['backfill'] : [])].join('#');
}

/** The last pass over a window comes a day after it; what is older than two is not live. */
const backfillAfterMs = days(2);

function isBackfill(key: string, dueAt: Instant): boolean {
  const [, , end = ''] = key.split('#');
  return dueAt - Date.parse(end) > backfillAfterMs;
}
