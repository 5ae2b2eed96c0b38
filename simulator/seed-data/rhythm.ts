/** How much happens when: busy by day, quiet at night, every day of the week (so that a demonstration works on Sundays). */

import { hours, type Instant } from '../../shared/domain/window.ts';
import type { Random } from '../random.ts';

/** Share of a day's records in each UTC hour, relative to the mean. */
const byHour = [0.3, 0.25, 0.2, 0.2, 0.3, 0.5, 0.9, 1.4, 1.9, 2.0, 1.9, 1.6, 1.5, 1.8, 1.9, 1.7, 1.4, 1.1, 0.8, 0.7, 0.6, 0.5, 0.35, 0.2];

/** How many records fall into a slot: the mean for its hour, with some chance, a fraction becoming one record now and then. */
export function recordsInSlot(chance: Random, slotStart: Instant, slotMs: number, perDay: number): number {
  const mean = (perDay / (hours(24) / slotMs)) * hourWeight(slotStart);
  const count = mean * (0.75 + chance.next() * 0.5);
  return Math.floor(count) + (chance.chance(count - Math.floor(count)) ? 1 : 0);
}

function hourWeight(at: Instant): number {
  const total = byHour.reduce((sum, weight) => sum + weight, 0);
  const weight = byHour[Math.floor((at % hours(24)) / hours(1))] ?? 1;
  return (weight * byHour.length) / total;
}
