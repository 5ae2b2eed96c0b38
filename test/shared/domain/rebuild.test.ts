import { describe, expect, test } from '@jest/globals';
import { childJob, contentJob, halfJobs, type FetchJob, type WindowJob } from '../../../shared/domain/fetch-job.ts';
import type { DescribedObject } from '../../../shared/domain/lake-object.ts';
import { landingKey, markToMetadata } from '../../../shared/domain/landing-key.ts';
import { rebuildStream, rereadJobs } from '../../../shared/domain/rebuild.ts';
import { days, hours, minutes, type Instant } from '../../../shared/domain/window.ts';
import { at, blobs, contoso, exchange, member, pass, signIns } from '../../contracts/samples.ts';

const now = at('12:00');
const passes = { latencyMs: minutes(10), offsetsMs: [0, hours(1), hours(24)] };

/** An object as the fetch station writes it. */
function objectOf(
  job: FetchJob,
  mark: { fates?: string; rows?: number; isSplit?: boolean } = {},
  putAt: Instant = at('09:10'),
): DescribedObject {
  const { fates, rows = 7, isSplit = false } = mark;
  const members =
    job.kind === 'content'
      ? {
          members: JSON.stringify(job.members.map(({ contentId }) => contentId)),
          created: JSON.stringify(job.members.map(({ created }) => created)),
        }
      : {};
  const metadata = { ...members, tenant: 'contoso', ...markToMetadata(job, { rows, isSplit, ...(fates === undefined ? {} : { fates }) }) };
  return { key: landingKey('msft_o365_exchange_online_raw', job), putAt, bytes: 700, metadata };
}

const content = (...objects: DescribedObject[]) => rebuildStream(exchange, objects, { now });
const windows = (...objects: DescribedObject[]) => rebuildStream(signIns, objects, { now, passes });
const split = (job: WindowJob): readonly WindowJob[] => halfJobs(job, now) ?? [];

describe('content', () => {
  test('an object gives back its job, its claims and its fates, members as they were listed', () => {
    const job = blobs('a', 'b');
    const [rebuilt] = content(objectOf(job, { fates: 'll' })).jobs;
    expect(rebuilt?.record.job).toEqual(job);
    expect(rebuilt?.record.state).toMatchObject({ state: 'landed', fates: 'll', rows: 7, bytes: 700, finishedAt: at('09:10') });
    expect(rebuilt?.record.state.dueAt).toBeUndefined();
    expect(rebuilt?.claims).toEqual(job.members.map(({ contentId }) => contentId));
  });

  test('what expired or was quarantined is a loss', () => {
    const job = blobs('a', 'b', 'c');
    const { losses = [] } = content(objectOf(job, { fates: 'leq' })).jobs[0] ?? {};
    expect(losses.map(({ contentId, reason }) => [contentId, reason])).toEqual([
      [job.members[1]?.contentId, 'expired'],
      [job.members[2]?.contentId, 'quarantined'],
    ]);
  });

  test.each([
    { name: 'landed since', fates: 'l', pendingAgain: false, lost: [] },
    { name: 'given up again', fates: 'q', pendingAgain: false, lost: ['again'] },
    { name: 'found expired since', fates: 'e', pendingAgain: false, lost: ['again'] },
    { name: 'about to be fetched again', fates: undefined, pendingAgain: true, lost: [] },
    { name: 'left alone', fates: undefined, pendingAgain: false, lost: ['first'] },
  ])('what was quarantined and was $name is the loss of no other job', ({ fates, pendingAgain, lost }) => {
    const first = blobs('a');
    const again = childJob(first, first.members, now);
    const objects = [objectOf(first, { fates: 'q' }), ...(fates === undefined ? [] : [objectOf(again, { fates }, at('10:10'))])];
    const { jobs } = rebuildStream(exchange, objects.reverse(), { now, pending: pendingAgain ? [again] : [] });
    const names = new Map([
      [first.jobId, 'first'],
      [again.jobId, 'again'],
    ]);
    expect(jobs.flatMap(({ losses }) => losses.map(({ jobId }) => names.get(jobId)))).toEqual(lost);
  });

  test.each([
    { name: 'set aside', fates: 'lss', children: [[1, 2]] },
    { name: 'isolated', fates: 'xxx', children: [[0], [1], [2]] },
    { name: 'set aside and lost', fates: 'les', children: [[2]] },
  ])('what was $name and has not landed is pending, due now', ({ fates, children }) => {
    const job = blobs('a', 'b', 'c');
    const { jobs } = content(objectOf(job, { fates }));
    const pending = jobs.filter(({ record }) => record.state.state === 'pending');
    const expected = children.map((group) =>
      childJob(
        job,
        group.flatMap((index) => job.members[index] ?? []),
        now,
      ),
    );
    expect(pending.map(({ record }) => record.job)).toEqual(expected);
    expect(pending.every(({ record, claims }) => record.state.dueAt === now && claims.length === 0)).toBe(true);
  });

  test('what was set aside and has landed, on whatever day, is not pending; the listed job claims first', () => {
    const job = blobs('a', 'b');
    const child = childJob(job, job.members.slice(1), now + days(1));
    const { jobs } = content(objectOf(child, { fates: 'l' }), objectOf(job, { fates: 'ls' }));
    expect(jobs.map(({ record }) => [record.job.jobId, record.state.state])).toEqual([
      [job.jobId, 'landed'],
      [child.jobId, 'landed'],
    ]);
  });

  test('what a listing says of a blob is better than what the object says', () => {
    const listed = new Map([[member('a').contentId, { ...member('a'), expires: at('23:00') }]]);
    const { jobs } = rebuildStream(exchange, [objectOf(blobs('a'), { fates: 'l' })], { now, listed });
    expect(jobs[0]?.record.job).toMatchObject({ members: [{ expires: at('23:00') }] });
  });

  test('objects of the first versions name neither tenant nor times: their hour does', () => {
    const { metadata, ...rest } = objectOf(blobs('a'), { fates: 'l' });
    const { tenant: _tenant, created: _created, ...older } = metadata;
    const { jobs } = content({ ...rest, metadata: older });
    expect(jobs[0]?.record.job).toMatchObject({ tenantName: 'unknown', members: [{ created: Date.parse('2026-11-22T09:00Z') }] });
  });

  test('the order in which objects are found makes no difference', () => {
    const objects = [blobs('a', 'b'), blobs('c'), blobs('d', 'e')].map((job) => objectOf(job, { fates: 'l'.repeat(job.members.length) }));
    expect(content(...objects)).toEqual(content(...objects.reverse()));
  });
});

describe('objects that cannot be believed', () => {
  const good = objectOf(blobs('a'), { fates: 'l' });
  test.each([
    { name: 'of another job', metadata: { ...good.metadata, job: blobs('b').jobId }, why: 'belongs to job' },
    { name: 'of another stream', metadata: { ...good.metadata, stream: `enterprise#${contoso}#dlp-all` }, why: 'belongs to stream' },
    { name: 'with a fate too many', metadata: { ...good.metadata, fates: 'll' }, why: "fates 'll' for 1" },
    { name: 'without members', metadata: { ...good.metadata, members: 'x' }, why: 'which content blobs' },
    { name: 'of no window', metadata: { ...good.metadata, window: 'today' }, why: "window 'today'" },
  ])('$name: reported, and no job follows', ({ metadata, why }) => {
    const { jobs, foreign } = content({ ...good, metadata });
    expect(jobs).toEqual([]);
    expect(foreign[0]?.why).toContain(why);
  });

  test('imports are no jobs, and nothing foreign', () => {
    expect(content({ ...good, metadata: { ...good.metadata, import: 'yes' } })).toEqual({ jobs: [], foreign: [] });
  });
});

describe('windows', () => {
  test('an object gives back its job; a split window its halves, those that have not landed pending', () => {
    const whole = pass(0, '06:00', '07:00');
    const [first, second] = split(whole);
    if (!first || !second) throw new Error('an hour can be split');
    const { jobs } = windows(objectOf(whole, { rows: 0, isSplit: true }), objectOf(first));
    expect(jobs.map(({ record }) => [record.job.jobId, record.state.state]).sort()).toEqual(
      [
        [whole.jobId, 'split'],
        [first.jobId, 'landed'],
        [second.jobId, 'pending'],
      ].sort(),
    );
    expect(jobs.find(({ record }) => record.job.jobId === first.jobId)?.record.job).toEqual({ ...first, landingHour: first.landingHour });
  });

  test.each([
    {
      name: 'go to the end of what each pass has read',
      objects: [pass(0, '06:00', '09:00'), pass(1, '06:00', '08:00'), pass(2, '05:00', '06:00')],
      at: '09:10',
      watermarks: ['09:00', '08:00', '06:00'],
    },
    {
      name: 'never lie before what a later pass has read',
      objects: [pass(0, '05:00', '06:00'), pass(1, '06:00', '07:00')],
      at: '07:10',
      watermarks: ['07:00', '07:00', '-07:00'],
    },
    {
      name: 'of a pass without an object stand where it was due when the stream last landed',
      objects: [pass(0, '05:00', '09:00')],
      at: '09:30',
      watermarks: ['09:00', '08:00', '-09:00'],
    },
    {
      name: 'of a later pass never lie beyond those of an earlier one, however long ago that has read',
      objects: [pass(0, '05:00', '06:00')],
      at: '12:30',
      watermarks: ['06:00', '06:00', '-12:00'],
    },
    {
      name: 'do not count windows that were read again for a repair',
      objects: [pass(0, '05:00', '06:00'), pass(3, '06:00', '08:00')],
      at: '06:10',
      watermarks: ['06:00', '05:00', '-06:00'],
    },
  ])('watermarks $name', ({ objects, at: putAt, watermarks }) => {
    const rebuilt = windows(...objects.map((job) => objectOf(job, {}, at(putAt))));
    expect(rebuilt.watermarks?.map((watermark) => new Date(watermark).toISOString())).toEqual(watermarks.map(toIso));
  });

  test('a stream without objects has no watermarks: it begins anew', () => {
    expect(windows().watermarks).toBeUndefined();
  });
});

/** `-07:00` is yesterday at seven. */
function toIso(time: string): string {
  return new Date(time.startsWith('-') ? at(time.slice(1)) - days(1) : at(time)).toISOString();
}

describe('rereadJobs', () => {
  const span = { start: at('03:00'), end: at('06:00') };

  test('come after every pass, a day at most each', () => {
    const long = { start: at('03:00') - days(2), end: at('06:00') };
    const jobs = rereadJobs(signIns, 'contoso', long, [], 3, now);
    expect(jobs.map((job) => job.pass)).toEqual([3, 3, 3]);
    expect([jobs[0]?.window.start, jobs.at(-1)?.window.end]).toEqual([long.start, long.end]);
  });

  test('come after an earlier reread', () => {
    const record = { job: pass(3, '04:00', '05:00'), state: { state: 'landed' as const, starts: 0, parks: 0, malformed: [], version: 1 } };
    expect(rereadJobs(signIns, 'contoso', span, [record], 3, now)).toMatchObject([{ pass: 4, window: span }]);
  });

  test('end where a key has no digit left', () => {
    const record = { job: pass(9, '04:00', '05:00'), state: { state: 'landed' as const, starts: 0, parks: 0, malformed: [], version: 1 } };
    expect(() => rereadJobs(signIns, 'contoso', span, [record], 3, now)).toThrow('read again 7 times');
  });
});

test('a job is distinguished from a child by its id alone', () => {
  const job = blobs('a', 'b');
  expect(contentJob(exchange, 'renamed', [...job.members].reverse(), now).jobId).toBe(job.jobId);
});
