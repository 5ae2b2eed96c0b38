/** When findings are sent: one by one while there are few, and a digest a quarter of an hour where there are many. */

import { days, hours, minutes, seconds, type Instant } from './window.ts';

/** What a channel has sent lately. */
export interface Pace {
  /** When single findings were sent, within the last quarter of an hour. */
  readonly singlesAt: readonly Instant[];
  readonly digestAt?: Instant;
}

/** A channel that has sent nothing yet. */
export const freshPace: Pace = { singlesAt: [] };

const spanMs = minutes(15);
/** Single messages in a quarter of an hour; what would be more is a digest. */
const mostSingles = 10;

/** How what is due is sent. */
export type Plan = 'each' | 'digest' | 'wait';

/** @param due How many findings are due. */
export function planOf(due: number, { singlesAt, digestAt }: Pace, now: Instant): Plan {
  const recent = singlesAt.filter((at) => isRecent(at, now)).length;
  if (recent + due <= mostSingles) return 'each';
  return digestAt !== undefined && isRecent(digestAt, now) ? 'wait' : 'digest';
}

/** A time ahead of us was set by a clock that was wrong. */
const isRecent = (at: Instant, now: Instant): boolean => at > now - spanMs && at <= now;

/** After a message was taken. */
export function afterMessage(pace: Pace, kind: 'finding' | 'digest', now: Instant): Pace {
  const singlesAt = pace.singlesAt.filter((at) => isRecent(at, now));
  return kind === 'digest' ? { singlesAt, digestAt: now } : { ...pace, singlesAt: [...singlesAt, now] };
}

/** How far one channel has come with one finding. */
export type Delivery =
  | { readonly state: 'taken' }
  | { readonly state: 'waiting'; readonly tries: number; readonly dueAt: Instant; readonly because: string }
  /** Given up, and not tried again. */
  | { readonly state: 'dead'; readonly because: string };

const [firstPauseMs, usualPauseMs, giveUpAfterMs] = [seconds(30), hours(1), days(3)];
/** Whatever a receiver asks for, in ms. A due time further away was set by a clock that was ahead. */
export const longestNoticePauseMs = hours(6);

/** What follows from a message that was not taken: the next attempt, or none where the finding has waited for three days. */
export function afterFailure(
  before: Delivery | undefined,
  { because, retryAfterMs = 0, isFinal = false }: { readonly because: string; readonly retryAfterMs?: number; readonly isFinal?: boolean },
  times: { readonly now: Instant; readonly noticedAt: Instant },
): Delivery {
  const tries = (before?.state === 'waiting' ? before.tries : 0) + 1;
  const pauseMs = Math.max(retryAfterMs, Math.min(firstPauseMs * 2 ** (tries - 1), usualPauseMs));
  const dueAt = times.now + Math.min(pauseMs, longestNoticePauseMs);
  return isFinal || dueAt > times.noticedAt + giveUpAfterMs ? { state: 'dead', because } : { state: 'waiting', tries, dueAt, because };
}

/** Whether a channel has to say it now. */
export const isDueOn = (delivery: Delivery | undefined, now: Instant): boolean =>
  delivery === undefined || (delivery.state === 'waiting' && delivery.dueAt <= now);

/** Whether a finding has waited so long that nobody is notified any more: a channel that is new does not begin with the past. */
export const isStale = (noticedAt: Instant, now: Instant): boolean => now > noticedAt + giveUpAfterMs;
