/**
 * What compaction by landing hours does next, and what follows from how it went. Decisions over values: the station carries them out.
 *
 * The order is what makes the view right at every moment: an hour is opened before it is merged, merged before the watermark passes it, and
 * closed last, by a merge that began when none of its jobs was pending.
 */

import { nextChanged, withoutChanged, type ChangedHours } from './changed-hours.ts';
import { mostDaysOfSlice, type CompactedBy } from './compacted-by.ts';
import type { ViewedHours } from './compacted-view.ts';
import { slicesOf, type DaySlice, type RowsToErase } from './compaction-statements.ts';
import { hourLater, startOfHour, type HourRange, type LandingHour } from './landing-hour.ts';
import { latestCutoff, listedCutoffs, type Cutoffs, type ListedCutoffs } from './keeping.ts';
import { days, hours, minutes, utcHour, type Instant } from './window.ts';

/** What is remembered of a dataset. A note of what to do next: were it lost, everything would be merged again, and nothing would change. */
export interface CompactionState {
  /** 0 before the first write. Every write adds one. */
  readonly version: number;
  /** Every hour up to this one is merged. */
  readonly watermark?: LandingHour;
  /** Hours of which a job was pending when they were merged; the view reads them from their objects as well. */
  readonly open: readonly LandingHour[];
  /** The statement that is under way: one at a time a table. */
  readonly turn?: Turn;
  /** Columns that the compacted table has; absent before it is made. */
  readonly columns?: readonly string[];
  /** The last hour that a merge has brought the watermark to; later ones had no object. */
  readonly merged?: LandingHour;
  /** The hours that the view's text was last written for. */
  readonly published?: ViewedHours;
  readonly maintainedAt?: Instant;
  /** Whose landed rows are gone, and whose compacted rows are to go. */
  readonly erasing?: readonly RowsToErase[];
  /** Hours whose objects were replaced since they were merged. */
  readonly changed?: readonly ChangedHours[];
  /** Hours whose compacted rows get the columns of rows that were made again from their records. */
  readonly refill?: readonly Refill[];
  /** When rows of a tenant were last deleted. Their files go with the maintenance of a week later, when no snapshot has them. */
  readonly erasedAt?: Instant;
  /** Statements that failed since the last one that succeeded. */
  readonly failures: number;
}

/** Hours to be filled. What was given up is left to whoever asked for it: it would keep the dataset from its merges. */
interface Refill {
  readonly hours: HourRange;
  readonly isGivenUp?: true;
}

/** What a turn runs on Athena. */
export type Work =
  | { readonly kind: 'table' }
  /** `closes`: the hours are one open hour that none of its jobs keeps open any more. */
  | { readonly kind: 'merge'; readonly hours: HourRange; readonly closes?: true; readonly slices?: readonly DaySlice[] }
  /** Asks which event days there are; `refills`: for a refill, which failed as a whole. */
  | { readonly kind: 'days'; readonly hours: HourRange; readonly closes?: true; readonly refills?: true }
  | { readonly kind: 'erase'; readonly rows: RowsToErase }
  /** Deletes the rows of hours that are merged again. The view reads these hours from their objects by then. */
  | { readonly kind: 'unmerge'; readonly hours: HourRange }
  /** Gives compacted rows of these hours what rows that were made again have. */
  | { readonly kind: 'refill'; readonly hours: HourRange; readonly slices?: readonly DaySlice[] }
  /** Deletes what happened before the days that are kept. */
  | { readonly kind: 'expire'; readonly cutoffs: ListedCutoffs }
  | { readonly kind: 'optimize' }
  | { readonly kind: 'vacuum' };

/** A statement that has been, or is about to be, started. */
export type Turn = Work & {
  /** The version of the state that claimed it: no two turns of a dataset have the same. */
  readonly claim: number;
  /** Of Athena, once it is known. */
  readonly queryId?: string;
};

/** What was pending, and when that was asked for. */
export interface PendingHours {
  /** Before the question, not after it. */
  readonly asOf: Instant;
  /** Landing hours of jobs that may still land rows of the dataset. */
  readonly hours: ReadonlySet<LandingHour>;
}

/** An hour with objects. */
export interface LandedObjects {
  readonly hour: LandingHour;
  readonly objects: number;
  readonly bytes: number;
}

/** What one MERGE takes, unless its first hour alone has more; and from when on it is worth one. */
export interface MergeLimits {
  readonly maxObjects: number;
  readonly maxBytes: number;
  /** Hours that are due wait until the stretch of the UTC day that they are in is over; it has so many hours and divides the day. */
  readonly everyHours: number;
  /** So many objects or bytes wait for nothing. */
  readonly enoughObjects: number;
  readonly enoughBytes: number;
  /** Event days of a slice, see {@link mostDaysOfSlice}. */
  readonly maxDays: number;
}

/**
 * Athena ends a statement after 30 minutes; a gigabyte of landed objects was merged in well under one by Trino on two cores. Each statement is
 * billed with 10 MB at least, looks the event days' keys up and writes its files and its commit: `npm run cost` counts what waiting saves.
 *
 * @param everyHours A divisor of 24.
 */
export const mergeLimits = (everyHours: number, by: CompactedBy): MergeLimits => ({
  maxObjects: 10_000,
  maxBytes: 2 * 2 ** 30,
  maxDays: mostDaysOfSlice(by),
  everyHours,
  enoughObjects: 2_000,
  enoughBytes: 2 ** 28,
});

/**
 * A job is in the ledger at most this long after the hour that it names: whoever makes one has read the time before, and a function runs
 * for 15 minutes at most. The index of due jobs lags by seconds.
 */
const graceMs = minutes(20);
const maintainEveryMs = days(7);
/** A view that reads no more than this many hours of nothing is left as it is. */
const publishAfterHours = 24;

/** The newest hour that is over and whose jobs are all in the ledger. */
export const lastDueHour = (asOf: Instant): LandingHour => utcHour(asOf - graceMs - hours(1));

/** How many hours that are due were not passed yet; 0 for a dataset that was never looked at. */
export function hoursBehind({ watermark, version }: CompactionState, asOf: Instant): number {
  if (version === 0) return 0;
  // Objects before the first watermark are older than anybody counts: the table is being made.
  return watermark === undefined ? 0 : Math.max(0, Math.round((startOfHour(lastDueHour(asOf)) - startOfHour(watermark)) / hours(1)));
}

/** Whether an hour's rows are in the compacted table, and neither the view nor a merge will read its objects again. */
export function isHourMerged({ watermark, open, changed = [] }: CompactionState, hour: LandingHour): boolean {
  const isReplaced = changed.some(({ hours: { from, to } }) => from <= hour && hour <= to);
  return watermark !== undefined && hour <= watermark && !open.includes(hour) && !isReplaced;
}

/** What a station does next. */
export type NextStep =
  { readonly kind: 'nothing' } | { readonly kind: 'state'; readonly to: StateChange } | { readonly kind: 'turn'; readonly work: Work };

/** A state without its version. */
export type StateChange = Omit<CompactionState, 'version'>;

/** What {@link nextStep} is given. `landed` was listed after `pending` was asked for, from the watermark or an earlier hour on. */
export interface Situation {
  readonly pending: PendingHours;
  readonly landed: readonly LandedObjects[];
  readonly columns: readonly string[];
  readonly limits: MergeLimits;
  /** Of compacted rows; asked for where {@link isMaintenanceTime}. Absent where everything is kept. */
  readonly keeping?: Cutoffs | 'unknown' | undefined;
}

/** @param state Without a turn under way. */
export function nextStep(state: CompactionState, situation: Situation): NextStep {
  const due = lastDueHour(situation.pending.asOf);
  const fresh = [...situation.pending.hours].filter((hour) => hour <= due && !state.open.includes(hour));
  if (fresh.length > 0) return { kind: 'state', to: { ...bodyOf(state), open: [...state.open, ...fresh].sort() } };
  const [rows] = state.erasing ?? [];
  if (rows && state.columns) return { kind: 'turn', work: { kind: 'erase', rows } };
  const ready = readyHours(state, situation, due);
  const again = nextChanged(state.changed, situation.pending.asOf, state.watermark);
  const merge = mergeOf(ready, situation.limits, due) ?? unmergeOf(state, again) ?? closingOf(state, situation.pending);
  const work = merge ?? (again.length > 0 ? undefined : refillOf(state));
  if (work) return { kind: 'turn', work: hasColumns(state, situation.columns) ? work : { kind: 'table' } };
  if (again.length > 0) return { kind: 'state', to: { ...bodyOf(state), open: [...new Set([...state.open, ...again])].sort() } };
  // What waits is not passed.
  const passed = ready[0] ? hourLater(ready[0].hour, -1) : due;
  if (state.watermark === undefined || state.watermark < passed) return { kind: 'state', to: { ...bodyOf(state), watermark: passed } };
  return isMaintained(state, situation) ? { kind: 'nothing' } : { kind: 'turn', work: maintenance(situation) };
}

/** It begins with what has expired. */
function maintenance({ keeping }: Situation): Work {
  return isEndless(keeping) ? { kind: 'optimize' } : { kind: 'expire', cutoffs: listedCutoffs(keeping) };
}

const isEndless = (keeping: Situation['keeping']): keeping is 'unknown' | undefined =>
  keeping === undefined || keeping === 'unknown' || latestCutoff(keeping) === undefined;

/** Whether a table into which something was ever merged was last maintained a week ago. */
export const isMaintenanceTime = ({ columns, merged, maintainedAt = 0 }: CompactionState, asOf: Instant): boolean =>
  columns !== undefined && merged !== undefined && asOf - maintainedAt >= maintainEveryMs;

/**
 * A table into which nothing was merged since it was maintained is left alone: a merge is at most two days later than the hours that it merges.
 * So is any while it is unknown what is kept: maintenance would put off what has expired by a week.
 */
function isMaintained(state: CompactionState, { pending, keeping }: Situation): boolean {
  const { merged, maintainedAt = 0, erasedAt = 0 } = state;
  if (merged === undefined || !isMaintenanceTime(state, pending.asOf) || keeping === 'unknown') return true;
  const hasChanged = startOfHour(merged) + days(2) >= maintainedAt || erasedAt + days(6) >= maintainedAt;
  return !hasChanged && isEndless(keeping);
}

/** Hours that are due and were not merged. */
function readyHours({ watermark }: CompactionState, { landed }: Situation, due: LandingHour): LandedObjects[] {
  return landed.filter(({ hour }) => hour <= due && (watermark === undefined || hour > watermark));
}

/** The last hour of the stretch of the day that an hour is in. */
function stretchEnd(hour: LandingHour, everyHours: number): LandingHour {
  const ofDay = Number(hour.slice(11));
  return hourLater(hour, everyHours - 1 - (ofDay % everyHours));
}

/** The oldest hours that are due, as many as one statement may take. */
function mergeOf(ready: readonly LandedObjects[], limits: MergeLimits, due: LandingHour): Work | undefined {
  const [first] = ready;
  if (!first) return undefined;
  const sum = (of: (one: LandedObjects) => number): number => ready.reduce((total, one) => total + of(one), 0);
  const isEnough = sum((one) => one.objects) >= limits.enoughObjects || sum((one) => one.bytes) >= limits.enoughBytes;
  if (!isEnough && due < stretchEnd(first.hour, limits.everyHours)) return undefined;
  let [objects, bytes, to] = [0, 0, first.hour];
  for (const one of ready) {
    objects += one.objects;
    bytes += one.bytes;
    if (one !== first && (objects > limits.maxObjects || bytes > limits.maxBytes)) break;
    to = one.hour;
  }
  return { kind: 'merge', hours: { from: first.hour, to } };
}

/** Once the view reads all of them from their objects. */
function unmergeOf({ open }: CompactionState, again: readonly LandingHour[]): Work | undefined {
  const [from, to = from] = [again[0], again.at(-1)];
  if (from === undefined || to === undefined || !again.every((hour) => open.includes(hour))) return undefined;
  return { kind: 'unmerge', hours: { from, to } };
}

function closingOf({ open, watermark }: CompactionState, pending: PendingHours): Work | undefined {
  const hour = open.find((one) => !pending.hours.has(one) && watermark !== undefined && one <= watermark);
  return hour === undefined ? undefined : { kind: 'merge', hours: { from: hour, to: hour }, closes: true };
}

/** The hours of one landing date: of one that imports of months landed on, a statement has more than enough. */
function refillOf({ refill }: CompactionState): Work | undefined {
  const those = refill?.find(({ isGivenUp }) => !isGivenUp)?.hours;
  if (!those) return undefined;
  const endOfDate = `${those.from.slice(0, 10)}T23`;
  return { kind: 'refill', hours: { from: those.from, to: those.to < endOfDate ? those.to : endOfDate } };
}

const hasColumns = ({ columns }: CompactionState, wanted: readonly string[]): boolean =>
  columns !== undefined && wanted.every((name) => columns.includes(name));

/** How a statement ended. */
export type Ended =
  { readonly kind: 'succeeded'; readonly days?: readonly string[] } | { readonly kind: 'failed'; readonly because: string };

/** When a statement ended, the columns that were wanted, and the limits of the next one. */
export interface Circumstances {
  readonly columns: readonly string[];
  readonly now: Instant;
  readonly limits: MergeLimits;
}

/** What follows from how the turn ended. The work that is left of it goes on as a turn of its own. */
export function afterTurn(state: CompactionState, ended: Ended, situation: Circumstances): Next {
  const { turn } = state;
  if (!turn) throw new Error('no statement was under way');
  const { turn: _ended, ...rest } = bodyOf(state);
  if (ended.kind === 'failed') return afterFailure({ ...rest, failures: state.failures + 1 }, turn, situation.now);
  const to = { ...rest, failures: 0 };
  switch (turn.kind) {
    case 'table':
      return { to: { ...to, columns: situation.columns } };
    case 'days':
      return afterDays(to, turn, ended.days ?? [], situation.limits);
    case 'merge':
      return afterMerge(to, turn);
    case 'erase':
      return afterErasure({ ...to, erasedAt: situation.now }, turn.rows);
    case 'unmerge':
      return { to: afterUnmerge(to, turn.hours) };
    case 'refill':
      return afterRefill(to, turn);
    case 'expire':
      return { to, work: { kind: 'optimize' } };
    case 'optimize':
      return { to, work: { kind: 'vacuum' } };
    case 'vacuum':
      return { to: { ...to, maintainedAt: situation.now } };
  }
}

/** The next state, and the work that its next turn has; none where the state says what is next. */
export interface Next {
  readonly to: StateChange;
  readonly work?: Work;
}

/** Rewrites the files that rows were deleted from at once. */
function afterErasure({ erasing = [], ...to }: StateChange, gone: RowsToErase): Next {
  const left = erasing.filter((one) => !isSameErasure(one, gone));
  return left.length > 0 ? { to: { ...to, erasing: left } } : { to, work: { kind: 'optimize' } };
}

/** Whether two notes ask for the same rows to go. */
export function isSameErasure(one: RowsToErase, other: RowsToErase): boolean {
  if ('tenantId' in one || 'tenantId' in other) return 'tenantId' in one && 'tenantId' in other && one.tenantId === other.tenantId;
  return one.tenant === other.tenant && one.identifiers.join(' ') === other.identifiers.join(' ');
}

function afterUnmerge({ changed, ...to }: StateChange, those: HourRange): StateChange {
  const left = withoutChanged(changed, those);
  return left.length > 0 ? { ...to, changed: left } : to;
}

function afterDays(
  to: StateChange,
  { hours: those, closes, refills }: Extract<Turn, { kind: 'days' }>,
  eventDays: readonly string[],
  { maxDays }: MergeLimits,
): Next {
  const slices = slicesOf(eventDays, maxDays);
  if (refills) {
    const refill: Work = { kind: 'refill', hours: those, slices };
    return slices.length > 0 ? { to, work: refill } : afterRefill(to, refill);
  }
  const work: Work = { kind: 'merge', hours: those, ...(closes && { closes }), slices };
  return slices.length > 0 ? { to, work } : afterMerge(to, work);
}

function afterMerge(
  to: StateChange,
  { hours: { to: hour, from }, closes, slices = [], hours: those }: Extract<Work, { kind: 'merge' }>,
): Next {
  const left = slices.slice(1);
  if (left.length > 0) return { to, work: { kind: 'merge', hours: those, ...(closes && { closes }), slices: left } };
  if (closes) return { to: { ...to, open: to.open.filter((one) => one !== from) } };
  const watermark = to.watermark === undefined || hour > to.watermark ? hour : to.watermark;
  return { to: { ...to, watermark, merged: watermark } };
}

function afterRefill({ refill = [], ...to }: StateChange, { hours: those, slices = [] }: Extract<Work, { kind: 'refill' }>): Next {
  const rest = slices.slice(1);
  if (rest.length > 0) return { to: { ...to, refill }, work: { kind: 'refill', hours: those, slices: rest } };
  const left = refill.flatMap((note): Refill[] => {
    const { from, to: last } = note.hours;
    if (from !== those.from || note.isGivenUp) return [note];
    return last <= those.to ? [] : [{ hours: { from: hourLater(those.to), to: last } }];
  });
  return { to: left.length > 0 ? { ...to, refill: left } : to };
}

/** Of a refill, which can be asked for again; a merge is tried for ever. */
const mostRefillFailures = 4;

function afterFailure(to: StateChange, turn: Turn, now: Instant): Next {
  const isRefill = turn.kind === 'refill' || (turn.kind === 'days' && turn.refills === true);
  if (!isRefill || to.failures < mostRefillFailures) return { to: { ...to, ...givenUp(turn, now) }, ...retryOf(turn) };
  const refill = (to.refill ?? []).map((note): Refill => (note.hours.from === turn.hours.from ? { ...note, isGivenUp: true } : note));
  return { to: { ...to, refill } };
}

/** A merge that fails as a whole is tried in slices: too many event days at once are the failure to be expected. */
function retryOf(turn: Turn): Pick<Next, 'work'> {
  if (turn.kind === 'merge' && turn.slices === undefined) {
    return { work: { kind: 'days', hours: turn.hours, ...(turn.closes && { closes: turn.closes }) } };
  }
  if (turn.kind === 'refill' && turn.slices === undefined) return { work: { kind: 'days', hours: turn.hours, refills: true } };
  if (isMaintenance(turn)) return {};
  const { claim: _claim, queryId: _query, ...work } = turn;
  return { work };
}

const isMaintenance = ({ kind }: Turn): boolean => kind === 'expire' || kind === 'optimize' || kind === 'vacuum';

/** Maintenance that failed is tried again tomorrow; nothing depends on it but speed. */
function givenUp(turn: Turn, now: Instant): Partial<StateChange> {
  return isMaintenance(turn) ? { maintainedAt: now - maintainEveryMs + days(1) } : {};
}

/** Whether the view's text has to be written: it was never, hours were opened, merged or closed since, or it reads a day of nothing. */
export function isViewDue({ columns, watermark, open, merged = '', published }: CompactionState): boolean {
  if (columns === undefined || watermark === undefined) return false;
  if (published === undefined || merged > published.watermark || hourLater(published.watermark, publishAfterHours) <= watermark)
    return true;
  return open.join() !== published.open.join();
}

function bodyOf({ version: _version, ...body }: CompactionState): StateChange {
  return body;
}
