import { beforeEach, expect, test } from '@jest/globals';
import { jobRef } from '../../shared/domain/fetch-job.ts';
import type { Ledger, Outbox } from '../../shared/ports/ledger.ts';
import { at, blobs, due, finish } from './samples.ts';

const notice = (findingId: string, time = '09:05') => ({ findingId, finding: `{"title":"${findingId}"}`, at: at(time) });

/** What whoever tells people of findings relies on. @param make An empty ledger with its outbox. */
export function outboxContract(make: () => Promise<Ledger & Outbox>): void {
  let ledger: Ledger & Outbox;
  beforeEach(async () => {
    ledger = await make();
  });
  const land = async (name: string, ...notices: ReturnType<typeof notice>[]): Promise<boolean> => {
    await ledger.createJob(blobs(name), due);
    return ledger.finishJob(jobRef(blobs(name)), finish({ fates: 'l', notices }));
  };

  test('the outbox has what a job was made final with, the oldest first', async () => {
    expect(await ledger.unsent(10)).toEqual([]);
    await land('a', notice('later', '09:10'), notice('earlier'));
    expect(await ledger.unsent(10)).toEqual([notice('earlier'), notice('later', '09:10')]);
    expect(await ledger.unsent(1)).toEqual([notice('earlier')]);
  });

  test('a finding that several jobs show is in it once, as it was first', async () => {
    await land('a', notice('spray'));
    expect(await land('b', notice('spray', '10:00'), notice('other', '10:00'))).toBe(true);
    expect(await ledger.unsent(10)).toEqual([notice('spray'), notice('other', '10:00')]);
  });

  test('what was sent is not there again, whoever shows it', async () => {
    await land('a', notice('spray'));
    await ledger.sent(['spray', 'unknown'], at('09:06'));
    await land('b', notice('spray', '10:00'));
    expect(await ledger.unsent(10)).toEqual([]);
  });

  test('a job that was final already puts nothing into it', async () => {
    await land('a');
    expect(await ledger.finishJob(jobRef(blobs('a')), finish({ fates: 'l', notices: [notice('late')] }))).toBe(false);
    expect(await ledger.unsent(10)).toEqual([]);
  });
}
