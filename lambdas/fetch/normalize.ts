import { join } from 'node:path';
import { landingKey } from '../../shared/domain/landing-key.ts';
import type { Attempt } from './fetching.ts';

/**
 * Lands the normalized datasets of a job, each as a select over the raw object at the key and over nothing else: whoever
 * put that object, the normalized objects are the same.
 */
export async function normalize({ job, logType, key, folder, deps }: Attempt): Promise<void> {
  const datasets = deps.normalized.filter((dataset) => dataset.logTypes.includes(logType.id));
  if (datasets.length === 0) return;
  const raw = await deps.lake.get(key, folder);
  if (raw === undefined) throw new Error(`the object at ${key} was there and is gone`);
  for (const dataset of datasets) {
    const into = join(folder, `${dataset.name}.parquet`);
    await deps.landing.derive(dataset, raw, into, { job: job.jobId });
    await deps.lake.putOnce(landingKey(dataset.name, job), into, { job: job.jobId });
  }
}
