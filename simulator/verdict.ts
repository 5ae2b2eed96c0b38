/**
 * What must be in the lake, and whether it is. Judged from the world and the cut-offs alone, so that the verdict also holds
 * after collector and simulator were killed and restarted on the same seed and start time.
 */

import type { Instant } from '../shared/domain/window.ts';
import { compareBlobs } from './compare-blobs.ts';
import { compareVersions, type LandedVersions } from './compare-versions.ts';
import { contentHash } from './canonical.ts';
import type { Expected } from './expected.ts';
import { isVisible } from './graph-rows.ts';
import { simulatedLogType } from './log-types/index.ts';
import type { GraphLogType } from './log-types/log-type.ts';
import { addTo, openComparison, type Counts } from './comparison.ts';
import type { Blob, Version, World } from './world.ts';

/** How far one log type of one tenant was collected. */
export interface Collected {
  readonly logTypeId: string;
  readonly tenantId: string;
  /** Nothing older was asked for. */
  readonly from: Instant;
  /** Content: listed up to here. Graph: the watermark of the pass that is judged. */
  readonly until: Instant;
  /** When it was read: what became visible only later is not missed. */
  readonly at: Instant;
  /** The read may have taken place at any time from `at` until then: what was replaced meanwhile is not missed. */
  readonly through?: Instant;
}

/** A row of a raw dataset, as far as it is compared. */
export interface LandedRow {
  readonly logTypeId: string;
  readonly contentId: string | null;
  /** The record's JSON text. */
  readonly raw: string;
}

/** The comparison of what was served with what landed. */
export interface Verdict {
  /** Records and versions that must be in the lake, and those that are there because they were served. */
  readonly served: number;
  /** Rows in the lake. */
  readonly landed: number;
  /** Of those that must be there. */
  readonly missing: number;
  /** Rows that are there twice, or that were never served. */
  readonly repeated: number;
  /** A few of each, for people; without the records themselves. */
  readonly examples: readonly string[];
}

/** @param excused Content blobs that could not be landed, and that the ledger has a row for (expired, quarantined). */
export function expected(world: World, collected: readonly Collected[], excused: ReadonlySet<string> = new Set()): Expected {
  const blobs = new Map<string, Blob>();
  const versions = new Map<Version, { logType: GraphLogType; version: Version }>();
  for (const { logTypeId, tenantId, from, until, at, through = at } of collected) {
    const logType = simulatedLogType(logTypeId);
    const window = { start: from, end: until };
    if (logType.kind === 'graph') {
      for (const version of world.versions(tenantId, logTypeId, window))
        if (isVisible(version, at) && isVisible(version, through)) versions.set(version, { logType, version });
      continue;
    }
    for (const blob of world.blobs(tenantId, logTypeId, window)) {
      if (blob.visibleAt <= at && !excused.has(blob.contentId)) blobs.set(blob.contentId, blob);
    }
  }
  return { world, blobs, versions: [...versions.values()] };
}

/**
 * Compares by what records say, not by their text. Content blobs are compared as multisets, as they may repeat a record
 * themselves. Of Graph records every version that was ever visible may be there, once; those that had to be read must be.
 */
export async function compareWithLake(what: Expected, rows: AsyncIterable<LandedRow> | Iterable<LandedRow>): Promise<Verdict> {
  const byBlob = new Map<string, Counts>();
  const byLogType = new Map<string, LandedVersions>();
  const comparison = openComparison();
  for await (const { contentId, logTypeId, raw } of rows) {
    comparison.landed++;
    const hash = contentHash(raw);
    if (contentId === null) noteVersion(byLogType, logTypeId, hash, raw);
    else
      addTo(
        inner(byBlob, contentId, () => new Map<string, number>()),
        hash,
      );
  }
  compareBlobs(what, byBlob, comparison);
  compareVersions(what, byLogType, comparison);
  const { landed, missing, repeated, examples } = comparison;
  // What need not be there yet and is (a blob listed since, a version replaced since) was served as well.
  return { served: landed - repeated + missing, landed, missing, repeated, examples };
}

/** The row itself says where in the world it belongs. */
function noteVersion(byLogType: Map<string, LandedVersions>, logTypeId: string, hash: string, raw: string): void {
  const logType = simulatedLogType(logTypeId);
  const landed = inner(byLogType, logTypeId, () => ({ counts: new Map<string, number>(), times: new Map<string, Instant>() }));
  const record = JSON.parse(raw) as Record<string, unknown>;
  addTo(landed.counts, hash);
  if (logType.kind === 'graph') landed.times.set(hash, Date.parse(String(record[logType.collection.timeField])));
}

function inner<V>(outer: Map<string, V>, key: string, make: () => V): V {
  const known = outer.get(key) ?? make();
  outer.set(key, known);
  return known;
}
