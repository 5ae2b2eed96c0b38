/** The normalized objects that belong to a raw object. */

import { isDerivedFrom } from '../../shared/datasets/normalized-dataset.ts';
import type { FetchJob } from '../../shared/domain/fetch-job.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { normalizedOf, storyDatasets, type LandedRow, type ParquetFile } from './stand-in-landing.ts';

/** The normalized datasets that a raw object gives rows of, and that have no object of it. */
export function missingStories(job: FetchJob, raw: ParquetFile, lake: { objectAt(key: string): unknown }): string[] {
  return storiesOf(job, raw).flatMap(({ dataset, key, rows }) => (rows.length > 0 && !lake.objectAt(key) ? [dataset] : []));
}

/** The objects of a raw object, an empty one for a dataset that it gives no row of. */
export function storiesOf(job: FetchJob, raw: ParquetFile): { dataset: string; key: string; rows: readonly LandedRow[] }[] {
  const { logType } = job.stream;
  return storyDatasets
    .filter((dataset) => isDerivedFrom(dataset, logType))
    .map((dataset) => ({
      dataset: dataset.name,
      key: landingKey(dataset.name, job),
      rows: normalizedOf(dataset, landingKey(logTypeById(logType).dataset, job), raw),
    }));
}
