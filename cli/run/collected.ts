/** What a drained lake must hold, as far as its ledger's cursors and jobs reach: the simulator's world is judged by this. */

import type { JobRecord } from '../../shared/domain/fetch-job.ts';
import { gridMs } from '../../shared/domain/passes.ts';
import { gridFloor, hours, type Instant, type Window } from '../../shared/domain/window.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { Cursor } from '../../shared/ports/ledger.ts';
import type { Collected } from '../../simulator/verdict.ts';

/** One stream of a simulated run, as far as its ledger and the clock of the run know it. */
export interface CollectedStream {
  readonly tenantId: string;
  readonly logType: LogType;
  /** Nothing older was asked for. */
  readonly from: Instant;
  readonly cursor: Cursor | undefined;
  readonly jobs: readonly JobRecord[];
  /** When this run began to list. */
  readonly listedAt: Instant;
  readonly endedAt: Instant;
  /** No run before this one has read anything. */
  readonly isFirstRun: boolean;
}

/** The spans of time that a drained stream must hold, and as of when each was read. */
export function collected(stream: CollectedStream): Collected[] {
  const span = { logTypeId: stream.logType.id, tenantId: stream.tenantId };
  const parts = stream.logType.source.kind === 'content' ? contentParts(stream) : windowParts(stream);
  return parts.map((part) => ({ ...span, ...part }));
}

type Part = Pick<Collected, 'from' | 'until' | 'at' | 'through'>;

/** Every run lists the last hours again; what lies further back was last listed by a deep list. */
function contentParts({ from, cursor, listedAt }: CollectedStream): Part[] {
  const again = Math.max(from, gridFloor(listedAt, hours(1)) - hours(1));
  const deepAt = Math.min(...Object.values(cursor?.deepDoneAt ?? { never: listedAt }));
  return [
    { from, until: again, at: Math.min(deepAt, listedAt) },
    { from: again, until: listedAt, at: listedAt },
  ];
}

/**
 * The first pass must have read everything up to the last grid line that was due. A window with a job was read between its
 * latency and the job's end; one without was found empty.
 */
function windowParts(stream: CollectedStream): Part[] {
  const { logType, listedAt, endedAt, isFirstRun } = stream;
  const until = gridFloor(listedAt - logType.latencyMs, gridMs(0));
  const earliestRead = (window: Window): Instant => (isFirstRun ? listedAt : window.end + logType.latencyMs);
  const read = stream.jobs.flatMap(({ job, state }) =>
    job.kind === 'window' && job.pass === 0 && state.state === 'landed' ? [{ window: job.window, ...state }] : [],
  );
  const jobs = read.map(({ window, finishedAt = endedAt }) => ({
    from: window.start,
    until: window.end,
    at: earliestRead(window),
    through: finishedAt,
  }));
  const rest = uncovered(
    { start: stream.from, end: until },
    read.map(({ window }) => window),
  );
  return [...jobs, ...rest.map((window) => ({ from: window.start, until: window.end, at: earliestRead(window), through: endedAt }))];
}

/** The parts of a span that no window covers. */
export function uncovered(span: Window, windows: readonly Window[]): Window[] {
  const parts: Window[] = [];
  let { start } = span;
  for (const window of [...windows].sort((a, b) => a.start - b.start)) {
    if (window.start > start) parts.push({ start, end: Math.min(window.start, span.end) });
    start = Math.max(start, window.end);
    if (start >= span.end) return parts;
  }
  return start < span.end ? [...parts, { start, end: span.end }] : parts;
}
