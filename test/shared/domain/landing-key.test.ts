import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { childJob, contentJob, halfJobs, jobKey, windowJob } from '../../../shared/domain/fetch-job.ts';
import { jobOfKey, landingKey, markFromMetadata, markToMetadata, quarantineKey } from '../../../shared/domain/landing-key.ts';
import { minutes } from '../../../shared/domain/window.ts';
import { at } from './at.ts';

const stream = { cloud: 'enterprise', tenantId: '11111111-1111-4111-8111-111111111111', logType: 'audit-exchange' } as const;
const member = (contentId: string) => ({
  contentId,
  contentUri: `https://manage.office.com/${contentId}`,
  created: at('09:00'),
  expires: at('2026-11-29T09:00'),
});
const job = contentJob(stream, 'contoso', [member('b'), member('a')], at('10:00'));

describe('a landing key', () => {
  test('is dataset, landing hour and job id', () => {
    expect(landingKey('msft_o365_general_raw', job)).toMatch(/^raw\/msft_o365_general_raw\/dt=2026-11-22\/hr=10\/[0-9a-f]{32}\.parquet$/);
  });

  test('is the same for the same content blobs in any order, and another for any other', () => {
    const key = (ids: string[]) => landingKey('d', contentJob(stream, 'contoso', ids.map(member), at('10:00')));
    expect(key(['a', 'b'])).toBe(key(['b', 'a']));
    expect(new Set([key(['a', 'b']), key(['ab']), key(['a']), key(['a', 'b', 'c'])]).size).toBe(4);
  });

  test('never leaves its folder, whatever a part holds', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (dataset, landingHour, jobId) => {
        let key: string;
        try {
          key = landingKey(dataset, { landingHour, jobId });
        } catch {
          return;
        }
        expect(key).toMatch(/^raw\/[a-z][a-z0-9_]*\/dt=\d{4}-\d{2}-\d{2}\/hr=\d{2}\/[0-9a-f]{32}\.parquet$/);
      }),
    );
    expect(() => landingKey('../secrets', job)).toThrow("dataset '../secrets' cannot be part of a key");
  });

  test('names its job, and no other key names one', () => {
    const key = landingKey('d', job);
    expect(jobOfKey(key)).toEqual({ landingHour: '2026-11-22T10', jobId: job.jobId });
    expect(jobOfKey(`/a/lake/${key}`)).toEqual(jobOfKey(key));
    for (const other of [key.replace('/hr=10', ''), key.replace('hr=10', 'hr=1'), key.replace('.parquet', '.bin')])
      expect(jobOfKey(other)).toBeUndefined();
  });

  test.each(['2026-11-22', '2026-11-22T1', '2026-11-22T24', '2026-11-22T10:00'])('is refused for the hour %s', (landingHour) => {
    expect(() => landingKey('d', { ...job, landingHour })).toThrow(`landing hour '${landingHour}' is not an hour, such as 2026-11-22T06`);
  });

  test('of quarantined bytes names the member', () => {
    expect(quarantineKey('d', job, 1)).toBe(`quarantine/d/dt=2026-11-22/hr=10/${job.jobId}-1.bin`);
  });
});

describe("a job's identity", () => {
  test('of a child is never the parent`s, even when it takes all members over', () => {
    expect(childJob(job, job.members, at('11:00')).jobId).not.toBe(job.jobId);
  });

  test('of windows sorts by start, then pass, then end', () => {
    const key = (start: string, pass: number, end: string) =>
      jobKey(windowJob(stream, 'contoso', { start: at(start), end: at(end) }, pass, at('12:00')));
    const keys = [key('10:00', 0, '10:05'), key('10:00', 1, '11:00'), key('10:05', 0, '10:10')];
    expect([...keys].sort()).toEqual(keys);
  });

  test('of halves covers the parent, and nothing under a minute is halved', () => {
    const parent = windowJob(stream, 'contoso', { start: at('10:00'), end: at('10:05') }, 0, at('12:00'));
    const halves = halfJobs(parent, at('12:00')) ?? [];
    expect(halves.map(({ window }) => window)).toEqual([
      { start: at('10:00'), end: at('10:00') + minutes(2.5) },
      { start: at('10:00') + minutes(2.5), end: at('10:05') },
    ]);
    expect(halfJobs({ ...parent, window: { start: at('10:00'), end: at('10:01') } }, at('12:00'))).toBeUndefined();
  });
});

describe("an object's metadata", () => {
  test('says what decided the job, and is read back', () => {
    const mark = { rows: 12, fates: 'le', isSplit: false };
    expect(markFromMetadata(job, markToMetadata(job, mark))).toEqual(mark);
  });

  test('of another job is refused, and so are fates for other members', () => {
    const metadata = markToMetadata(job, { rows: 1, fates: 'le', isSplit: false });
    expect(() => markFromMetadata({ ...job, jobId: 'f'.repeat(32) }, metadata)).toThrow('says it belongs to job');
    expect(() => markFromMetadata(job, { ...metadata, fates: 'l' })).toThrow("has fates 'l' for 2 members");
  });
});
