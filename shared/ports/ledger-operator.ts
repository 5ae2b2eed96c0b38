/** What only operators do with the ledger. */

import type { ContentJob, JobRecord, JobRef, Member } from '../domain/fetch-job.ts';
import type { Loss } from '../domain/loss.ts';
import type { Stream } from '../domain/stream.ts';
import type { Instant } from '../domain/window.ts';

/** What only operators do with the ledger: look at all of it, and put it right after a loss. Every verb is one that can be repeated. */
export interface LedgerOperator {
  /** Every job of a stream, by key; consistent. */
  jobs(stream: Stream): Promise<readonly JobRecord[]>;
  /**
   * Adds a job as the lake has it, unless there is one at its key, which then stays as it is; in any case claims of members and
   * losses, each if absent. Claims are written first: a rebuild that dies half-way never leaves a job without them.
   */
  restoreJob(record: JobRecord, alongside: { readonly claims: readonly string[]; readonly losses: readonly Loss[] }): Promise<RestoredJob>;
  /**
   * Makes a final job pending again whose object has gone, with these members (of content: its own or fewer), if it is still the one that
   * ended at `finishedAt`. The caller has seen that the key is free.
   */
  reopenJob(ref: JobRef, finishedAt: Instant, members: readonly Member[], dueAt: Instant): Promise<boolean>;
  /**
   * Takes back losses and makes the job that fetches their blobs again, in one write: every loss still stands as it is given, by the same
   * job, and the new job is not there. `cancelled` has changed nothing: somebody else took one of them back. Claims stay with the job that
   * made them.
   */
  takeBackLosses(job: ContentJob, losses: readonly Loss[], dueAt: Instant): Promise<'created' | 'cancelled'>;
}

/** Whether a rebuild added the job, or found it. */
export type RestoredJob = 'restored' | 'there';
