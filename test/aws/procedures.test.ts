/** The runbook's steps about evidence, run as they are printed, with the bucket's policy in force. */

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { verifyLake } from '../../cli/evidence/verify-lake.ts';
import { systemClock } from '../../local/clock.ts';
import { lockedPrefixes } from '../../shared/domain/object-lock.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { copyObjects } from '../../tools/copy-lake/copy-objects.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';
import { bucketStage } from './bucket-stage.ts';
import { emulated } from './emulated.ts';
import { commandsUnder, runS3api } from './s3api.ts';

const { clients, anotherS3 } = emulated();
const policedClients: S3Client[] = [];
afterAll(() => {
  for (const client of policedClients) client.destroy();
});
const makeFolder = temporaryFolders();
const runbook = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');
const dataset = 'msft_o365_exchange_online_raw';

async function versionedBucket(isLocking = false): Promise<string> {
  const { s3 } = clients();
  const Bucket = `lake-${randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: isLocking }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  return Bucket;
}

/** A client that S3 would answer as under the bucket's policy, which the emulator does not know the conditions of. */
function policed(isHeld = false): S3Client {
  const client = anotherS3();
  policedClients.push(client);
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        const { Key = '', IfNoneMatch, ObjectLockMode } = args.input as { Key?: string; IfNoneMatch?: string; ObjectLockMode?: string };
        const isCreation = ['PutObjectCommand', 'CopyObjectCommand', 'CompleteMultipartUploadCommand'].includes(String(commandName));
        const isEvidence = lockedPrefixes.some((prefix) => Key.startsWith(prefix));
        if (isCreation && isEvidence && (IfNoneMatch === undefined || (isHeld && ObjectLockMode === undefined)))
          throw new Error(`AccessDenied: the policy of the bucket refuses ${String(commandName)} of ${Key}`);
        return next(args);
      },
    { step: 'initialize' },
  );
  return client;
}

describe('the steps of the runbook', () => {
  let stage: Awaited<ReturnType<typeof bucketStage>>;
  let bucket = '';
  let key = '';
  beforeEach(async () => {
    bucket = await versionedBucket();
    stage = await bucketStage(clients(), bucket, makeFolder);
    await stage.makeManifests('10:30');
    await stage.makeManifests('11:30');
    const [job] = stage.jobs;
    if (!job) throw new Error('the stage has no job');
    key = landingKey(dataset, job);
  });

  async function findings(at = bucket): Promise<readonly string[]> {
    const place = await stage.place(at);
    try {
      const [verified] = await verifyLake(place, { datasets: [dataset], isQuick: true });
      expect(verified?.manifests).toBe(2);
      return (verified?.findings ?? []).map(({ kind }) => kind);
    } finally {
      place.close();
    }
  }

  /** Newest first. */
  async function versions(): Promise<{ markers: string[]; objects: string[] }> {
    const { Versions = [], DeleteMarkers = [] } = await clients().s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }));
    return { markers: DeleteMarkers.map(({ VersionId = '' }) => VersionId), objects: Versions.map(({ VersionId = '' }) => VersionId) };
  }

  async function follow(heading: string, words: Readonly<Record<string, string>>): Promise<void> {
    const folder = await makeFolder();
    for (const line of commandsUnder(runbook, heading)) await runS3api(policed(), line, { BUCKET: bucket, KEY: key, ...words }, folder);
  }

  test('bring a deleted object back', async () => {
    await stage.remove(key);
    expect(await findings()).toEqual(['vanished']);
    await follow('Bring back what was deleted', { MARKER: (await versions()).markers[0] ?? '' });
    expect(await findings()).toEqual([]);
  });

  test('bring a changed object back with its metadata, and keep what was put in its place', async () => {
    const before = await clients().s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    const forged = join(await makeFolder(), 'forged');
    await writeFile(forged, 'forged');
    await stage.overwrite(key, forged);
    expect(await findings()).toEqual(['changed']);
    await follow('Bring back what was changed', { FIRST: (await versions()).objects.at(-1) ?? '' });
    expect(await findings()).toEqual([]);
    const after = await clients().s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' }));
    expect(after.Metadata).toEqual(before.Metadata);
    expect(after.ChecksumSHA256).toMatch(/^[\w+/]{43}=$/);
    expect((await versions()).objects).toHaveLength(3);
  });

  test('move to another bucket, held there from then on, and cut off in the middle', async () => {
    const to = await versionedBucket(true);
    const lock = { mode: 'governance', days: 400 } as const;
    const client = policed(true);
    let left = 2;
    const onCopied = (): void => {
      if (left-- === 0) throw new Error('cut off');
    };
    await expect(copyObjects({ client, from: bucket, to, lock, clock: systemClock, onCopied })).rejects.toThrow('cut off');
    const { copied, same, other } = await copyObjects({ client, from: bucket, to, lock, clock: systemClock });
    expect(other).toEqual([]);
    expect(same).toBeGreaterThan(0);
    expect(copied + same).toBe(6);
    expect(await findings(to)).toEqual([]);
    const [here, there] = await Promise.all(
      [bucket, to].map((Bucket) => clients().s3.send(new HeadObjectCommand({ Bucket, Key: key, ChecksumMode: 'ENABLED' }))),
    );
    expect(there).toMatchObject({ Metadata: here?.Metadata, ChecksumSHA256: here?.ChecksumSHA256, ObjectLockMode: 'GOVERNANCE' });
  });

  test('what lies at a key of the other bucket already is named, and not replaced', async () => {
    const to = await versionedBucket();
    const forged = join(await makeFolder(), 'forged');
    await writeFile(forged, 'forged');
    await runS3api(
      clients().s3,
      'aws s3api put-object --bucket BUCKET --key KEY --body forged',
      { BUCKET: to, KEY: key },
      join(forged, '..'),
    );
    expect(await copyObjects({ client: policed(), from: bucket, to, clock: systemClock })).toEqual({ copied: 5, same: 0, other: [key] });
  });

  test('what the runbook says is refused is refused', async () => {
    const put = `aws s3api put-object --bucket BUCKET --key KEY --body forged`;
    const folder = await makeFolder();
    await writeFile(join(folder, 'forged'), 'forged');
    await expect(runS3api(policed(), put, { BUCKET: bucket, KEY: key }, folder)).rejects.toThrow('AccessDenied');
  });
});
