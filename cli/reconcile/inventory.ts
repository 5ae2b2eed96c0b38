/** What stands in the lake, by stream: read once, however many streams share a dataset. */

import pMap from 'p-map';
import type { DescribedObject, LakeObject } from '../../shared/domain/lake-object.ts';
import { jobOfKey } from '../../shared/domain/landing-key.ts';
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
    const job = jobOfKey(object.key);
    if (job && job.landingHour >= oldest) found.set(job.jobId, object);
  }
  return found;
}

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
