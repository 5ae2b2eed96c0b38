/** Findings of a tenant in a deployment: their objects are named by jobs, by silences or by what people set, so that each is read. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pMap from 'p-map';
import { versionsUnder, type BucketPlace, type FoundVersion } from '../../shared/aws/erase-objects.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { findingsDataset } from '../../shared/datasets/findings.ts';
import { readRows } from '../../shared/landing/read-rows.ts';
import type { Clock } from '../../shared/ports/clock.ts';

/** What a tenant has of them. An object has findings of one tenant alone. */
export interface FindingsOfTenant {
  readonly versions: readonly FoundVersion[];
  readonly findingIds: readonly string[];
}

const readsAtOnce = 8;

/** Every version of every object whose rows are of the tenant. */
export async function findingsOfTenant(
  place: BucketPlace,
  tenantId: string,
  clock: Clock,
  onPrefix: (prefix: string) => void,
): Promise<FindingsOfTenant> {
  const all = await versionsUnder(place, `raw/${findingsDataset}/`, { onPrefix });
  const lake = openLake(place.client, place.bucket, clock);
  const work = await mkdtemp(join(tmpdir(), 'm365-audit-lake-findings-'));
  const idsByKey = new Map<string, readonly string[]>();
  const read = async (key: string): Promise<void> => {
    const file = await lake.get(key, work);
    if (file === undefined) return;
    const ids: string[] = [];
    for await (const rows of readRows(file, ['finding_id', 'tenant_id']))
      ids.push(...rows.filter((row) => row.tenant_id === tenantId).map((row) => row.finding_id as string));
    await rm(file);
    if (ids.length > 0) idsByKey.set(key, ids);
  };
  try {
    await pMap(new Set(all.map(({ key }) => key)), read, { concurrency: readsAtOnce });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const theirs = all.filter(({ key }) => idsByKey.has(key));
  const counted = new Set<string>();
  const rowsOf = (key: string): number => (counted.has(key) ? 0 : (counted.add(key), idsByKey.get(key)?.length ?? 0));
  return {
    versions: theirs.map((version) => ({ ...version, rows: version.isMarker ? 0 : rowsOf(version.key) })),
    findingIds: [...new Set([...idsByKey.values()].flat())],
  };
}
