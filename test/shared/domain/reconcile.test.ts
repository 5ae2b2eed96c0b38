import { describe, expect, test } from '@jest/globals';
import { childJob, freshState, type FetchJob, type JobRecord, type JobState } from '../../../shared/domain/fetch-job.ts';
import { compareContent, compareWindows, type HourRead, type StreamFacts } from '../../../shared/domain/reconcile.ts';
import type { Loss } from '../../../shared/domain/loss.ts';
import { at, blobs, exchange, member, pass, span } from '../../contracts/samples.ts';

const landed = (job: FetchJob, more: Partial<JobState> = {}): JobRecord => {
  const { dueAt: _due, ...fresh } = freshState(0, job.kind === 'content' ? job.members.length : 0);
  return { job, state: { ...fresh, state: 'landed', finishedAt: at('09:05'), rows: 7, ...more } };
};
const pending = (job: FetchJob): JobRecord => ({ job, state: freshState(at('09:15'), job.kind === 'content' ? job.members.length : 0) });

/** Every final job has its object, with as many rows. */
function factsOf(jobs: readonly JobRecord[], more: Partial<StreamFacts> = {}): StreamFacts {
  const objects = new Map(
    jobs.flatMap(({ job, state }) => (state.state === 'pending' ? [] : [[job.jobId, { key: `raw/${job.jobId}`, rows: state.rows ?? 0 }]])),
  );
  return { window: span('00:00', '12:00'), jobs, losses: [], gaps: [], objects, watermarks: [at('11:00')], ...more };
}

const none = {
  listed: 0,
  landed: 0,
  pending: 0,
  quarantined: 0,
  expired: 0,
  awaited: 0,
  changed: 0,
  missing: 0,
  records: 0,
  inLake: 0,
  isGap: false,
};

describe('content', () => {
  test('what is listed and landed is counted once, however often it is listed', () => {
    const { hours, findings } = compareContent(factsOf([landed(blobs('a', 'b'), { fates: 'll' })]), [
      member('a'),
      member('b'),
      member('a'),
    ]);
    expect(hours).toEqual([{ ...none, hour: at('08:00'), listed: 2, landed: 2, records: 7, inLake: 7 }]);
    expect(findings).toEqual([]);
  });

  test('pending, expired and quarantined are distinguished, with the oldest that is pending', () => {
    const jobs = [landed(blobs('a', 'b'), { fates: 'eq' }), pending(blobs('c'))];
    const { hours, findings, oldestPending } = compareContent(factsOf(jobs), [member('a'), member('b'), member('c')]);
    expect(hours).toMatchObject([{ listed: 3, expired: 1, quarantined: 1, pending: 1, missing: 0 }]);
    expect({ findings, oldestPending }).toEqual({ findings: [], oldestPending: at('08:00') });
  });

  test('a blob that was handed on has the fate that its last job gave it', () => {
    const parent = blobs('a', 'b', 'c');
    const [set, child] = [parent.members.slice(1), childJob(parent, parent.members.slice(1), at('09:00'))];
    const facts = factsOf([landed(parent, { fates: 'lss' }), landed(child, { fates: 'le' })]);
    expect(compareContent(facts, parent.members).hours).toMatchObject([{ landed: 2, expired: 1, missing: 0 }]);
    expect(compareContent(factsOf([landed(parent, { fates: 'lss' })]), parent.members).findings).toEqual([
      { kind: 'orphaned', contentIds: set.map(({ contentId }) => contentId) },
    ]);
  });

  test.each([
    { name: 'is awaited where the next run lists it', created: '10:30', counts: { awaited: 1, missing: 0 }, found: [] },
    { name: 'is missing where every list has been', created: '08:00', counts: { awaited: 0, missing: 1 }, found: ['unclaimed'] },
  ])('what nobody has claimed $name', ({ created, counts, found }) => {
    const { hours, findings } = compareContent(factsOf([]), [member('a', at(created))]);
    expect(hours).toMatchObject([counts]);
    expect(findings.map(({ kind }) => kind)).toEqual(found);
  });

  test('a loss without its job is no gap in what is known', () => {
    const loss = { stream: exchange, contentId: member('a').contentId, reason: 'expired' as const, jobId: 'x', created: at('08:00') };
    expect(compareContent(factsOf([], { losses: [loss] }), [member('a')])).toMatchObject({
      hours: [{ expired: 1, missing: 0 }],
      findings: [],
    });
  });

  const quarantined = (name: string, jobId: string): Loss => ({
    ...{ stream: exchange, contentId: member(name).contentId, reason: 'quarantined', jobId, created: at('08:00') },
  });

  test('what stands quarantined is found for as long as it is listed', () => {
    const job = blobs('a', 'b', 'c');
    const losses = [quarantined('b', job.jobId), quarantined('c', job.jobId)];
    const facts = factsOf([landed(job, { fates: 'lqq' })], { losses });
    expect(compareContent(facts, [member('a'), member('b')]).findings).toEqual([
      { kind: 'quarantined', lost: [{ loss: losses[0], blob: member('b') }] },
    ]);
    expect(compareContent(facts, [member('a')]).findings).toEqual([]);
  });

  test.each([
    {
      name: 'waits for the job that fetches it again',
      again: pending,
      fates: undefined,
      losses: [],
      counts: { pending: 1, quarantined: 0 },
    },
    { name: 'has landed', again: landed, fates: 'l', losses: [], counts: { landed: 1, quarantined: 0 } },
    { name: 'has expired', again: landed, fates: 'e', losses: ['expired'] as const, counts: { expired: 1, quarantined: 0 } },
  ])('what was taken back $name, whatever its first job says', ({ again, fates, losses, counts }) => {
    const job = blobs('a');
    const child = childJob(job, job.members, at('10:00'));
    const both = losses.map((reason) => ({ ...quarantined('a', child.jobId), reason }));
    const facts = factsOf([landed(job, { fates: 'q' }), again(child, { ...(fates && { fates }) })], { losses: both });
    const { hours, findings } = compareContent(facts, [member('a')]);
    expect(hours).toMatchObject([counts]);
    expect(findings).toEqual([]);
  });

  test('an object that is gone, one that counts differently, and one that nobody knows', () => {
    const [gone, other] = [landed(blobs('a'), { fates: 'l' }), landed(blobs('b'), { fates: 'l' })];
    const objects = new Map([
      [other.job.jobId, { key: 'raw/other', rows: 6 }],
      ['f'.repeat(32), { key: 'raw/unknown' }],
    ]);
    expect(compareContent(factsOf([gone, other], { objects }), []).findings).toEqual([
      { kind: 'gone', jobs: [gone] },
      { kind: 'miscounted', jobs: [other] },
      { kind: 'unknown', keys: ['raw/unknown'] },
    ]);
  });

  test('only what became available within the window counts', () => {
    const { hours, findings } = compareContent(
      factsOf([landed(blobs('a'), { fates: 'l' })], { window: span('09:00', '12:00'), objects: new Map() }),
      [],
    );
    expect({ hours, findings }).toEqual({ hours: [], findings: [] });
  });

  test('an hour with a gap says so', () => {
    const gaps = [{ from: at('05:00'), to: at('06:00') }];
    expect(compareContent(factsOf([], { gaps }), []).hours).toMatchObject([{ hour: at('05:00'), isGap: true }]);
  });
});

describe('windows', () => {
  const read = (hour: string, more: Partial<HourRead> = {}): HourRead => ({
    hour: at(hour),
    served: 5,
    landed: 5,
    changed: 0,
    lacking: 0,
    ...more,
  });
  const watermarks = [at('11:00'), at('10:00'), at('08:00')];

  test('records that every pass has passed and no object has are lacking; later ones are awaited', () => {
    const facts = factsOf([landed(pass(0, '06:00', '10:00'))], { watermarks });
    const { hours, findings } = compareWindows(facts, [read('07:00', { landed: 3, lacking: 2 }), read('08:00', { landed: 4, lacking: 1 })]);
    expect(hours).toMatchObject([
      { hour: at('06:00'), records: 7, inLake: 7 },
      { hour: at('07:00'), listed: 5, landed: 3, missing: 2, awaited: 0 },
      { hour: at('08:00'), landed: 4, missing: 0, awaited: 1 },
    ]);
    expect(findings).toEqual([{ kind: 'lacking', hours: [at('07:00')], records: 2 }]);
  });

  test('what a pending job will read is awaited', () => {
    const facts = factsOf([pending(pass(1, '06:00', '07:00'))], { watermarks });
    expect(compareWindows(facts, [read('06:00', { landed: 0, lacking: 5 })])).toMatchObject({
      hours: [{ pending: 1, awaited: 5, missing: 0 }],
      findings: [],
      oldestPending: at('07:00'),
    });
  });

  test('what an object held that is gone is landed again by itself, and not read again beside that', () => {
    const facts = factsOf([landed(pass(0, '06:00', '07:00'))], { watermarks, objects: new Map() });
    expect(compareWindows(facts, [read('06:00', { landed: 0, lacking: 5 })]).findings.map(({ kind }) => kind)).toEqual(['gone']);
  });

  test('a record that was corrected after the last pass is not missing', () => {
    const facts = factsOf([landed(pass(0, '06:00', '07:00'))], { watermarks });
    expect(compareWindows(facts, [read('06:00', { landed: 4, changed: 1 })])).toMatchObject({
      hours: [{ changed: 1, missing: 0 }],
      findings: [],
    });
  });
});
