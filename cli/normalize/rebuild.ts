/** Normalized datasets made again from the raw objects: nothing is asked of Microsoft, and nothing of the ledger. */

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { landNormalized, type RawObject } from '../../lambdas/fetch/normalize.ts';
import { isDerivedFrom, type NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import { jobOfKey, landingKey } from '../../shared/domain/landing-key.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { Lake, LakeInventory } from '../../shared/ports/lake.ts';
import type { Landing } from '../../shared/ports/landing.ts';
import type { Workspace } from '../../shared/ports/workspace.ts';

/** Which datasets to rebuild, and of which landing dates. */
export interface RebuildRequest {
  readonly datasets: readonly NormalizedDataset[];
  /** Landing dates, both inclusive, `YYYY-MM-DD`; open where absent. */
  readonly from?: string;
  readonly to?: string;
  /** After each raw object. */
  readonly onProgress?: (soFar: RebuildCounts) => void;
}

/** The ports that a rebuild works on. */
export interface RebuildDeps {
  readonly lake: Lake;
  readonly inventory: Pick<LakeInventory, 'objects'>;
  readonly landing: Landing;
  readonly workspace: Workspace;
  /** Puts the file in the place of the object at the key; absent where objects are written once. */
  readonly replace?: (key: string, file: string) => Promise<void>;
}

/** Normalized objects, but for `rawObjects`. */
export interface RebuildCounts {
  readonly rawObjects: number;
  /** Was missing and is there now. */
  readonly made: number;
  /** Was there, with the very bytes that are made now. */
  readonly same: number;
  /** Was there with other bytes, and has been replaced. */
  readonly replaced: number;
  /** Is there with other bytes: it was made from another declaration of the columns. */
  readonly different: number;
  /** No raw row gives a row: there is no object. */
  readonly empty: number;
  readonly rows: number;
}

const nothing: RebuildCounts = { rawObjects: 0, made: 0, same: 0, replaced: 0, different: 0, empty: 0, rows: 0 };

/** Safe to repeat, and while a collector is at work: every object is a function of the raw one. */
export async function rebuild(request: RebuildRequest, deps: RebuildDeps): Promise<RebuildCounts> {
  const logTypeIds = new Set(request.datasets.flatMap(({ logTypes }) => logTypes));
  const rawDatasets = new Set([...logTypeIds].map((id) => logTypeById(id).dataset));
  let counts = nothing;
  for (const rawDataset of rawDatasets) {
    for await (const { key } of deps.inventory.objects(`raw/${rawDataset}/`)) {
      const job = jobOfKey(key);
      if (!job || !isWithin(job.landingHour.slice(0, 10), request)) continue;
      counts = add(counts, await rebuildOne(key, job, request.datasets, deps));
      request.onProgress?.(counts);
    }
  }
  return counts;
}

const isWithin = (landingDate: string, { from = '', to = '9' }: RebuildRequest): boolean => landingDate >= from && landingDate <= to;

async function rebuildOne(
  key: string,
  job: RawObject['job'],
  datasets: readonly NormalizedDataset[],
  deps: RebuildDeps,
): Promise<RebuildCounts> {
  const metadata = await deps.lake.head(key);
  const logTypeId = metadata?.stream?.split('#')[2];
  if (metadata === undefined || logTypeId === undefined || Number(metadata.rows) === 0) return nothing;
  const wanted = datasets.filter((dataset) => isDerivedFrom(dataset, logTypeId));
  if (wanted.length === 0) return nothing;
  return await deps.workspace.use(async (folder) => {
    const raw = await deps.lake.get(key, folder);
    if (raw === undefined) throw new Error(`the object at ${key} was there and is gone`);
    let counts: RebuildCounts = { ...nothing, rawObjects: 1 };
    for (const dataset of wanted) counts = add(counts, await renew({ job, logType: logTypeById(logTypeId), raw, folder }, dataset, deps));
    return counts;
  });
}

async function renew(object: RawObject, dataset: NormalizedDataset, deps: RebuildDeps): Promise<RebuildCounts> {
  const { outcome, rows, file } = await landNormalized(object, dataset, deps);
  const key = landingKey(dataset.name, object.job);
  if (outcome === 'no rows') return { ...nothing, empty: 1 };
  if (outcome === 'put') return { ...nothing, made: 1, rows };
  if (await isAt(key, file, object.folder, deps)) return { ...nothing, same: 1, rows };
  if (!deps.replace) return { ...nothing, different: 1, rows };
  await deps.replace(key, file);
  return { ...nothing, replaced: 1, rows };
}

async function isAt(key: string, file: string, folder: string, { lake }: RebuildDeps): Promise<boolean> {
  // The raw object and this one have the same name within their datasets.
  const beside = join(folder, 'there');
  await mkdir(beside, { recursive: true });
  const there = await lake.get(key, beside);
  return there !== undefined && (await readFile(there)).equals(await readFile(file));
}

function add(one: RebuildCounts, other: RebuildCounts): RebuildCounts {
  return {
    rawObjects: one.rawObjects + other.rawObjects,
    made: one.made + other.made,
    same: one.same + other.same,
    replaced: one.replaced + other.replaced,
    different: one.different + other.different,
    empty: one.empty + other.empty,
    rows: one.rows + other.rows,
  };
}
