import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { childJob, jobRef, type JobRecord } from '../../shared/domain/fetch-job.ts';
import type { Ledger, Loss } from '../../shared/ports/ledger.ts';
import type { LedgerOperator } from '../../shared/ports/ledger-operator.ts';
import { at, blobs, due, exchange, finish, member, nothing, pass, sharePoint, signIns } from './samples.ts';

/** A ledger under test with the operators' verbs. */
export type OperatorLedger = Ledger & LedgerOperator & { close?(): unknown };

const landed = (job: JobRecord['job'], fates?: string): JobRecord => ({
  job,
  state: {
    ...{ state: 'landed', starts: 0, parks: 0, version: 1, finishedAt: at('09:05'), rows: 7, bytes: 700 },
    malformed: job.kind === 'content' ? job.members.map(() => 0) : [],
    ...(fates === undefined ? {} : { fates }),
  },
});

/** What every ledger lets an operator do. @param make An empty one. */
export function ledgerOperatorContract(make: () => Promise<OperatorLedger>): void {
  let ledger: OperatorLedger;
  beforeEach(async () => {
    ledger = await make();
  });
  afterEach(async () => {
    await ledger.close?.();
  });
  const none = { claims: [], losses: [] };

  describe('what there is', () => {
    test('every job of one stream', async () => {
      const [first, second] = [blobs('a', 'b'), blobs('c')];
      await ledger.createJob(first, due);
      await ledger.createJob(second, due);
      await ledger.commitCursor(signIns, 0, { watermarks: [at('07:00')] }, { ...nothing, jobs: [pass(0, '06:00', '07:00')] });
      expect((await ledger.jobs(exchange)).map(({ job }) => job).sort(byId)).toEqual([first, second].sort(byId));
      expect(await ledger.jobs(signIns)).toEqual([await ledger.readJob(jobRef(pass(0, '06:00', '07:00')))]);
      expect(await ledger.jobs(sharePoint)).toEqual([]);
    });
  });

  describe('restoreJob', () => {
    test('a landed job is there as it was, with members, claims and losses, and is never due', async () => {
      const job = blobs('a', 'b');
      const loss: Loss = { stream: exchange, contentId: member('b').contentId, reason: 'expired', jobId: job.jobId, created: at('08:00') };
      const ids = job.members.map(({ contentId }) => contentId);
      expect(await ledger.restoreJob(landed(job, 'le'), { claims: ids, losses: [loss] })).toBe('restored');
      expect(await ledger.readJob(jobRef(job))).toEqual(landed(job, 'le'));
      expect(await ledger.claims(exchange, ids, { consistent: true })).toEqual(new Map(ids.map((id) => [id, job.jobId])));
      expect(await ledger.losses(exchange)).toEqual([loss]);
      expect(await ledger.dueJobs(at('23:00'), 10)).toEqual([]);
      expect(await ledger.createJob(blobs('a'), due)).toBe('cancelled');
    });

    test('a window that landed, and one that was split, are there for later passes', async () => {
      const [read, split] = [pass(0, '06:00', '07:00'), pass(0, '07:00', '08:00')];
      const { rows: _rows, bytes: _bytes, ...state } = landed(split).state;
      await ledger.restoreJob(landed(read), none);
      await ledger.restoreJob({ job: split, state: { ...state, state: 'split' } }, none);
      expect(await ledger.overlappingJobs(signIns, { start: at('06:30'), end: at('07:30') }, 1)).toMatchObject([
        { job: read, state: { state: 'landed', rows: 7 } },
        { job: split, state: { state: 'split' } },
      ]);
    });

    test('a pending child is due, and can be finished', async () => {
      const child = childJob(blobs('a', 'b'), [member('b')], at('09:05'));
      const state = { state: 'pending' as const, dueAt: due, starts: 0, parks: 0, malformed: [0], version: 1 };
      expect(await ledger.restoreJob({ job: child, state }, none)).toBe('restored');
      expect(await ledger.dueJobs(at('10:00'), 10)).toMatchObject([{ ref: jobRef(child), dueAt: due }]);
      expect(await ledger.finishJob(jobRef(child), finish({ fates: 'l' }))).toBe(true);
    });

    test('a job that is there stays as it is; what it has not claimed it claims now', async () => {
      const job = blobs('a', 'b');
      await ledger.createJob(job, due);
      expect(await ledger.restoreJob(landed(job, 'll'), { claims: [member('c').contentId], losses: [] })).toBe('there');
      expect(await ledger.readJob(jobRef(job))).toMatchObject({ state: { state: 'pending', dueAt: due } });
      expect(await ledger.claims(exchange, [member('c').contentId], { consistent: true })).toEqual(
        new Map([[member('c').contentId, job.jobId]]),
      );
    });

    test('a blob that is claimed stays with whoever claimed it', async () => {
      await ledger.createJob(blobs('a'), due);
      const other = blobs('a', 'b');
      await ledger.restoreJob(landed(other, 'll'), { claims: other.members.map(({ contentId }) => contentId), losses: [] });
      const claims = await ledger.claims(exchange, [member('a').contentId, member('b').contentId], { consistent: true });
      expect([...claims.values()]).toEqual(expect.arrayContaining([blobs('a').jobId, other.jobId]));
    });
  });

  describe('reopenJob', () => {
    test('a landed job is pending again with the members named, due, and not a word of its end is left', async () => {
      const job = blobs('a', 'b', 'c');
      await ledger.createJob(job, due);
      await ledger.finishJob(jobRef(job), finish({ fates: 'lls' }));
      const members = job.members.slice(0, 2);
      expect(await ledger.reopenJob(jobRef(job), at('09:05'), members, at('12:00'))).toBe(true);
      expect(await ledger.readJob(jobRef(job))).toEqual({
        job: { ...job, members, isAgain: true },
        state: { state: 'pending', dueAt: at('12:00'), starts: 0, parks: 0, malformed: [0, 0], version: 2 },
      });
      expect(await ledger.dueJobs(at('13:00'), 10)).toMatchObject([{ ref: jobRef(job) }]);
      expect(await ledger.finishJob(jobRef(job), finish({ fates: 'll' }))).toBe(true);
      expect(await ledger.readJob(jobRef(job))).toMatchObject({ state: { state: 'landed', fates: 'll' }, job: { members } });
    });

    test.each([1, 0])('with %i of its members', async (count) => {
      const job = blobs('a', 'b');
      await ledger.createJob(job, due);
      await ledger.finishJob(jobRef(job), finish({ fates: 'lx' }));
      const members = job.members.slice(0, count);
      expect(await ledger.reopenJob(jobRef(job), at('09:05'), members, due)).toBe(true);
      expect((await ledger.readJob(jobRef(job)))?.job).toEqual({ ...job, members, isAgain: true });
    });

    test('a window job knows that it is landed again', async () => {
      const job = pass(0, '06:00', '07:00');
      await ledger.commitCursor(signIns, 0, { watermarks: [at('07:00')] }, { ...nothing, jobs: [job] });
      await ledger.finishJob(jobRef(job), finish());
      expect(await ledger.reopenJob(jobRef(job), at('09:05'), [], due)).toBe(true);
      expect(await ledger.readJob(jobRef(job))).toMatchObject({ job: { ...job, isAgain: true }, state: { state: 'pending', dueAt: due } });
    });

    test('a job that is pending, that ended at another time, or that is not there stays as it is', async () => {
      const [pending, ended] = [blobs('a'), blobs('b')];
      await ledger.createJob(pending, due);
      await ledger.createJob(ended, due);
      await ledger.finishJob(jobRef(ended), finish({ fates: 'l' }));
      expect(await ledger.reopenJob(jobRef(pending), at('09:05'), pending.members, due)).toBe(false);
      expect(await ledger.reopenJob(jobRef(ended), at('09:06'), ended.members, due)).toBe(false);
      expect(await ledger.reopenJob(jobRef(blobs('z')), at('09:05'), [], due)).toBe(false);
      expect(await ledger.readJob(jobRef(ended))).toMatchObject({ state: { state: 'landed' } });
    });
  });

  describe('takeBackLosses', () => {
    const parent = blobs('a', 'b', 'c');
    const lossOf = (name: string): Loss => ({
      ...{ stream: exchange, contentId: member(name).contentId, reason: 'quarantined', jobId: parent.jobId, created: at('08:00') },
    });
    const again = childJob(parent, [member('b'), member('c')], at('10:00'));
    const giveUp = async (): Promise<void> => {
      await ledger.createJob(parent, due);
      await ledger.finishJob(jobRef(parent), finish({ fates: 'lqq', losses: [lossOf('b'), lossOf('c')] }));
    };

    test('the losses are gone, and a job is pending and due that fetches their blobs; claims and the first job stay', async () => {
      await giveUp();
      expect(await ledger.takeBackLosses(again, [lossOf('b'), lossOf('c')], at('10:15'))).toBe('created');
      expect(await ledger.losses(exchange)).toEqual([]);
      expect(await ledger.readJob(jobRef(again))).toEqual({
        job: again,
        state: { state: 'pending', dueAt: at('10:15'), starts: 0, parks: 0, malformed: [0, 0], version: 1 },
      });
      expect(await ledger.dueJobs(at('11:00'), 10)).toMatchObject([{ ref: jobRef(again), dueAt: at('10:15') }]);
      expect(await ledger.readJob(jobRef(parent))).toMatchObject({ state: { state: 'landed', fates: 'lqq' } });
      const ids = parent.members.map(({ contentId }) => contentId);
      expect(await ledger.claims(exchange, ids, { consistent: true })).toEqual(new Map(ids.map((id) => [id, parent.jobId])));
    });

    test('what is given up again has a loss of its new job, which can be taken back as well', async () => {
      await giveUp();
      await ledger.takeBackLosses(again, [lossOf('b'), lossOf('c')], due);
      const second = { ...lossOf('c'), jobId: again.jobId };
      await ledger.finishJob(jobRef(again), finish({ fates: 'lq', losses: [second] }));
      expect(await ledger.losses(exchange)).toEqual([second]);
      expect(await ledger.takeBackLosses(childJob(again, [member('c')], at('11:00')), [second], due)).toBe('created');
      expect(await ledger.losses(exchange)).toEqual([]);
    });

    test.each([
      { name: 'a loss that is not there', losses: [lossOf('b'), lossOf('a')] },
      { name: 'a loss of another job', losses: [lossOf('b'), { ...lossOf('c'), jobId: blobs('z').jobId }] },
      { name: 'a loss for another reason', losses: [lossOf('b'), { ...lossOf('c'), reason: 'expired' as const }] },
    ])('$name cancels all of it', async ({ losses }) => {
      await giveUp();
      expect(await ledger.takeBackLosses(again, losses, due)).toBe('cancelled');
      expect(await ledger.losses(exchange)).toEqual([lossOf('b'), lossOf('c')]);
      expect(await ledger.readJob(jobRef(again))).toBeUndefined();
    });

    test('a job that is there already cancels all of it, and stays as it is', async () => {
      await giveUp();
      await ledger.restoreJob(landed(again, 'll'), none);
      expect(await ledger.takeBackLosses(again, [lossOf('b'), lossOf('c')], due)).toBe('cancelled');
      expect(await ledger.losses(exchange)).toEqual([lossOf('b'), lossOf('c')]);
      expect(await ledger.readJob(jobRef(again))).toMatchObject({ state: { state: 'landed' } });
    });

    test('of 10 races for one loss, of different blobs beside it, one is won', async () => {
      await giveUp();
      const races = Array.from({ length: 10 }, (_, index) => {
        const names = index % 2 === 0 ? ['b'] : ['b', 'c'];
        const job = childJob(
          parent,
          names.map((name) => member(name)),
          at('10:00'),
        );
        return { job, losses: names.map(lossOf) };
      });
      const outcomes = await Promise.all(races.map(({ job, losses }, index) => ledger.takeBackLosses(job, losses, due + index)));
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
      expect(await ledger.dueJobs(at('23:00'), 10)).toHaveLength(1);
    });

    test('takes back 90 at once', async () => {
      const names = Array.from({ length: 90 }, (_, index) => `blob-${String(index)}`);
      const job = blobs(...names);
      const losses = job.members.map(({ contentId, created }): Loss => ({ ...lossOf('a'), contentId, created, jobId: job.jobId }));
      await ledger.createJob(job, due);
      await ledger.finishJob(jobRef(job), finish({ fates: 'q'.repeat(90), losses }));
      expect(await ledger.takeBackLosses(childJob(job, job.members, at('10:00')), losses, due)).toBe('created');
      expect(await ledger.losses(exchange)).toEqual([]);
    });
  });
}

const byId = (a: { readonly jobId: string }, b: { readonly jobId: string }): number => (a.jobId < b.jobId ? -1 : 1);
