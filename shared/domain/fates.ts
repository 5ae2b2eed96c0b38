/** What the answers for a job's members amount to: land now, or park. */

import type { Letter } from './fetch-job.ts';
import { malformedToQuarantine, quarantineBeforeExpiryMs } from './retry.ts';
import type { Instant } from './window.ts';

/** What one member came to in this attempt. */
export type MemberAnswer = 'fetched' | 'expired' | 'malformed' | 'not-yet';

/** What an attempt does next. */
export type FatesDecision =
  /** One fate a member, no `?` among them. */
  { readonly kind: 'land'; readonly fates: string } | { readonly kind: 'park' };

/** The share of members that may be open while "nearly all" are settled: of nine or fewer, not one. */
const nearlyAllBut = 0.1;

/** What is known of a member beside its answer. */
export interface MemberPast {
  /** Malformed answers of earlier attempts. */
  readonly malformedBefore: number;
  /** When Microsoft stops serving it. */
  readonly expires: Instant;
}

/** Whether a member that stays malformed may be given up: it was malformed often enough, and will soon not be served any more. */
function isGivenUp({ malformedBefore, expires }: MemberPast, now: Instant): boolean {
  return malformedBefore + 1 >= malformedToQuarantine && now >= expires - quarantineBeforeExpiryMs;
}

/** @param now By Microsoft's clock, when it answered. */
export function letterOf(answer: MemberAnswer, past: MemberPast, now: Instant): Letter {
  switch (answer) {
    case 'fetched':
      return 'l';
    case 'expired':
      return 'e';
    case 'malformed':
      return isGivenUp(past, now) ? 'q' : '?';
    case 'not-yet':
      return '?';
  }
}

/**
 * Any open member parks the job; but the second time, if at least one member is settled, the open ones are set aside
 * into a child job: else one stuck blob holds its neighbours back until they expire, and a throttled group never lands.
 * Where nearly all are settled they are set aside the first time already: one request in fifty that fails would make most of the large
 * jobs fetch everything twice.
 *
 * @param parks Parks before this attempt.
 */
export function decideFates(letters: readonly Letter[], parks: number): FatesDecision {
  const fates = letters.join('');
  if (!fates.includes('?')) return { kind: 'land', fates };
  const open = letters.filter((letter) => letter === '?').length;
  const isAnySettled = open < letters.length;
  const areNearlyAll = open <= letters.length * nearlyAllBut;
  if ((parks >= 1 && isAnySettled) || areNearlyAll) return { kind: 'land', fates: fates.replaceAll('?', 's') };
  return { kind: 'park' };
}
