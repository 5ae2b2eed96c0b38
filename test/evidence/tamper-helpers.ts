/** Objects of real records, and their jobs in a ledger as a worker ends them. */

import { jobRef, type ContentJob } from '../../shared/domain/fetch-job.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import type { Lake } from '../../shared/ports/lake.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import { at, finish } from '../contracts/samples.ts';
import { landRecords } from '../helpers/land-records.ts';
import { exchangeRecord } from '../helpers/sample-records.ts';

const dataset = 'msft_o365_exchange_online_raw';

/** Lands two objects in each of two hours into a lake folder. */
export function landFour(folder: string): Promise<ContentJob[]> {
  const group = (blob: string, time: string) => ({
    logType: 'audit-exchange',
    at: at(time),
    blob,
    records: ['one', 'two', 'three'].map((name) => exchangeRecord(`${blob}-${name}`)),
  });
  return landRecords(folder, [group('a', '09:01'), group('b', '09:02'), group('c', '10:01'), group('d', '10:02')]);
}

/** Makes the jobs final with the digests of what stands at their keys. */
export async function finishAll(jobs: readonly ContentJob[], ledger: Ledger, lake: Lake): Promise<void> {
  for (const job of jobs) {
    await ledger.createJob(job, at('10:10'));
    const digest = await lake.digest(landingKey(dataset, job));
    if (!digest) throw new Error('the object is not there');
    await ledger.finishJob(jobRef(job), finish({ fates: 'l', rows: 3, objects: [{ dataset, ...digest, rows: 3 }] }));
  }
}
