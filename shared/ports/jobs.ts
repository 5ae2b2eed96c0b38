/** The queue of fetch jobs. */

import type { JobRef } from '../domain/fetch-job.ts';
import type { JobPath } from '../domain/job-path.ts';
import type { Instant } from '../domain/window.ts';

/** The queue of fetch jobs. Delivery is at least once, in any order; the ledger holds the truth. */
export interface Jobs {
  send(refs: readonly QueuedJob[]): Promise<void>;
}

/** A fetch job on its way to the queue. */
export interface QueuedJob {
  readonly ref: JobRef;
  /** Part of the deduplication id: a job may be sent again once its dueAt has moved. */
  readonly dueAt: Instant;
  /** Of content, where the sender knows; `live` when absent. It waits apart then, and decides nothing else. */
  readonly path?: JobPath;
}
