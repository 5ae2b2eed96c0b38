/** Whether our clock can be trusted: it is compared with the `Date` of Microsoft's answers. */

import { days, hours, minutes, type Instant } from './window.ts';

/** Our clock and Microsoft's may differ by as much; further apart nothing that depends on the time is written. */
export const clocksDifferMs = minutes(15);

/** What is wrong with our clock, as the cause of a refusal. */
export interface ClockFault {
  readonly code: 'clock';
  readonly message: string;
  readonly cure: string;
}

/**
 * What is wrong with our clock; undefined while it is near enough to Microsoft's, and while there is nothing to compare it with.
 *
 * @param leadMs How far it is ahead of Microsoft's, negative where it is slow.
 */
export function clockFault(leadMs: number | undefined): ClockFault | undefined {
  if (leadMs === undefined || Math.abs(leadMs) <= clocksDifferMs) return undefined;
  const distance = `${spanText(Math.abs(leadMs))} ${leadMs > 0 ? 'ahead of' : 'slower than'} Microsoft's`;
  return {
    code: 'clock',
    message: `the clock of this machine is ${distance}: nothing is listed`,
    cure: 'set the clock, by NTP for example; listing goes on by itself then',
  };
}

/** @example '8 days', '20 minutes' */
function spanText(ms: number): string {
  const [unit, unitMs] = ms >= days(2) ? ['days', days(1)] : ms >= hours(2) ? ['hours', hours(1)] : ['minutes', minutes(1)];
  return `${String(Math.round(ms / unitMs))} ${unit}`;
}

/** An instant that was written by a clock far ahead of ours counts as now; one within what clocks differ by stays as it is. */
export function notInTheFuture(instant: Instant, now: Instant): Instant {
  return instant > now + clocksDifferMs ? now : instant;
}

/** Whether an instant was written by a clock far ahead of ours. */
export function isInTheFuture(instant: Instant, now: Instant): boolean {
  return instant > now + clocksDifferMs;
}
