/** Graph has no list of what it serves: the comparison reads the records again and looks for their keys in the lake. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import type { JobRecord } from '../../shared/domain/fetch-job.ts';
import { windowJob } from '../../shared/domain/fetch-job.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { longestWindowMs } from '../../shared/domain/passes.ts';
import type { HourRead, StreamFacts } from '../../shared/domain/reconcile.ts';
import { literal } from '../../shared/domain/literal.ts';
import { gridFloor, gridWindows, halves, hours, minutes, overlaps, type Window } from '../../shared/domain/window.ts';
import type { Answer } from '../../shared/ports/microsoft.ts';
import { connectDuckDb, erasedKeysSelect } from '../../shared/landing/landing.ts';
import type { ReconcileDeps, Subject } from './reconciling.ts';

/** More pages than this are read as two windows. */
const maxPages = 20;
const shortestWindowMs = minutes(1);
const memoryMb = 300;
const concurrentGets = 8;

/** Every hour of the span that Graph has a record of. A window is counted in files, whatever its size. */
export async function readAgain(subject: Subject, span: Window, facts: StreamFacts, deps: ReconcileDeps): Promise<Answer<HourRead[]>> {
  const sums = new Map<number, HourRead>();
  const open = gridWindows(span.start, span.end, longestWindowMs).map((window) => ({
    start: Math.max(window.start, span.start),
    end: window.end,
  }));
  for (let window = open.shift(); window; window = open.shift()) {
    const read = await readWindow(subject, window, facts, deps);
    if (read.kind === 'too-many-pages') {
      const both = halves(window, shortestWindowMs);
      if (!both)
        throw new Error(`${subject.logType.id} has more than ${String(maxPages)} pages within two minutes, which cannot be compared`);
      open.unshift(...both);
    } else if (read.kind === 'ok') for (const hour of read.value) add(sums, hour);
    else return read;
  }
  return { kind: 'ok', value: [...sums.values()] };
}

function add(sums: Map<number, HourRead>, { hour, served, landed, changed, lacking }: HourRead): void {
  const sum = sums.get(hour) ?? { hour, served: 0, landed: 0, changed: 0, lacking: 0 };
  sums.set(hour, {
    hour,
    served: sum.served + served,
    landed: sum.landed + landed,
    changed: sum.changed + changed,
    lacking: sum.lacking + lacking,
  });
}

async function readWindow(
  subject: Subject,
  window: Window,
  facts: StreamFacts,
  deps: ReconcileDeps,
): Promise<Answer<HourRead[]> | { readonly kind: 'too-many-pages' }> {
  const { tenant, logType, stream } = subject;
  return deps.workspace.use(async (folder) => {
    const pages = join(folder, 'pages');
    await mkdir(pages);
    const fetched = await deps.microsoft.fetchWindow(tenant, logType, window, pages, maxPages);
    if (fetched.kind !== 'ok') return fetched;
    const job = windowJob(stream, tenant.name, window, 0, deps.clock.now());
    const into = join(folder, 'served.parquet');
    const from = fetched.value.files.map((file) => ({ file }));
    const landed = await deps.landing.toParquet({
      logType,
      job,
      from,
      into,
      landedAt: deps.clock.now(),
      window,
      without: [],
      metadata: { job: job.jobId },
    });
    if (landed.kind === 'unreadable') return { kind: 'malformed', cause: malformed };
    if (landed.rows === 0) return { kind: 'ok', value: [] };
    return {
      kind: 'ok',
      value: await countHours(subject, window, into, await objectFiles(subject, window, facts.jobs, folder, deps), folder),
    };
  });
}

const malformed = { code: 'malformed', message: 'a page of Graph cannot be read', cure: 'run it again' };

async function objectFiles(
  { logType }: Subject,
  window: Window,
  jobs: readonly JobRecord[],
  folder: string,
  { lake }: ReconcileDeps,
): Promise<string[]> {
  const holding = jobs.filter(({ job, state }) => job.kind === 'window' && (state.rows ?? 0) > 0 && overlaps(job.window, window));
  const files = await pMap(holding, ({ job }) => lake.get(landingKey(logType.dataset, job), folder), { concurrency: concurrentGets });
  return files.filter((file) => file !== undefined);
}

async function countHours(
  { logType }: Subject,
  window: Window,
  served: string,
  inLake: readonly string[],
  folder: string,
): Promise<HourRead[]> {
  const time = logType.source.kind === 'windows' ? logType.source.timeColumn : 'event_time';
  const duckdb = await connectDuckDb({ memoryMb, spillFolder: folder });
  try {
    const list = `[${inLake.map(literal).join(', ')}]`;
    const lake =
      inLake.length === 0
        ? 'SELECT NULL::VARCHAR AS record_key, NULL::VARCHAR AS record_id WHERE false'
        : `SELECT record_key, record_id FROM read_parquet(${list}, union_by_name = true)
          UNION ALL SELECT record_key, NULL FROM (${erasedKeysSelect(list)})`;
    const rows = await duckdb.runAndReadAll(`
      WITH lake AS MATERIALIZED (${lake}),
      served AS (
        SELECT epoch_ms(${time}) AS time, record_key IN (SELECT record_key FROM lake) AS is_landed,
          coalesce(record_id IN (SELECT record_id FROM lake WHERE record_id IS NOT NULL), false) AS is_known
        FROM read_parquet(${literal(served)}))
      SELECT time // 3600000 AS hour, count(*), count(*) FILTER (is_landed), count(*) FILTER (NOT is_landed AND is_known),
        count(*) FILTER (NOT is_landed AND NOT is_known)
      FROM served GROUP BY hour ORDER BY hour`);
    return rows.getRows().map(([hour, ...counts]) => {
      const [all = 0, landed = 0, changed = 0, lacking = 0] = counts.map(Number);
      return { hour: hour === null ? gridFloor(window.start, hours(1)) : hours(Number(hour)), served: all, landed, changed, lacking };
    });
  } finally {
    duckdb.closeSync();
  }
}
