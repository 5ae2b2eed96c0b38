/** What stands in the lake, by stream: read once, however many streams share a dataset. */

import pMap from 'p-map';
import type { DescribedObject, LakeObject } from '../../shared/domain/lake-object.ts';
import { days, utcDate, type Instant } from '../../shared/domain/window.ts';
import type { LakeInventory } from '../../shared/ports/lake.ts';

/** The ledger remembers final jobs and claims a day longer; nothing that Microsoft still serves is older. */
const rememberedMs = days(34);
/** Objects that are asked what they are at once. */
const concurrentReads = 16;

/** The objects of a dataset that the ledger would still remember, by job id. */
export async function objectsOfDataset(inventory: LakeInventory, dataset: string, now: Instant): Promise<Map<string, LakeObject>> {
  const oldest = utcDate(now - rememberedMs);
  const found = new Map<string, LakeObject>();
  for await (const object of inventory.objects(`raw/${dataset}/`)) {
    const [, date, jobId] = keyPattern.exec(object.key) ?? [];
    if (jobId !== undefined && date !== undefined && date >= oldest) found.set(jobId, object);
  }
  return found;
}

const keyPattern = /\/dt=(\d{4}-\d{2}-\d{2})\/([0-9a-f]{32})\.parquet$/;

/** With what each says of itself, in the order given; what has gone meanwhile is left out. */
export async function describeObjects(inventory: LakeInventory, objects: Iterable<LakeObject>): Promise<DescribedObject[]> {
  const described = await pMap(
    objects,
    async (object) => {
      const metadata = await inventory.describe(object.key);
      return metadata && { ...object, metadata };
    },
    { concurrency: concurrentReads },
  );
  return described.filter((object) => object !== undefined);
}
