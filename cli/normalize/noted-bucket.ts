/** Normalized objects of a bucket that are written beside the ledger's jobs: noted for the manifests, and for compaction, which has passed their hours. */

import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { openEvidence } from '../../shared/aws/evidence.ts';
import { askMergeAgain } from '../../shared/aws/compaction/change-state.ts';
import { openLake } from '../../shared/aws/lake.ts';
import type { Table } from '../../shared/aws/table.ts';
import { notesOf, type ManifestEntry } from '../../shared/domain/evidence/manifest.ts';
import type { LandingHour } from '../../shared/domain/landing-hour.ts';
import { jobOfKey } from '../../shared/domain/landing-key.ts';
import { checkKey } from '../../shared/domain/lake-key.ts';
import type { ObjectLock } from '../../shared/domain/object-lock.ts';
import { hours, type Instant } from '../../shared/domain/window.ts';
import type { Lake } from '../../shared/ports/lake.ts';

/** The bucket and the ledger's table. */
export interface NotedBucketPlace {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly table: Table;
  /** How what is put is held. */
  readonly lock?: ObjectLock | undefined;
}

/** A rebuild that dies leaves its notes: compaction merges these hours again so much later. */
const patienceMs = hours(1);

/** A lake whose normalized objects may be written late, or replaced. */
export class NotedBucket {
  readonly lake: Lake;
  private readonly place: NotedBucketPlace;
  private readonly plain: Lake;
  private readonly written = new Map<string, { readonly dataset: string; readonly hour: LandingHour }>();

  constructor(place: NotedBucketPlace) {
    this.place = place;
    this.plain = openLake(place.s3, place.bucket, place.table.clock, place.lock);
    this.lake = { ...this.plain, putOnce: (key, file, metadata) => this.putOnce(key, file, metadata) };
  }

  /**
   * Puts a new version in the place of the object: the bucket takes no write to a key that is taken, so the old one is deleted first, and stays as
   * an older version. Noted first of all: a run that dies on the way is run again, and replaces it or makes it then.
   *
   * @throws When somebody else puts an object there meanwhile.
   */
  async replace(key: string, file: string): Promise<void> {
    const body = await readFile(file);
    const sha256 = createHash('sha256').update(body).digest();
    await this.noteHour(key);
    const because = 'lake normalize --replace';
    await this.noteEntry(key, { kind: 'rewritten', key, sha256: sha256.toString('hex'), bytes: body.length, because });
    const Metadata = (await this.lake.head(key)) ?? {};
    await this.place.s3.send(new DeleteObjectCommand({ Bucket: this.place.bucket, Key: checkKey(key) }));
    if ((await this.plain.putOnce(key, file, Metadata)) === 'taken')
      throw new Error(`somebody else has put an object at ${key} meanwhile: run the command again when no other one is at work`);
  }

  /** Compaction may begin with what was written. @returns How many landing hours of datasets that are. */
  async end(): Promise<number> {
    const { clock } = this.place.table;
    for (const { dataset, hour } of this.written.values()) await this.ask(dataset, hour, clock.now());
    return this.written.size;
  }

  private async putOnce(key: string, file: string, metadata: Parameters<Lake['putOnce']>[2]): Promise<'put' | 'taken'> {
    if ((await this.plain.head(key)) !== undefined) return 'taken';
    await this.noteHour(key);
    const outcome = await this.plain.putOnce(key, file, metadata);
    const digest = outcome === 'put' ? await this.plain.digest(key) : undefined;
    if (digest) await this.noteEntry(key, { kind: 'landed', key, ...digest, because: 'lake normalize' });
    return outcome;
  }

  private async noteHour(key: string): Promise<void> {
    const [, dataset = ''] = key.split('/');
    const hour = jobOfKey(key)?.landingHour;
    const name = `${dataset} ${String(hour)}`;
    if (hour === undefined || this.written.has(name)) return;
    await this.ask(dataset, hour, this.place.table.clock.now() + patienceMs);
    this.written.set(name, { dataset, hour });
  }

  private async ask(dataset: string, hour: LandingHour, from: Instant): Promise<void> {
    const { documents, name } = this.place.table;
    await askMergeAgain(documents, name, dataset, { hours: { from: hour, to: hour }, from });
  }

  private async noteEntry(key: string, entry: ManifestEntry): Promise<void> {
    const { s3, bucket, table } = this.place;
    await openEvidence({ table, s3, bucket }).add(notesOf(table.clock.now(), key, [entry]));
  }
}
