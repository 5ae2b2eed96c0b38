/** Compaction sorts more rows than fit into its memory. */

import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { compactLake } from '../../local/compaction/compact-lake.ts';
import { Manifest } from '../../local/compaction/manifest.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { systemClock } from '../../local/clock.ts';
import { literal } from '../../shared/domain/literal.ts';
import { connectDuckDb } from '../../shared/landing/landing.ts';
import { landRecords } from '../helpers/land-records.ts';
import { exchangeRecord } from '../helpers/sample-records.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const noon = Date.parse('2026-11-22T12:00:00Z');
const dataset = 'msft_o365_exchange_online_raw';

/** Of different texts, so that what is packed is no fraction of what is sorted. */
const long = (number: number): string => Array.from({ length: 400 }, (_, at) => `${String(number * 7919 + at * 104_729)} `).join('');

test.each([
  { when: 'of the whole hour, in no order', timeOf: (row: number) => noon - 3_600_000 + ((row * 1_009) % 3_600) * 1_000 },
  { when: 'of one and the same second', timeOf: () => noon - 3_600_000 },
])(
  'a part of more rows than are sorted at once, $when, has every row, in the order of their event times',
  async ({ timeOf }) => {
    const root = join(await makeFolder(), '.lake');
    const perObject = 1_500;
    const objects = Array.from({ length: 3 }, (_, object) => ({
      logType: 'audit-exchange',
      at: noon + object * 60_000,
      records: Array.from({ length: perObject }, (_, row) => {
        const at = new Date(timeOf(row * 7 + object)).toISOString().slice(0, 19);
        return { ...exchangeRecord(`id-${String(object)}-${String(row)}`), CreationTime: at, Subject: long(object * perObject + row) };
      }),
    }));
    await landRecords(root, objects);
    const folder = await openLakeFolder(root, { exclusive: true });
    await compactLake(folder, { clock: systemClock });
    folder.close();
    const parts = Manifest.openForReading(root)?.parts(dataset) ?? [];
    const files = parts.map(({ name }) => literal(join(root, name)));
    expect(files).toHaveLength(1);
    const connection = await connectDuckDb({ memoryMb: 400, spillFolder: join(root, 'spill') });
    const one = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson()[0];
    expect(await one(`SELECT count(*), count(DISTINCT record_id), count(raw) FROM read_parquet(${files.join()})`)).toEqual([
      '4500',
      '4500',
      '4500',
    ]);
    const inOrder = `SELECT count(*) FROM (SELECT event_time, lag(event_time) OVER () AS before FROM read_parquet(${files.join()})) WHERE before > event_time`;
    expect(await one(inOrder)).toEqual(['0']);
    expect(await one(`SELECT count(DISTINCT row_group_id) > 1 FROM parquet_metadata(${files.join()})`)).toEqual([true]);
    connection.closeSync();
  },
  60_000,
);
