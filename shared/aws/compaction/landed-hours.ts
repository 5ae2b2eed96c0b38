/** Which hours have objects: a listing of the bucket from the watermark on. */

import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { LandedObjects } from '../../domain/hour-compaction.ts';
import type { LandingHour } from '../../domain/landing-hour.ts';
import { hourFolder, jobOfKey } from '../../domain/landing-key.ts';

/** One request lists a thousand objects; a merge takes no more than these have. */
const mostPages = 20;

/** The oldest hours after one, each whole: a listing that is cut off leaves out its last hour, unless that is the only one. */
export async function landedHours(
  client: S3Client,
  bucket: string,
  dataset: string,
  after: LandingHour | undefined,
): Promise<readonly LandedObjects[]> {
  const prefix = `raw/${dataset}/`;
  const hours = new Map<LandingHour, LandedObjects>();
  // '~' sorts after every name in the folder.
  let startAfter = after === undefined ? undefined : `${prefix}${hourFolder(after)}/~`;
  for (let page = 0; page < mostPages; page += 1) {
    const listing = { Bucket: bucket, Prefix: prefix, ...(startAfter !== undefined && { StartAfter: startAfter }) };
    const { Contents = [], IsTruncated = false } = await client.send(new ListObjectsV2Command(listing));
    for (const { Key = '', Size = 0 } of Contents) count(hours, jobOfKey(Key)?.landingHour, Size);
    if (!IsTruncated) return [...hours.values()];
    startAfter = Contents.at(-1)?.Key;
  }
  const found = [...hours.values()];
  return found.length > 1 ? found.slice(0, -1) : found;
}

function count(hours: Map<LandingHour, LandedObjects>, hour: LandingHour | undefined, size: number): void {
  if (hour === undefined) return;
  const { objects, bytes } = hours.get(hour) ?? { objects: 0, bytes: 0 };
  hours.set(hour, { hour, objects: objects + 1, bytes: bytes + size });
}
