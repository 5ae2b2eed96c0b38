/** Lists of indicators in the lake's bucket: `indicators/lists/<name>.ndjson` each, and `indicators/index.bin`, which workers look values up in. */

import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3';

/** Where the lists lie. */
export interface IndicatorPlace {
  readonly client: S3Client;
  readonly bucket: string;
}

const prefix = 'indicators/';
const listsPrefix = `${prefix}lists/`;
const listEnd = '.ndjson';
const indexKey = `${prefix}index.bin`;
const keyOf = (name: string): string => `${listsPrefix}${name}${listEnd}`;

/** Bytes of an index at most: a worker keeps it on its disk, and 6 bytes an indicator in memory. Two million indicators have room. */
const largestIndex = 256 * 1024 * 1024;

/** A list, and the version of it. */
export interface ListObject {
  readonly name: string;
  readonly version: string;
}

/** Every list, by name. */
export async function listObjects({ client, bucket: Bucket }: IndicatorPlace): Promise<readonly ListObject[]> {
  const found: ListObject[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: listsPrefix, ...(token !== undefined && { ContinuationToken: token }) }),
    );
    for (const { Key = '', ETag = '' } of page.Contents ?? [])
      if (Key.endsWith(listEnd)) found.push({ name: Key.slice(listsPrefix.length, -listEnd.length), version: ETag });
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return found;
}

/** Brings a list into a file. @returns Whether there is one. */
export async function getList(place: IndicatorPlace, name: string, into: string): Promise<boolean> {
  return (await getObject(place, keyOf(name), into)).kind === 'got';
}

/** Puts a list in the place of one of its name. */
export const putList = (place: IndicatorPlace, name: string, file: string): Promise<void> => putFile(place, keyOf(name), file);

/** Removes a list. The bucket keeps what it was for 30 days. */
export async function deleteList({ client, bucket }: IndicatorPlace, name: string): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(name) }));
}

/** Replaces the index. @throws RangeError When it is larger than workers take. */
export async function putIndex(place: IndicatorPlace, file: string): Promise<void> {
  const { size } = await stat(file);
  if (size > largestIndex) throw new RangeError(tooLarge(size));
  await putFile(place, indexKey, file);
}

/** Why an index cannot be used. @param size In bytes. */
export const tooLarge = (size: number): string =>
  `the index of indicators has ${String(size)} bytes, and workers take ${String(largestIndex)}: remove a list, or import fewer indicators`;

/** What became of asking for the index. */
export type GotIndex =
  | { readonly kind: 'got'; readonly version: string }
  /** The version that was known still stands. */
  | { readonly kind: 'same' }
  | { readonly kind: 'none' }
  /** Larger than workers take. */
  | { readonly kind: 'too-large'; readonly version: string; readonly bytes: number };

/** Brings the index into a file, where it is another than the known one. */
export const getIndex = (place: IndicatorPlace, into: string, known?: string): Promise<GotIndex> => getObject(place, indexKey, into, known);

async function getObject({ client, bucket }: IndicatorPlace, Key: string, into: string, known?: string): Promise<GotIndex> {
  try {
    const {
      Body,
      ETag: version = '',
      ContentLength: bytes = 0,
    } = await client.send(new GetObjectCommand({ Bucket: bucket, Key, ...(known !== undefined && { IfNoneMatch: known }) }));
    const body = Body as Readable;
    if (Key === indexKey && bytes > largestIndex) {
      body.destroy();
      return { kind: 'too-large', version, bytes };
    }
    await pipeline(body, createWriteStream(into));
    return { kind: 'got', version };
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 304) return { kind: 'same' };
    if (error instanceof NoSuchKey) return { kind: 'none' };
    throw error;
  }
}

async function putFile({ client, bucket }: IndicatorPlace, Key: string, file: string): Promise<void> {
  const { size } = await stat(file);
  await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: createReadStream(file), ContentLength: size }));
}
