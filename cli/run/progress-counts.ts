/** What a run has done so far, and the line that says so. */

import type { CollectorEvent } from '../../local/collector.ts';

/** Counters of a run, since it began. */
export interface ProgressCounts {
  sources: number;
  listed: number;
  landedJobs: number;
  landedRows: number;
  parked: number;
  /** Why the last job that did not only wait for its turn was parked. */
  parkedBecause?: string;
  split: number;
  failed: number;
  /** Of the first attempt that failed. */
  failure?: string;
  /** The last thing that was not as it should be. */
  trouble?: string;
}

/** The counters of a run that begins with so many sources. */
export function noProgress(sources: number): ProgressCounts {
  return { sources, listed: 0, landedJobs: 0, landedRows: 0, parked: 0, split: 0, failed: 0 };
}

/** Adds one event of the collector to the counters. */
export function countEvent(counts: ProgressCounts, event: CollectorEvent): void {
  switch (event.kind) {
    case 'listed':
      counts.listed += 1;
      if (event.listed.kind === 'stopped') counts.trouble = `${event.source.logType.id}: ${event.listed.by.cause.message}`;
      return;
    case 'failed':
      counts.failed += 1;
      counts.trouble = `${event.what}: ${String(event.error)}`;
      counts.failure ??= counts.trouble;
      return;
    case 'fetched':
      countFetched(counts, event);
  }
}

function countFetched(counts: ProgressCounts, { fetched }: Extract<CollectorEvent, { kind: 'fetched' }>): void {
  if (fetched.kind === 'parked') counts.parked += 1;
  if (fetched.kind === 'parked' && fetched.because !== undefined) counts.parkedBecause = fetched.because;
  if (fetched.kind === 'split') counts.split += 1;
  if (fetched.kind !== 'landed') return;
  counts.landedJobs += 1;
  counts.landedRows += fetched.rows;
}

/** @example 'listed 8 of 12 · 31 jobs landed, 4 queued, 2 parked (HTTP 503) · 18,204 records' */
export function progressLine(counts: ProgressCounts, queued: number): string {
  const why = counts.parkedBecause === undefined ? '' : ` (${counts.parkedBecause})`;
  const parked = counts.parked > 0 ? `, ${count(counts.parked)} parked${why}` : '';
  const jobs = `${count(counts.landedJobs)} jobs landed, ${count(queued)} queued${parked}`;
  return `listed ${count(Math.min(counts.listed, counts.sources))} of ${count(counts.sources)} · ${jobs} · ${count(counts.landedRows)} records`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
