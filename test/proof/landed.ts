/** What lies in the lake at the end, and whether raw, normalized and ledger agree about it. */

import type { FetchJob } from '../../shared/domain/fetch-job.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { Ground } from './ground.ts';
import { normalizedOf, storyDataset, type ParquetFile } from './stand-in-landing.ts';

/** A raw object and its job. */
export interface Landed {
  readonly job: FetchJob;
  readonly key: string;
  readonly raw: ParquetFile;
  readonly fates: string;
}

/** Every raw object with its job; says where raw, normalized and ledger disagree. */
export function readLanded(ground: Ground, faults: string[]): Landed[] {
  const { dataset } = logTypeById(ground.stream.logType);
  const landed: Landed[] = [];
  const stories = new Set([...ground.lake.all().keys()].filter((key) => key.startsWith(`raw/${storyDataset.name}/`)));
  for (const [key, { content, metadata }] of ground.lake.all()) {
    if (!key.startsWith(`raw/${dataset}/`)) continue;
    const record = ground.jobs.get(metadata.job ?? '');
    if (!record) {
      faults.push(`object ${key} belongs to no job`);
      continue;
    }
    const raw = content as ParquetFile;
    if (landingKey(dataset, record.job) !== key) faults.push(`object ${key} does not lie at its job's key`);
    if (record.job.kind === 'content' && record.state.fates !== metadata.fates)
      faults.push(`ledger and object disagree about the fates of ${key}`);
    if (String(raw.rows.length) !== metadata.rows)
      faults.push(`object ${key} says it has ${String(metadata.rows)} rows and has ${String(raw.rows.length)}`);
    landed.push({ job: record.job, key, raw, fates: metadata.fates ?? '' });
    judgeNormalized(ground, record.job, raw, stories, faults);
  }
  for (const key of stories) faults.push(`normalized object ${key} has no raw object`);
  return landed;
}

function judgeNormalized(ground: Ground, job: FetchJob, raw: ParquetFile, stories: Set<string>, faults: string[]): void {
  if (!storyDataset.logTypes.includes(job.stream.logType)) return;
  const key = landingKey(storyDataset.name, job);
  const story = ground.parquetAt(key);
  stories.delete(key);
  if (!story) {
    if (raw.rows.length > 0) faults.push(`normalized object ${key} is missing`);
    return;
  }
  if (JSON.stringify(story.rows) !== JSON.stringify(normalizedOf(storyDataset, raw)))
    faults.push(`normalized object ${key} is not what its raw object says`);
}
