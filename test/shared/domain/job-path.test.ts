import { describe, expect, test } from '@jest/globals';
import { freshState, jobKey } from '../../../shared/domain/fetch-job.ts';
import { backfillStatus } from '../../../shared/domain/backfill.ts';
import { contentPath, windowPath } from '../../../shared/domain/job-path.ts';
import { days, hours } from '../../../shared/domain/window.ts';
import { at, blobsOf, exchange, member, pass } from '../../contracts/samples.ts';

const created = at('08:00');

describe('the path of a job', () => {
  test.each([
    { name: 'of new content is live', age: hours(1), path: 'live' },
    { name: 'of content of some days is the backfill', age: days(3), path: 'backfill' },
    { name: 'of content that expires within a day is live: it cannot wait', age: days(6) + hours(1), path: 'live' },
  ])('$name', ({ age, path }) => {
    expect(contentPath([member('a', created), member('b', created)], created + age)).toBe(path);
  });

  test.each([
    { name: 'of a window of today is live', age: hours(5), path: 'live' },
    { name: 'of a window that its last pass reads is live', age: days(1), path: 'live' },
    { name: 'of an older window is the backfill', age: days(3), path: 'backfill' },
  ])('$name', ({ age, path }) => {
    expect(windowPath(jobKey(pass(0, '06:00', '07:00')), at('07:00') + age)).toBe(path);
  });
});

test('how far a backfill has come: what is listed, what waits where, and what expires first', () => {
  const now = created + days(4);
  const [old, fresh] = [blobsOf(exchange, 'a'), { ...blobsOf(exchange, 'b'), members: [member('b', now - hours(1))] }];
  const jobs = [old, fresh].map((job) => ({ job, state: freshState(now, 1) }));
  expect(backfillStatus({ watermark: now - days(1), oldest: now - days(5), retentionMs: days(7) }, now, jobs)).toEqual({
    ...{ listedUntil: now - days(1), listedShare: 0.8, waiting: 1, live: 1 },
    expiresFirst: created + days(7),
  });
});
