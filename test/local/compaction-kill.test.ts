import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { openLakeReader } from '../../local/lake-reader.ts';
import { landRecords } from '../helpers/land-records.ts';
import { exchangeRecord, signIn } from '../helpers/sample-records.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const noon = Date.parse('2026-11-22T12:00:00Z');
const main = join(import.meta.dirname, '..', '..', 'cli', 'main.ts');

/** Killed after so many ms, or run to its end. @returns Its exit code; null when it was killed. */
async function compact(lake: string, killAfterMs?: number): Promise<number | null> {
  const child = spawn(process.execPath, [main, 'compact', '--lake', lake], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (killAfterMs !== undefined) await Promise.race([sleep(killAfterMs).then(() => child.kill('SIGKILL')), ended]);
  return ended;
}

test('lake compact that is killed at any moment leaves every row once', async () => {
  const lake = join(await makeFolder(), '.lake');
  const days = Array.from({ length: 12 }, (_, day) => noon + day * 86_400_000);
  await landRecords(
    lake,
    days.flatMap((at, day) => [
      { logType: 'audit-exchange', at, records: [exchangeRecord(`a${String(day)}`), exchangeRecord('again')] },
      { logType: 'sign-ins-interactive', at, records: [signIn(`s${String(day)}`)] },
    ]),
  );
  const rows = async (): Promise<unknown> => {
    const reader = await openLakeReader(lake);
    const counted = await reader.query(`SELECT (SELECT count(*) FROM msft_o365_exchange_online_raw), (SELECT count(DISTINCT record_id)
      FROM msft_o365_exchange_online_raw), (SELECT count(*) FROM msft_azure_ad_raw), (SELECT count(*) FROM msft_azure_ad)`);
    const [row] = await counted.getRowsJson();
    await reader.close();
    return row;
  };
  const expected = ['24', '13', '12', '12'];
  expect(await rows()).toEqual(expected);
  for (let killAfterMs = 350; killAfterMs < 1_900; killAfterMs += 220) {
    await compact(lake, killAfterMs);
    expect(await rows()).toEqual(expected);
  }
  expect(await compact(lake)).toBe(0);
  expect(await rows()).toEqual(expected);
}, 120_000);
