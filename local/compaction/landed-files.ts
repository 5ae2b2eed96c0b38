/** Which files hold the rows of a dataset: its parts, and its objects that are in no part yet. */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { asPattern } from '../lake-sql.ts';
import type { Manifest } from './manifest.ts';

/** The objects of one landing date that are in no part. */
export interface LandedDay {
  readonly dt: string;
  /** File names, in their order. */
  readonly names: readonly string[];
  /** None of the date's objects is in a part. */
  readonly isWhole: boolean;
  /** When the folder last changed before it was listed, in ns. */
  readonly changedNs: string;
}

/**
 * The landing dates with objects in no part, in their order; and, with none, those whose folder has to be listed every time.
 *
 * A folder's time of change moves when an object lands, so that a date whose objects were all in parts needs no second look until then.
 */
export function landedDays(root: string, dataset: string, manifest: Manifest | undefined): LandedDay[] {
  const settled = manifest?.settledDays(dataset) ?? new Map<string, string>();
  const folder = join(root, 'raw', dataset);
  return datesIn(folder).flatMap((dt) => {
    const changedNs = String(statSync(join(folder, `dt=${dt}`), { bigint: true }).mtimeNs);
    if (settled.get(dt) === changedNs) return [];
    const all = namesIn(join(folder, `dt=${dt}`)).filter((name) => name.endsWith('.parquet'));
    const compacted = manifest?.objects(dataset, dt) ?? new Set<string>();
    return [{ dt, names: all.filter((name) => !compacted.has(name)).sort(), isWhole: compacted.size === 0, changedNs }];
  });
}

/**
 * The files of a dataset that hold its rows now, as patterns: the parts that count, and the objects that are in none of them. Each row is in
 * one of them, whatever lands, is compacted or is killed until they are read, as long as that ends within the hour.
 */
export function filesAtOneMoment(root: string, dataset: string, manifest: Manifest): { parts: string[]; objects: string[] } {
  const folder = join(asPattern(root), 'raw', dataset);
  return manifest.atOneMoment(() => ({
    parts: manifest.parts(dataset).map(({ name }) => join(asPattern(root), name)),
    objects: landedDays(root, dataset, manifest).flatMap(({ dt, names, isWhole }) =>
      (isWhole && names.length > 0 ? ['*.parquet'] : names).map((name) => join(folder, `dt=${dt}`, name)),
    ),
  }));
}

const datesIn = (folder: string): string[] =>
  namesIn(folder)
    .flatMap((name) => /^dt=(\d{4}-\d{2}-\d{2})$/.exec(name)?.[1] ?? [])
    .sort();

/** Empty for a folder that is not there. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
