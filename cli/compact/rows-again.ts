/**
 * A rebuild of raw datasets in AWS: their landed records are read again on this machine, by the engine, which Athena does not have. The rows
 * are put beside the lake, compaction takes them over into the compacted table, and then they are removed.
 */

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { readFileAgain, type RecordsTools } from '../../local/compaction/read-again.ts';
import { BadAnswer } from '../../local/exit.ts';
import { removeVersions, versionsUnder } from '../../shared/aws/erase-objects.ts';
import { againPrefix } from '../../shared/domain/compacted-table.ts';
import type { HourRange } from '../../shared/domain/landing-hour.ts';
import { jobOfKey } from '../../shared/domain/landing-key.ts';
import type { Lake, LakeInventory } from '../../shared/ports/lake.ts';
import type { Workspace } from '../../shared/ports/workspace.ts';
import type { DeployedCompaction } from './compact-deployment.ts';

/** What a rebuild reads, writes and asks. */
export interface RowsAgainDeps {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly lake: Pick<Lake, 'get'>;
  readonly inventory: Pick<LakeInventory, 'objects'>;
  readonly workspace: Pick<Workspace, 'use'>;
  readonly tools: RecordsTools;
  /** Has the rows of these hours taken over. @returns False for a dataset that was never merged: it has no row to fill. */
  refill(dataset: string, hours: HourRange): Promise<boolean>;
  readonly state: DeployedCompaction['state'];
  /** Runs compaction of the dataset to its end. */
  compact(dataset: string): Promise<unknown>;
  readonly onProgress: (text: string) => void;
}

/**
 * Gives the compacted rows of a raw dataset that landed in these hours the columns and mappings of today. Safe to repeat: a run that is
 * killed has changed a compacted row wholly or not at all. One at a time a dataset.
 *
 * @returns How many landed objects were read again.
 * @throws When a record cannot be read any more, or compaction ends without having taken the rows over.
 */
export async function fillFromRecords(dataset: string, hours: HourRange, deps: RowsAgainDeps): Promise<number> {
  // A run that was killed has left what may have been erased since.
  await clear(dataset, deps);
  try {
    const objects = await putRowsAgain(dataset, hours, deps);
    if (objects > 0 && (await deps.refill(dataset, hours))) {
      await deps.compact(dataset);
      await checkFilled(dataset, deps);
    }
    return objects;
  } finally {
    await clear(dataset, deps);
  }
}

async function checkFilled(dataset: string, { state }: RowsAgainDeps): Promise<void> {
  const { refill = [] } = await state(dataset);
  if (refill.length === 0) return;
  const because = refill.some(({ isGivenUp }) => isGivenUp) ? 'the statements failed again and again' : 'compaction has ended before';
  throw new BadAnswer(
    `rows of ${dataset} were not filled from ${String(refill[0]?.hours.from)} on (${because}): the log of the compact function says why; run the command again, and npx cdk deploy first where the deployment is of an earlier version`,
  );
}

/** Each object's rows at its own key, in the folder of rows that were made again. */
async function putRowsAgain(dataset: string, hours: HourRange, deps: RowsAgainDeps): Promise<number> {
  let objects = 0;
  for await (const { key } of deps.inventory.objects(`raw/${dataset}/`)) {
    const hour = jobOfKey(key)?.landingHour;
    if (hour === undefined || hour < hours.from || hour > hours.to) continue;
    await deps.workspace.use((folder) => putAgain(dataset, key, folder, deps));
    objects += 1;
    deps.onProgress(`${dataset}: ${String(objects)} landed objects read again, up to ${hour}`);
  }
  return objects;
}

async function putAgain(dataset: string, key: string, folder: string, { s3, bucket, lake, tools }: RowsAgainDeps): Promise<void> {
  const landed = await lake.get(key, folder);
  // It has expired since it was listed.
  if (landed === undefined) return;
  const into = join(folder, `again-${basename(key)}`);
  const file = (await readFileAgain(key, landed, into, tools)) === 'read' ? into : landed;
  const Key = `${againPrefix(dataset)}${key.slice(`raw/${dataset}/`.length)}`;
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: await readFile(file) }));
}

/** Every version goes: they are copies of records, which an erasure does not look for. */
async function clear(dataset: string, { s3, bucket }: RowsAgainDeps): Promise<void> {
  const place = { client: s3, bucket };
  const held = await removeVersions(place, await versionsUnder(place, againPrefix(dataset), {}));
  if (held.length > 0)
    throw new BadAnswer(
      `${String(held.length)} objects under ${againPrefix(dataset)} are held by Object Lock: release them, then run the command again`,
    );
}
