import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { hourlyUpkeep } from '../../../cli/run/upkeep.ts';
import { openLakeFolder } from '../../../local/lake-folder.ts';
import { days, hours } from '../../../shared/domain/window.ts';
import { FakeLog } from '../../fakes/fake-log.ts';
import { landRecords } from '../../helpers/land-records.ts';
import { exchangeRecord } from '../../helpers/sample-records.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const noon = Date.parse('2026-11-30T12:00:00Z');

test('every hour what landed is compacted, and once a day what is kept no longer goes, unless settings cannot be read', async () => {
  const lake = join(await makeFolder(), 'lake');
  const tenantsFile = join(lake, 'tenants.json');
  const land = (blob: string): Promise<unknown> =>
    landRecords(lake, [{ logType: 'audit-exchange', at: noon - days(50), blob, records: [exchangeRecord(blob)] }]);
  await land('old');
  await writeFile(join(lake, 'keeping.json'), '{ "rawDays": 40 }');
  await writeFile(tenantsFile, '{ no JSON');
  let now = noon;
  const upkeep = async (run?: () => Promise<void>): Promise<() => Promise<void>> => {
    const folder = await openLakeFolder(lake, { exclusive: true });
    const clock = { now: () => now, sleep: () => Promise.resolve() };
    const hourly = run ?? hourlyUpkeep({ folder, clock, log: new FakeLog(), tenantsFile, isStopped: () => false });
    await hourly().finally(() => {
      folder.close();
    });
    return hourly;
  };
  const landed = async (): Promise<number> =>
    (await readdir(join(lake, 'raw'), { recursive: true })).filter((name) => name.endsWith('.parquet')).length;

  await expect(upkeep()).rejects.toThrow(/tenants\.json' is no JSON/);
  expect((await readdir(join(lake, 'compacted'), { recursive: true })).filter((name) => name.endsWith('.parquet'))).toHaveLength(1);
  await writeFile(tenantsFile, '{}');
  now += hours(2);
  const hourly = await upkeep();
  expect(await landed()).toBe(0);

  // What comes to be old on the same day waits for the next.
  await land('late');
  await upkeep(hourly);
  now += hours(2);
  await upkeep(hourly);
  expect(await landed()).toBe(1);
  now += days(1);
  await upkeep(hourly);
  expect(await landed()).toBe(0);
}, 30_000);
