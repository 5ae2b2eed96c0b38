/** Event days that conditions on the event time leave. */

import type { EventDay } from '../shared/domain/compaction.ts';
import { minutes, utcDate, type Instant } from '../shared/domain/window.ts';

/** Event days, both ends included; open where absent. Rows without an event time are in none that has an end. */
export interface DaySpan {
  readonly from?: EventDay;
  readonly to?: EventDay;
}

/** The spans that are asked of each dataset, by its name. A dataset that is missing here is asked for all its days. */
export type AskedDays = ReadonlyMap<string, readonly DaySpan[]>;

/**
 * The days that conditions on the event time leave.
 *
 * @param filters As DuckDB writes the conditions of a scan, all of which hold. One that is written otherwise excludes no day.
 * @example daysWithin(["event_time>='2026-11-20 00:00:00+00'::TIMESTAMP WITH TIME ZONE"]) // { from: '2026-11-20' }
 */
export function daysWithin(filters: readonly string[]): DaySpan {
  let span: DaySpan = {};
  for (const filter of filters.filter((text) => onlyEventTime.test(text)))
    for (const [, operator = '', date = '', time = ''] of filter.matchAll(condition)) {
      const instant = Date.parse(`${date}T${time}Z`);
      if (operator !== '<' && operator !== '<=') span = later(span, utcDate(instant));
      if (operator !== '>' && operator !== '>=') span = earlier(span, lastDay(operator, instant, time));
    }
  return span;
}

const later = (span: DaySpan, from: EventDay): DaySpan => (span.from !== undefined && span.from > from ? span : { ...span, from });

const earlier = (span: DaySpan, to: EventDay): DaySpan => (span.to !== undefined && span.to < to ? span : { ...span, to });

/** The time of day may be that of planning (`now()`), and the query runs a little later: a minute more is asked for, but at midnight. */
function lastDay(operator: string, until: Instant, time: string): EventDay {
  if (time !== '00:00:00') return utcDate(until + minutes(1));
  return utcDate(operator === '<' ? until - 1 : until);
}

const comparison = String.raw`event_time(>=|<=|=|<|>)'(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00'::TIMESTAMP WITH TIME ZONE`;
const condition = new RegExp(comparison, 'g');
const onlyEventTime = new RegExp(`^${comparison}(?: AND ${comparison})*$`);
