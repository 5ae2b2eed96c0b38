import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { openLedger } from '../../local/ledger.ts';
import { openStreamStates } from '../../local/stream-states.ts';
import { jobRef } from '../../shared/domain/fetch-job.ts';
import { at, blobs, blobsOf, contoso, due, exchange, finish, nothing, sharePoint, signIns } from '../contracts/samples.ts';
import { streamStatesContract } from '../contracts/stream-states-contract.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();

describe('the states of streams on one machine', () => {
  streamStatesContract(async () => {
    const file = join(await makeFolder(), 'ledger.sqlite');
    const ledger = openLedger(file);
    const states = openStreamStates(file);
    return {
      ledger,
      states,
      close: () => {
        states.close();
        ledger.close();
      },
    };
  });

  test('can be read while a run holds the lake and writes', async () => {
    const lake = join(await makeFolder(), 'lake');
    const run = await openLakeFolder(lake, { exclusive: true });
    const ledger = openLedger(run.ledgerFile);
    const states = openStreamStates((await openLakeFolder(lake, { exclusive: false })).ledgerFile);
    await ledger.createJob(blobs('a'), due);
    expect(await states.read([exchange], at('00:00'))).toMatchObject([{ pending: 1 }]);
    await ledger.finishJob(jobRef(blobs('a')), finish({ fates: 'l' }));
    expect(await states.read([exchange], at('00:00'))).toMatchObject([{ pending: 0, landed: [{ rows: 7 }] }]);
    states.close();
    ledger.close();
    run.close();
  });

  test('name every stream there is, and its tenant where a job or a token named it', async () => {
    const file = join(await makeFolder(), 'ledger.sqlite');
    const ledger = openLedger(file);
    const states = openStreamStates(file);
    await ledger.commitCursor(signIns, 0, { watermarks: [] }, nothing);
    expect(await states.streams()).toEqual([{ stream: signIns }]);
    await ledger.noteTenantId('fabrikam', contoso);
    await ledger.createJob(blobsOf(sharePoint, 'a'), due);
    expect(await states.streams()).toEqual([
      { stream: sharePoint, tenantName: 'contoso' },
      { stream: signIns, tenantName: 'fabrikam' },
    ]);
    states.close();
    ledger.close();
  });
});
