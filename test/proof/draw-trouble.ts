/** Draws what goes wrong on our own side, and between us and Microsoft: clocks, landing, proxies, and an hour that is never listed. */

import { days, gridFloor, hours, minutes, type Instant, type Window } from '../../shared/domain/window.ts';
import type { BrokenHour, ClockJump, Outage, Plan } from './plan.ts';
import type { Random } from './random.ts';

/** One to three times, each minutes to hours long, by twenty minutes to eight weeks, forward or back. None in the first half hour. */
export function clockJumpsOf(random: Random, { start, end }: Window): ClockJump[] {
  return Array.from({ length: random.whole(1, 3) }, () => {
    const from = random.between(start + minutes(30), end);
    return { start: from, end: from + random.pick([minutes(2), minutes(20), hours(2)]) * (0.2 + random.next()), leadMs: leadOf(random) };
  });
}

/** Times around the beginning and the end of a jump in which no answer of Microsoft's says what time it is. */
export function silences(random: Random, jumps: readonly ClockJump[]): Outage[] {
  return jumps.flatMap(({ start, end }) =>
    [start, end].flatMap((around): Outage[] => {
      if (!random.chance(0.4)) return [];
      const from = around - random.between(0, minutes(3));
      return [{ start: from, end: from + random.between(minutes(1), minutes(40)), kind: 'silent', of: 'everything' }];
    }),
  );
}

function leadOf(random: Random): number {
  const ms = random.pick([minutes(25), hours(3), days(1), days(8), days(28), days(45)]) * (0.8 + 0.4 * random.next());
  return Math.round(random.chance(0.7) ? ms : -ms);
}

/** The cursor that an earlier version has left which did not compare its clock. */
export function leftAheadOf(random: Random, { start, end }: Window): Pick<Plan, 'leftAhead'> {
  if (!random.chance(0.4)) return {};
  return { leftAhead: { at: random.between(start + minutes(30), end), leadMs: random.pick([hours(5), days(8), days(20)]) } };
}

/** Landing throws whatever it is given, for up to twelve hours; or every worker is killed, again and again. */
export function landingTrouble(random: Random, { start, end }: Window): Pick<Plan, 'landingThrows' | 'crashLoop'> {
  const from = random.between(start, end);
  const window = { start: from, end: from + random.pick([minutes(20), hours(2), hours(6), hours(12)]) };
  return random.chance(0.5) ? { landingThrows: window } : { crashLoop: { ...window, end: Math.min(window.end, from + hours(4)) } };
}

/** A proxy answers with pages of its own, for minutes up to three days. */
export function proxies(random: Random, { start, end }: Window): Outage[] {
  const from = random.between(start, end);
  const lasts = random.pick([minutes(30), hours(5), days(3)]);
  return [{ start: from, end: from + lasts, kind: 'proxied', of: random.pick(['everything', 'fetching', 'fetching', 'listing']) }];
}

/** One hour is never listed until long after all faults are over. */
export function brokenHourOf(random: Random, { start, end }: Window, faultsUntil: Instant): { readonly brokenHour: BrokenHour } {
  const hour = gridFloor(random.between(start, end - hours(1)), hours(1));
  const kind = random.pick(['malformed', 'unavailable'] as const);
  return { brokenHour: { hour: { start: hour, end: hour + hours(1) }, until: faultsUntil + hours(12), kind } };
}
