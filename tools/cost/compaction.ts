/** What compaction adds to the bill. No emulator has an Athena that writes Iceberg tables: what a statement takes is assumed, and what it reads is what landed. */

import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { lightMemoryMb } from '../../infra/station-function.ts';
import { prices } from './prices.ts';
import { Usage } from './usage.ts';

/** What lies under `raw/`, of every dataset. */
export interface LandedBytes {
  readonly datasets: number;
  readonly objects: number;
  readonly bytes: number;
}

/** Athena bills no statement with less. @see https://aws.amazon.com/athena/pricing/ */
const leastBytes = 10e6;
/** Of a compacted row, what a MERGE looks up: tenant, key and day, compressed. */
const keyBytesOfRow = 24;
/** Footer and body; Trino reads an object of up to 3 MB in one. */
const getsOfObject = 2;
/** A data file, manifest, list of manifests and metadata of a commit, what Athena notes as the statement's result, and two to spare. */
const putsOfMerge = 8;
/** A run waits for its statements, which run side by side. */
const waitSeconds = 15;

/** Each as a sentence for the page. */
export const compactionAssumptions: readonly string[] = [
  `Of compaction: a MERGE reads the landed objects whole, with ${String(getsOfObject)} GETs each, and ${String(keyBytesOfRow)} bytes of every row that its event day has already; it writes with ${String(putsOfMerge)} PUTs; the function waits ${String(waitSeconds)} s for those of a run.`,
];

/** What has landed, as the bucket lists it. */
export async function landedBytes(s3: S3Client, bucket: string): Promise<LandedBytes> {
  const datasets = new Set<string>();
  let [objects, bytes] = [0, 0];
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: 'raw/', ...(token !== undefined && { ContinuationToken: token }) }),
    );
    for (const { Key = '', Size = 0 } of page.Contents ?? []) {
      datasets.add(Key.split('/')[1] ?? '');
      [objects, bytes] = [objects + 1, bytes + Size];
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return { datasets: datasets.size, objects, bytes };
}

/** What compacting a million records takes where each has so many bytes in the lake, in USD. */
export interface CompactionShare {
  readonly bytesOfEvent: number;
  /** Reading each landed byte once: whatever merges rows pays for that. */
  readonly reading: number;
  /** Looking up which rows of the day are there already. */
  readonly lookingUp: number;
  /** Requests, waiting, state and catalog. */
  readonly others: number;
}

/** The same million in as many objects, were its records so large. Athena charges 10 MB a statement at least, which counts as reading. */
export function shareOfMillion(landed: LandedBytes, records: number, everyHours: number, bytesOfEvent: number): CompactionShare {
  const usage = compactionOfMillion({ ...landed, bytes: bytesOfEvent * records }, records, everyHours);
  const athena = usage.of('athenaGb') * prices.athenaGb.usd;
  const lookingUp = (rowsLookedUp(landed.datasets, everyHours) * keyBytesOfRow * prices.athenaGb.usd) / 1e9;
  return { bytesOfEvent, reading: athena - lookingUp, lookingUp, others: usage.cost - athena };
}

/** Of a million rows of each dataset: the second merge of a day finds a share of them, the last nearly all. */
const rowsLookedUp = (datasets: number, everyHours: number): number => (datasets * 1e6 * (24 / everyHours - 1)) / 2;

/**
 * Of a million records that land evenly over a day.
 *
 * @param landed Of so many of them as `records` says.
 * @param everyHours See the setting compactEveryHours.
 */
export function compactionOfMillion(landed: LandedBytes, records: number, everyHours: number): Usage {
  const [usage, factor, merges] = [new Usage(), 1e6 / records, 24 / everyHours];
  const bytes = landed.bytes * factor + rowsLookedUp(landed.datasets, everyHours) * keyBytesOfRow;
  usage.add('athenaGb', Math.max(bytes, landed.datasets * merges * leastBytes) / 1e9);
  usage.add('s3Get', landed.objects * factor * getsOfObject);
  usage.add('s3Put', landed.datasets * merges * putsOfMerge);
  usage.add('lambdaGbSecond', (merges * waitSeconds * lightMemoryMb) / 1_024);
  // A claim, a query, the watermark and what the view was written for; Glue's table is read and written.
  usage.add('dynamodbWrite', landed.datasets * merges * 5);
  usage.add('glueRequest', landed.datasets * merges * 6);
  return usage;
}
