/** Which queue a job goes to, and its message group there. */

import { cloudById } from '../clouds.ts';
import type { JobRef } from '../domain/fetch-job.ts';
import { windowPath } from '../domain/job-path.ts';
import { logTypeById } from '../log-types/index.ts';
import type { QueuedJob } from '../ports/jobs.ts';

/** `content` jobs go to the standard queue, `window` jobs to the FIFO queue. */
export type JobKind = 'content' | 'window';

/** By the stream's cloud: Graph has windows, the Management Activity API has content. */
export function jobKindOf(ref: JobRef): JobKind {
  return cloudById(ref.stream.cloud).api === 'graph' ? 'window' : 'content';
}

/**
 * Content jobs: the tenant, so that a fair queue serves a tenant with few jobs before one with many; its backfill counts as another tenant.
 * Window jobs: tenant and throttle, for those share Microsoft's limit and come one at a time. Backfill has a group of its own,
 * so that live windows do not wait for it.
 */
export function jobGroupOf({ ref, dueAt, path = 'live' }: QueuedJob): string {
  const { cloud, tenantId, logType } = ref.stream;
  if (jobKindOf(ref) === 'content') return [cloud, tenantId, ...(path === 'backfill' ? [path] : [])].join('#');
  const { source } = logTypeById(logType);
  const throttle = source.kind === 'windows' ? source.throttle : 'none';
  return [cloud, tenantId, throttle, ...(windowPath(ref.key, dueAt) === 'backfill' ? ['backfill'] : [])].join('#');
}
