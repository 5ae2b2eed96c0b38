/** What the steps of a fetch share: the job at hand, what they need, and how they end. */

import type { FetchJob, JobState } from '../../shared/domain/fetch-job.ts';
import type { Instant } from '../../shared/domain/window.ts';
import type { NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Detecting } from '../../shared/ports/detecting.ts';
import type { Jobs } from '../../shared/ports/jobs.ts';
import type { Lake } from '../../shared/ports/lake.ts';
import type { Landing } from '../../shared/ports/landing.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Microsoft } from '../../shared/ports/microsoft.ts';
import type { Tenants } from '../../shared/ports/tenants.ts';
import type { Workspace } from '../../shared/ports/workspace.ts';
import type { KeptBlobs } from './kept-blobs.ts';

/** The ports that an attempt works with, and how long it may take. */
export interface FetchDeps {
  readonly microsoft: Microsoft;
  readonly ledger: Ledger;
  readonly jobs: Jobs;
  readonly lake: Lake;
  readonly landing: Landing;
  readonly tenants: Pick<Tenants, 'byName'>;
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly log: Log;
  /** Landed beside raw, each from the raw object at the key. */
  readonly normalized: readonly NormalizedDataset[];
  /** Of the process: what attempts before this one have fetched, and could not land. */
  readonly kept: KeptBlobs;
  /** Rules, and what they need; undefined where none are evaluated. */
  readonly detecting?: Detecting;
  /** The worker is gone after this; nothing is waited out that does not end well before. */
  readonly deadline: Instant;
}

/**
 * The time by Microsoft's clock, as of its last answer; ours before the first. What Microsoft has stopped serving is decided by it: our
 * clock may have jumped.
 */
export function microsoftNow({ clock, microsoft }: Pick<FetchDeps, 'clock' | 'microsoft'>): Instant {
  return clock.now() - (microsoft.clockLeadMs() ?? 0);
}

/** One attempt at one job, in a folder of its own. */
export interface Attempt<Job extends FetchJob = FetchJob> {
  readonly job: Job;
  readonly state: JobState;
  readonly logType: LogType;
  /** The landing key of its raw object. */
  readonly key: string;
  readonly folder: string;
  readonly deps: FetchDeps;
}

/** How an attempt ended; in every case the ledger knows, and the message is done with. */
export type Fetched =
  | { readonly kind: 'landed'; readonly rows: number }
  | { readonly kind: 'split' }
  /** `because` is undefined for a job that is fine and waits for its turn. */
  | { readonly kind: 'parked'; readonly until: Instant; readonly because?: string }
  /** Final already, or not ours any more: somebody else does or did the work. */
  | { readonly kind: 'nothing-to-do' };
