/** Objects of a tenant in the bucket, in every version, and their removal. */

import {
  DeleteObjectsCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  NotFound,
  type S3Client,
} from '@aws-sdk/client-s3';
import pMap from 'p-map';
import type { Instant } from '../domain/window.ts';

/** A bucket. */
export interface BucketPlace {
  readonly client: S3Client;
  readonly bucket: string;
}

/** One version of an object, or a delete marker. */
export interface ObjectVersion {
  readonly key: string;
  /** `null` in a bucket that has no versions. */
  readonly versionId: string;
  readonly bytes: number;
  readonly isMarker: boolean;
}

/** A version with the number of rows in its metadata. */
export interface FoundVersion extends ObjectVersion {
  readonly rows: number;
}

/** What of a tenant's is looked for. */
export interface TenantObjectsRequest {
  /** GUID of the Microsoft tenant. */
  readonly tenantId: string;
  readonly rawDatasets: readonly string[];
  readonly normalizedDatasets: readonly string[];
  /** Hashes of the tenant's content blobs, which quarantined objects are named by. */
  readonly claims: ReadonlySet<string>;
  /** Called with the prefix that comes next. */
  readonly onPrefix?: (prefix: string) => void;
}

/** Metadata is asked of so many versions at once. */
const concurrentHeads = 16;

/**
 * Every version that goes, in the order in which they may: a raw object says whose it is, and a normalized one has its name, so raw ones go
 * last. A removal that is cut off is found again by what is left.
 */
export async function findTenantObjects(place: BucketPlace, request: TenantObjectsRequest): Promise<FoundVersion[]> {
  const raw: FoundVersion[] = [];
  for (const dataset of request.rawDatasets) raw.push(...(await rawVersions(place, dataset, request)));
  const names = new Set(raw.map(({ key }) => nameIn(key)));
  const others: FoundVersion[] = [];
  for (const dataset of request.normalizedDatasets) {
    const versions = await versionsUnder(place, `raw/${dataset}/`, request);
    others.push(...versions.filter(({ key }) => names.has(nameIn(key))).map(withoutRows));
  }
  const quarantined = await versionsUnder(place, 'quarantine/', request);
  const isTheirs = ({ key }: ObjectVersion): boolean => request.claims.has(/([0-9a-f]{32})-[^/]*$/.exec(key)?.[1] ?? '');
  return [...others, ...quarantined.filter(isTheirs).map(withoutRows), ...raw];
}

/** Every version of one object, and which of them is the one that is read. */
export async function versionsOf(place: BucketPlace, key: string): Promise<(ObjectVersion & { readonly isLatest: boolean })[]> {
  const { Versions = [], DeleteMarkers = [] } = await listed(place.client, place.bucket, key, {});
  const of =
    (isMarker: boolean) =>
    (one: { Key?: string | undefined; VersionId?: string | undefined; Size?: number | undefined; IsLatest?: boolean | undefined }) => ({
      key: one.Key ?? '',
      versionId: one.VersionId ?? 'null',
      bytes: one.Size ?? 0,
      isMarker,
      isLatest: one.IsLatest ?? false,
    });
  return [...DeleteMarkers.map(of(true)), ...Versions.map(of(false))].filter((one) => one.key === key);
}

async function rawVersions(place: BucketPlace, dataset: string, request: TenantObjectsRequest): Promise<FoundVersion[]> {
  const all = await versionsUnder(place, `raw/${dataset}/`, request);
  const described = await pMap(
    all.filter(({ isMarker }) => !isMarker),
    async (version) => ({ version, metadata: await metadataOf(place, version) }),
    { concurrency: concurrentHeads },
  );
  const theirs = described.filter(({ metadata }) => metadata?.stream?.split('#')[1] === request.tenantId);
  const keys = new Set(theirs.map(({ version }) => version.key));
  // A marker says nothing; it belongs to the object that it hides.
  const markers = all.filter(({ key, isMarker }) => isMarker && keys.has(key));
  return [...markers.map(withoutRows), ...theirs.map(({ version, metadata }) => ({ ...version, rows: Number(metadata?.rows ?? 0) }))];
}

/** Every version of every object under a prefix, and every delete marker. */
export async function versionsUnder(
  { client, bucket }: BucketPlace,
  prefix: string,
  { onPrefix }: Pick<TenantObjectsRequest, 'onPrefix'>,
): Promise<ObjectVersion[]> {
  onPrefix?.(prefix);
  const versions: ObjectVersion[] = [];
  let from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (from) {
    const page: Awaited<ReturnType<typeof listed>> = await listed(client, bucket, prefix, from);
    const version =
      (isMarker: boolean) => (one: { Key?: string | undefined; VersionId?: string | undefined; Size?: number | undefined }) => ({
        key: one.Key ?? '',
        versionId: one.VersionId ?? 'null',
        bytes: one.Size ?? 0,
        isMarker,
      });
    versions.push(...(page.DeleteMarkers ?? []).map(version(true)), ...(page.Versions ?? []).map(version(false)));
    from = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
  return versions;
}

const listed = (client: S3Client, bucket: string, prefix: string, from: object) =>
  client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...from }));

async function metadataOf({ client, bucket }: BucketPlace, { key, versionId }: ObjectVersion) {
  try {
    return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }))).Metadata;
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

const withoutRows = (version: ObjectVersion): FoundVersion => ({ ...version, rows: 0 });
/** Landing hour and file name: the same of a raw object and of what is derived from it. */
const nameIn = (key: string): string => key.split('/').slice(2).join('/');

/** A version that may not be removed yet. */
export interface LockedVersion extends ObjectVersion {
  /** Until when Object Lock holds it; undefined for a legal hold, which somebody has to take away. */
  readonly until: Instant | undefined;
}

/** S3 removes no more at once. */
const removedAtOnce = 1_000;

/**
 * Removes versions for good, in their order.
 *
 * @param onRemoved Called with how many were dealt with so far.
 * @returns Those that Object Lock holds.
 * @throws When the right to remove is missing.
 */
export async function removeVersions(
  place: BucketPlace,
  versions: readonly ObjectVersion[],
  onRemoved?: (count: number) => void,
): Promise<LockedVersion[]> {
  const locked: LockedVersion[] = [];
  for (let from = 0; from < versions.length; from += removedAtOnce) {
    const some = versions.slice(from, from + removedAtOnce);
    const Objects = some.map(({ key, versionId }) => ({ Key: key, VersionId: versionId }));
    const { Errors = [] } = await place.client.send(new DeleteObjectsCommand({ Bucket: place.bucket, Delete: { Objects, Quiet: true } }));
    for (const { Key, VersionId, Code, Message } of Errors) {
      const version = some.find(({ key, versionId }) => key === Key && versionId === (VersionId ?? 'null'));
      if (!version || Code !== 'AccessDenied') throw new Error(`${String(Key)} cannot be removed (${String(Code)}): ${String(Message)}`);
      locked.push(await lockOf(place, version, Message));
    }
    onRemoved?.(from + some.length);
  }
  return locked;
}

/** @throws When no lock explains that S3 refused. */
async function lockOf({ client, bucket }: BucketPlace, version: ObjectVersion, message: string | undefined): Promise<LockedVersion> {
  const which = { Bucket: bucket, Key: version.key, VersionId: version.versionId };
  const retention = await client.send(new GetObjectRetentionCommand(which)).catch(() => undefined);
  const until = retention?.Retention?.RetainUntilDate?.getTime();
  if (until !== undefined) return { ...version, until };
  const hold = await client.send(new GetObjectLegalHoldCommand(which)).catch(() => undefined);
  if (hold?.LegalHold?.Status === 'ON') return { ...version, until: undefined };
  throw new Error(
    `${version.key} cannot be removed (${message ?? 'access denied'}): you need s3:DeleteObjectVersion on the bucket, and s3:GetObjectRetention to see locks`,
  );
}
