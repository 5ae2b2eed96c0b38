/** Listing of content blobs: window by window, oldest first, each claimed whole before the cursor passes it. */

import type { ContentJob } from '../../shared/domain/fetch-job.ts';
import { noLateness, noteLateness, type Lateness } from '../../shared/domain/lateness.ts';
import { clocksDifferMs, isInTheFuture } from '../../shared/domain/clock.ts';
import { deepListDone, dueDeepList, everyDeepListDone, lastDay } from '../../shared/domain/deep-list.ts';
import { cutContent, oldestServed } from '../../shared/domain/retention.ts';
import { fraction, subscriptionRestMs, unnamedRetryAfterMs, waitsInPlace } from '../../shared/domain/retry.ts';
import { streamKey } from '../../shared/domain/stream.ts';
import { stuckAfter } from '../../shared/domain/stuck.ts';
import { gridFloor, gridWindows, hours, iso, type Instant, type Window } from '../../shared/domain/window.ts';
import type { Cursor, CursorBody, DeepList, Gap, HeldBack } from '../../shared/ports/ledger.ts';
import { mayBeUnanswered, type Answer, type Refusal, type Subscription } from '../../shared/ports/microsoft.ts';
import { claimBlobs } from './claim-blobs.ts';
import { cursorBody, logGap, nothingElse, timeFault, type ListDeps, type Listed, type Listing } from './listing.ts';

/** Windows lie on this grid, so that every list sees the same blobs in the same window. */
const windowMs = hours(1);
/** Listed again in every run: content may be listed late. */
const overlapMs = hours(1);
/** A stream whose cursor lags more than this is backfilled while what is new is listed first. */
const backfillLagMs = hours(24);
/** A deep list remembers where it is after this many windows. */
const deepCommitWindows = 24;
/** The next run goes on after as many: a week of one tenant is half a minute of answers, one after the other, and others wait for it. */
const deepWindowsAtOnce = 48;

/**
 * Lists a stream of content: the subscription first, then what is new, then the deep list that is due.
 *
 * @param found The cursor as it was read; undefined for a stream that begins.
 * @throws When a store fails; what was claimed until then stays claimed, and the next run goes on from the cursor.
 */
export async function listContent(listing: Listing, found: Cursor | undefined): Promise<Listed> {
  const run = await begin(listing, found);
  if ('kind' in run) return run;
  return (await listNew(run)) ?? (await listDeep(run)) ?? { kind: 'listed', jobs: run.jobs, isCaughtUp: true };
}

/** A list on its way: the cursor as last committed, and the jobs made so far. */
interface ListRun {
  readonly listing: Listing;
  /** When the run began: taken before Microsoft's first answer, which it is compared with, and the time of the whole run. */
  readonly now: Instant;
  cursor: Cursor;
  jobs: number;
  /** Not committed yet; it goes along with the next commit, whatever that is about. */
  lateness: Lateness;
}

/** Sees to the cursor and to the subscription. The run, or why there is nothing to list. */
async function begin(listing: Listing, found: Cursor | undefined): Promise<ListRun | Listed> {
  const { tenant, logType, stream, deps } = listing;
  const now = deps.clock.now();
  const lateness = deps.known.latenessOf(stream) ?? found?.lateness ?? noLateness(now);
  const run: ListRun = { listing, now, cursor: found ?? { version: 0, watermarks: [] }, jobs: 0, lateness };
  const subscriptions = await patiently(deps, () => deps.microsoft.listSubscriptions(tenant, logType));
  const fault = timeFault(deps, now);
  if (fault) return { kind: 'stopped', by: { kind: 'out-of-range', cause: fault } };
  // Nothing is written by a time that nobody has compared.
  if (mayBeUnanswered(subscriptions)) return { kind: 'stopped', by: subscriptions };
  return (await first(run)) ?? (await resetFutureWatermark(run)) ?? (await subscribe(run, subscriptions)) ?? (await cut(run)) ?? run;
}

/** A stream that begins has a cursor before anything else, so that it can be suspended. Answers only what ends the list. */
async function first(run: ListRun): Promise<Listed | undefined> {
  if (run.cursor.watermarks.length > 0) return undefined;
  const begun = { watermarks: [oldestOf(run)], deepDoneAt: everyDeepListDone(run.now) };
  return (await commit(run, begun)) ? undefined : { kind: 'overtaken' };
}

/**
 * A clock that was ahead has left a watermark in the future, and nobody knows where listing was before: it goes back to the oldest that
 * is served. What was claimed stays claimed, so nothing lands twice. Answers only what ends the list.
 */
async function resetFutureWatermark(run: ListRun): Promise<Listed | undefined> {
  const [watermark = 0] = run.cursor.watermarks;
  if (!isInTheFuture(watermark, run.now)) return undefined;
  return (await commit(run, { watermarks: [oldestOf(run)], deepDoneAt: deepDoneAtOf(run) })) ? undefined : { kind: 'overtaken' };
}

/** What Microsoft stopped serving is a gap. Only now that it answers: until then, every run would write another one. */
async function cut(run: ListRun): Promise<Listed | undefined> {
  const { logType, stream } = run.listing;
  const doneAt = deepDoneAtOf(run);
  const { watermark, lost, deepDoneAt } = cutContent(watermarkOf(run), run.now, logType.retentionMs, doneAt[lastDay]);
  if (!lost) return undefined;
  const gap: Gap = { stream, from: lost.start, to: lost.end, reason: 'listed after Microsoft stopped serving it' };
  const change = { watermarks: [watermark], ...(deepDoneAt === undefined ? {} : { deepDoneAt: { ...doneAt, [lastDay]: deepDoneAt } }) };
  return (await commit(run, change, [gap])) ? undefined : { kind: 'overtaken' };
}

/** Starts the subscription where it is not enabled; it is never stopped. Answers only what ends the list. */
async function subscribe(run: ListRun, subscriptions: Answer<readonly Subscription[]>): Promise<Listed | undefined> {
  const { tenant, logType, deps } = run.listing;
  const { source } = logType;
  if (source.kind !== 'content') return undefined;
  if (subscriptions.kind !== 'ok') return { kind: 'stopped', by: subscriptions };
  const wanted = source.contentType.toLowerCase();
  const isEnabled = subscriptions.value.some((one) => one.contentType.toLowerCase() === wanted && one.isEnabled);
  if (isEnabled) return enabled(run);

  const { subscription, subscriptionStartedAt } = run.cursor;
  if (subscriptionStartedAt !== undefined && isResting(subscriptionStartedAt, run.now)) {
    return { kind: 'stopped', by: restingSubscription };
  }
  // An earlier start may have taken effect without anybody seeing it enabled.
  const wasNeverOn = subscription === undefined && subscriptionStartedAt === undefined;
  const off = wasNeverOn ? {} : ({ subscription: 'off' } as const);
  if (!(await commit(run, { ...off, subscriptionStartedAt: run.now }))) return { kind: 'overtaken' };
  const started = await deps.microsoft.startSubscription(tenant, logType);
  return started.kind === 'ok' ? enabled(run) : { kind: 'stopped', by: started };
}

/**
 * The subscription is enabled. What became available while it was off can never be fetched: a gap from where listing was to now,
 * for a start may take effect long after it was asked for. Before it was first enabled there was nothing to be missed.
 */
async function enabled(run: ListRun): Promise<Listed | undefined> {
  const { subscription } = run.cursor;
  if (subscription === 'enabled') return undefined;
  const { stream, deps } = run.listing;
  const gap: Gap = {
    stream,
    from: watermarkOf(run) - overlapMs,
    // Not when the run began: the start that was just asked for may have taken its time.
    to: Math.min(Math.max(deps.clock.now(), run.now), run.now + longestStartMs) + clocksDifferMs,
    reason: 'the subscription was not enabled',
  };
  return (await commit(run, { subscription: 'enabled' }, subscription === 'off' ? [gap] : [])) ? undefined : { kind: 'overtaken' };
}

/** A start that is waited for takes no longer; a clock that says otherwise has jumped. */
const longestStartMs = hours(1);

/** Whether Microsoft is to be left alone since the last start. One in the future was noted by a clock that was ahead. */
function isResting(startedAt: Instant, now: Instant): boolean {
  return now - startedAt < subscriptionRestMs && !isInTheFuture(startedAt, now);
}

const restingSubscription: Refusal = {
  kind: 'not-subscribed',
  cause: {
    code: 'subscription',
    message: 'the subscription was started and is not enabled yet',
    cure: 'it is tried again 15 minutes after the last start',
  },
};

/**
 * From an hour before the cursor to now; a closed window that is wholly claimed moves the cursor to its end. An hour that Microsoft does
 * not list, while it lists the newest one, holds the cursor back and nothing else: later hours are claimed. A stream that is more than
 * a day late lists its last hours first, so that what is live does not wait for the backlog.
 */
async function listNew(run: ListRun): Promise<Listed | undefined> {
  const { deps } = run.listing;
  const { now } = run;
  for (const window of now - watermarkOf(run) > backfillLagMs ? gridWindows(now - overlapMs, now, windowMs) : []) {
    const ended = await listWindow(run, window);
    if (ended) return ended;
  }
  const from = Math.max(watermarkOf(run) - overlapMs, oldestOf(run));
  const windows = gridWindows(from, now, windowMs);
  let broken: BrokenHour | undefined;
  for (const window of windows) {
    if (deps.clock.now() > deps.deadline) return broken?.ended ?? { kind: 'listed', jobs: run.jobs, isCaughtUp: false };
    const ended = await listWindow(run, window);
    if (ended) {
      broken ??= await brokenHour(run, window, windows, ended);
      if (!broken || !isOfTheHour(ended)) return ended;
      continue;
    }
    const isClosed = window.end === gridFloor(window.end, windowMs);
    const isPassed = isClosed && window.end > watermarkOf(run) && !broken;
    if (isPassed && !(await commit(run, { watermarks: [window.end], heldBackBy: undefined }))) return { kind: 'overtaken' };
  }
  if (broken) return heldBack(run, broken);
  deps.known.noteListed(run.listing.stream, { from, at: now });
  return undefined;
}

/** The oldest hour that is not listed in this run, and how the list ends for it. */
interface BrokenHour {
  readonly window: Window;
  readonly ended: Extract<Listed, { kind: 'stopped' }>;
}

/** Whether the hour alone is broken: Microsoft lists the newest one. Undefined when it does not answer at all. */
async function brokenHour(run: ListRun, window: Window, windows: readonly Window[], ended: Listed): Promise<BrokenHour | undefined> {
  const newest = windows.at(-1);
  if (!isOfTheHour(ended) || !newest || newest.start <= window.start) return undefined;
  return (await listWindow(run, newest)) ? undefined : { window, ended };
}

function isOfTheHour(ended: Listed): ended is Extract<Listed, { kind: 'stopped' }> {
  return ended.kind === 'stopped' && ['unavailable', 'malformed', 'missing', 'expired', 'out-of-range'].includes(ended.by.kind);
}

/** Notes in the cursor what holds it back, once; whoever asks how the stream stands sees it there. */
async function heldBack(run: ListRun, { window, ended }: BrokenHour): Promise<Listed> {
  const heldBackBy = { from: window.start, because: ended.by.cause.code };
  reportHeldBack(run, heldBackBy);
  const { heldBackBy: noted } = run.cursor;
  if (noted?.from === heldBackBy.from && noted.because === heldBackBy.because) return ended;
  return (await commit(run, { heldBackBy })) ? ended : { kind: 'overtaken' };
}

/** What Microsoft has not listed for hours is an error: a person has to look at the cause. */
function reportHeldBack({ now, listing: { tenant, logType, deps } }: ListRun, { from, because }: HeldBack): void {
  if (now - from <= stuckAfter.ms) return;
  const cure = 'see docs/runbook.md, not-landed';
  deps.log.error('an hour of the content list does not come', {
    ...{ tenant: tenant.name, logType: logType.id, from: iso(from), count: 1, because, cure },
  });
}

/** Goes on with the deep list that is running or due, and remembers where it is, so that it ends however little time each run has. */
async function listDeep(run: ListRun): Promise<Listed | undefined> {
  const { deps } = run.listing;
  const { now } = run;
  const doneAt = deepDoneAtOf(run);
  const deep = dueDeepList(run.cursor.deep, doneAt, now, oldestOf(run), fraction(streamKey(run.listing.stream)));
  if (!deep) return undefined;
  let listed = 0;
  for (const window of gridWindows(deep.position, deep.end, windowMs)) {
    const isEnough = deps.clock.now() > deps.deadline || listed === deepWindowsAtOnce;
    const isNewPosition = listed > 0 && (isEnough || listed % deepCommitWindows === 0);
    if (isNewPosition && !(await commit(run, { deep: { ...deep, position: window.start } }))) return { kind: 'overtaken' };
    if (isEnough) return { kind: 'listed', jobs: run.jobs, isCaughtUp: false };
    const ended = await listWindow(run, window);
    if (ended) return ended;
    listed += 1;
  }
  const done = { deep: undefined, deepDoneAt: deepListDone(deep.name, doneAt, now) };
  return (await commit(run, done)) ? undefined : { kind: 'overtaken' };
}

/** One window: every page listed, every blob claimed, every new job sent. Answers only what ends the list. */
async function listWindow(run: ListRun, window: Window): Promise<Listed | undefined> {
  const { tenant, logType, deps } = run.listing;
  const start = Math.max(window.start, oldestOf(run));
  if (start >= window.end) return undefined;
  const blobs = await patiently(deps, () => deps.microsoft.listBlobs(tenant, logType, { start, end: window.end }));
  if (blobs.kind !== 'ok') return { kind: 'stopped', by: blobs };
  const jobs = await claimBlobs(run.listing, blobs.value, { now: run.now, meanBlobBytes: run.cursor.meanBlobBytes });
  run.jobs += jobs.length;
  noteLate(run, jobs);
  return undefined;
}

/** What is claimed now was listed now for the first time. */
function noteLate(run: ListRun, jobs: readonly ContentJob[]): void {
  if (jobs.length === 0) return;
  const { deps, stream } = run.listing;
  const { hourly, daily } = run.cursor.deepDoneAt ?? {};
  const earlier = [
    deps.known.lastListed(stream),
    // A deep list is done some minutes after it has listed what it covers.
    ...(hourly === undefined ? [] : [{ from: hourly - hours(23), at: hourly - overlapMs }]),
    ...(daily === undefined ? [] : [{ from: daily - hours(167), at: daily - overlapMs }]),
  ].filter((one) => one !== undefined);
  const created = jobs.flatMap(({ members }) => members.map((member) => member.created));
  run.lateness = noteLateness(run.lateness, created, earlier);
  deps.known.noteLateness(stream, run.lateness);
}

/** A short Retry-After is sat out: while the workers catch up after an outage, they use up what Microsoft allows. */
async function patiently<T>({ clock, deadline }: ListDeps, ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  for (let waits = 0; ; waits += 1) {
    const answer = await ask();
    if (answer.kind !== 'throttled') return answer;
    const { retryAfterMs = unnamedRetryAfterMs } = answer;
    if (!waitsInPlace(retryAfterMs, waits, deadline - clock.now())) return answer;
    await clock.sleep(retryAfterMs);
  }
}

type Change = Partial<Omit<CursorBody, 'deep' | 'heldBackBy'>> & {
  readonly deep?: DeepList | undefined;
  readonly heldBackBy?: HeldBack | undefined;
};

/** Commits a change of the cursor; false when another list was first. */
async function commit(run: ListRun, change: Change, gaps: readonly Gap[] = []): Promise<boolean> {
  const { deep, heldBackBy, ...rest } = { ...cursorBody(run.cursor), lateness: run.lateness, ...change };
  const body: CursorBody = { ...rest, ...(deep && { deep }), ...(heldBackBy && { heldBackBy }) };
  const { stream, deps } = run.listing;
  const result = await deps.ledger.commitCursor(stream, run.cursor.version, body, { ...nothingElse, gaps });
  if (result === 'overtaken') return false;
  for (const gap of gaps) logGap(gap, run.listing);
  const { meanBlobBytes } = run.cursor;
  run.cursor = { ...body, version: run.cursor.version + 1, ...(meanBlobBytes === undefined ? {} : { meanBlobBytes }) };
  return true;
}

function watermarkOf(run: ListRun): Instant {
  const [watermark] = run.cursor.watermarks;
  if (watermark === undefined) throw new Error(`the cursor of ${run.listing.logType.id} has no watermark`);
  return watermark;
}

/** When each deep list was done. One that was done in the future was done by a clock that was ahead: it is due now. */
function deepDoneAtOf({ cursor, now }: ListRun): Readonly<Record<string, Instant>> {
  return Object.fromEntries(Object.entries(cursor.deepDoneAt ?? {}).filter(([, doneAt]) => !isInTheFuture(doneAt, now)));
}

function oldestOf({ now, listing: { tenant, logType } }: ListRun): Instant {
  return Math.max(oldestServed(now, logType.retentionMs), tenant.collectFrom ?? 0);
}
