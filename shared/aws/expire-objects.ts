/** Landed objects of tenants that keep theirs for fewer days than the bucket's lifecycle, which knows prefixes and no tenants. */

import { DeleteObjectsCommand, HeadObjectCommand, ListObjectsV2Command, NotFound } from '@aws-sdk/client-s3';
import pMap from 'p-map';
import type { LandingHour } from '../domain/landing-hour.ts';
import { jobOfKey } from '../domain/landing-key.ts';
import type { BucketPlace } from './erase-objects.ts';

/** What is looked for. */
export interface PastRequest {
  /** The first landing date that is kept, by the GUID of the Microsoft tenant. */
  readonly cutoffs: ReadonlyMap<string, string>;
  readonly rawDatasets: readonly string[];
  readonly normalizedDatasets: readonly string[];
  /** Whether the rows of an hour are in the dataset's compacted table, and nothing will read the hour's objects again. */
  readonly isMerged: (dataset: string, hour: LandingHour) => boolean;
  /** Called with the prefix that comes next. */
  readonly onPrefix?: (prefix: string) => void;
}

/** A landed object that is past. */
export interface PastObject {
  readonly key: string;
  readonly dataset: string;
  readonly bytes: number;
}

/** What is past. */
export interface PastObjects {
  /** In the order in which they may go. */
  readonly going: readonly PastObject[];
  /** Whose rows are nowhere else yet. */
  readonly waiting: readonly PastObject[];
}

/** Metadata is asked of so many objects at once. */
const concurrentHeads = 16;

/**
 * A raw object says whose it is, and what is derived from it has its name: they go together, the raw one last, so that a removal that is cut
 * off is ended by the next. What one of them waits for, all wait for.
 */
export async function pastObjects(place: BucketPlace, request: PastRequest): Promise<PastObjects> {
  const before = [...request.cutoffs.values()].sort().at(-1);
  if (before === undefined) return { going: [], waiting: [] };
  const derived = new Map<string, PastObject[]>();
  for (const dataset of request.normalizedDatasets) {
    for (const object of await objectsBefore(place, dataset, before, request)) {
      const name = nameIn(object.key);
      derived.set(name, [...(derived.get(name) ?? []), object]);
    }
  }
  const [normalized, raw, waiting]: [PastObject[], PastObject[], PastObject[]] = [[], [], []];
  for (const dataset of request.rawDatasets) {
    for (const object of await pastOf(place, dataset, before, request)) {
      const beside = derived.get(nameIn(object.key)) ?? [];
      const isReady = [object, ...beside].every((one) => request.isMerged(one.dataset, hourOf(one.key)));
      if (!isReady) waiting.push(...beside, object);
      else {
        normalized.push(...beside);
        raw.push(object);
      }
    }
  }
  return { going: [...normalized, ...raw], waiting };
}

async function pastOf(place: BucketPlace, dataset: string, before: string, request: PastRequest): Promise<PastObject[]> {
  const all = await objectsBefore(place, dataset, before, request);
  const isPast = await pMap(
    all,
    async ({ key }) => {
      const cutoff = request.cutoffs.get((await tenantOf(place, key)) ?? '');
      return cutoff !== undefined && hourOf(key).slice(0, 10) < cutoff;
    },
    { concurrency: concurrentHeads },
  );
  return all.filter((_, index) => isPast[index]);
}

async function tenantOf({ client, bucket }: BucketPlace, key: string): Promise<string | undefined> {
  try {
    return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).Metadata?.stream?.split('#')[1];
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** Keys sort by their landing date. */
async function objectsBefore(
  { client, bucket }: BucketPlace,
  dataset: string,
  before: string,
  { onPrefix }: PastRequest,
): Promise<PastObject[]> {
  const prefix = `raw/${dataset}/`;
  onPrefix?.(prefix);
  const found: PastObject[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(token !== undefined && { ContinuationToken: token }) }),
    );
    const objects = (page.Contents ?? []).map(({ Key = '', Size = 0 }): PastObject => ({ key: Key, dataset, bytes: Size }));
    const old = objects.filter(({ key }) => key < `${prefix}dt=${before}`);
    found.push(...old.filter(({ key }) => jobOfKey(key) !== undefined));
    token = old.length === objects.length ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
  return found;
}

/** Of a key of a landed object. */
const hourOf = (key: string): LandingHour => jobOfKey(key)?.landingHour ?? '';
/** Landing hour and file name: the same of a raw object and of what is derived from it. */
const nameIn = (key: string): string => key.split('/').slice(2).join('/');

/** S3 removes no more at once. */
const removedAtOnce = 1_000;

/**
 * Removes objects as the lifecycle does: in a bucket with versions they stay as older ones for as long as it keeps those.
 *
 * @throws When S3 refuses one.
 */
export async function removeObjects({ client, bucket }: BucketPlace, objects: readonly PastObject[]): Promise<void> {
  for (let from = 0; from < objects.length; from += removedAtOnce) {
    const Objects = objects.slice(from, from + removedAtOnce).map(({ key }) => ({ Key: key }));
    const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }));
    const [first] = Errors;
    if (first)
      throw new Error(
        `${String(first.Key)} cannot be deleted (${String(first.Code)}): ${String(first.Message)}; you need s3:DeleteObject on raw/`,
      );
  }
}
