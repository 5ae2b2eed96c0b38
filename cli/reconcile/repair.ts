/** `lake reconcile --repair`: what was found is claimed, landed again or read again. Everything else is reported, and left to a person. */

import { childJob, jobRef, type ContentJob, type JobRecord, type JobRef } from '../../shared/domain/fetch-job.ts';
import { groupLimits } from '../../shared/domain/grouping.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { everyPass, longestWindowMs, settledAfterMs } from '../../shared/domain/passes.ts';
import { rereadJobs } from '../../shared/domain/rebuild.ts';
import { retriesOf, type LostBlob } from '../../shared/domain/loss.ts';
import type { Finding, StreamFacts } from '../../shared/domain/reconcile.ts';
import { resendAfterMs } from '../../shared/domain/retry.ts';
import { hours, type Instant, type Window } from '../../shared/domain/window.ts';
import type { Cursor, Ledger } from '../../shared/ports/ledger.ts';
import { claimBlobs } from '../../lambdas/list/claim-blobs.ts';
import { KnownClaims } from '../../lambdas/list/known-claims.ts';
import { cursorBody } from '../../lambdas/list/listing.ts';
import type { ReconcileDeps, Repaired, Subject } from './reconciling.ts';

/** Repairs what can be repaired of the findings of one stream, in their order; see {@link Repaired} for what is left. */
export async function repair(
  subject: Subject,
  findings: readonly Finding[],
  facts: StreamFacts,
  cursor: Cursor | undefined,
  deps: ReconcileDeps,
): Promise<Repaired> {
  let sum: Repaired = { jobs: 0, waiting: 0, left: 0 };
  for (const finding of findings) {
    const { jobs, waiting, left } = await repairOne(subject, finding, facts, cursor, deps);
    sum = { jobs: sum.jobs + jobs, waiting: sum.waiting + waiting, left: sum.left + left };
  }
  return sum;
}

async function repairOne(
  subject: Subject,
  finding: Finding,
  facts: StreamFacts,
  cursor: Cursor | undefined,
  deps: ReconcileDeps,
): Promise<Repaired> {
  const nothing = { jobs: 0, waiting: 0, left: 0 };
  switch (finding.kind) {
    case 'unclaimed': {
      const listing = { ...subject, deps: { ...deps, clock: whole(deps), known: new KnownClaims(), groupLimits, deadline: Infinity } };
      return {
        ...nothing,
        jobs: (await claimBlobs(listing, finding.blobs, { now: deps.clock.now(), meanBlobBytes: cursor?.meanBlobBytes })).length,
      };
    }
    case 'gone':
      return landAgain(subject, finding.jobs, deps);
    case 'quarantined':
      return { ...nothing, jobs: await fetchAgain(subject, finding.lost, deps) };
    case 'lacking':
      return { ...nothing, jobs: await readLacking(subject, finding.hours, facts, cursor, deps) };
    // The object is the truth, and the ledger's count decides nothing.
    case 'miscounted':
    // A rebuild brings these back.
    case 'unknown':
    case 'orphaned':
      return { ...nothing, left: 1 };
  }
}

/** Nothing of a repair waits. */
function whole({ clock }: ReconcileDeps) {
  return { now: () => clock.now(), sleep: () => Promise.resolve() };
}

/** Where somebody else has taken back one of a job's losses meanwhile, all of them are left to the next comparison. */
async function fetchAgain({ tenant }: Subject, lost: readonly LostBlob[], { ledger, jobs, clock }: ReconcileDeps): Promise<number> {
  const dueAt = clock.now() + resendAfterMs;
  let made = 0;
  for (const { job: first, losses } of retriesOf(tenant.name, lost, clock.now())) {
    let job = first;
    // One that ended has not taken these losses back, for they stand: its own child does. What keeps two from landing is the losses.
    while (await isFinal(job, ledger)) job = childJob(job, job.members, clock.now());
    if ((await ledger.takeBackLosses(job, losses, dueAt)) === 'cancelled') continue;
    await jobs.send([{ ref: jobRef(job), dueAt }]);
    made += 1;
  }
  return made;
}

async function isFinal(job: ContentJob, ledger: Ledger): Promise<boolean> {
  const record = await ledger.readJob(jobRef(job));
  return record !== undefined && record.state.state !== 'pending';
}

/**
 * Pending again, at the same key. Blobs that were handed on to other jobs are not fetched again, nor are those that were given up: their loss
 * rows stand, and whoever takes these back has made a job for them. A window is only opened again while no
 * other pass over it is at work: that one could not know what this one is about to land.
 */
async function landAgain(
  { logType, stream }: Subject,
  gone: readonly JobRecord[],
  { ledger, lake, jobs, clock }: ReconcileDeps,
): Promise<Repaired> {
  const reopened: JobRef[] = [];
  let waiting = 0;
  const dueAt = clock.now() + resendAfterMs;
  for (const { job, state } of gone) {
    if ((await lake.head(landingKey(logType.dataset, job))) !== undefined) continue;
    const others = job.kind === 'window' ? await ledger.overlappingJobs(stream, job.window, everyPass) : [];
    if (others.some((other) => other.job.jobId !== job.jobId && !isSettled(other, clock.now()))) {
      waiting += 1;
      continue;
    }
    const members = job.kind === 'content' ? job.members.filter((_, index) => !/[sxq]/.test(state.fates?.[index] ?? '')) : [];
    if (await ledger.reopenJob(jobRef(job), state.finishedAt ?? 0, members, dueAt)) reopened.push(jobRef(job));
  }
  await jobs.send(reopened.map((ref) => ({ ref, dueAt })));
  return { jobs: reopened.length, waiting, left: 0 };
}

function isSettled({ state }: JobRecord, now: Instant): boolean {
  return state.state !== 'pending' && (state.finishedAt ?? 0) + settledAfterMs <= now;
}

/** In the same write as an unchanged cursor: whoever moves a watermark meanwhile is overtaken, or this one is, and runs again. */
async function readLacking(
  { tenant, logType, stream }: Subject,
  lacking: readonly Instant[],
  { jobs: known }: StreamFacts,
  cursor: Cursor | undefined,
  { ledger, jobs, clock }: ReconcileDeps,
): Promise<number> {
  if (!cursor || logType.source.kind !== 'windows') return 0;
  const passes = logType.source.laterPassesMs.length + 1;
  const again = stretches(lacking).flatMap((span) => {
    const overlapping = known.filter(({ job }) => job.kind === 'window' && job.window.start < span.end && span.start < job.window.end);
    return rereadJobs(stream, tenant.name, span, overlapping, passes, clock.now());
  });
  const dueAt = clock.now() + resendAfterMs;
  for (let from = 0, { version } = cursor; from < again.length; from += jobsAtOnce, version += 1) {
    const made = again.slice(from, from + jobsAtOnce);
    if ((await ledger.commitCursor(stream, version, cursorBody(cursor), { jobs: made, dueAt, gaps: [] })) === 'overtaken') return from;
    await jobs.send(made.map((job) => ({ ref: jobRef(job), dueAt })));
  }
  return again.length;
}

const jobsAtOnce = 90;

/** Hours that follow each other are read together, up to a day. */
function stretches(lacking: readonly Instant[]): Window[] {
  const spans: { start: Instant; end: Instant }[] = [];
  for (const start of [...lacking].sort((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last?.end === start && start + hours(1) - last.start <= longestWindowMs) last.end = start + hours(1);
    else spans.push({ start, end: start + hours(1) });
  }
  return spans;
}
