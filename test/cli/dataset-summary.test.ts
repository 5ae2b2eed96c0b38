import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { summarizeDatasets } from '../../cli/dataset-summary.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { LocalLake } from '../../local/lake.ts';
import { landRecords } from '../helpers/land-records.ts';
import { exchangeRecord } from '../helpers/sample-records.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const noon = Date.parse('2026-11-22T12:00:00Z');

test('the summary of a dataset counts rows, files and bytes, and names the newest event', async () => {
  const path = join(await makeFolder(), '.lake');
  await landRecords(path, [
    {
      logType: 'audit-exchange',
      at: noon,
      blob: 'first',
      records: [exchangeRecord('one'), exchangeRecord('two', { CreationTime: '2026-11-21T09:30:00' })],
    },
    { logType: 'audit-exchange', at: noon, blob: 'second', records: [exchangeRecord('one')] },
  ]);
  const keys = await new LocalLake({ root: path, temp: path }).list('raw/');
  const sizes = await Promise.all(keys.map(async (key) => (await stat(join(path, key))).size));
  const reader = await openLakeReader(path);
  const summaries = await summarizeDatasets(reader);
  await reader.close();

  const newestEvent = Date.parse('2026-11-21T09:30:00Z');
  const objects = { files: 2, bytes: sizes.reduce((total, size) => total + size, 0) };
  expect(summaries.find(({ name }) => name === 'msft_o365_exchange_online_raw')).toEqual({
    name: 'msft_o365_exchange_online_raw',
    kind: 'raw',
    rows: 3,
    objects,
    newestEvent,
    logTypes: ['audit-exchange'],
  });
  expect(summaries.find(({ name }) => name === 'msft_o365_exchange_online')).toMatchObject({ kind: 'view', rows: 2, newestEvent });
  expect(summaries.find(({ name }) => name === 'msft_o365_dlp_raw')).toMatchObject({ rows: 0, objects: { files: 0, bytes: 0 } });
});
