/** Landing hours of pending jobs, from the ledger's index of due jobs. */

import { hoursByDataset } from '../../datasets/chained-datasets.ts';
import { compactedTables } from '../../datasets/compacted-tables.ts';
import type { LandingHour } from '../../domain/landing-hour.ts';
import { seconds } from '../../domain/window.ts';
import { streamFromKey, type Key } from '../ledger-items.ts';
import { dueShards, ledgerTable } from '../ledger-table.ts';
import { queryItems, readItems, type Table } from '../table.ts';

/** A job whose due time changes leaves the index for a moment, and a page may have been read before it comes back: it is asked twice. */
const asksAgainAfterMs = seconds(3);

/** By dataset; a dataset without a pending job is absent. */
export async function pendingHours(table: Table): Promise<ReadonlyMap<string, ReadonlySet<LandingHour>>> {
  const byDataset = await pendingByDataset(table);
  return new Map([...byDataset].filter(([name]) => compactedTables.some(({ dataset }) => dataset === name)));
}

/** The same of every dataset, whether or not it is compacted. */
export async function pendingByDataset(table: Table): Promise<ReadonlyMap<string, ReadonlySet<LandingHour>>> {
  const first = await pendingKeys(table);
  await table.clock.sleep(asksAgainAfterMs);
  const keys = new Map([...first, ...(await pendingKeys(table))].map((key) => [`${key.pk} ${key.sk}`, key]));
  const items = await readItems(table, [...keys.values()], { consistent: false, attributes: ['hour'] });
  return hoursByDataset(items.map(({ pk, hour }) => [streamFromKey(pk).logType, String(hour)]));
}

async function pendingKeys(table: Table): Promise<Key[]> {
  const { name, partitionKey } = ledgerTable.dueIndex;
  const shards = await Promise.all(
    dueShards.map((shard) =>
      queryItems(table, {
        IndexName: name,
        KeyConditionExpression: `${partitionKey} = :shard`,
        ExpressionAttributeValues: { ':shard': shard },
      }),
    ),
  );
  return shards.flat().map(({ pk, sk }) => ({ pk, sk }));
}
