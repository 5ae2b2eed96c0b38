/** Which files hold the rows of a dataset: its parts, and its objects that are in no part yet. */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hourFolder, hourOfFolder } from '../../shared/domain/landing-key.ts';
import type { DaySpan } from '../day-span.ts';
import { asPattern } from '../lake-sql.ts';
import type { Manifest } from './manifest.ts';

/** The objects of one landing hour that are in no part. */
export interface LandedHour {
  /** `2026-11-22T06`. */
  readonly hour: string;
  /** File names, in their order. */
  readonly names: readonly string[];
  /** None of the hour's objects is in a part. */
  readonly isWhole: boolean;
  /** When the folder last changed before it was listed, in ns. */
  readonly changedNs: string;
}

/**
 * The landing hours with objects in no part, in their order; and, with none, those whose folder has to be listed every time.
 *
 * A folder's time of change moves when an object lands, so that an hour whose objects were all in parts needs no second look until then.
 */
export function landedHours(root: string, dataset: string, manifest: Manifest | undefined): LandedHour[] {
  const settled = manifest?.settledHours(dataset) ?? new Map<string, string>();
  return landingHours(root, dataset).flatMap((hour) => {
    const ofHour = join(root, 'raw', dataset, hourFolder(hour));
    // An hour whose objects have expired meanwhile is gone.
    const changed = statSync(ofHour, { bigint: true, throwIfNoEntry: false });
    if (!changed) return [];
    const changedNs = String(changed.mtimeNs);
    if (settled.get(hour) === changedNs) return [];
    const all = namesIn(ofHour).filter((name) => name.endsWith('.parquet'));
    const compacted = manifest?.objects(dataset, hour) ?? new Set<string>();
    return [{ hour, names: all.filter((name) => !compacted.has(name)).sort(), isWhole: compacted.size === 0, changedNs }];
  });
}

/**
 * The files of a dataset that hold its rows now, as patterns: the parts that count, and the objects that are in none of them. Each row is in
 * one of them, whatever lands, is compacted or is killed until they are read, as long as that ends within the hour.
 *
 * @param asked Of the parts, those of these event days; all where absent.
 */
export function filesAtOneMoment(
  root: string,
  dataset: string,
  manifest: Manifest,
  asked: readonly DaySpan[] = [{}],
): { parts: string[]; objects: string[] } {
  const folder = join(asPattern(root), 'raw', dataset);
  return manifest.atOneMoment(() => ({
    parts: manifest.partsWithin(dataset, asked).map(({ name }) => join(asPattern(root), name)),
    objects: landedHours(root, dataset, manifest).flatMap(({ hour, names, isWhole }) =>
      (isWhole && names.length > 0 ? ['*.parquet'] : names).map((name) => join(folder, hourFolder(hour), name)),
    ),
  }));
}

/** The landing hours that a dataset has a folder of, in their order. */
export function landingHours(root: string, dataset: string): string[] {
  const folder = join(root, 'raw', dataset);
  return namesIn(folder)
    .flatMap((dt) => namesIn(join(folder, dt)).map((hr) => `${dt}/${hr}`))
    .flatMap((name) => hourOfFolder(name) ?? [])
    .sort();
}

/** Keys of the objects of a landing hour, in their order. */
export function objectsAt(root: string, dataset: string, hour: string): string[] {
  const names = namesIn(join(root, 'raw', dataset, hourFolder(hour))).filter((name) => name.endsWith('.parquet'));
  return names.sort().map((name) => `raw/${dataset}/${hourFolder(hour)}/${name}`);
}

/** Empty for a folder that is not there. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
