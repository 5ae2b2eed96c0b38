import { join } from 'node:path';
import { isDerivedFrom, type NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import type { FetchJob } from '../../shared/domain/fetch-job.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { Lake } from '../../shared/ports/lake.ts';
import type { Landing } from '../../shared/ports/landing.ts';
import type { Attempt } from './fetching.ts';

/**
 * Lands the normalized datasets of a job, each as a select over the raw object at the key and over nothing else: whoever
 * put that object, the normalized objects are the same.
 *
 * @returns Those that stand.
 */
export async function normalize({ job, logType, key, folder, deps }: Attempt): Promise<readonly LandedRows[]> {
  const datasets = deps.normalized.filter((dataset) => isDerivedFrom(dataset, logType.id));
  if (datasets.length === 0) return [];
  const raw = await deps.lake.get(key, folder);
  if (raw === undefined) throw new Error(`the object at ${key} was there and is gone`);
  const occurring = await deps.landing.occurring(datasets, { logType, raw, object: key });
  const landed: LandedRows[] = [];
  for (const dataset of occurring) {
    const { rows, outcome } = await landNormalized({ job, logType, raw, folder }, dataset, deps);
    if (outcome !== 'no rows') landed.push({ dataset: dataset.name, rows });
  }
  return landed;
}

/** A normalized object that stands at its key. */
export interface LandedRows {
  readonly dataset: string;
  readonly rows: number;
}

/** A raw object at hand, to derive normalized ones from. */
export interface RawObject {
  readonly job: Pick<FetchJob, 'jobId' | 'landingHour'>;
  readonly logType: LogType;
  /** The object as a file. */
  readonly raw: string;
  /** For files of our own. */
  readonly folder: string;
}

/** What became of one normalized object. */
export interface LandedNormalized {
  /** It was put, was there already, or has no rows to hold. */
  readonly outcome: 'put' | 'taken' | 'no rows';
  readonly rows: number;
  /** What was, or would have been, put. */
  readonly file: string;
}

/** Lands one normalized object, unless it is there. Where no raw row gives a row nothing is put: that follows from the raw object too. */
export async function landNormalized(
  { job, logType, raw, folder }: RawObject,
  dataset: NormalizedDataset,
  { lake, landing }: { readonly lake: Lake; readonly landing: Landing },
): Promise<LandedNormalized> {
  const into = join(folder, `${dataset.name}.parquet`);
  const metadata = { job: job.jobId };
  const { rows } = await landing.derive({ dataset, logType, raw, object: landingKey(logType.dataset, job), into, metadata });
  const outcome = rows === 0 ? 'no rows' : await lake.putOnce(landingKey(dataset.name, job), into, metadata);
  return { outcome, rows, file: into };
}
