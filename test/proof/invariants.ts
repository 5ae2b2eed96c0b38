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
import { landingKey, malformedStem, type ObjectMetadata } from '../../shared/domain/landing-key.ts';
import { streamKey } from '../../shared/domain/stream.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { Cursor, Finish } from '../../shared/ports/ledger.ts';
import type { MemoryLake } from '../fakes/memory-lake.ts';
import { judgeCommit, type Commit, type CommitWitness } from './cursor-invariants.ts';
import type { Sandbox } from './scheduler.ts';
import type { ParquetFile } from './stand-in-landing.ts';
import { missingStories } from './stories.ts';

/** What the invariants look at. */
export interface InvariantDeps extends CommitWitness {
  readonly lake: MemoryLake;
  /** What a final job shows that has not landed; absent where no rules are evaluated. */
  readonly missingFindings?: (job: FetchJob, rows: ParquetFile['rows']) => readonly string[];
  /** Called when a job that was never parked is due: within twenty minutes, or a lost message is found too late. */
  readonly soon: (key: string, dueAt: number) => void;
}

/** The invariants over one seed: remembers what was final. */
export class Invariants {
  private readonly deps: InvariantDeps;
  private readonly finals = new Map<string, JobRecord['state']>();

  constructor(deps: InvariantDeps) {
    this.deps = deps;
  }

  /** The ledger is another one now. */
  forgetFinals(): void {
    this.finals.clear();
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
    if (state.state === 'pending' && state.version === 1 && !before) this.deps.soon(ref.key, state.dueAt ?? 0);
    if (state.state !== 'pending') this.finals.set(name, state);
  }

  /** 6: a listed job owns all its claims. */
  async jobCreated(job: ContentJob): Promise<void> {
    const ids = job.members.map(({ contentId }) => contentId);
    const claims = await this.deps.ledger.claims(job.stream, ids);
    const unowned = ids.filter((id) => claims.get(id) !== job.jobId);
    if (unowned.length > 0) this.deps.broken('6', `job ${job.jobId} does not own the claims of ${unowned.join(', ')}`);
    await this.jobWritten(jobRef(job));
  }

  /** See {@link judgeCommit}. */
  async committed(sandbox: Sandbox, before: Cursor | undefined, commit: Commit): Promise<void> {
    for (const job of commit.jobs) await this.jobWritten(jobRef(job));
    await judgeCommit(this.deps, sandbox, before, commit);
  }

  /** Before anything is put: 9, and 6 for passes. */
  async put(job: FetchJob, metadata: ObjectMetadata): Promise<void> {
    if (job.kind === 'window') {
      if (metadata.split !== 'yes') await this.earlierAreFinal(job);
      return;
    }
    for (const [index, fate] of (metadata.fates ?? '').split('').entries()) {
      if (fate === 'q' && !this.hasBytes(job, index))
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
    else
      for (const name of missingStories(job, object.content as ParquetFile, this.deps.lake)) {
        this.deps.broken('3', `job ${ref.key} is landed and its object of '${name}' is not there`);
      }
    for (const finding of (object && this.deps.missingFindings?.(job, (object.content as ParquetFile).rows)) ?? [])
      this.deps.broken('3', `job ${ref.key} is landed and its finding is not there: ${finding}`);
    if (job.kind === 'window') await this.earlierAreFinal(job);
    else await this.contentFinished(job, finish, object?.metadata);
  }

  private async contentFinished(job: ContentJob, finish: Finish, metadata: ObjectMetadata | undefined): Promise<void> {
    const { ledger, broken } = this.deps;
    if (!metadata) {
      broken('3', `job ${job.jobId} is landed and there is no object`);
      return;
    }
    if (metadata.fates !== finish.fates)
      broken('7', `job ${job.jobId} has fates ${String(finish.fates)} in the ledger and ${String(metadata.fates)} at its key`);
    // After a rebuild, a child's loss row may be there before its parent is final.
    const own = (await ledger.losses(job.stream)).filter(({ jobId }) => jobId === job.jobId);
    const losses = new Map(own.map((loss) => [loss.contentId, loss.reason]));
    const heirs = new Set(finish.children.flatMap((child) => child.job.members.map(({ contentId }) => contentId)));
    for (const [index, { contentId }] of job.members.entries()) {
      const fate = metadata.fates?.[index];
      const reason = fate === 'e' ? 'expired' : fate === 'q' ? 'quarantined' : undefined;
      if (losses.get(contentId) !== reason)
        broken('8', `${contentId} has the fate ${String(fate)} and the loss row ${String(losses.get(contentId))}`);
      if ((fate === 's' || fate === 'x') !== heirs.has(contentId))
        broken('8', `${contentId} has the fate ${String(fate)} and ${heirs.has(contentId) ? 'a' : 'no'} child job`);
      if (fate === 'q' && !this.hasBytes(job, index)) broken('9', `${contentId} is quarantined without its bytes`);
    }
    for (const child of finish.children) {
      if (!(await ledger.readJob(jobRef(child.job)))) broken('8', `child job ${child.job.jobId} was not made`);
      await this.jobWritten(jobRef(child.job));
    }
  }

  /** Whether an answer for this member is kept that could not be read. */
  private hasBytes(job: ContentJob, index: number): boolean {
    const { dataset } = logTypeById(job.stream.logType);
    return this.deps.lake.hasPrefix(malformedStem(dataset, job.landingHour, job.members[index]?.contentId ?? ''));
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
