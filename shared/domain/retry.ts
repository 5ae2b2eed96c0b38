/** When to try again. Retry truth is `dueAt` in the ledger, never a queue's receive count. */

import { createHash } from 'node:crypto';
import { hours, minutes, seconds, type Instant } from './window.ts';

/** A job is due again by this time after it was sent, should its message or its worker be lost. */
export const resendAfterMs = minutes(15);
/** Attempts begun without a park or an end, after which a job's members are isolated: something in it kills the worker. */
export const startsToIsolate = 4;
/** Malformed answers, a park apart, before a member can be quarantined. Truncated answers happen; five in a row do not. */
export const malformedToQuarantine = 5;
/**
 * A member that stays malformed is given up this long before Microsoft stops serving it, and no sooner: a proxy that answers with its own
 * page may be gone tomorrow. It is more than {@link longestParkMs}, so that it is asked for at least once within.
 */
export const quarantineBeforeExpiryMs = hours(12);
/** What stays malformed, or kills its worker, is asked for ever more rarely, down to this. */
export const rarelyMs = hours(6);
/** The longest park there is: {@link rarelyMs} with its jitter, and some. A job that is due later was put off by a clock that was ahead. */
export const longestParkMs = hours(8);
/** A window that fails the same way for so many attempts in a row, while Microsoft answers a shorter one, is halved. */
export const failuresToHalve = 3;
/**
 * No Retry-After is obeyed for longer, whatever an answer names: a wrong header may not silence a tenant for as long as the process lives.
 * With its jitter a park for it stays below an hour.
 */
export const longestRetryAfterMs = minutes(30);
/** How long a stream rests whose credential or permission was refused. */
export const suspensionMs = minutes(60);
/** Microsoft asks for this much between two starts of a subscription. */
export const subscriptionRestMs = minutes(15);

/**
 * now + max(Retry-After, 1 min x 2^parks up to `mostMs`) + up to a fifth of jitter.
 *
 * @param parks Parks before this one.
 * @param mostMs The longest backoff; 30 minutes but for what is asked for rarely.
 * @param salt Makes the jitter differ between jobs; the same job and park have the same jitter.
 */
export function parkUntil(now: Instant, parks: number, retryAfterMs: number, salt: string, mostMs = minutes(30)): Instant {
  const backoffMs = Math.min(minutes(1) * 2 ** Math.min(parks, 10), mostMs);
  const delayMs = Math.max(backoffMs, Math.min(retryAfterMs, longestRetryAfterMs));
  return now + delayMs + Math.floor((delayMs / 5) * fraction(`${salt}#${String(parks)}`));
}

/** Times that a short Retry-After is sat out in place. After an outage many workers share one limit, and each needs a few. */
const mostWaits = 6;

/** Whether to sit out a Retry-After in place: six times at most, and only while time remains to finish afterwards. */
export function waitsInPlace(retryAfterMs: number, waitsSoFar: number, remainingMs: number): boolean {
  return waitsSoFar < mostWaits && remainingMs >= retryAfterMs + seconds(20);
}

/** The wait where a throttling answer names no time. */
export const unnamedRetryAfterMs = seconds(5);

/** Of somebody who waits for an answer and has no deadline: tries in all, and the longest wait that is put upon them. */
const mostTries = 8;
const longestWaitMs = minutes(5);

/** How long to wait before asking again what is asked by hand; undefined when it is time to report what Microsoft answered. */
export function askAgainIn(retryAfterMs: number | undefined, waitsSoFar: number): number | undefined {
  const waitMs = retryAfterMs ?? unnamedRetryAfterMs * 2 ** waitsSoFar;
  return waitsSoFar + 1 < mostTries && waitMs <= longestWaitMs ? waitMs : undefined;
}

/** 0 <= fraction < 1, the same for the same text. */
export function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
