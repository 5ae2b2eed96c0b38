import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { openLakeReader } from '../../local/lake-reader.ts';
import { landRecords } from '../helpers/land-records.ts';
import { runLake } from '../helpers/run-lake.ts';
import { exchangeRecord, signIn } from '../helpers/sample-records.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const noon = Date.parse('2026-11-22T12:00:00Z');
const main = join(import.meta.dirname, '..', '..', 'cli', 'main.ts');
const hers = 'megan@contoso.example';

/** Killed after so many ms, or run to its end. @returns Its exit code; null when it was killed. */
async function erase(lake: string, killAfterMs?: number): Promise<number | null> {
  const parameters = ['erase', '--user', hers, '--yes', '--reason', 'a test', '--lake', lake];
  const child = spawn(process.execPath, [main, ...parameters], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (killAfterMs !== undefined) await Promise.race([sleep(killAfterMs).then(() => child.kill('SIGKILL')), ended]);
  return ended;
}

test('lake erase that is killed at any moment leaves every other row once, and ends what it began when it is run again', async () => {
  const lake = join(await makeFolder(), '.lake');
  const dates = Array.from({ length: 12 }, (_, day) => noon + day * 86_400_000);
  await landRecords(
    lake,
    dates.flatMap((at, day) => [
      { logType: 'audit-exchange', at, records: [exchangeRecord(`a${String(day)}`), exchangeRecord(`h${String(day)}`, { UserId: hers })] },
      { logType: 'sign-ins-interactive', at, records: [signIn(`s${String(day)}`), signIn(`t${String(day)}`, { userPrincipalName: hers })] },
    ]),
  );
  expect((await runLake('normalize', '--dataset', 'saas_audit_logs', 'authentication_story', '--lake', lake)).code).toBe(0);
  expect((await runLake('compact', '--lake', lake)).code).toBe(0);
  const rows = async (whose: string): Promise<unknown> => {
    const tables = { msft_o365_exchange_online_raw: 'actor_upn', msft_azure_ad_raw: 'actor_upn' };
    const raw = Object.entries(tables).map(([table, upn]) => `(SELECT count(*) FROM ${table} WHERE ${upn} = '${whose}')`);
    const normalized = `(SELECT count(*) FROM saas_audit_logs WHERE identity_normalized.username || '@' || identity_normalized.domain LIKE '%${whose}%')`;
    const reader = await openLakeReader(lake);
    const [row] = await (await reader.query(`SELECT ${[...raw, normalized].join(', ')}`)).getRowsJson();
    await reader.close();
    return row;
  };
  expect(await rows('ada@contoso.example')).toEqual(['12', '12', '12']);
  expect(await rows(hers)).toEqual(['12', '12', '12']);
  for (let killAfterMs = 900; killAfterMs < 3_300; killAfterMs += 300) {
    await erase(lake, killAfterMs);
    expect(await rows('ada@contoso.example')).toEqual(['12', '12', '12']);
  }
  expect(await erase(lake)).toBe(0);
  expect(await rows('ada@contoso.example')).toEqual(['12', '12', '12']);
  expect(await rows(hers)).toEqual(['0', '0', '0']);
}, 240_000);
