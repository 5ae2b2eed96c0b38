import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { makeAgedLake } from '../../bench/aged-lake.ts';
import { landTemplates } from '../../bench/aged-templates.ts';
import { Manifest } from '../../local/compaction/manifest.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const newestDay = Date.UTC(2026, 10, 20);
const datasets = ['msft_azure_ad_raw', 'msft_o365_exchange_online_raw'];

test('a lake that is aged by copies says what its landed objects say, with as many parts on every day as on the one that was compacted', async () => {
  const [templates, folder] = [await makeFolder(), await makeFolder()];
  const path = join(folder, 'lake');
  await landTemplates(templates, newestDay, 3);
  expect(await makeAgedLake({ path, templates, datasets, newestDay, objects: 4, age: 4 })).toBe(2 * 4 * 4);

  const rows = async (): Promise<unknown[]> => {
    const reader = await openLakeReader(path);
    const all: unknown[] = [];
    for (const table of datasets.flatMap((name) => [name, name.replace('_raw', '')])) {
      const days = `SELECT CAST(event_time AS DATE), dt, count(*), count(DISTINCT record_key), min(event_time), max(record_id),
        sum(hash(t) % 1000000007) FROM ${table} AS t GROUP BY ALL ORDER BY ALL`;
      all.push(...(await (await reader.query(days)).getRowsJson()).map((row) => [table, ...row]));
    }
    await reader.close();
    return all;
  };
  const compacted = await rows();
  const manifest = Manifest.openForReading(path);
  for (const dataset of datasets) {
    const parts = ['17', '18', '19', '20'].map((day) => manifest?.parts(dataset, `2026-11-${day}`).length);
    expect(new Set(parts).size).toBe(1);
    expect(parts[0]).toBeGreaterThan(1);
    expect(manifest?.settledDates(dataset).size).toBe(4);
  }
  manifest?.close();
  await rename(join(path, 'compacted.sqlite'), join(folder, 'aside'));
  expect(compacted).toEqual(await rows());
  expect(compacted).toHaveLength(4 * 4);
}, 300_000);
