import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from '@jest/globals';
import { lakeTables } from '../../local/lake-views.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { literal } from '../../shared/domain/literal.ts';
import { landRecords } from '../helpers/land-records.ts';
import { runLake } from '../helpers/run-lake.ts';
import { exchangeRecord, signIn } from '../helpers/sample-records.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const noon = Date.parse('2026-11-22T12:00:00Z');

test('lake duckdb writes a database with the rows of every table, which goes with the folder and is written again', async () => {
  const place = await makeFolder();
  let lake = join(place, "lake [1]'s");
  await landRecords(lake, [
    { logType: 'audit-exchange', at: noon, blob: 'first', records: [exchangeRecord('one'), exchangeRecord('two')] },
    { logType: 'sign-ins-interactive', at: noon, records: [signIn('a')] },
  ]);
  expect((await runLake('compact', '--lake', lake)).code).toBe(0);
  await landRecords(lake, [{ logType: 'audit-exchange', at: noon + 3_600_000, blob: 'second', records: [exchangeRecord('two')] }]);
  const names = ['msft_o365_exchange_online_raw', 'msft_o365_exchange_online', 'msft_azure_ad', 'msft_o365_dlp', 'm365_activity'];
  for (const isAgain of [false, true]) {
    const run = await runLake('duckdb', '--lake', lake);
    expect(run.out).toContain(`wrote lake.duckdb, ${String(lakeTables().length)} tables and views`);
    if (!isAgain) {
      const elsewhere = join(place, 'moved');
      await rename(lake, elsewhere);
      lake = elsewhere;
    }
    expect(await countsOfFile(lake, names)).toEqual(await countsOfLake(lake, names));
  }
  expect((await countsOfFile(lake, ['msft_o365_exchange_online_raw', 'm365_activity'])).map(Number)).toEqual([3, 3]);
}, 120_000);

const countOf = (name: string): string => `SELECT count(*) AS rows FROM ${name}`;

async function countsOfLake(lake: string, names: readonly string[]): Promise<unknown[]> {
  const reader = await openLakeReader(lake);
  const counts: unknown[] = [];
  for (const name of names) counts.push((await (await reader.query(countOf(name))).getRowsJson())[0]?.[0]);
  await reader.close();
  return counts;
}

/** As DuckDB's command line does that is started in the folder. */
async function countsOfFile(lake: string, names: readonly string[]): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(join(lake, 'lake.duckdb'), { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  await connection.run(`SET file_search_path = ${literal(lake)}`);
  const counts: unknown[] = [];
  for (const name of names) counts.push((await connection.runAndReadAll(countOf(name))).getRowsJson()[0]?.[0]);
  connection.closeSync();
  instance.closeSync();
  return counts;
}
