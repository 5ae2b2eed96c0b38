import { describe, expect, test } from '@jest/globals';
import { childJob } from '../../../shared/domain/fetch-job.ts';
import { lossesOf, retriesOf } from '../../../shared/domain/loss.ts';
import { at, blobs, member } from '../../contracts/samples.ts';

describe('what is fetched again', () => {
  const [first, second] = [blobs('a', 'b', 'c'), blobs('d')];
  const lostOf = (job: typeof first, fates: string) =>
    lossesOf(job, fates).map((loss) => ({ loss, blob: member(loss.contentId.split('$')[2] ?? '') }));

  test('has a job for each job that gave it up, whatever order it is found in', () => {
    const lost = [...lostOf(first, 'qlq'), ...lostOf(second, 'q')];
    const retries = retriesOf('contoso', lost, at('12:00'));
    expect(retries.map(({ job, losses }) => [job, losses.length])).toEqual([
      [childJob(first, [member('a'), member('c')], at('12:00')), 2],
      [childJob(second, [member('d')], at('12:00')), 1],
    ]);
    expect(new Set(retriesOf('contoso', lost.reverse(), at('12:00')).map(({ job }) => job.jobId))).toEqual(
      new Set(retries.map(({ job }) => job.jobId)),
    );
  });

  test('is fetched from where it is listed now, not from where its first job was listed', () => {
    const [lost] = lostOf(second, 'q');
    if (!lost) throw new Error('one was lost');
    const contentUri = `${lost.blob.contentUri}?moved=1`;
    const [retry] = retriesOf('contoso', [{ ...lost, blob: { ...lost.blob, contentUri } }], at('12:00'));
    expect(retry?.job.members).toEqual([{ ...member('d'), contentUri }]);
  });

  test('and is given up again, has another job the next time', () => {
    const [retry] = retriesOf('contoso', lostOf(second, 'q'), at('12:00'));
    if (!retry) throw new Error('one was lost');
    const [again] = retriesOf('contoso', lostOf(retry.job, 'q'), at('13:00'));
    expect(new Set([second.jobId, retry.job.jobId, again?.job.jobId]).size).toBe(3);
  });
});
