/** Landing hours: `2026-11-22T06`, the UTC hour that a fetch job was made in. As texts they sort by time. */

import { hours, utcHour, type Instant } from './window.ts';

/** `YYYY-MM-DDTHH`, see FetchJob. */
export type LandingHour = string;

/** Landing hours, both inclusive. */
export interface HourRange {
  readonly from: LandingHour;
  readonly to: LandingHour;
}

/** The first instant of an hour. */
export const startOfHour = (hour: LandingHour): Instant => Date.parse(`${hour}:00Z`);

/** The hour so many hours later, or earlier. */
export const hourLater = (hour: LandingHour, count = 1): LandingHour => utcHour(startOfHour(hour) + hours(count));

/** Date and hour of the day, as the partition columns `dt` and `hr` have them. */
export function partitionOf(hour: LandingHour): { readonly dt: string; readonly hr: number } {
  return { dt: hour.slice(0, 10), hr: Number(hour.slice(11)) };
}
