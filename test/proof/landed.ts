/** What lies in the lake at the end, and whether raw, normalized and ledger agree about it. */

import { madeAt, type FetchJob } from '../../shared/domain/fetch-job.ts';
import { clocksDifferMs } from '../../shared/domain/clock.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { utcHour } from '../../shared/domain/window.ts';
import { streamKey } from '../../shared/domain/stream.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { Harness } from './harness.ts';
import { storyDatasets, type ParquetFile } from './stand-in-landing.ts';
import { storiesOf } from './stories.ts';

/** A raw object and its job. */
export interface Landed {
  readonly job: FetchJob;
  readonly key: string;
  readonly raw: ParquetFile;
  readonly fates: string;
}

/** Every raw object with its job; says where raw, normalized and ledger disagree. */
export function readLanded(harness: Harness, faults: string[]): Landed[] {
  const { dataset } = logTypeById(harness.stream.logType);
  const landed: Landed[] = [];
  const others = harness.environment.streams.filter((one) => one !== harness);
  const stories = new Set<string>();
  for (const [key, { metadata }] of harness.lake.all()) {
    if (!storyDatasets.some(({ name }) => key.startsWith(`raw/${name}/`))) continue;
    if (!others.some(({ jobs }) => jobs.has(metadata.job ?? ''))) stories.add(key);
  }
  for (const [key, { content, metadata }] of harness.lake.all()) {
    if (!key.startsWith(`raw/${dataset}/`)) continue;
    if (others.some(({ stream }) => streamKey(stream) === metadata.stream)) continue;
    const record = harness.jobs.get(metadata.job ?? '');
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
    faults.push(...judgeLandingHour(harness, record.job, key));
    judgeNormalized(harness, record.job, raw, stories, faults);
  }
  for (const key of stories) faults.push(`normalized object ${key} has no raw object`);
  return landed;
}

/** Queries name the days and hours that they read: nothing lies under an hour before its records, or in the future. */
function judgeLandingHour(harness: Harness, job: FetchJob, key: string): string[] {
  const { content } = harness.world;
  const newest =
    job.kind === 'window'
      ? job.window.end - 1
      : Math.max(...job.members.map(({ contentId }) => content?.blob(contentId)).map((blob) => (blob && !blob.drifts ? blob.created : 0)));
  const landedBy = (harness.putAt.get(key) ?? Infinity) + clocksDifferMs;
  return job.landingHour >= utcHour(newest) && madeAt(job) <= landedBy
    ? []
    : [`object ${key} lies under an hour that its records did not come in`];
}

function judgeNormalized(harness: Harness, job: FetchJob, raw: ParquetFile, stories: Set<string>, faults: string[]): void {
  for (const { dataset, key, rows } of storiesOf(job, raw)) {
    const story = harness.parquetAt(key);
    stories.delete(key);
    if (!story && rows.length > 0) faults.push(`normalized object ${key} is missing`);
    else if (story && rows.length === 0) faults.push(`normalized object ${key} has no row to hold`);
    else if (story && JSON.stringify(story.rows) !== JSON.stringify(rows))
      faults.push(`object ${key} of '${dataset}' is not what its raw object says`);
  }
}
