/** The landed objects of a deployment that have a person's records: each rewritten in a folder of this machine and put back, its older versions removed. */

import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { HeadObjectCommand, NotFound, PutObjectCommand } from '@aws-sdk/client-s3';
import type { DroppedRows } from '../../local/compaction/dropped-rows.ts';
import { deriveAgain } from '../../local/erasure/derived-again.ts';
import { rewriteDeciding, rewriteNormalized, type ErasurePlace } from '../../local/erasure/found-objects.ts';
import { removeVersions, versionsOf, type BucketPlace, type LockedVersion } from '../../shared/aws/erase-objects.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { knownDatasets } from '../../shared/datasets/index.ts';
import type { NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import { jobOfKey, landingKey, type ObjectMetadata } from '../../shared/domain/landing-key.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Landing } from '../../shared/ports/landing.ts';
import { rawDataset } from '../../shared/log-types/raw-dataset.ts';

/** A raw object with rows that go. */
export interface PersonObject {
  readonly dataset: string;
  readonly key: string;
  readonly rows: number;
}

/** Where objects are rewritten. */
export interface PersonPlace extends ErasurePlace {
  readonly bucket: BucketPlace;
  readonly landing: Pick<Landing, 'derive'>;
  readonly clock: Clock;
}

/** A normalized object of the job of a raw one. */
export interface DerivedObject {
  readonly dataset: NormalizedDataset;
  readonly key: string;
  readonly bytes: number;
}

/** The normalized objects that were derived from a raw one. */
export async function derivedObjects({ dataset, key }: PersonObject, { bucket }: PersonPlace): Promise<DerivedObject[]> {
  const job = jobOfKey(key);
  const ids = rawDataset(dataset).logTypes.map(({ id }) => id);
  const derived = knownDatasets.filter(({ logTypes }) => logTypes.some((one) => ids.some((id) => id === one)));
  const found: DerivedObject[] = [];
  for (const one of derived) {
    if (!job) break;
    const derivedKey = landingKey(one.name, job);
    const bytes = await bytesAt(bucket, derivedKey);
    if (bytes !== undefined) found.push({ dataset: one, key: derivedKey, bytes });
  }
  return found;
}

/** Rewrites the normalized objects of a raw one, which still has its rows. @returns Older versions that Object Lock holds. */
export async function eraseDerived(object: PersonObject, rows: DroppedRows, place: PersonPlace): Promise<LockedVersion[]> {
  const derived = await derivedObjects(object, place);
  const locked: LockedVersion[] = [];
  if (derived.length > 0) await fetchTo(object.key, place);
  for (const { dataset, key } of derived) {
    await fetchTo(key, place);
    const derive = (into: string): Promise<number | undefined> => deriveAgain(key, dataset, rows, into, place);
    await rewriteNormalized({ key, bytes: 0, rows: 0 }, rows, derive, place);
    locked.push(...(await putBack(key, {}, place)));
  }
  await rm(join(place.root, object.key), { force: true });
  return locked;
}

/** Rewrites a raw object. @returns Older versions that Object Lock holds. */
export async function eraseRaw(object: PersonObject, rows: DroppedRows, place: PersonPlace): Promise<LockedVersion[]> {
  await fetchTo(object.key, place);
  await rewriteDeciding({ ...object, bytes: 0 }, rows, place);
  return putBack(object.key, { erased: String(object.rows) }, place);
}

/** Brings an object into the folder. */
export async function fetchTo(key: string, { root, bucket, clock }: PersonPlace): Promise<void> {
  const folder = dirname(join(root, key));
  await mkdir(folder, { recursive: true });
  const file = await openLake(bucket.client, bucket.bucket, clock).get(key, folder);
  if (file === undefined) throw new Error(`the object at ${key} was there and is gone: run the command again`);
  await rename(file, join(root, key));
}

/** A new version of what is in the folder, or none where no row is left; then every older version goes. */
export async function putBack(key: string, more: ObjectMetadata, { root, bucket: place }: PersonPlace): Promise<LockedVersion[]> {
  const { client, bucket } = place;
  const file = join(root, key);
  const isLeft = existsSync(file);
  if (isLeft) {
    const [Body, { Metadata = {} }] = [await readFile(file), await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))];
    const ChecksumSHA256 = createHash('sha256').update(Body).digest('base64');
    const ContentType = 'application/vnd.apache.parquet';
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body, ChecksumSHA256, ContentType, Metadata: { ...Metadata, ...more } }),
    );
    await rm(file);
  }
  const versions = await versionsOf(place, key);
  return removeVersions(place, isLeft ? versions.filter(({ isLatest }) => !isLatest) : versions);
}

/** Undefined where there is none. */
export async function bytesAt({ client, bucket }: BucketPlace, key: string): Promise<number | undefined> {
  try {
    return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).ContentLength ?? 0;
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}
