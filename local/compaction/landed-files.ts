/** Which files hold the rows of a dataset: its parts, and its objects that are in no part yet. */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hourFolder, hourOfFolder } from '../../shared/domain/landing-key.ts';
import type { DaySpan } from '../day-span.ts';
import { asPattern } from '../lake-sql.ts';
import type { Manifest } from './manifest.ts';

/** The objects of one landing hour that are in no part. */
interface LandedHour {
  /** `2026-11-22T06`. */
  readonly hour: string;
  /** File names, in their order. */
  readonly names: readonly string[];
  /** None of the hour's objects is in a part. */
  readonly isWhole: boolean;
  /** When the folder last changed before it was listed, in ns. */
  readonly changedNs: string;
}

/** A landing date whose hours were looked at. */
export interface LandedDate {
  /** `2026-11-22`. */
  readonly dt: string;
  /** When the folder last changed before it was listed, in ns: it does with every object of the date (LocalLake). */
  readonly changedNs: string;
  /** The hours with objects in no part, in their order; and, with none, those whose folder has to be listed every time. */
  readonly hours: readonly LandedHour[];
}

/**
 * The landing dates of a dataset, in their order.
 *
 * A folder's time of change moves when an object lands, so that an hour, or a date, whose objects were all in parts needs no second look
 * until then. Of a year that saves looking at 8,760 folders of hours, or at all but 365 of dates.
 *
 * @param settledDates When the folders of these dates last changed as they were settled; those that still have that time are left out.
 */
export function landedDates(
  root: string,
  dataset: string,
  manifest: Manifest | undefined,
  settledDates: ReadonlyMap<string, string> = new Map(),
): LandedDate[] {
  const folder = join(root, 'raw', dataset);
  const hourAt = (hour: string, settledHours: ReadonlyMap<string, string>): LandedHour[] => {
    const ofHour = join(folder, hourFolder(hour));
    const changedNs = changedNsOf(ofHour);
    if (changedNs === undefined || settledHours.get(hour) === changedNs) return [];
    const all = namesIn(ofHour).filter((name) => name.endsWith('.parquet'));
    const compacted = manifest?.objects(dataset, hour) ?? new Set<string>();
    return [{ hour, names: all.filter((name) => !compacted.has(name)).sort(), isWhole: compacted.size === 0, changedNs }];
  };
  return datesIn(folder).flatMap((dt) => {
    const changedNs = changedNsOf(join(folder, `dt=${dt}`));
    if (changedNs === undefined || settledDates.get(dt) === changedNs) return [];
    const settledHours = manifest?.settledHours(dataset, dt) ?? new Map<string, string>();
    return [{ dt, changedNs, hours: hoursIn(folder, dt).flatMap((hour) => hourAt(hour, settledHours)) }];
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
    objects: landedDates(root, dataset, manifest, manifest.settledDates(dataset))
      .flatMap(({ hours }) => hours)
      .flatMap(({ hour, names, isWhole }) =>
        (isWhole && names.length > 0 ? ['*.parquet'] : names).map((name) => join(folder, hourFolder(hour), name)),
      ),
  }));
}

/** The landing hours that a dataset has a folder of, in their order. */
export function landingHours(root: string, dataset: string): string[] {
  const folder = join(root, 'raw', dataset);
  return datesIn(folder).flatMap((dt) => hoursIn(folder, dt));
}

/** Keys of the objects of a landing hour, in their order. */
export function objectsAt(root: string, dataset: string, hour: string): string[] {
  const names = namesIn(join(root, 'raw', dataset, hourFolder(hour))).filter((name) => name.endsWith('.parquet'));
  return names.sort().map((name) => `raw/${dataset}/${hourFolder(hour)}/${name}`);
}

/** Undefined for a folder that is gone: its objects have expired meanwhile. */
function changedNsOf(folder: string): string | undefined {
  const changed = statSync(folder, { bigint: true, throwIfNoEntry: false });
  return changed && String(changed.mtimeNs);
}

const datesIn = (folder: string): string[] =>
  namesIn(folder)
    .flatMap((name) => /^dt=(\d{4}-\d{2}-\d{2})$/.exec(name)?.[1] ?? [])
    .sort();

const hoursIn = (folder: string, dt: string): string[] =>
  namesIn(join(folder, `dt=${dt}`))
    .flatMap((name) => hourOfFolder(`dt=${dt}/${name}`) ?? [])
    .sort();

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
