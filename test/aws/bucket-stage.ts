/** A bucket and a ledger with two landed hours, for what somebody does to them. */

import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { bucketToVerify } from '../../cli/aws/verify-bucket.ts';
import { makeManifestHandler } from '../../lambdas/manifest/handler.ts';
import { systemClock } from '../../local/clock.ts';
import { openEvidence } from '../../shared/aws/evidence.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { landingKey, markToMetadata } from '../../shared/domain/landing-key.ts';
import { minutes } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { at, exchange } from '../contracts/samples.ts';
import { finishAll, landFour } from '../evidence/tamper-helpers.ts';
import type { TamperStage } from '../evidence/tampering-contract.ts';
import { makeTable, type AwsClients } from './emulated.ts';

const dataset = 'msft_o365_exchange_online_raw';

/** A stage whose objects may lie in another bucket afterwards. */
interface BucketStage extends TamperStage {
  place(bucketName?: string): ReturnType<TamperStage['place']>;
}

/** @param Bucket Empty. @param makeFolder An empty folder. */
export async function bucketStage(clients: AwsClients, Bucket: string, makeFolder: () => Promise<string>): Promise<BucketStage> {
  const { s3, dynamodb } = clients;
  const [name, landed, folder] = [await makeTable(dynamodb), await makeFolder(), await makeFolder()];
  const jobs = await landFour(landed);
  const lake = openLake(s3, Bucket, systemClock);
  for (const job of jobs) {
    const key = landingKey(dataset, job);
    await lake.putOnce(key, join(landed, key), markToMetadata(job, { rows: 3, fates: 'l', isSplit: false }));
  }
  const ledger = openLedger(dynamodb, name, systemClock);
  await finishAll(jobs, ledger, lake);
  const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const metadataAt = async (Key: string): Promise<Record<string, string>> =>
    (await s3.send(new HeadObjectCommand({ Bucket, Key })).catch(() => ({ Metadata: {} }))).Metadata ?? {};
  return {
    jobs,
    folder,
    makeManifests: async (time) => {
      const clock = { now: () => at(time), sleep: () => Promise.resolve() };
      const run = makeManifestHandler({
        openEvidence: () => openEvidence({ table: { documents, name, clock }, s3, bucket: Bucket }),
        clock,
      });
      await run({}, { getRemainingTimeInMillis: () => minutes(14) });
    },
    read: async (Key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const copy = join(await mkdtemp(join(folder, 'copy-')), 'copy');
      await writeFile(copy, (await Body?.transformToByteArray()) ?? '');
      return copy;
    },
    // An intruder who knows what he does keeps the metadata.
    overwrite: async (Key, file) => {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: await readFile(file), Metadata: await metadataAt(Key) }));
    },
    remove: async (Key) => {
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    place: async (bucketName = Bucket) => {
      const place = await bucketToVerify({ tableName: name, bucketName }, clients, {
        ledger,
        streams: [{ tenant: 'contoso', logType: logTypeById('audit-exchange'), stream: exchange }],
        close: () => undefined,
      });
      return { ...place, close: () => undefined };
    },
  };
}
