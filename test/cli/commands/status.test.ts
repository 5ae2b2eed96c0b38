import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../local/clock.ts';
import { openLakeFolder } from '../../../local/lake-folder.ts';
import { openLedger } from '../../../local/ledger.ts';
import { iso, minutes } from '../../../shared/domain/window.ts';
import { jobRef } from '../../../shared/domain/fetch-job.ts';
import { at, blobs, contoso, due, exchange, finish, nothing, signIns } from '../../contracts/samples.ts';
import { landRecords } from '../../helpers/land-records.ts';
import { runLake } from '../../helpers/run-lake.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
let lake = '';
let close: () => void;

/** A lake that a run holds, in which mail has just landed; there is no tenants file. */
beforeEach(async () => {
  lake = join(await makeFolder(), 'lake');
  const folder = await openLakeFolder(lake, { exclusive: true });
  const ledger = openLedger(folder.ledgerFile);
  const now = systemClock.now();
  await ledger.commitCursor(exchange, 0, { watermarks: [now], subscription: 'enabled' }, nothing);
  await ledger.createJob(blobs('a'), due);
  await ledger.finishJob(jobRef(blobs('a')), finish({ fates: 'l', finishedAt: now }));
  close = () => {
    ledger.close();
    folder.close();
    process.exitCode = undefined;
  };
});
afterEach(() => {
  close();
});

const status = (...parameters: readonly string[]) => runLake('status', '--lake', lake, ...parameters);

describe('lake status', () => {
  test('reports everybody in the ledger while a run goes on, and ends well when nobody is needed', async () => {
    const { code, out, err } = await status();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^contoso\taudit-exchange\tcollecting\t.*\t7\t7\t▁{23}█$/m);
    expect(out).toContain('nothing needs you');
  });

  test('shows until when a job is parked, and why, in JSON too', async () => {
    const ledger = openLedger(join(lake, 'ledger.sqlite'));
    await ledger.createJob(blobs('b'), due);
    const until = systemClock.now() + minutes(10);
    await ledger.parkJob(jobRef(blobs('b')), 1, { dueAt: until, parks: 1, malformed: [], because: 'HTTP 503' });
    ledger.close();
    expect((await status()).out).toMatch(/\tparked until\t.*\n[^]*^contoso\taudit-exchange\t.*\t\d\d:\d\d \(HTTP 503\)(?:\t|$)/m);
    const { tenants } = JSON.parse((await status('--json')).out) as { tenants: { logTypes: unknown[] }[] };
    expect(tenants[0]?.logTypes[0]).toMatchObject({ parkedUntil: iso(until), parkedBecause: 'HTTP 503' });
  });

  test('ends with 1 when somebody is needed, in JSON too', async () => {
    const ledger = openLedger(join(lake, 'ledger.sqlite'));
    await ledger.commitCursor(signIns, 0, { watermarks: [], suspendedUntil: 1, suspendedBecause: 'AADSTS7000222' }, nothing);
    ledger.close();
    const { code, out, err } = await status('contoso', '--json');
    expect({ code, err }).toEqual({ code: 1, err: 'lake: one thing needs a person\n' });
    expect(JSON.parse(out)).toMatchObject({
      needs: [expect.stringContaining(`(AADSTS7000222); 'lake tenant test contoso --tenants FILE --lake ${lake}'`)],
      tenants: [
        {
          name: 'contoso',
          tenantId: contoso,
          logTypes: [
            { logType: 'audit-exchange', state: 'collecting', rowsLastDay: 7, newest: '2026-11-22T08:00:00.000Z' },
            { logType: 'sign-ins-interactive', state: 'suspended', because: 'AADSTS7000222, being tried again' },
          ],
        },
      ],
    });
  });

  test.each([
    { what: 'a tenant that nobody collected', parameters: ['nobody'], says: "nothing was collected from a tenant 'nobody'" },
    { what: 'a folder without a lake', parameters: ['--lake', '/nowhere'], says: "there is no lake in '/nowhere'" },
    { what: 'two forms at once', parameters: ['--json', '--watch'], says: 'cannot be used with' },
  ])('refuses $what', async ({ parameters, says }) => {
    const { code, err } = await status(...parameters);
    expect(code).toBe(2);
    expect(err).toContain(says);
  });

  test.each([
    { what: 'is gone', make: () => undefined },
    {
      what: 'knows nothing any more',
      make: (file: string) => {
        openLedger(file).close();
      },
    },
  ])('says of a ledger that $what how to make it again, and not that nothing needs anybody', async ({ make }) => {
    const lost = join(await makeFolder(), 'lost');
    (await openLakeFolder(lost, { exclusive: true })).close();
    await landRecords(lost, [{ logType: 'audit-general', records: [{ Id: '1', CreationTime: '2026-11-22T08:00:00' }], at: at('08:00') }]);
    for (const name of await readdir(lost)) if (name.startsWith('ledger.sqlite')) await rm(join(lost, name));
    make(join(lost, 'ledger.sqlite'));
    const { code, out, err } = await status('--lake', lost);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/such as raw\/msft_o365_general_raw\/.*run 'lake reconcile --rebuild --lake /);
  });
});
