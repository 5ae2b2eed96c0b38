/** Listing of Graph windows: probe what is due, and commit watermarks and jobs in one write. */

import { notInTheFuture } from '../../shared/domain/clock.ts';
import { firstMinute, jobRef, windowJob, withRules, type WindowJob } from '../../shared/domain/fetch-job.ts';
import { dueWindows, firstWatermarks, type DueWindow } from '../../shared/domain/passes.ts';
import { cutPass, oldestServed } from '../../shared/domain/retention.ts';
import { resendAfterMs } from '../../shared/domain/retry.ts';
import { gridFloor, hours, seconds, type Instant } from '../../shared/domain/window.ts';
import type { WindowSource } from '../../shared/log-types/log-type.ts';
import type { Cursor, Gap } from '../../shared/ports/ledger.ts';
import { mayBeUnanswered, type Answer, type Refusal } from '../../shared/ports/microsoft.ts';
import { cursorBody, logGap, queued, timeFault, type Listed, type Listing } from './listing.ts';

/** A long catch-up commits what it has after this long, so that it never starts over. */
const commitEveryMs = seconds(60);
/** A stream that begins keeps this far from what Microsoft stops serving next: its first windows are fetched when they are, and are no gap. */
const firstMarginMs = hours(2);
/** A transaction holds 100 actions: the cursor, the jobs, and gaps if there are any. */
const maxJobs = 90;

/**
 * Reads due windows oldest first, all passes. Jobs and watermarks are never two writes: a job of an earlier pass that is
 * made after a later pass has read the ledger would land the same records again.
 */
export async function listWindows(listing: Listing, found: Cursor | undefined): Promise<Listed> {
  const { deps, logType } = listing;
  const { source } = logType;
  if (source.kind !== 'windows') throw new Error(`${logType.id} has no windows`);
  let cursor = found ?? { version: 0, watermarks: [] };
  let jobs = 0;
  for (;;) {
    const now = deps.clock.now();
    const begun = begin(listing, source, cursor, now);
    const probed = await probe(listing, source, begun.watermarks, now);
    // While Microsoft does not answer, nothing is cut off: every run would write another gap. And only its answers say what time it is.
    const isAnswered = probed.answers > 0;
    const fault = timeFault(deps, now);
    if (fault) return { kind: 'stopped', by: { kind: 'out-of-range', cause: fault } };
    const isBegun = cursor.version === 0 && !(probed.stoppedBy && mayBeUnanswered(probed.stoppedBy));
    const hasNews = begun.gaps.length > 0 || probed.watermarks.some((watermark, pass) => watermark !== cursor.watermarks[pass]);
    if (isBegun || (isAnswered && hasNews)) {
      const body = { ...cursorBody(cursor), watermarks: probed.watermarks };
      const dueAt = now + resendAfterMs;
      const result = await deps.ledger.commitCursor(listing.stream, cursor.version, body, { jobs: probed.jobs, dueAt, gaps: begun.gaps });
      if (result === 'overtaken') return { kind: 'overtaken' };
      for (const gap of begun.gaps) logGap(gap, listing);
      await queued(
        probed.jobs.map((job) => ({ ref: jobRef(job), dueAt })),
        deps,
      );
      cursor = { ...body, version: cursor.version + 1 };
      jobs += probed.jobs.length;
    }
    if (probed.stoppedBy) return { kind: 'stopped', by: probed.stoppedBy };
    if (probed.isCaughtUp || deps.clock.now() > deps.deadline) return { kind: 'listed', jobs, isCaughtUp: probed.isCaughtUp };
  }
}

/** The watermarks to go on from, and a gap for each pass that Microsoft's retention cuts off. */
function begin(
  { tenant, logType, stream }: Listing,
  source: WindowSource,
  cursor: Cursor,
  now: Instant,
): { watermarks: Instant[]; gaps: Gap[] } {
  if (cursor.watermarks.length === 0) {
    const from = Math.max(oldestServed(now, logType.retentionMs) + firstMarginMs, tenant.collectFrom ?? 0);
    return { watermarks: firstWatermarks(from, source.laterPassesMs.length + 1), gaps: [] };
  }
  const cuts = cursor.watermarks.map((watermark) => cutPass(known(watermark, now), now, logType.retentionMs));
  const gaps = cuts.flatMap(({ lost }, pass) =>
    lost ? [{ stream, from: lost.start, to: lost.end, reason: 'read after Microsoft stopped serving it', pass }] : [],
  );
  return { watermarks: cuts.map((cut) => cut.watermark), gaps };
}

/** One that a clock far ahead has written counts as now, on the grid of every pass. */
function known(watermark: Instant, now: Instant): Instant {
  return notInTheFuture(watermark, now) === watermark ? watermark : gridFloor(now, hours(1));
}

interface Probed {
  readonly watermarks: Instant[];
  readonly jobs: WindowJob[];
  readonly isCaughtUp: boolean;
  /** That Microsoft gave in this turn: without one nobody knows what time it is. */
  readonly answers: number;
  readonly stoppedBy?: Refusal;
}

/** Probes due windows until all are done, the time for a commit has come, or Microsoft stops answering. */
async function probe({ tenant, logType, stream, deps }: Listing, source: WindowSource, from: Instant[], begun: Instant): Promise<Probed> {
  const rules = { latencyMs: logType.latencyMs, offsetsMs: [0, ...source.laterPassesMs] };
  const jobs: WindowJob[] = [];
  let [watermarks, answers] = [from, 0];
  for (const due of dueWindows(from, begun, rules)) {
    const now = deps.clock.now();
    if (jobs.length >= maxJobs || now - begun > commitEveryMs || now > deps.deadline)
      return { watermarks, jobs, answers, isCaughtUp: false };
    const isAsked = answers === 0 || !isCatchUp(due);
    const answer = isAsked ? await ask({ tenant, logType, deps }, due) : assumedRows;
    // An error is not an empty window: it ends the run for every pass.
    if (answer.kind !== 'ok') return { watermarks, jobs, answers, isCaughtUp: false, stoppedBy: answer };
    if (isAsked) answers += 1;
    if (answer.value === 'rows') jobs.push(withRules(windowJob(stream, tenant.name, due.window, due.pass, begun), deps.rules));
    watermarks = [...due.watermarks];
  }
  return { watermarks, jobs, answers, isCaughtUp: true };
}

/**
 * A stream with a backlog reads long windows, which are hardly ever empty: asking first would cost one of the few requests allowed.
 * Not below an hour: while Microsoft is down, asking is what keeps a stream from making a job of every ten minutes.
 */
function isCatchUp({ window }: DueWindow): boolean {
  return window.end - window.start > hours(1);
}

/**
 * A window of hours may be too long for Microsoft for ever: 504, or no answer in time. Where its first minute is answered the window is
 * taken to have rows: its job is halved until each part is answered.
 */
async function ask(
  { tenant, logType, deps }: Pick<Listing, 'tenant' | 'logType' | 'deps'>,
  due: DueWindow,
): Promise<Answer<'empty' | 'rows'>> {
  const answer = await deps.microsoft.probeWindow(tenant, logType, due.window);
  const isTooLong = isCatchUp(due) && (answer.kind === 'unavailable' || answer.kind === 'malformed');
  if (!isTooLong) return answer;
  const shortest = await deps.microsoft.probeWindow(tenant, logType, firstMinute(due.window));
  return shortest.kind === 'ok' ? assumedRows : answer;
}

const assumedRows: Answer<'empty' | 'rows'> = { kind: 'ok', value: 'rows' };
