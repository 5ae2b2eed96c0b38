/** Landed objects that are kept no longer: what is past, and its removal. */

import { existsSync, readdirSync, rmdirSync, statSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CompactableObject } from '../../shared/domain/compaction.ts';
import { cutoffOfEverybody, isPast, latestCutoff, type Cutoffs } from '../../shared/domain/keeping.ts';
import { hourFolder } from '../../shared/domain/landing-key.ts';
import type { Instant } from '../../shared/domain/window.ts';
import { flushSync } from '../flush.ts';
import { landingHours, objectsAt } from './landed-files.ts';
import type { Manifest } from './manifest.ts';
import type { PartWriter } from './part-writer.ts';
import { readersLastMs } from './readers.ts';

/** Where objects and the notes about them are. */
export interface ObjectsPlace {
  /** The lake's folder. */
  readonly root: string;
  readonly manifest: Manifest;
  readonly writer: Pick<PartWriter, 'tenants'>;
  readonly now: () => Instant;
  /** Called with what is about to go. */
  readonly onGoing?: (keys: readonly string[]) => Promise<void>;
}

/** The objects of one landing hour that are past. */
export interface PastObjects {
  readonly hour: string;
  /** Whose rows are in parts, and have been for longer than a reader lasts. */
  readonly going: readonly CompactableObject[];
  /** Whose rows are in parts only now: a reader that began before may open them. */
  readonly leaving: readonly CompactableObject[];
  /** Whose rows are in no part: they stay until they are. */
  readonly waiting: readonly CompactableObject[];
}

/** What is past of a dataset, by landing hour. An object without a row is nobody's: it goes when everybody's of its date do. */
export async function pastObjects(place: ObjectsPlace, dataset: string, cutoffs: Cutoffs): Promise<PastObjects[]> {
  const [everybody = '', latest = ''] = [cutoffOfEverybody(cutoffs), latestCutoff(cutoffs)];
  const past: PastObjects[] = [];
  // An hour comes after its date, and before the next one.
  for (const hour of landingHours(place.root, dataset).filter((one) => one < latest)) {
    const all = objectsOf(place.root, dataset, hour);
    const gone = hour < everybody ? all : await ofTenantsPast(place, dataset, hour, all, cutoffs);
    const noted = place.manifest.objects(dataset, hour);
    const long = place.manifest.objectsNotedBefore(dataset, hour, place.now() - readersLastMs);
    const isIn = (names: ReadonlySet<string>, { key }: CompactableObject): boolean => names.has(nameOf(key));
    past.push({
      hour,
      going: gone.filter((object) => isIn(long, object)),
      leaving: gone.filter((object) => isIn(noted, object) && !isIn(long, object)),
      waiting: gone.filter((object) => !isIn(noted, object)),
    });
  }
  return past;
}

async function ofTenantsPast(
  { writer }: ObjectsPlace,
  dataset: string,
  hour: string,
  objects: readonly CompactableObject[],
  cutoffs: Cutoffs,
): Promise<CompactableObject[]> {
  const tenants = await writer.tenants(dataset, objects);
  return objects.filter(({ key }) => {
    const tenant = tenants.get(key);
    return tenant !== undefined && isPast(cutoffs, tenant, hour.slice(0, 10));
  });
}

/** Removes the past objects that no reader needs any more. A removal that is killed anywhere is ended by the next. */
export async function removePastObjects(place: ObjectsPlace, dataset: string, cutoffs: Cutoffs): Promise<void> {
  for (const { hour, going } of await pastObjects(place, dataset, cutoffs)) {
    if (going.length > 0) await place.onGoing?.(going.map(({ key }) => key));
    for (const { key } of going) unlinkSync(join(place.root, key));
    if (going.length > 0) flushSync(folderOf(place.root, dataset, hour));
  }
  forgetMissing(place, dataset, (hour) => hour < (latestCutoff(cutoffs) ?? ''));
}

/**
 * Forgets the objects of these landing hours that are there no more, and removes folders that are empty.
 *
 * Notes go after their objects: an object whose note went first would be compacted again.
 */
export function forgetMissing({ root, manifest }: ObjectsPlace, dataset: string, isWanted: (hour: string) => boolean): void {
  for (const hour of manifest.landingHours(dataset).filter(isWanted)) {
    const folder = folderOf(root, dataset, hour);
    const there = new Set(objectsOf(root, dataset, hour).map(({ key }) => nameOf(key)));
    const missing = [...manifest.objects(dataset, hour)].filter((name) => !there.has(name));
    manifest.forgetObjects(dataset, hour, missing);
    for (const empty of [folder, dirname(folder)]) if (existsSync(empty) && readdirSync(empty).length === 0) rmdirSync(empty);
  }
}

const objectsOf = (root: string, dataset: string, hour: string): CompactableObject[] =>
  objectsAt(root, dataset, hour).map((key) => ({ key, bytes: statSync(join(root, key)).size }));

const folderOf = (root: string, dataset: string, hour: string): string => join(root, 'raw', dataset, hourFolder(hour));
const nameOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1);
