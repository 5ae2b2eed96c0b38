/** What the state of a stream means to people: one state, and whether one of them is needed. */

import { cloudById, type CloudId } from '../../shared/clouds.ts';
import { failuresToHalve } from '../../shared/domain/retry.ts';
import { stuckAfter, type StuckJob } from '../../shared/domain/stuck.ts';
import { days, gridFloor, hours, iso, minutes, type Instant } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import { meaningOf } from '../../shared/microsoft/meanings.ts';
import type { Gap } from '../../shared/ports/ledger.ts';
import type { StreamState } from '../../shared/ports/stream-states.ts';

type StreamStateName =
  /** Switched on, and not listed yet. */
  | 'enabled'
  /** Microsoft's first content can take twelve hours after the first subscription. */
  | 'warming up'
  | 'collecting'
  /** Listed up to an instant longer ago than usual. */
  | 'lagging'
  /** Microsoft refuses; tried again hourly. */
  | 'suspended'
  /** Microsoft has retired the API. */
  | 'retired'
  /** Chosen, and not collected before its test has passed. */
  | 'waiting'
  | 'disabled';

/** The state of one log type of a tenant. */
export interface StreamStatus {
  readonly logType: string;
  readonly cloud: CloudId;
  readonly state: StreamStateName;
  /** Why, for the words that have a reason. */
  readonly because?: string;
  /** Age of the newest time that has been listed; absent before the first list. */
  readonly lagMs?: number;
  readonly newest?: Instant;
  /** Of the last 24 hours that have ended or begun, oldest first; the last one is the current hour. */
  readonly rowsByHour: readonly number[];
  readonly rowsLastHour: number;
  readonly rowsLastDay: number;
  readonly pending: number;
  readonly parkedUntil?: Instant;
  /** Why the job of the oldest content was parked last. */
  readonly parkedBecause?: string;
  readonly nextExpiry?: Instant;
  readonly quarantined: number;
  readonly expired: number;
  readonly gaps: number;
  /** What a person has to do, a sentence each; empty when all is well. */
  readonly needs: readonly string[];
  /** What fails and is tried again without anybody's help, a sentence each, with its cause. Nothing that is among the needs. */
  readonly retrying: readonly string[];
}

/** Since when rows are asked for, for 24 hours to be shown. */
export function rowsSince(now: Instant): Instant {
  return gridFloor(now, hours(1)) - hours(23);
}

/** Whether a stream is collected: as its tenant's configuration says, or by a simulation, which ends when it has everything. */
export type Switched = 'on' | 'simulated' | 'waiting' | 'off';

/**
 * The state of a stream at a time.
 *
 * @param tenant As it is typed after a command of `lake tenant`: its name, and the options that lead to it.
 */
export function streamStatus(state: StreamState, now: Instant, switched: Switched, tenant: string): StreamStatus {
  const { stream, cursor, landed, losses, gaps, pending, parkedUntil, stuck, nextExpiry } = state;
  const logType = logTypeById(stream.logType);
  const rowsByHour = hourly(landed, now);
  const watermark = cursor?.watermarks[0];
  const newest = Math.max(...landed.map((hour) => hour.newest));
  const isOn = switched === 'on' || switched === 'simulated';
  return {
    logType: logType.id,
    cloud: stream.cloud,
    ...stateOf(state, logType, now, switched),
    ...(watermark !== undefined && { lagMs: Math.max(0, now - watermark) }),
    ...(landed.length > 0 && { newest }),
    rowsByHour,
    // The hour that has begun, and the part of the one before that makes it sixty minutes, as far as whole hours show.
    rowsLastHour: sum(rowsByHour.slice(-1)) + Math.round(sum(rowsByHour.slice(-2, -1)) * (1 - (now % hours(1)) / hours(1))),
    rowsLastDay: sum(rowsByHour),
    pending,
    ...(parkedUntil !== undefined && { parkedUntil }),
    ...(stuck && { parkedBecause: stuck.because }),
    ...(nextExpiry !== undefined && { nextExpiry }),
    quarantined: losses.filter(({ reason }) => reason === 'quarantined').length,
    expired: losses.filter(({ reason }) => reason === 'expired').length,
    gaps: gaps.length,
    needs: {
      on: () => [...collectionNeeds(state, logType, now, tenant), ...lossNeeds(state, logType, now)],
      simulated: () => lossNeeds(state, logType, now),
      waiting: () => [waitingNeed(logType, tenant)],
      off: () => [],
    }[switched](),
    retrying: isOn ? retryingNow(state, logType, now) : [],
  };
}

type NamedState = Pick<StreamStatus, 'state' | 'because'>;

function stateOf({ cursor, landed }: StreamState, logType: LogType, now: Instant, switched: Switched): NamedState {
  if (switched === 'off') return { state: 'disabled' };
  if (switched === 'waiting') return { state: 'waiting', because: 'its test has not passed' };
  if (cursor?.suspendedUntil !== undefined) return { state: 'suspended', because: suspendedBecause(cursor, now) };
  if (logType.retired && logType.retired.at <= now) return { state: 'retired', because: `since ${iso(logType.retired.at).slice(0, 10)}` };
  if (cursor?.watermarks[0] === undefined) return { state: 'enabled', because: 'not listed yet' };
  if (cursor.subscription === 'off') return { state: 'warming up', because: 'the subscription is not enabled yet' };
  const started = cursor.subscriptionStartedAt;
  if (started !== undefined && now - started < warmingUpMs && landed.length === 0)
    return { state: 'warming up', because: `subscribed at ${clockTime(started)}, the first content can take 12 h` };
  return now - cursor.watermarks[0] > usualLagMs(logType) ? { state: 'lagging' } : { state: 'collecting' };
}

function suspendedBecause(
  { suspendedBecause: code = 'refused', suspendedUntil = 0 }: NonNullable<StreamState['cursor']>,
  now: Instant,
): string {
  return `${code}, ${suspendedUntil > now ? `tried again at ${clockTime(suspendedUntil)}` : 'being tried again'}`;
}

/** @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#start-a-subscription */
const warmingUpMs = hours(12);

/** Content's cursor moves by whole hours; a window is read once its latency is over. */
function usualLagMs({ source, latencyMs }: LogType): number {
  return source.kind === 'content' ? minutes(75) : latencyMs + minutes(30);
}

/** With a lag of this much, waiting does not help any more. */
const longLagMs = days(1);
const soonMs = days(1);
/** What was lost within this long is news to somebody. */
const recentMs = days(7);

/** What stands in the way of collecting, and who can change that. */
function collectionNeeds(
  { stream, cursor, nextExpiry, parkedUntil, stuck }: StreamState,
  logType: LogType,
  now: Instant,
  tenant: string,
): string[] {
  const { id, retired } = logType;
  const needs: string[] = [];
  if (cursor?.suspendedUntil !== undefined)
    needs.push(
      explained(
        `${id}: Microsoft refuses it (${cursor.suspendedBecause ?? 'refused'}); 'lake tenant test ${tenant}' names the cure`,
        cursor.suspendedBecause,
      ),
    );
  if (retired && retired.at <= now) needs.push(`${id}: retired; run 'lake tenant edit ${tenant} --replace ${id}=${retired.replacement}'`);
  const lagMs = now - (cursor?.watermarks[0] ?? now);
  if (lagMs > longLagMs && !isCatchingUp(cursor, now))
    needs.push(
      `${id}: listed up to ${iso(now - lagMs)} only; see the log of its list, and whether ${cloudById(stream.cloud).host} answers`,
    );
  if (nextExpiry !== undefined && nextExpiry - now < soonMs && parkedUntil !== undefined && (stuck?.parks ?? 0) >= failuresToHalve)
    needs.push(
      explained(
        `${id}: Microsoft stops serving something that has not landed at ${iso(nextExpiry)}; its jobs are parked (${stuck?.because ?? 'see the log'})`,
        stuck?.because,
      ),
    );
  if (cursor?.heldBackBy !== undefined)
    needs.push(
      explained(
        `${id}: Microsoft does not list the hour from ${iso(cursor.heldBackBy.from)} (${cursor.heldBackBy.because}); later hours are collected`,
        cursor.heldBackBy.because,
      ),
    );
  if (stuck !== undefined && hasFailedForHours(stuck, now))
    needs.push(
      explained(
        `${id}: what Microsoft published at ${iso(stuck.since)} has not landed (${stuck.because}); it is tried again`,
        stuck.because,
      ),
    );
  if (cursor?.failing !== undefined && isOverdue(cursor.failing.since, now))
    needs.push(
      explained(
        `${id}: its list has failed since ${iso(cursor.failing.since)} (${cursor.failing.because}); it is tried again`,
        cursor.failing.because,
      ),
    );
  return needs;
}

/** What fails for hours needs a person; before that most of it passes by itself. */
export const isOverdue = (since: Instant, now: Instant): boolean => now - since > stuckAfter.ms;

/** What is old is fetched for the first time by a stream that begins: age alone says nothing. */
const hasFailedForHours = ({ since, parks }: StuckJob, now: Instant): boolean => isOverdue(since, now) && parks >= stuckAfter.parks;

/** What fails now and needs nobody yet: silence would look like success. */
function retryingNow({ cursor, stuck, parkedUntil }: StreamState, { id }: LogType, now: Instant): string[] {
  const retrying: string[] = [];
  const failing = cursor?.suspendedUntil === undefined ? cursor?.failing : undefined;
  if (failing !== undefined && !isOverdue(failing.since, now))
    retrying.push(
      explained(
        `${id}: its list has failed since ${clockTime(failing.since)} (${failing.because}); it is tried again every few minutes`,
        failing.because,
      ),
    );
  if (stuck !== undefined && !hasFailedForHours(stuck, now)) {
    const next = parkedUntil === undefined ? '' : ` at ${clockTime(parkedUntil)}`;
    retrying.push(
      explained(
        `${id}: what Microsoft published at ${iso(stuck.since)} does not come (${stuck.because}); it is tried again${next}`,
        stuck.because,
      ),
    );
  }
  return retrying;
}

/** A line with what the code in it means, and what to do, where that is known. */
function explained(line: string, code: string | undefined): string {
  const meaning = code === undefined ? undefined : meaningOf(code);
  if (!meaning) return line;
  const { message, cure } = meaning;
  return `${line}. ${message.charAt(0).toUpperCase()}${message.slice(1)}${cure === '' ? '' : `. ${cure}`}`;
}

/** What was lost lately. */
function lossNeeds({ losses, gaps }: StreamState, { id, retentionMs }: LogType, now: Instant): string[] {
  const needs: string[] = [];
  const quarantined = losses.filter(({ reason, created }) => reason === 'quarantined' && now - created < recentMs + retentionMs);
  if (quarantined.length > 0) {
    const isServed = quarantined.some(({ created }) => now - created < retentionMs);
    const cure = isServed ? `; 'lake reconcile --repair' fetches again what Microsoft still serves` : '';
    needs.push(`${id}: ${String(quarantined.length)} content blobs could not be read; their bytes are in quarantine/${cure}`);
  }
  const expired = losses.filter(({ reason, created }) => reason === 'expired' && now - created < recentMs + retentionMs).length;
  if (expired > 0)
    needs.push(`${id}: ${String(expired)} content blobs expired before they were fetched; a Purview export can fill that in`);
  const recent = gaps.filter(({ to }) => now - to < recentMs + retentionMs);
  if (recent.length > 0) needs.push(`${id}: ${gapWords(recent)}`);
  return needs;
}

const waitingNeed = ({ id }: LogType, tenant: string): string =>
  `${id}: not collected before its test passes; 'lake tenant enable ${tenant}' tests it again`;

function gapWords(gaps: readonly Gap[]): string {
  const [first] = gaps;
  const more = gaps.length > 1 ? ` and ${String(gaps.length - 1)} more gaps` : '';
  return first
    ? `not collected from ${iso(first.from)} to ${iso(first.to)} (${first.reason})${more}; a Purview export can fill that in`
    : '';
}

/** A stream that began within the last day lags by design: it starts at the oldest that Microsoft serves. */
function isCatchingUp(cursor: StreamState['cursor'], now: Instant): boolean {
  // Of content, the deep lists count as done when it begins.
  return now - Math.max(0, ...Object.values(cursor?.deepDoneAt ?? {})) < longLagMs;
}

function hourly(landed: StreamState['landed'], now: Instant): number[] {
  const rows = new Map(landed.map((hour) => [hour.hour, hour.rows]));
  return Array.from({ length: 24 }, (_, index) => rows.get(rowsSince(now) + hours(index)) ?? 0);
}

const clockTime = (instant: Instant): string => `${iso(instant).slice(11, 16)} UTC`;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
