import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from '@jest/globals';
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

/** Puts an object of an import, so many times. */
async function putImported(path: string, copies: number): Promise<void> {
  const day = join(path, 'raw', 'msft_o365_exchange_online_raw', 'dt=2026-11-22', 'hr=10');
  await mkdir(day, { recursive: true });
  const fileOf = (index: number): string => join(day, `${String(index).padStart(32, '0')}.parquet`);
  const duckdb = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await duckdb.run(`COPY (SELECT 1 AS n) TO '${fileOf(0)}' (FORMAT parquet, KV_METADATA {stream: 'x#y#z', import: 'yes'})`);
  duckdb.closeSync();
  for (let index = 1; index < copies; index += 1) await copyFile(fileOf(0), fileOf(index));
}

const collected = { logType: 'audit-general', records: [{ Id: '1', CreationTime: '2026-11-22T08:00:00' }], at: at('08:00') };

describe('a start with a ledger that knows nothing', () => {
  test('refuses a lake that has objects, and names the cure', async () => {
    const path = join(await makeFolder(), 'lake');
    await start(path);
    await landRecords(path, [collected]);
    await rm(join(path, 'ledger.sqlite'), { force: true });
    await expect(start(path)).rejects.toThrow(/would land a second time.*lake reconcile --rebuild --lake/);
  });

  test('refuses a lake that has a single collected object among many imported ones', async () => {
    const path = join(await makeFolder(), 'lake [1]');
    await start(path);
    await putImported(path, 1_100);
    await landRecords(path, [collected]);
    await expect(start(path)).rejects.toThrow(/such as raw\/msft_o365_general_raw\/.*would land a second time/);
  });

  test('collects into a lake that has imported objects alone', async () => {
    const path = join(await makeFolder(), 'lake');
    await start(path);
    await putImported(path, 3);
    await expect(start(path)).resolves.toBeUndefined();
  });
});
