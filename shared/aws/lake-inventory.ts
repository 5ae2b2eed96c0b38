/** The bucket as operators see it: its objects and their metadata. Costs a listing; describing an object costs two requests. */

import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, NoSuchKey, NotFound, type S3Client } from '@aws-sdk/client-s3';
import { checkKey } from '../domain/lake-key.ts';
import type { LakeObject } from '../domain/lake-object.ts';
import type { ObjectMetadata } from '../domain/landing-key.ts';
import type { LakeInventory } from '../ports/lake.ts';

/** Reads the footer of a Parquet file. */
export type FooterOf = (file: string) => Promise<{ readonly metadata: ObjectMetadata }>;

/** @param footerOf Is given a file that has the object's size and its end, and nothing between. */
export function openInventory(client: S3Client, bucket: string, footerOf: FooterOf): LakeInventory {
  return {
    objects: (prefix) => objectsUnder(client, bucket, prefix),
    describe: (key) => describe({ client, bucket, footerOf }, checkKey(key)),
  };
}

/** Every object whose key begins so. */
export async function* objectsUnder(client: S3Client, Bucket: string, Prefix: string): AsyncGenerator<LakeObject> {
  let token: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix, ...(token !== undefined && { ContinuationToken: token }) }));
    for (const { Key = '', LastModified, Size = 0 } of page.Contents ?? [])
      yield { key: Key, putAt: LastModified?.getTime() ?? 0, bytes: Size };
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

interface Place {
  readonly client: S3Client;
  readonly bucket: string;
  readonly footerOf: FooterOf;
}

async function describe(place: Place, key: string): Promise<ObjectMetadata | undefined> {
  try {
    const { Metadata = {} } = await place.client.send(new HeadObjectCommand({ Bucket: place.bucket, Key: key }));
    return key.endsWith('.parquet') ? { ...(await footer(place, key)), ...Metadata } : Metadata;
  } catch (error) {
    if (error instanceof NotFound || error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** Most footers are shorter: 64 KB. */
const usualTailBytes = 64 * 1024;
/** Length of the footer, and `PAR1`. */
const trailerBytes = 8;

/** The footer stands at the end of the object, however large that is: a sparse file of its size is enough to read it. */
async function footer(place: Place, key: string): Promise<ObjectMetadata> {
  let tail = await readTail(place, key, usualTailBytes);
  const footerBytes = tail.bytes.length < trailerBytes ? 0 : tail.bytes.readUInt32LE(tail.bytes.length - trailerBytes) + trailerBytes;
  if (footerBytes > tail.bytes.length && tail.bytes.length < tail.size) tail = await readTail(place, key, footerBytes);
  const folder = await mkdtemp(join(tmpdir(), 'm365-audit-lake-footer-'));
  try {
    const file = join(folder, 'footer.parquet');
    const handle = await open(file, 'w');
    try {
      await handle.truncate(tail.size);
      await handle.write('PAR1', 0);
      await handle.write(tail.bytes, 0, tail.bytes.length, tail.size - tail.bytes.length);
    } finally {
      await handle.close();
    }
    return (await place.footerOf(file)).metadata;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readTail({ client, bucket }: Place, key: string, bytes: number): Promise<{ readonly bytes: Buffer; readonly size: number }> {
  const { Body, ContentRange } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=-${String(bytes)}` }));
  if (!Body) throw new Error(`the object at ${key} came without a body`);
  const read = Buffer.from(await Body.transformToByteArray());
  return { bytes: read, size: Number(/\/(\d+)$/.exec(ContentRange ?? '')?.[1] ?? read.length) };
}
