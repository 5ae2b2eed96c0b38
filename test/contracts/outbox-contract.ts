import { beforeEach, expect, test } from '@jest/globals';
import { jobRef } from '../../shared/domain/fetch-job.ts';
import { freshPace } from '../../shared/domain/notice-pace.ts';
import { days } from '../../shared/domain/window.ts';
import type { Deliveries, Ledger, Outbox } from '../../shared/ports/ledger.ts';
import { at, blobs, due, finish } from './samples.ts';

const notice = (findingId: string, time = '09:05') => ({ findingId, finding: `{"title":"${findingId}"}`, at: at(time) });
const taken: Deliveries = { webhook: { state: 'taken' } };
const waiting = (time: string): Deliveries => ({ webhook: { state: 'waiting', tries: 1, dueAt: at(time), because: 'HTTP 503' } });

/** What whoever notifies people of findings relies on. @param make An empty ledger, and its outbox. */
export function outboxContract(make: () => Promise<{ readonly ledger: Ledger; readonly outbox: Outbox }>): void {
  let ledger: Ledger;
  let outbox: Outbox;
  beforeEach(async () => {
    ({ ledger, outbox } = await make());
  });
  const land = async (name: string, ...notices: ReturnType<typeof notice>[]): Promise<boolean> => {
    await ledger.createJob(blobs(name), due);
    return ledger.finishJob(jobRef(blobs(name)), finish({ fates: 'l', notices }));
  };
  const unsent = (limit = 10, time = '12:00') => outbox.unsent(limit, at(time));

  test('the outbox has what a job was made final with, the oldest first', async () => {
    expect(await unsent()).toEqual([]);
    await land('a', notice('later', '09:10'), notice('earlier'));
    expect(await unsent()).toEqual([notice('earlier'), notice('later', '09:10')]);
    expect(await unsent(1)).toEqual([notice('earlier')]);
  });

  test('a finding that several jobs show is in it once, as it was first', async () => {
    await land('a', notice('spray'));
    expect(await land('b', notice('spray', '10:00'), notice('other', '10:00'))).toBe(true);
    expect(await unsent()).toEqual([notice('spray'), notice('other', '10:00')]);
  });

  test('what is settled is not there again, whoever shows it', async () => {
    await land('a', notice('spray'));
    await outbox.noteDeliveries(
      ['spray', 'unknown'].map((findingId) => ({ findingId, deliveries: taken })),
      at('09:06'),
    );
    await land('b', notice('spray', '10:00'));
    expect(await unsent()).toEqual([]);
    await outbox.noteDeliveries([{ findingId: 'spray', deliveries: waiting('09:10'), dueAt: at('09:10') }], at('09:07'));
    expect(await unsent()).toEqual([]);
  });

  test('what a channel did not take is there again when it is due, with how far it has come', async () => {
    await land('a', notice('spray'), notice('other'));
    const deliveries = { ...waiting('09:30'), terminal: { state: 'taken' } as const };
    await outbox.noteDeliveries([{ findingId: 'spray', deliveries, dueAt: at('09:30') }], at('09:06'));
    expect(await unsent(10, '09:29')).toEqual([notice('other')]);
    expect(await unsent(10, '09:30')).toEqual([notice('other'), { ...notice('spray'), deliveries }]);
    await land('b', notice('spray', '09:20'));
    expect(await unsent(10, '09:29')).toEqual([notice('other')]);
  });

  test('a finding that no job is made final with is put there once, and never again once it is settled', async () => {
    await outbox.add([notice('spray'), notice('other', '09:06')]);
    await outbox.add([notice('spray', '10:00')]);
    expect(await unsent()).toEqual([notice('spray'), notice('other', '09:06')]);
    await outbox.noteDeliveries([{ findingId: 'spray', deliveries: taken }], at('09:07'));
    await outbox.add([notice('spray', '11:00')]);
    await land('a', notice('other', '11:00'));
    expect(await unsent()).toEqual([notice('other', '09:06')]);
  });

  test('a job that was final already puts nothing into it', async () => {
    await land('a');
    expect(await ledger.finishJob(jobRef(blobs('a')), finish({ fates: 'l', notices: [notice('late')] }))).toBe(false);
    expect(await unsent()).toEqual([]);
  });

  test('a job of many losses has room for all that is to be sent', async () => {
    const names = Array.from({ length: 90 }, (_, index) => `m${String(index)}`);
    const job = blobs(...names);
    await ledger.createJob(job, due);
    const losses = job.members.slice(1).map(({ contentId, created }) => ({
      ...{ stream: job.stream, contentId, reason: 'expired' as const, jobId: job.jobId, created },
    }));
    const notices = Array.from({ length: 20 }, (_, index) => notice(`f${String(index).padStart(2, '0')}`));
    expect(await ledger.finishJob(jobRef(job), finish({ fates: `l${'e'.repeat(89)}`, losses, notices }))).toBe(true);
    expect(await unsent(100)).toEqual(notices);
    expect(await ledger.losses(job.stream)).toHaveLength(89);
  });

  test('a channel remembers what it has sent lately', async () => {
    expect(await outbox.pace('webhook')).toEqual(freshPace);
    const pace = { singlesAt: [at('09:00'), at('09:01')], digestAt: at('09:02') - days(1) };
    await outbox.notePace('webhook', pace);
    expect([await outbox.pace('webhook'), await outbox.pace('terminal')]).toEqual([pace, freshPace]);
  });
}
