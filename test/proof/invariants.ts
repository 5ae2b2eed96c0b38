/** The nine invariants of the protocol, asserted whenever a write of the ledger, the lake or the queue takes effect. */

import {
  jobKey,
  jobRef,
  type ContentJob,
  type FetchJob,
  type JobRecord,
  type JobRef,
  type WindowJob,
} from '../../shared/domain/fetch-job.ts';
import { deepLists } from '../../shared/domain/deep-list.ts';
import { landingKey, quarantineKey, type ObjectMetadata } from '../../shared/domain/landing-key.ts';
import { streamKey, type Stream } from '../../shared/domain/stream.ts';
import { gridFloor, hours, iso, overlaps, type Instant, type Window } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { Cursor, CursorBody, Finish, Gap } from '../../shared/ports.ts';
import type { MemoryLake } from '../fakes/memory-lake.ts';
import type { MemoryLedger } from '../fakes/memory-ledger.ts';
import type { ContentWorld } from './content-world.ts';
import type { Sandbox } from './scheduler.ts';
import { storyDataset } from './stand-in-landing.ts';

export interface ProbeNote {
  readonly window: Window;
  /** By the clock of whoever probed. */
  readonly at: Instant;
  readonly answer: 'empty' | 'rows';
}

export interface InvariantDeps {
  readonly ledger: MemoryLedger;
  readonly lake: MemoryLake;
  readonly content: ContentWorld | undefined;
  readonly collectFrom: Instant;
  readonly now: () => Instant;
  readonly probesOf: (sandbox: Sandbox) => readonly ProbeNote[];
  readonly broken: (invariant: string, how: string) => void;
}

export class Invariants {
  private readonly deps: InvariantDeps;
  private readonly finals = new Map<string, JobRecord['state']>();

  constructor(deps: InvariantDeps) {
    this.deps = deps;
  }

  /** 2 and 4, of whatever job was written. */
  async jobWritten(ref: JobRef): Promise<void> {
    const record = await this.deps.ledger.readJob(ref);
    const name = `${streamKey(ref.stream)} ${ref.key}`;
    const before = this.finals.get(name);
    if (!record) {
      if (before) this.deps.broken('4', `final job ${ref.key} is gone`);
      return;
    }
    const { state } = record;
    if (before && before !== state)
      this.deps.broken('4', `final job ${ref.key} has changed from ${JSON.stringify(before)} to ${JSON.stringify(state)}`);
    if (state.state === 'pending' && !Number.isFinite(state.dueAt)) this.deps.broken('2', `pending job ${ref.key} has no dueAt`);
    if (state.state !== 'pending') this.finals.set(name, state);
  }

  /** 6: a listed job owns all its claims. */
  async jobCreated(job: ContentJob): Promise<void> {
    const ids = job.members.map(({ contentId }) => contentId);
    const claims = await this.deps.ledger.claims(job.stream, ids);
    const strangers = ids.filter((id) => claims.get(id) !== job.jobId);
    if (strangers.length > 0) this.deps.broken('6', `job ${job.jobId} does not own the claims of ${strangers.join(', ')}`);
    await this.jobWritten(jobRef(job));
  }

  /** 1, and of windows what stands for it: nothing is passed that was not read, and no job is born below a later pass. */
  async committed(
    sandbox: Sandbox,
    stream: Stream,
    before: Cursor | undefined,
    to: CursorBody,
    alongside: { readonly jobs: readonly WindowJob[]; readonly gaps: readonly Gap[] },
  ): Promise<void> {
    if (this.deps.content) {
      for (const passed of passedBy(sandbox, before, to)) await this.claimed(sandbox, stream, passed, alongside.gaps);
      return;
    }
    for (const job of alongside.jobs) await this.jobWritten(jobRef(job));
    this.bornInOrder(stream, alongside.jobs);
    this.readBeforePassed(sandbox, stream, before, to, alongside);
  }

  private async claimed(sandbox: Sandbox, stream: Stream, passed: Window, gaps: readonly Gap[]): Promise<void> {
    const { content, ledger, now, collectFrom } = this.deps;
    const due = (content?.blobs ?? []).filter(
      (blob) =>
        blob.created >= Math.max(passed.start, collectFrom) &&
        blob.created < passed.end &&
        blob.listedAt <= sandbox.startedAt &&
        !blob.drifts &&
        blob.expires > now() + hours(1) &&
        content?.isPublished(blob) &&
        !gaps.some(({ from, to }) => blob.created >= from && blob.created < to),
    );
    const claims = await ledger.claims(
      stream,
      due.map(({ contentId }) => contentId),
    );
    const missed = due.filter(({ contentId }) => !claims.has(contentId));
    if (missed.length > 0)
      this.deps.broken(
        '1',
        `the cursor passed ${missed.map(({ contentId }) => contentId).join(', ')} at ${iso(passed.end)} and nobody has claimed it`,
      );
  }

  private bornInOrder(stream: Stream, jobs: readonly WindowJob[]): void {
    const born = new Set(jobs.map((job) => jobKey(job)));
    for (const job of jobs) {
      const later = this.deps.ledger.jobsOf(
        stream,
        (record) =>
          record.job.kind === 'window' &&
          record.job.pass > job.pass &&
          !born.has(jobKey(record.job)) &&
          overlaps(record.job.window, job.window),
      );
      if (later.length > 0)
        this.deps.broken('6', `job ${jobKey(job)} is born after the later pass ${later.map((record) => jobKey(record.job)).join(', ')}`);
    }
  }

  private readBeforePassed(
    sandbox: Sandbox,
    stream: Stream,
    before: Cursor | undefined,
    to: CursorBody,
    { jobs, gaps }: { readonly jobs: readonly WindowJob[]; readonly gaps: readonly Gap[] },
  ): void {
    const { source, latencyMs } = logTypeById(stream.logType);
    if (source.kind !== 'windows') return;
    const offsetsMs = [0, ...source.laterPassesMs];
    const nowOfSandbox = this.deps.now() + sandbox.skewMs;
    for (const [pass, watermark] of to.watermarks.entries()) {
      const earlier = to.watermarks[pass - 1] ?? Infinity;
      if (watermark > earlier)
        this.deps.broken('1', `watermark ${String(pass)} (${iso(watermark)}) has passed the one before it (${iso(earlier)})`);
      const from = before?.watermarks[pass];
      if (from === undefined) continue;
      if (watermark < from) this.deps.broken('1', `watermark ${String(pass)} went back from ${iso(from)} to ${iso(watermark)}`);
      const readyMs = latencyMs + (offsetsMs[pass] ?? 0);
      const read = [
        ...this.deps
          .probesOf(sandbox)
          .filter(({ window, at, answer }) => answer === 'empty' && at >= window.end + readyMs)
          .map(({ window }) => window),
        ...jobs.filter(({ window }) => nowOfSandbox >= window.end + readyMs).map(({ window }) => window),
        ...gaps.filter((gap) => gap.pass === pass).map((gap) => ({ start: gap.from, end: gap.to })),
      ];
      const hole = firstHole({ start: from, end: watermark }, read);
      if (hole !== undefined) this.deps.broken('1', `watermark ${String(pass)} passed ${iso(hole)} and nobody has read it in time`);
    }
  }

  /** Before anything is put: 9, and 6 for passes. */
  async put(job: FetchJob, metadata: ObjectMetadata): Promise<void> {
    const { lake } = this.deps;
    const { dataset } = logTypeById(job.stream.logType);
    if (job.kind === 'window') {
      if (metadata['split'] !== 'yes') await this.earlierAreFinal(job);
      return;
    }
    for (const [index, fate] of [...(metadata['fates'] ?? '')].entries()) {
      if (fate === 'q' && !lake.objectAt(quarantineKey(dataset, job, index)))
        this.deps.broken('9', `member ${String(index)} of ${job.jobId} is quarantined without its bytes`);
    }
  }

  /** 3, 4, 6, 7, 8 and 9, once a job has been made final. */
  async finished(ref: JobRef, finish: Finish): Promise<void> {
    await this.jobWritten(ref);
    const record = await this.deps.ledger.readJob(ref);
    if (!record) return;
    const { job } = record;
    const object = this.deps.lake.objectAt(landingKey(logTypeById(job.stream.logType).dataset, job));
    if (!object) this.deps.broken('3', `job ${ref.key} is landed and there is no object`);
    if (
      finish.rows > 0 &&
      storyDataset.logTypes.includes(job.stream.logType) &&
      !this.deps.lake.objectAt(landingKey(storyDataset.name, job))
    ) {
      this.deps.broken('3', `job ${ref.key} is landed and its normalized object is not there`);
    }
    if (job.kind === 'window') await this.earlierAreFinal(job);
    else await this.contentFinished(job, finish, object?.metadata);
  }

  private async contentFinished(job: ContentJob, finish: Finish, metadata: ObjectMetadata | undefined): Promise<void> {
    const { ledger, lake, broken } = this.deps;
    if (!metadata) return broken('3', `job ${job.jobId} is landed and there is no object`);
    if (metadata['fates'] !== finish.fates)
      broken('7', `job ${job.jobId} has fates ${String(finish.fates)} in the ledger and ${String(metadata['fates'])} at its key`);
    const losses = new Map((await ledger.losses(job.stream)).map((loss) => [loss.contentId, loss.reason]));
    const heirs = new Set(finish.children.flatMap((child) => child.job.members.map(({ contentId }) => contentId)));
    const { dataset } = logTypeById(job.stream.logType);
    for (const [index, { contentId }] of job.members.entries()) {
      const fate = metadata['fates']?.[index];
      const reason = fate === 'e' ? 'expired' : fate === 'q' ? 'quarantined' : undefined;
      if (losses.get(contentId) !== reason)
        broken('8', `${contentId} has the fate ${String(fate)} and the loss row ${String(losses.get(contentId))}`);
      if ((fate === 's' || fate === 'x') !== heirs.has(contentId))
        broken('8', `${contentId} has the fate ${String(fate)} and ${heirs.has(contentId) ? 'a' : 'no'} child job`);
      if (fate === 'q' && !lake.objectAt(quarantineKey(dataset, job, index))) broken('9', `${contentId} is quarantined without its bytes`);
    }
    for (const child of finish.children) {
      if (!(await ledger.readJob(jobRef(child.job)))) broken('8', `child job ${child.job.jobId} was not made`);
      await this.jobWritten(jobRef(child.job));
    }
  }

  private async earlierAreFinal(job: WindowJob): Promise<void> {
    if (job.pass === 0) return;
    const earlier = await this.deps.ledger.overlappingJobs(job.stream, job.window, job.pass);
    const open = earlier.filter(({ state }) => state.state === 'pending');
    if (open.length > 0)
      this.deps.broken('6', `pass ${String(job.pass)} ${jobKey(job)} lands before ${open.map((record) => jobKey(record.job)).join(', ')}`);
  }

  /** 5 */
  async acked(ref: JobRef): Promise<void> {
    const state = (await this.deps.ledger.readJob(ref))?.state;
    if (state?.state === 'pending' && !Number.isFinite(state.dueAt))
      this.deps.broken('5', `the message of ${ref.key} is acked, and nothing will send it again`);
  }
}

/** What a commit of a content cursor steps over: by its watermark, and by its deep list. */
function passedBy(sandbox: Sandbox, before: Cursor | undefined, to: CursorBody): Window[] {
  const [from, end] = [before?.watermarks[0], to.watermarks[0]];
  if (!before || from === undefined || end === undefined) return [];
  const nowOfSandbox = sandbox.startedAt + sandbox.skewMs;
  const passed: Window[] = [{ start: from, end }];
  const begun = before.deep?.position;
  if (to.deep) passed.push({ start: begun ?? nowOfSandbox - spanOf(to.deep.name), end: to.deep.position });
  for (const { name, spanMs } of deepLists) {
    const doneAt = to.deepDoneAt?.[name] ?? 0;
    // A cut moves it as well, to days ago.
    const isDone = doneAt !== before.deepDoneAt?.[name] && doneAt >= nowOfSandbox;
    if (!isDone || (before.deep && before.deep.name !== name)) continue;
    passed.push({ start: begun ?? nowOfSandbox - spanMs, end: before.deep?.end ?? gridFloor(nowOfSandbox, hours(1)) });
  }
  return passed;
}

function spanOf(name: string): number {
  return deepLists.find((deep) => deep.name === name)?.spanMs ?? 0;
}

/** The first instant of a window that none of the others covers. */
export function firstHole(window: Window, others: readonly Window[]): Instant | undefined {
  let at = window.start;
  for (const { start, end } of [...others].sort((a, b) => a.start - b.start)) {
    if (start > at) break;
    at = Math.max(at, end);
  }
  return at < window.end ? at : undefined;
}
