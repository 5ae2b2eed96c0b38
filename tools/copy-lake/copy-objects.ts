/** The objects of a lake's bucket, put into another one as its policy asks: each once, with its metadata and its digest. */

import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NotFound,
  PutObjectCommand,
  S3ServiceException,
  type ListObjectsV2CommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import pMap from 'p-map';
import { lockParameters } from '../../shared/aws/object-lock.ts';
import type { ObjectLock } from '../../shared/domain/object-lock.ts';
import type { Clock } from '../../shared/ports/clock.ts';

/** From where to where. */
export interface Copying {
  readonly client: S3Client;
  readonly from: string;
  readonly to: string;
  /** How evidence is held there, from now on. */
  readonly lock?: ObjectLock | undefined;
  readonly clock: Clock;
  readonly onCopied?: (key: string) => void;
}

/** What became of the objects. */
export interface Copied {
  readonly copied: number;
  /** There already, with the same bytes. */
  readonly same: number;
  /** Keys where something else lies. */
  readonly other: readonly string[];
}

/** Of compacted tables the metadata names the bucket: they are made again. */
const prefixes = ['raw/', 'manifests/', 'quarantine/', 'rules/', 'indicators/'] as const;
const concurrentCopies = 8;

/** Run again after it was cut off, it goes on. @throws When an object cannot be read or put. */
export async function copyObjects(copying: Copying): Promise<Copied> {
  const outcomes: Outcome[] = [];
  for (const prefix of prefixes)
    for await (const keys of pagesOf(copying.client, copying.from, prefix))
      outcomes.push(...(await pMap(keys, (key) => copyOne(copying, key), { concurrency: concurrentCopies })));
  const count = (kind: Outcome['kind']): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  return {
    copied: count('copied'),
    same: count('same'),
    other: outcomes.flatMap(({ kind, key }) => (kind === 'other' ? [key] : [])),
  };
}

interface Outcome {
  readonly kind: 'copied' | 'same' | 'other';
  readonly key: string;
}

async function* pagesOf(client: S3Client, bucket: string, prefix: string): AsyncGenerator<string[]> {
  let token: string | undefined;
  do {
    const page: ListObjectsV2CommandOutput = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
    );
    yield (page.Contents ?? []).flatMap(({ Key }) => Key ?? []);
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

async function copyOne(copying: Copying, key: string): Promise<Outcome> {
  const { client, from, to, lock, clock, onCopied } = copying;
  if ((await digestAt(client, to, key)) !== undefined) return compared(copying, key);
  const { Body, Metadata, ContentType } = await client.send(new GetObjectCommand({ Bucket: from, Key: key }));
  const body = (await Body?.transformToByteArray()) ?? new Uint8Array();
  const put = new PutObjectCommand({
    ...{ Bucket: to, Key: key, Body: body, Metadata, ContentType, IfNoneMatch: '*' },
    ChecksumSHA256: createHash('sha256').update(body).digest('base64'),
    ...lockParameters(lock, key, clock.now()),
  });
  try {
    await client.send(put);
  } catch (error) {
    // A put that was sent again had been applied.
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412) return compared(copying, key);
    throw error;
  }
  onCopied?.(key);
  return { kind: 'copied', key };
}

async function compared({ client, from, to }: Copying, key: string): Promise<Outcome> {
  const [there, here] = [await digestAt(client, to, key), await digestAt(client, from, key)];
  return { kind: there === here ? 'same' : 'other', key };
}

/** As S3 keeps it; of an object that was put without one, made from its bytes. */
async function digestAt(client: S3Client, bucket: string, key: string): Promise<string | undefined> {
  try {
    const { ChecksumSHA256: kept } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' }));
    if (kept !== undefined && !kept.includes('-')) return kept;
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return createHash('sha256')
    .update((await Body?.transformToByteArray()) ?? '')
    .digest('base64');
}
