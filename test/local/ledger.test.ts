import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openLedger } from '../../local/ledger.ts';
import { childJob, halfJobs, jobRef } from '../../shared/domain/fetch-job.ts';
import { days, minutes } from '../../shared/domain/window.ts';
import { ledgerContract } from '../contracts/ledger-contract.ts';
import { outboxContract } from '../contracts/outbox-contract.ts';
import { ledgerOperatorContract } from '../contracts/ledger-operator-contract.ts';
import { at, blobs, blobsOf, due, exchange, finish, member, nothing, pass, sharePoint, signIns } from '../contracts/samples.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();

describe('the ledger on one machine', () => {
  ledgerContract(async () => openLedger(join(await makeFolder(), 'ledger.sqlite')));
  outboxContract(async () => {
    const ledger = openLedger(join(await makeFolder(), 'ledger.sqlite'));
    return { ledger, outbox: ledger };
  });
  ledgerOperatorContract(async () => openLedger(join(await makeFolder(), 'ledger.sqlite')));
});

describe('for operators', () => {
  test('every stream is summed up, also one that has only jobs', async () => {
    const ledger = openLedger(':memory:');
    const [landed, waiting, window] = [blobs('a', 'b'), blobs('c'), pass(0, '06:00', '07:00')];
    const child = { job: childJob(landed, [member('b')], at('09:05')), malformed: [0], dueAt: at('09:40') };
    const loss = {
      stream: exchange,
      contentId: member('a').contentId,
      reason: 'expired' as const,
      jobId: landed.jobId,
      created: at('08:00'),
    };
    await ledger.createJob(landed, due);
    await ledger.createJob(waiting, at('09:30'));
    await ledger.finishJob(jobRef(landed), finish({ fates: 'es', losses: [loss], children: [child] }));
    const gap = { stream: signIns, from: at('01:00'), to: at('02:00'), reason: 'too old', pass: 0 };
    await ledger.commitCursor(signIns, 0, { watermarks: [at('07:00')] }, { jobs: [window], gaps: [gap], dueAt: due });
    await ledger.splitJob(jobRef(window), halfJobs(window, at('09:00')) ?? [], at('09:02'), due);

    const none = { pending: 0, landed: 0, split: 0, rows: 0, bytes: 0, losses: 0, gaps: 0 };
    expect(await ledger.streams()).toEqual([
      {
        ...none,
        stream: exchange,
        pending: 2,
        landed: 1,
        rows: 7,
        bytes: 700,
        losses: 1,
        oldestDueAt: at('09:30'),
        lastFinishedAt: at('09:05'),
      },
      {
        ...none,
        stream: signIns,
        pending: 2,
        split: 1,
        gaps: 1,
        oldestDueAt: due,
        lastFinishedAt: at('09:02'),
        cursor: { version: 1, watermarks: [at('07:00')] },
      },
    ]);
    ledger.close();
  });

  test('pending jobs are listed with their state, of one stream or of all, the longest due first', async () => {
    const ledger = openLedger(':memory:');
    const [late, early, other] = [blobs('a'), blobs('b'), blobsOf(sharePoint, 'c')];
    await ledger.createJob(late, due + minutes(2));
    await ledger.createJob(early, due + minutes(1));
    await ledger.createJob(other, due);
    await ledger.startJob(jobRef(early));
    expect((await ledger.pendingJobs()).map(({ job }) => job)).toEqual([other, early, late]);
    expect((await ledger.pendingJobs(exchange)).map(({ job, state }) => [job, state.starts])).toEqual([
      [early, 1],
      [late, 0],
    ]);
    expect(await ledger.jobs(sharePoint)).toHaveLength(1);
    ledger.close();
  });

  test('final jobs and claims are forgotten after 35 days, what is pending and what is lost never', async () => {
    const ledger = openLedger(':memory:');
    const [landed, waiting] = [blobs('a'), blobs('b')];
    const loss = {
      stream: exchange,
      contentId: member('a').contentId,
      reason: 'expired' as const,
      jobId: landed.jobId,
      created: at('08:00'),
    };
    await ledger.createJob(landed, due);
    await ledger.createJob(waiting, due);
    await ledger.finishJob(jobRef(landed), finish({ fates: 'e', losses: [loss] }));
    await ledger.commitCursor(exchange, 0, { watermarks: [due] }, nothing);

    expect(await ledger.forget(at('09:00') + days(35))).toEqual({ jobs: 0, claims: 0 });
    expect(await ledger.forget(at('10:00') + days(35))).toEqual({ jobs: 1, claims: 2 });

    expect(await ledger.readJob(jobRef(landed))).toBeUndefined();
    expect((await ledger.readJob(jobRef(waiting)))?.job).toEqual(waiting);
    expect(await ledger.losses(exchange)).toEqual([loss]);
    expect(await ledger.readCursor(exchange)).toBeDefined();
    ledger.close();
  });
});

test('a job that waits for longer than claims are remembered is not made again', async () => {
  const ledger = openLedger(':memory:');
  await ledger.createJob(blobs('a'), due);
  await ledger.startJob(jobRef(blobs('a')));
  await ledger.forget(due + days(36));
  expect(await ledger.createJob(blobs('a'), due + days(36))).toBe('cancelled');
  expect((await ledger.readJob(jobRef(blobs('a'))))?.state.starts).toBe(1);
  ledger.close();
});

test('what was answered is there when the file is opened again', async () => {
  const file = join(await makeFolder(), 'ledger.sqlite');
  const ledger = openLedger(file);
  await ledger.createJob(blobs('a'), due);
  ledger.close();
  const again = openLedger(file);
  expect((await again.readJob(jobRef(blobs('a'))))?.job).toEqual(blobs('a'));
  again.close();
});
