/** The invariants of a commit: no cursor passes what nobody has taken on. */

import { deepLists } from '../../shared/domain/deep-list.ts';
import { jobKey, type WindowJob } from '../../shared/domain/fetch-job.ts';
import type { Stream } from '../../shared/domain/stream.ts';
import { gridFloor, hours, iso, overlaps, type Instant, type Window } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { Cursor, CursorBody, Gap } from '../../shared/ports/ledger.ts';
import type { MemoryLedger } from '../fakes/memory-ledger.ts';
import type { ContentWorld } from './content-world.ts';
import type { Sandbox } from './scheduler.ts';

/** One answer that a list got for a window. */
export interface ProbeNote {
  readonly window: Window;
  /** When it came, by Microsoft's clock. */
  readonly at: Instant;
  readonly answer: 'empty' | 'rows';
}

/** One write of a cursor. */
export interface Commit {
  readonly stream: Stream;
  readonly to: CursorBody;
  readonly jobs: readonly WindowJob[];
  readonly gaps: readonly Gap[];
}

/** What a commit is judged by. */
export interface CommitWitness {
  readonly ledger: MemoryLedger;
  readonly content: ContentWorld | undefined;
  readonly collectFrom: Instant;
  readonly now: () => Instant;
  /** How far the clock of a list may be ahead of Microsoft's: it counts as the same then. */
  readonly clocksDifferMs: number;
  readonly probesOf: (sandbox: Sandbox) => readonly ProbeNote[];
  readonly broken: (invariant: string, how: string) => void;
}

/** 1, and of windows what stands for it: nothing is passed that was not read in time, and no job is made below a later pass (6). */
export async function judgeCommit(witness: CommitWitness, sandbox: Sandbox, before: Cursor | undefined, commit: Commit): Promise<void> {
  if (witness.content) {
    for (const passed of passedBy(sandbox, before, commit.to)) await judgeClaimed(witness, witness.content, sandbox, passed, commit);
    return;
  }
  judgeNewJobs(witness, commit);
  for (const [pass, watermark] of commit.to.watermarks.entries()) judgeWatermark(witness, sandbox, before, commit, { pass, watermark });
}

/** What could have been listed when the run began, was not lost with a gap, and is still served for a while, has its claim. */
async function judgeClaimed(
  witness: CommitWitness,
  content: ContentWorld,
  sandbox: Sandbox,
  passed: Window,
  { stream, gaps }: Commit,
): Promise<void> {
  const start = Math.max(passed.start, witness.collectFrom);
  const due = content.blobs.filter(({ created, listedAt, expires, drifts }) => {
    const isServed = created >= start && created < passed.end && listedAt <= sandbox.startedAt && expires > witness.now() + hours(1);
    return isServed && !drifts && !gaps.some(({ from, to }) => created >= from && created < to);
  });
  const ids = due.filter((blob) => content.isPublished(blob)).map(({ contentId }) => contentId);
  const claims = await witness.ledger.claims(stream, ids);
  const missed = ids.filter((id) => !claims.has(id));
  if (missed.length > 0) witness.broken('1', `the cursor passed ${missed.join(', ')} at ${iso(passed.end)} and nobody has claimed it`);
}

function judgeNewJobs({ ledger, broken }: CommitWitness, { stream, jobs }: Commit): void {
  const made = new Set(jobs.map((job) => jobKey(job)));
  for (const job of jobs) {
    const later = ledger.jobsOf(stream, ({ job: other }) => {
      return other.kind === 'window' && other.pass > job.pass && !made.has(jobKey(other)) && overlaps(other.window, job.window);
    });
    const names = later.map((record) => jobKey(record.job)).join(', ');
    if (later.length > 0) broken('6', `job ${jobKey(job)} is made after the later pass ${names}`);
  }
}

/**
 * Every instant that a watermark passes was probed empty or is a new job's, late enough for the pass, or is in a gap. Late enough by
 * Microsoft's clock, whatever ours says meanwhile: it may jump while an answer is on its way.
 */
function judgeWatermark(
  { now, clocksDifferMs, probesOf, broken }: CommitWitness,
  sandbox: Sandbox,
  before: Cursor | undefined,
  { stream, to, jobs, gaps }: Commit,
  { pass, watermark }: { readonly pass: number; readonly watermark: Instant },
): void {
  const earlier = to.watermarks[pass - 1] ?? Infinity;
  if (watermark > earlier) broken('1', `watermark ${String(pass)} (${iso(watermark)}) has passed the one before it (${iso(earlier)})`);
  const from = before?.watermarks[pass];
  if (from === undefined) return;
  if (watermark < from) broken('1', `watermark ${String(pass)} went back from ${iso(from)} to ${iso(watermark)}`);

  const isDue = ({ end }: Window, at: Instant): boolean => at + clocksDifferMs >= end + readyMs(stream, pass);
  const probed = probesOf(sandbox).filter(({ window, at, answer }) => answer === 'empty' && isDue(window, at));
  const made = jobs.filter(({ window }) => isDue(window, now()));
  const lost = gaps.filter((gap) => gap.pass === pass).map((gap) => ({ start: gap.from, end: gap.to }));
  const hole = firstHole({ start: from, end: watermark }, [...[...probed, ...made].map(({ window }) => window), ...lost]);
  if (hole !== undefined) broken('1', `watermark ${String(pass)} passed ${iso(hole)} and nobody has read it in time`);
}

/** How long after a window's end a pass may read it. */
function readyMs({ logType }: Stream, pass: number): number {
  const { source, latencyMs } = logTypeById(logType);
  return latencyMs + (source.kind === 'windows' ? ([0, ...source.laterPassesMs][pass] ?? 0) : 0);
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
function firstHole(window: Window, others: readonly Window[]): Instant | undefined {
  let at = window.start;
  for (const { start, end } of [...others].sort((a, b) => a.start - b.start)) {
    if (start > at) break;
    at = Math.max(at, end);
  }
  return at < window.end ? at : undefined;
}
