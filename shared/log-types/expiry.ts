import type { FetchJob } from '../domain/fetch-job.ts';
import type { Instant } from '../domain/window.ts';
import { isLogTypeId, logTypeById } from './index.ts';

/** When Microsoft stops serving the first thing that a job is for; undefined for a window of a log type that the catalog lacks. */
export function expiryOf(job: FetchJob): Instant | undefined {
  if (job.kind === 'content') return Math.min(...job.members.map(({ expires }) => expires));
  return isLogTypeId(job.stream.logType) ? job.window.start + logTypeById(job.stream.logType).retentionMs : undefined;
}
