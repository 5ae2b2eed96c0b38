import { expect, test } from '@jest/globals';
import { jobRef } from '../../shared/domain/fetch-job.ts';
import { rarelyMs } from '../../shared/domain/retry.ts';
import { days, minutes } from '../../shared/domain/window.ts';
import { at, blobs } from '../contracts/samples.ts';
import { openStage } from './stage.ts';

test('the sweep sends a job that is due, and moves its due time on', async () => {
  const stage = openStage('09:30');
  const job = blobs('a');
  await stage.ledger.createJob(job, at('09:20'));
  expect(await stage.sweep()).toBe(1);
  expect(stage.sent).toEqual([{ ref: jobRef(job), dueAt: at('09:45') }]);
  expect(await stage.sweep()).toBe(0);
  await stage.clock.advance(minutes(16));
  expect(await stage.sweep()).toBe(1);
});

test('the sweep leaves a job alone that is not due, that is final, or that another sweep has just sent', async () => {
  const stage = openStage('09:30');
  const [later, final, raced] = [blobs('later'), blobs('final'), blobs('raced')];
  await stage.ledger.createJob(later, at('09:31'));
  await stage.ledger.createJob(final, at('09:20'));
  await stage.ledger.finishJob(jobRef(final), { finishedAt: at('09:25'), rows: 0, losses: [], children: [], gaps: [] });
  await stage.ledger.createJob(raced, at('09:20'));
  const postpone = stage.ledger.postponeJob.bind(stage.ledger);
  stage.ledger.postponeJob = (ref, ...times) => (ref.key === jobRef(raced).key ? Promise.resolve(false) : postpone(ref, ...times));
  expect(await stage.sweep()).toBe(0);
});

test('the sweep sends more jobs than fit into one read', async () => {
  const stage = openStage('09:30');
  for (let index = 0; index < 230; index += 1) await stage.ledger.createJob(blobs(`b${String(index)}`), at('09:20'));
  expect(await stage.sweep()).toBe(230);
});

test('the sweep takes a job as due that a clock far ahead has put off', async () => {
  const stage = openStage('09:30');
  await stage.ledger.createJob(blobs('a'), at('09:30') + days(8));
  await stage.ledger.createJob(blobs('parked'), at('09:30') + rarelyMs * 1.2);
  expect(await stage.sweep()).toBe(1);
  expect(stage.sent).toEqual([{ ref: jobRef(blobs('a')), dueAt: at('09:45') }]);
});
