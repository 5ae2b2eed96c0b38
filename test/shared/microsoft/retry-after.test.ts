import { expect, test } from '@jest/globals';
import { minutes } from '../../../shared/domain/window.ts';
import { retryAfterMs } from '../../../shared/microsoft/retry-after.ts';

const now = Date.parse('2026-11-22T06:00:00Z');
const date = 'Sun, 22 Nov 2026 06:10:00 GMT';

test.each([
  { name: 'seconds', header: '120', ms: 120_000 },
  { name: 'seconds with a fraction', header: ' 1.5 ', ms: 1_500 },
  { name: 'no time at all', header: '0', ms: 0 },
  { name: 'a date, by our clock', header: 'Sun, 22 Nov 2026 06:10:30 GMT', ms: 630_000 },
  { name: "a date, by the answer's own clock", header: 'Sun, 22 Nov 2026 06:10:30 GMT', date, ms: 30_000 },
  { name: 'a date that has passed', header: 'Sun, 22 Nov 2026 05:00:00 GMT', date, ms: 0 },
  { name: 'a date beside a broken Date header', header: date, date: 'yesterday', ms: 600_000 },
  { name: 'two headers that a proxy joined', header: '30,120', ms: 120_000 },
  { name: 'two headers, joined with a space', header: '120, 30', ms: 120_000 },
  { name: 'ten years', header: '315360000', ms: minutes(30) },
  { name: 'more seconds than a number holds', header: '9'.repeat(400), ms: minutes(30) },
  { name: 'the end of time', header: 'Fri, 31 Dec 9999 23:59:59 GMT', ms: minutes(30) },
  { name: 'a time as ISO writes it', header: '2026-11-22T06:00:30Z', ms: 30_000 },
  { name: 'a hexadecimal number', header: '0x10', ms: undefined },
  { name: 'a word among the seconds', header: '30, soon', ms: undefined },
  { name: 'a negative number of seconds', header: '-5', ms: undefined },
  { name: 'nothing readable', header: 'soon', ms: undefined },
  { name: 'a negative number', header: '-5 apples', ms: undefined },
  { name: 'no header', header: undefined, ms: undefined },
])('Retry-After with $name', ({ header, date: answered, ms }) => {
  expect(retryAfterMs(header, answered, now)).toBe(ms);
});
