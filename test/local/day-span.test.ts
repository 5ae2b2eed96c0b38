import { expect, test } from '@jest/globals';
import { daysWithin } from '../../local/day-span.ts';

const eventTime = (operator: string, time: string): string => `event_time${operator}'${time}'::TIMESTAMP WITH TIME ZONE`;

test.each([
  { name: 'a lower end', filters: [eventTime('>=', '2026-11-20 13:00:00+00')], days: { from: '2026-11-20' } },
  {
    name: 'both ends in one text',
    filters: [`${eventTime('>', '2026-11-18 23:59:59+00')} AND ${eventTime('<=', '2026-11-20 12:00:00.25+00')}`],
    days: { from: '2026-11-18', to: '2026-11-20' },
  },
  { name: 'one instant', filters: [eventTime('=', '2026-11-20 08:00:00+00')], days: { from: '2026-11-20', to: '2026-11-20' } },
  { name: 'before midnight: the day before', filters: [eventTime('<', '2026-11-20 00:00:00+00')], days: { to: '2026-11-19' } },
  { name: 'up to midnight: that day too', filters: [eventTime('<=', '2026-11-20 00:00:00+00')], days: { to: '2026-11-20' } },
  {
    name: 'within a microsecond of midnight: that day too',
    filters: [eventTime('<', '2026-11-20 00:00:00.000001+00')],
    days: { to: '2026-11-20' },
  },
  {
    name: 'before now, which will be tomorrow when the query runs: tomorrow too',
    filters: [eventTime('<', '2026-11-20 23:59:59.999999+00')],
    days: { to: '2026-11-21' },
  },
  {
    name: 'several conditions: what all of them leave',
    filters: [eventTime('>=', '2026-11-01 00:00:00+00'), eventTime('>=', '2026-11-05 00:00:00+00'), "optional: operation IN ('a', 'b')"],
    days: { from: '2026-11-05' },
  },
  {
    name: 'an alternative excludes nothing',
    filters: [`${eventTime('>', '2026-11-20 00:00:00+00')} OR ${eventTime('<', '2020-01-01 00:00:00+00')}`],
    days: {},
  },
  { name: 'what need not hold excludes nothing', filters: [`optional: ${eventTime('>', '2026-11-20 00:00:00+00')}`], days: {} },
  {
    name: 'a value that reads like a condition excludes nothing',
    filters: [`operation='${eventTime('>', '2026-11-20 00:00:00+00')}`],
    days: {},
  },
  { name: 'another column of a similar name excludes nothing', filters: [`last_${eventTime('>', '2026-11-20 00:00:00+00')}`], days: {} },
  { name: 'endless times exclude nothing', filters: ["event_time<'infinity'::TIMESTAMP WITH TIME ZONE"], days: {} },
])('$name', ({ filters, days }) => {
  expect(daysWithin(filters)).toEqual(days);
});
