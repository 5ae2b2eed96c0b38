/** One object, put once: the moment that decides a job. */

import { join } from 'node:path';
import { markFromMetadata, markToMetadata, type ObjectMark, type ObjectMetadata } from '../../shared/domain/landing-key.ts';
import type { FetchJob } from '../../shared/domain/fetch-job.ts';
import type { Landed, LandingRequest } from '../../shared/ports/landing.ts';
import { microsoftNow, type Attempt, type Fetched } from './fetching.ts';
import { finish } from './finish.ts';

/** What goes into a job's object, and what the object has to carry. */
export interface LandInput {
  readonly from: LandingRequest['from'];
  readonly without: readonly string[];
  readonly fates?: string;
  /** Closes the key of a window that is replaced by its halves. */
  readonly isSplit?: boolean;
}

/**
 * Writes the object, puts it at the landing key, and finishes what the object at the key says: our own when the put won,
 * the winner's when the key was taken. The worker's own view is forgotten then.
 *
 * Zero rows are an object too. Of content it carries the fates; of a window it closes the key, so that a slower worker that was served
 * a row more does not land it after the job is final, when nobody is left to normalize it.
 */
export async function land(attempt: Attempt, input: LandInput): Promise<Fetched | Extract<Landed, { kind: 'unreadable' }>> {
  const { job, key, folder, deps } = attempt;
  const into = join(folder, 'landing.parquet');
  const intent = { ...(input.fates === undefined ? {} : { fates: input.fates }), isSplit: input.isSplit ?? false };
  const metadata = { ...markToMetadata(job, { ...intent, rows: 0 }), ...fileMetadata(job) };
  const landed = await deps.landing.toParquet(request(attempt, input, into, metadata)).catch((error: unknown) => {
    throw new LandingFailed(`the records of job ${job.jobId} could not be written as Parquet: ${String(error)}`, { cause: error });
  });
  if (landed.kind === 'unreadable') return landed;

  const mark: ObjectMark = { ...intent, rows: landed.rows };
  if ((await deps.lake.putOnce(key, into, markToMetadata(job, mark))) === 'put') return finish(attempt, { mark, bytes: landed.bytes });

  const winner = await deps.lake.head(key);
  if (!winner) throw new Error(`the object at ${key} was there and is gone`);
  return finish(attempt, { mark: markFromMetadata(job, winner) });
}

/** What came from Microsoft was too much for us: the attempt counts as one that killed its worker. */
export class LandingFailed extends Error {}

function request({ job, logType, deps }: Attempt, input: LandInput, into: string, metadata: ObjectMetadata): LandingRequest {
  const { rows: _unknownYet, ...known } = metadata;
  const window = job.kind === 'window' ? { window: job.window } : {};
  return { logType, job, from: input.from, into, landedAt: microsoftNow(deps), without: input.without, metadata: known, ...window };
}

/** Into the file only: jobs and claims are rebuilt from it after the ledger was lost, members that landed no row included. */
function fileMetadata(job: FetchJob): ObjectMetadata {
  const tenant = { tenant: job.tenantName };
  if (job.kind === 'window') return tenant;
  const members = job.members.map(({ contentId }) => contentId);
  return { ...tenant, members: JSON.stringify(members), created: JSON.stringify(job.members.map(({ created }) => created)) };
}
