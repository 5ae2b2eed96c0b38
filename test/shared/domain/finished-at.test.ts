import { expect, test } from '@jest/globals';
import { finishedAt } from '../../../shared/domain/finished-at.ts';
import type { ContentJob } from '../../../shared/domain/fetch-job.ts';
import { days } from '../../../shared/domain/window.ts';

const created = Date.parse('2026-11-20T09:30:00Z');
const job = (members: readonly { readonly created: number }[]) =>
  ({ kind: 'content', jobId: 'job', landingHour: '2026-11-20T10', members }) as unknown as ContentJob;

test.each([
  { name: 'now', members: [{ created }], now: created + days(1), at: created + days(1) },
  {
    name: 'never before it was made, by a clock that is weeks slow',
    members: [{ created }],
    now: created - days(30),
    at: '2026-11-20T10:00:00Z',
  },
  { name: 'now, where every blob of it was left to another job', members: [], now: created + days(1), at: created + days(1) },
])('a job ends $name', ({ members, now, at }) => {
  expect(finishedAt(job(members), now)).toBe(typeof at === 'string' ? Date.parse(at) : at);
});
