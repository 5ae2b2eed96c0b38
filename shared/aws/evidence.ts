/** Manifests in AWS: the chains' positions and notes in the ledger's table, manifests and objects in the bucket. */

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { chainedDataset } from '../datasets/chained-datasets.ts';
import type { ChainPosition, ChainState } from '../domain/evidence/chain.ts';
import { entriesOf, type EvidenceNote, type StandingEntry } from '../domain/evidence/manifest.ts';
import { checkKey } from '../domain/lake-key.ts';
import type { ObjectLock } from '../domain/object-lock.ts';
import type { LandingHour } from '../domain/landing-hour.ts';
import { hourFolder, landingKey } from '../domain/landing-key.ts';
import { unpackSealed, type SealedObject } from '../domain/sealed-object.ts';
import { logTypeById, isLogTypeId } from '../log-types/index.ts';
import type { Evidence, EvidenceNotes } from '../ports/evidence.ts';
import type { Lake } from '../ports/lake.ts';
import { backOff, maxAttempts } from './backoff.ts';
import { landedHours } from './compaction/landed-hours.ts';
import { pendingByDataset } from './compaction/pending-hours.ts';
import { openInventory } from './lake-inventory.ts';
import { openLake } from './lake.ts';
import { chainKey, evidencePk, noteFromItem, noteItem, notePrefix, type Item, type Key } from './ledger-items.ts';
import { lockParameters } from './object-lock.ts';
import { queryItems, readItems, type Table } from './table.ts';
import { transact, type Action } from './transact.ts';

/** The table and the bucket. */
export interface EvidencePlaces {
  readonly table: Table;
  readonly s3: S3Client;
  readonly bucket: string;
  /** How manifests are held. */
  readonly lock?: ObjectLock | undefined;
}

/** A transaction has room for a hundred writes. */
const mostNotesListed = 90;
const concurrentHeads = 16;

/** For one run: what it has read of an hour it does not read again. */
export function openEvidence(places: EvidencePlaces): Evidence & EvidenceNotes {
  return new DynamoEvidence(places);
}

/** A final job, as far as manifests need it. */
interface FinalJob {
  readonly jobId: string;
  readonly landingHour: LandingHour;
  readonly logType: string;
  /** Absent where an earlier version made it final. */
  readonly objects?: readonly SealedObject[];
  readonly isAgain: boolean;
}

class DynamoEvidence implements Evidence, EvidenceNotes {
  private readonly places: EvidencePlaces;
  private readonly lake: Lake;
  private readonly jobsRead = new Map<string, Promise<readonly FinalJob[]>>();

  constructor(places: EvidencePlaces) {
    this.places = places;
    this.lake = openLake(places.s3, places.bucket, places.table.clock);
  }

  async load(dataset: string): Promise<ChainState> {
    const { documents, name } = this.places.table;
    const { Item } = await documents.send(new GetCommand({ TableName: name, Key: chainKey(dataset), ConsistentRead: true }));
    const { version, position } = (Item ?? {}) as { version?: number; position?: ChainPosition };
    return version === undefined || !position ? { version: 0, sequence: 0, open: [] } : { ...position, version };
  }

  async save(dataset: string, version: number, to: ChainPosition, notes: readonly string[]): Promise<boolean> {
    const { table } = this.places;
    const condition =
      version === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'version = :version', ExpressionAttributeValues: { ':version': version } };
    const item = { ...chainKey(dataset), version: version + 1, position: to };
    const replace: Action = { when: 'must', write: { Put: { TableName: table.name, Item: item, ...condition } } };
    const forget = notes.map((id): Action => {
      const Key = { pk: evidencePk(dataset), sk: `${notePrefix}${id}` };
      return { when: 'if absent', write: { Delete: { TableName: table.name, Key } } };
    });
    return (await transact(table, [replace, ...forget])) === 'written';
  }

  pendingHours(): Promise<ReadonlyMap<string, ReadonlySet<LandingHour>>> {
    return pendingByDataset(this.places.table);
  }

  async hours(dataset: string, after: LandingHour | undefined): Promise<readonly LandingHour[]> {
    const { s3, bucket } = this.places;
    return (await landedHours(s3, bucket, dataset, after)).map(({ hour }) => hour);
  }

  async landed(dataset: string, hour: LandingHour): Promise<readonly StandingEntry[]> {
    const jobs = (await this.jobsOf(dataset, hour)).filter(({ isAgain }) => !isAgain);
    return (await pMap(jobs, (job) => this.entriesOf(dataset, job), { concurrency: concurrentHeads })).flat();
  }

  async isKnown(dataset: string, hour: LandingHour): Promise<boolean> {
    const jobs = await this.jobsOf(dataset, hour);
    const known = new Set(jobs.filter(({ objects }) => objects !== undefined).map((job) => landingKey(dataset, job)));
    const keys = await this.keysIn(dataset, hour);
    return keys.every((key) => known.has(key)) || ((await this.pendingHours()).get(dataset)?.has(hour) ?? false);
  }

  async notes(dataset: string, most = mostNotesListed): Promise<readonly EvidenceNote[]> {
    return (await this.noteItems(dataset, most)).map(noteFromItem);
  }

  async add(notes: readonly EvidenceNote[]): Promise<void> {
    const { table } = this.places;
    // One at a time: a note may have most of an item's 400 KB, and a transaction takes 4 MB.
    for (const note of notes) {
      const Put = { TableName: table.name, Item: noteItem(note), ConditionExpression: 'attribute_not_exists(pk)' };
      await transact(table, [{ when: 'if absent', write: { Put } }]);
    }
  }

  putManifest(key: string, body: string): Promise<string> {
    return putText(this.places, checkKey(key), body);
  }

  private noteItems(dataset: string, limit: number): Promise<Item[]> {
    const query = {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': evidencePk(dataset), ':prefix': notePrefix },
      ConsistentRead: true,
    };
    return queryItems(this.places.table, query, limit);
  }

  private async entriesOf(dataset: string, job: FinalJob): Promise<StandingEntry[]> {
    const { objects } = job;
    if (objects)
      return entriesOf(
        'landed',
        job,
        objects.filter((object) => object.dataset === dataset),
      );
    const key = landingKey(dataset, job);
    const digest = await this.lake.digest(key);
    return digest ? [{ kind: 'adopted', key, ...digest, because: 'the ledger has no digest of it' }] : [];
  }

  /** The final jobs of an hour whose raw objects are there, of every log type that lands in the dataset. */
  private async jobsOf(dataset: string, hour: LandingHour): Promise<FinalJob[]> {
    const sources = chainedDataset(dataset).logTypes;
    const raw = new Set(sources.flatMap((id) => (isLogTypeId(id) ? [logTypeById(id).dataset] : [])));
    const jobs = await Promise.all([...raw].map((name) => this.jobsOfRaw(name, hour)));
    return jobs.flat().filter(({ logType }) => sources.includes(logType));
  }

  private jobsOfRaw(rawDataset: string, hour: LandingHour): Promise<readonly FinalJob[]> {
    const which = `${rawDataset} ${hour}`;
    const read = this.jobsRead.get(which) ?? this.readJobs(rawDataset, hour);
    this.jobsRead.set(which, read);
    return read;
  }

  private async readJobs(rawDataset: string, hour: LandingHour): Promise<readonly FinalJob[]> {
    const keys = await this.keysIn(rawDataset, hour);
    const refs = (await pMap(keys, (key) => this.jobAt(key), { concurrency: concurrentHeads })).flatMap((ref) => ref ?? []);
    const items = await readItems(
      this.places.table,
      refs.map(({ key }) => key),
      { consistent: true, attributes: ['state', 'objects', 'isAgain', 'hour'] },
    );
    const byKey = new Map(refs.map((ref) => [`${ref.key.pk} ${ref.key.sk}`, ref]));
    return items.flatMap((item) => {
      const ref = byKey.get(`${item.pk} ${item.sk}`);
      return ref && item.state !== 'pending' ? [finalJob(item, ref.jobId, ref.logType)] : [];
    });
  }

  private async keysIn(dataset: string, hour: LandingHour): Promise<string[]> {
    const inventory = openInventory(this.places.s3, this.places.bucket, () => Promise.resolve({ metadata: {} }));
    const keys: string[] = [];
    for await (const { key } of inventory.objects(`raw/${dataset}/${hourFolder(hour)}/`)) keys.push(key);
    return keys;
  }

  /** What an object says whose it is; none for one that says nothing, or has gone. */
  private async jobAt(key: string): Promise<JobKey | undefined> {
    const { s3, bucket } = this.places;
    try {
      const { Metadata = {} } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      const { stream, key: jobKey, job: jobId } = Metadata;
      if (stream === undefined || jobKey === undefined || jobId === undefined) return undefined;
      return { key: { pk: stream, sk: `job#${jobKey}` }, jobId, logType: stream.split('#')[2] ?? '' };
    } catch (error) {
      if (error instanceof NotFound || error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }
}

interface JobKey {
  readonly key: Key;
  readonly jobId: string;
  readonly logType: string;
}

function finalJob(item: Item, jobId: string, logType: string): FinalJob {
  const { hour, objects, isAgain } = item as unknown as { hour: string; objects?: string; isAgain?: true };
  return {
    ...{ jobId, landingHour: hour, logType, isAgain: isAgain ?? false },
    ...(objects !== undefined && { objects: unpackSealed(objects) }),
  };
}

/** @returns What stands at the key: the text, or what another run has put. */
async function putText({ s3, bucket, table, lock }: EvidencePlaces, key: string, body: string): Promise<string> {
  const object = {
    Bucket: bucket,
    Key: key,
    Body: body,
    ContentType: 'application/json',
    ChecksumSHA256: createHash('sha256').update(body).digest('base64'),
    IfNoneMatch: '*',
    ...lockParameters(lock, key, table.clock.now()),
  };
  for (let attempt = 0; ; attempt += 1) {
    try {
      await s3.send(new PutObjectCommand(object));
      return body;
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === 412) return textAt(s3, bucket, key);
      if (status !== 409 || attempt === maxAttempts) throw error;
      await backOff(table.clock, attempt, key);
    }
  }
}

/** The text of an object. */
export async function textAt(s3: S3Client, bucket: string, key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (!(Body instanceof Readable)) throw new Error(`the object at ${key} came without a body`);
  return text(Body);
}
