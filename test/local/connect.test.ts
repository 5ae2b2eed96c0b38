import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { systemClock } from '../../local/clock.ts';
import { connect } from '../../local/connect.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { at } from '../contracts/samples.ts';
import { FakeLog } from '../fakes/fake-log.ts';
import { MemoryTenants } from '../fakes/memory-tenants.ts';
import { landRecords } from '../helpers/land-records.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();

/** Connects to the lake as a start does, and lets go of it again. */
async function start(path: string): Promise<void> {
  const folder = await openLakeFolder(path, { exclusive: true });
  try {
    (await connect(folder, { tenants: new MemoryTenants(), clock: systemClock, log: new FakeLog() })).close();
  } finally {
    folder.close();
  }
}

test('a start refuses a lake that has objects and a ledger that knows nothing, and names the cure', async () => {
  const path = join(await makeFolder(), 'lake');
  await start(path);
  await landRecords(path, [{ logType: 'audit-general', records: [{ Id: '1', CreationTime: '2026-11-22T08:00:00' }], at: at('08:00') }]);
  await rm(join(path, 'ledger.sqlite'), { force: true });
  await expect(start(path)).rejects.toThrow(/would land a second time.*lake reconcile --rebuild --lake/);
});
