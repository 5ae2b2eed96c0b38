/** The ledger as one sandbox sees it: some reads are stale, and every write is looked at by the invariants. */

import { jobKey, type ContentJob, type JobRecord, type JobRef, type WindowJob } from '../../shared/domain/fetch-job.ts';
import type { Stream } from '../../shared/domain/stream.ts';
import { iso, type Instant } from '../../shared/domain/window.ts';
import type { CursorBody, Finish, Gap, Ledger } from '../../shared/ports/ledger.ts';
import { spanOf, type Harness } from './harness.ts';
import type { Sandbox } from './scheduler.ts';

interface Alongside {
  readonly jobs: readonly WindowJob[];
  readonly dueAt: Instant;
  readonly gaps: readonly Gap[];
}

/** The ledger as one sandbox sees it. */
export function ledgerPort(harness: Harness, sandbox: Sandbox): Ledger {
  const { line, ledger } = harness;
  const read = <T>(name: string, what: string, apply: () => Promise<T>): Promise<T> =>
    line.call(sandbox, `ledger.${name}`, { apply, isLocal: true, detail: () => what });
  const write = <T>(name: string, detail: () => string, apply: () => Promise<T>): Promise<T> =>
    line.call(sandbox, `ledger.${name}`, { apply, detail });
  const writeJob = <T>(name: string, ref: JobRef, how: unknown, apply: () => Promise<T>): Promise<T> =>
    write(
      name,
      () => `${ref.key} ${JSON.stringify(how)}`,
      () => checked(harness, ref, apply()),
    );
  return {
    readCursor: (stream) => read('readCursor', '', () => ledger.readCursor(stream)),
    commitCursor: (stream, version, to, alongside) =>
      write(
        'commitCursor',
        () => shownCommit(version, to, alongside),
        () => commitCursor(harness, sandbox, { stream, version, to, alongside }),
      ),
    noteBlobBytes: (stream, mean) =>
      write(
        'noteBlobBytes',
        () => String(mean),
        () => ledger.noteBlobBytes(stream, mean),
      ),
    // Who a tenant is is never in doubt here; it is no part of what is proved.
    tenantId: (tenantName) => ledger.tenantId(tenantName),
    noteTenantId: (tenantName, tenantId) => ledger.noteTenantId(tenantName, tenantId),
    tokenFailure: (tenantName) => ledger.tokenFailure(tenantName),
    noteTokenFailure: (tenantName, failure) => ledger.noteTokenFailure(tenantName, failure),
    claims: (stream, ids, { consistent }) =>
      read('claims', `${String(ids.length)} ids`, () => claims(harness, { stream, ids, consistent })),
    createJob: (job, dueAt) =>
      write(
        'createJob',
        () => shownMembers(job),
        () => createJob(harness, job, dueAt),
      ),
    readJob: (ref) => read('readJob', ref.key, () => ledger.readJob(ref)),
    startJob: (ref) =>
      writeJob('startJob', ref, '', () => {
        harness.noteStarted(sandbox, ref);
        return ledger.startJob(ref);
      }),
    parkJob: (ref, version, park) => writeJob('parkJob', ref, park, () => ledger.parkJob(ref, version, park)),
    finishJob: (ref, finish) =>
      write(
        'finishJob',
        () => `${ref.key} ${JSON.stringify(finish)}`,
        () => finishJob(harness, ref, finish),
      ),
    splitJob: (ref, halves, at, dueAt) => writeJob('splitJob', ref, '', () => ledger.splitJob(ref, halves, at, dueAt)),
    overlappingJobs: (stream, window, beforePass) => {
      const query = (): Promise<readonly JobRecord[]> =>
        read('overlappingJobs', spanOf(window), () => ledger.overlappingJobs(stream, window, beforePass));
      return overlappingJobs(harness, query);
    },
    dueJobs: (before, limit, beyond) => read('dueJobs', '', () => dueJobs(harness, { before, beyond, limit })),
    postponeJob: (ref, from, to) => writeJob('postponeJob', ref, iso(to), () => ledger.postponeJob(ref, from, to)),
    losses: (stream) => read('losses', '', () => ledger.losses(stream)),
    gaps: (stream) => read('gaps', '', () => ledger.gaps(stream)),
  };
}

async function checked<T>({ invariants }: Harness, ref: JobRef, result: Promise<T>): Promise<T> {
  const value = await result;
  await invariants.jobWritten(ref);
  return value;
}

interface Commit {
  readonly stream: Stream;
  readonly version: number;
  readonly to: CursorBody;
  readonly alongside: Alongside;
}

async function commitCursor(
  harness: Harness,
  sandbox: Sandbox,
  { stream, version, to, alongside }: Commit,
): Promise<'committed' | 'overtaken'> {
  const { ledger, invariants, world, scheduler } = harness;
  const before = ledger.readCursor(stream);
  const result = await ledger.commitCursor(stream, version, to, alongside);
  if (result === 'overtaken') return result;
  await invariants.committed(sandbox, await before, { stream, to, jobs: alongside.jobs, gaps: alongside.gaps });
  harness.noteEmpties(sandbox);
  harness.begunAt ??= to.watermarks[0];
  if (to.subscription) world.content?.subscriptionIsKnown(scheduler.now);
  return result;
}

async function createJob(harness: Harness, job: ContentJob, dueAt: Instant): Promise<'created' | 'cancelled'> {
  const { ledger, invariants, scheduler } = harness;
  const result = await ledger.createJob(job, dueAt);
  if (result === 'created') harness.claimedAt = scheduler.now;
  if (result === 'created') await invariants.jobCreated(job);
  return result;
}

async function finishJob({ ledger, invariants }: Harness, ref: JobRef, finish: Finish): Promise<boolean> {
  const isOurs = await ledger.finishJob(ref, finish);
  if (isOurs) await invariants.finished(ref, finish);
  return isOurs;
}

/** An eventually consistent read misses some. */
async function claims(
  { ledger, random, plan, isFaulty }: Harness,
  { stream, ids, consistent }: { readonly stream: Stream; readonly ids: readonly string[]; readonly consistent: boolean },
): Promise<ReadonlyMap<string, string>> {
  const all = await ledger.claims(stream, ids);
  return consistent || !isFaulty ? all : new Map([...all].filter(() => !random.chance(plan.staleClaims)));
}

/** A consistent query is read page by page: what is on the second page may be newer than what was on the first. */
async function overlappingJobs({ isFaulty }: Harness, query: () => Promise<readonly JobRecord[]>): Promise<readonly JobRecord[]> {
  const first = await query();
  const middle = first[Math.floor(first.length / 2)];
  if (!middle || first.length < 2 || !isFaulty) return first;
  const pivot = jobKey(middle.job);
  return [...first.filter(({ job }) => jobKey(job) < pivot), ...(await query()).filter(({ job }) => jobKey(job) >= pivot)];
}

type Due = readonly { readonly ref: JobRef; readonly dueAt: Instant }[];
const indexes = new WeakMap<Harness, { readonly at: Instant; readonly due: Due }>();

interface DueRange {
  readonly before: Instant;
  readonly beyond: Instant | undefined;
  readonly limit: number;
}

/** The index lags: what it says may be true of some time ago. */
async function dueJobs(harness: Harness, { before, beyond = Infinity, limit }: DueRange): Promise<Due> {
  const { now } = harness.scheduler;
  const lagMs = harness.isFaulty ? harness.plan.staleIndexMs : 0;
  const known = indexes.get(harness);
  const index = known && now - known.at < lagMs ? known : { at: now, due: await harness.ledger.dueJobs(Infinity, Infinity) };
  indexes.set(harness, index);
  return index.due.filter(({ dueAt }) => dueAt < before || dueAt > beyond).slice(0, limit);
}

function shownCommit(version: number, to: CursorBody, { jobs, gaps }: Alongside): string {
  return `from ${String(version)} to ${JSON.stringify(to)} with ${String(jobs.length)} jobs and the gaps ${JSON.stringify(gaps.map((gap) => ({ from: iso(gap.from), to: iso(gap.to), pass: gap.pass })))}`;
}

function shownMembers({ jobId, members }: ContentJob): string {
  return `${jobId} of ${members.map(({ contentId }) => contentId).join(', ')}`;
}
