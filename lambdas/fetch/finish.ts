/** Finishing: everything that follows from the object at the key, then the final state, then the children. */

import { findingsDataset } from '../../shared/datasets/findings.ts';
import { entriesOf, notesOf } from '../../shared/domain/evidence/manifest.ts';
import { childJob, firstMinute, halfJobs, jobRef, madeAt, type ContentJob, type WindowJob } from '../../shared/domain/fetch-job.ts';
import { finishedAt } from '../../shared/domain/finished-at.ts';
import { lossesOf } from '../../shared/domain/loss.ts';
import { landingKey, type ObjectMark } from '../../shared/domain/landing-key.ts';
import type { SealedObject } from '../../shared/domain/sealed-object.ts';
import { oldestServed } from '../../shared/domain/retention.ts';
import { resendAfterMs } from '../../shared/domain/retry.ts';
import { iso, type Instant } from '../../shared/domain/window.ts';
import type { Finish, Gap } from '../../shared/ports/ledger.ts';
import { mayBeUnanswered } from '../../shared/ports/microsoft.ts';
import { microsoftNow, type Attempt, type Fetched } from './fetching.ts';
import { detect, noteKnown, noticesOf, type LandedFindings } from './detect.ts';
import { normalize, type LandedRows } from './normalize.ts';
import { park } from './park.ts';

/** What a job is finished with. */
export interface FinishInput {
  /** What the object at the key says. */
  readonly mark: ObjectMark;
  /** Bytes of the object, where this worker put it. */
  readonly bytes?: number;
}

/** Makes the job final, with every loss, gap and child job in the same write, and sends the children. Safe to repeat. */
export async function finish(attempt: Attempt, input: FinishInput): Promise<Fetched> {
  const { job, deps } = attempt;
  const { mark } = input;
  if (job.kind === 'window' && mark.isSplit) return finishSplit({ ...attempt, job });
  const normalized = mark.rows > 0 ? await normalize(attempt) : [];
  const findings = mark.rows > 0 ? await detect(attempt) : [];
  const objects = await sealed(attempt, [...standing(attempt, mark), ...normalized, ...standingFindings(findings)]);

  const now = await timeOf(attempt);
  if (now === undefined) return park(attempt, { because: 'a gap row needs the time, and Microsoft does not answer' });
  const outcome = outcomeOf(attempt, { ...input, objects }, findings, now);
  if (!(await deps.ledger.finishJob(jobRef(job), outcome))) return { kind: 'nothing-to-do' };
  report(attempt, outcome);
  if (outcome.children.length > 0) await deps.jobs.send(outcome.children.map((child) => ({ ref: jobRef(child.job), dueAt: child.dueAt })));
  await noteKnown(attempt, findings);
  return { kind: 'landed', rows: mark.rows };
}

/**
 * By Microsoft's clock. Where a gap row would follow from it, Microsoft is asked once more: the answer may be hours old by which our clock
 * was compared, or be none, for whoever finishes what another worker has put. Undefined when it does not answer.
 */
async function timeOf({ job, logType, deps }: Attempt): Promise<Instant | undefined> {
  const isCut = job.kind === 'window' && job.window.start < oldestServed(microsoftNow(deps), logType.retentionMs);
  const tenant = isCut ? await deps.tenants.byName(job.tenantName) : undefined;
  if (isCut && tenant && mayBeUnanswered(await deps.microsoft.probeWindow(tenant, logType, firstMinute(job.window)))) return undefined;
  return finishedAt(job, microsoftNow(deps));
}

async function finishSplit(attempt: Attempt<WindowJob>): Promise<Fetched> {
  const { job, deps } = attempt;
  const now = finishedAt(job, microsoftNow(deps));
  const halves = halfJobs(job, madeAt(job));
  if (!halves) throw new Error(`window job ${job.jobId} is marked as split and is too short to be split`);
  const dueAt = now + resendAfterMs;
  const objects = await sealed(attempt, standing(attempt, { rows: 0 }));
  if (!(await deps.ledger.splitJob(jobRef(job), halves, now, dueAt, objects))) return { kind: 'nothing-to-do' };
  await deps.jobs.send(halves.map((half) => ({ ref: jobRef(half), dueAt })));
  return { kind: 'split' };
}

/** The raw object, which every final job has. */
const standing = ({ logType }: Attempt, { rows }: Pick<ObjectMark, 'rows'>): LandedRows[] => [{ dataset: logType.dataset, rows }];
const standingFindings = ({ length: rows }: LandedFindings): LandedRows[] => (rows > 0 ? [{ dataset: findingsDataset, rows }] : []);

/** With the digests of what stands at the keys, whoever has put it. */
async function sealed({ job, deps }: Attempt, objects: readonly LandedRows[]): Promise<SealedObject[]> {
  const all: SealedObject[] = [];
  for (const { dataset, rows } of objects) {
    const key = landingKey(dataset, job);
    const digest = await deps.lake.digest(key);
    if (!digest) throw new Error(`the object at ${key} was there and is gone`);
    all.push({ dataset, ...digest, rows });
  }
  return all;
}

interface Sealed {
  readonly objects: readonly SealedObject[];
}

function outcomeOf(attempt: Attempt, { mark, bytes, objects }: FinishInput & Sealed, findings: LandedFindings, now: Instant): Finish {
  const { job } = attempt;
  const notices = noticesOf(findings, now);
  const base = {
    ...{ finishedAt: now, rows: mark.rows, objects },
    // The manifest of its hour has been made.
    ...(job.isAgain && { notes: notesOf(now, job.jobId, entriesOf('again', job, objects)) }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(notices.length > 0 && { notices }),
  };
  if (job.kind === 'window') return { ...base, losses: [], children: [], gaps: gapsOf({ ...attempt, job }, now) };
  const fates = mark.fates ?? '';
  return { ...base, fates, losses: lossesOf(job, fates), children: childrenOf({ ...attempt, job }, fates, now), gaps: [] };
}

/** One child for all that are set aside, one for each that is isolated. Counts of malformed answers go with them. */
function childrenOf({ job, state }: Attempt<ContentJob>, fates: string, now: Instant): Finish['children'] {
  const indexes = job.members.map((_, index) => index);
  const setAside = indexes.filter((index) => fates[index] === 's');
  const isolated = indexes.filter((index) => fates[index] === 'x').map((index) => [index]);
  return [...(setAside.length > 0 ? [setAside] : []), ...isolated].map((group) => ({
    job: childJob(
      job,
      group.flatMap((index) => job.members[index] ?? []),
      madeAt(job),
    ),
    malformed: group.map((index) => state.malformed[index] ?? 0),
    dueAt: now + resendAfterMs,
  }));
}

/** What retention had cut off by the end of the fetch, or would soon, was perhaps not served any more: clocks differ. */
function gapsOf({ job, logType }: Attempt<WindowJob>, now: Instant): Gap[] {
  const oldest = oldestServed(now, logType.retentionMs);
  if (job.window.start >= oldest) return [];
  const to = Math.min(job.window.end, oldest);
  return [{ stream: job.stream, from: job.window.start, to, reason: 'read while Microsoft stopped serving it', pass: job.pass }];
}

function report({ job, deps }: Attempt, { rows, losses, gaps, children }: Finish): void {
  const fields = { tenant: job.tenantName, logType: job.stream.logType, job: job.jobId };
  deps.log.info('landed', { ...fields, rows, children: children.length });
  for (const reason of ['expired', 'quarantined'] as const) {
    const count = losses.filter((loss) => loss.reason === reason).length;
    if (count > 0) deps.log.error(`content blobs ${reason}`, { ...fields, count });
  }
  for (const gap of gaps)
    deps.log.error('records are out of reach', { ...fields, from: iso(gap.from), to: iso(gap.to), pass: gap.pass, reason: gap.reason });
}
