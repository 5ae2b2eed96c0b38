import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3';
import { checkKey } from '../domain/lake-key.ts';
import type { ObjectMetadata } from '../domain/landing-key.ts';
import type { ObjectLock } from '../domain/object-lock.ts';
import type { ObjectDigest } from '../domain/sealed-object.ts';
import { digestOfStream } from '../file-digest.ts';
import type { Clock } from '../ports/clock.ts';
import type { Lake } from '../ports/lake.ts';
import { backOff, maxAttempts } from './backoff.ts';
import { lockParameters } from './object-lock.ts';

/**
 * The lake in an S3 bucket. How objects are encrypted is the bucket's rule, not ours; the client computes a checksum of every
 * object, which S3 compares and the client compares again when it reads.
 *
 * `head` and `get` need `s3:ListBucket`: without it S3 answers 403 for a free key, which is an error here and no free key.
 *
 * @param lock How what lands is held; to put it so needs `s3:PutObjectRetention`.
 */
export function openLake(client: S3Client, bucket: string, clock: Clock, lock?: ObjectLock): Lake {
  return {
    head: (key) => head(client, bucket, key),
    putOnce: (key, file, metadata) => putOnce({ client, bucket, clock, lock }, key, file, metadata),
    get: (key, folder) => get(client, bucket, key, folder),
    digest: (key) => digest(client, bucket, key),
  };
}

async function head(client: S3Client, bucket: string, key: string): Promise<ObjectMetadata | undefined> {
  try {
    return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: checkKey(key) }))).Metadata ?? {};
  } catch (error) {
    if (error instanceof NotFound || error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/**
 * What S3 has computed when the object was put. An object of an earlier version, which has another checksum, is read.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
async function digest(client: S3Client, bucket: string, key: string): Promise<ObjectDigest | undefined> {
  try {
    const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: checkKey(key), ChecksumMode: 'ENABLED' }));
    const { ChecksumSHA256: sha256, ContentLength: bytes = 0 } = found;
    if (sha256 !== undefined && !sha256.includes('-')) return { sha256: Buffer.from(sha256, 'base64').toString('hex'), bytes };
    return await digestOfBody(client, bucket, key);
  } catch (error) {
    if (error instanceof NotFound || error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

async function digestOfBody(client: S3Client, bucket: string, key: string): Promise<ObjectDigest> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (!(Body instanceof Readable)) throw new Error(`the object at ${key} came without a body`);
  return digestOfStream(Body);
}

interface Place {
  readonly client: S3Client;
  readonly bucket: string;
  readonly clock: Clock;
  readonly lock: ObjectLock | undefined;
}

/**
 * The whole file in one PUT, from memory, so that the client can send it again. A repeated PUT that had been applied is `taken`
 * too: who asks reads what is at the key, and finds his own.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
async function putOnce(place: Place, key: string, file: string, metadata: ObjectMetadata): Promise<'put' | 'taken'> {
  const { client, bucket, clock, lock } = place;
  const body = await readFile(file);
  const object = {
    Bucket: bucket,
    Key: checkKey(key),
    Body: body,
    ChecksumSHA256: createHash('sha256').update(body).digest('base64'),
    Metadata: { ...metadata },
    ContentType: contentTypeOf(key),
    ...lockParameters(lock, key, clock.now()),
  };
  for (let attempt = 0; ; attempt += 1) {
    try {
      await client.send(new PutObjectCommand({ ...object, IfNoneMatch: '*' }));
      return 'put';
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === 412) return 'taken';
      // Another write of the key is under way, and how it ends is not known yet.
      if (status !== 409 || attempt === maxAttempts) throw error;
      await backOff(clock, attempt, key);
    }
  }
}

function contentTypeOf(key: string): string {
  return key.endsWith('.parquet') ? 'application/vnd.apache.parquet' : 'application/octet-stream';
}

/** A copy of the object in the folder; it goes with the folder. */
async function get(client: S3Client, bucket: string, key: string, folder: string): Promise<string | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: checkKey(key) }));
    if (!(Body instanceof Readable)) throw new Error(`the object at ${key} came without a body`);
    const file = join(folder, `object-${basename(key)}`);
    await pipeline(Body, createWriteStream(file));
    return file;
  } catch (error) {
    if (error instanceof NoSuchKey || error instanceof NotFound) return undefined;
    throw error;
  }
}
