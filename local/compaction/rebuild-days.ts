/** Makes the rows of event days again with the columns of today, from the JSON text that every row carries. */

import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Compacted } from '../../lambdas/compact/compact.ts';
import type { CompactableObject, EventDay, Part } from '../../shared/domain/compaction.ts';
import { rawDatasets } from '../../shared/log-types/index.ts';
import { connectDuckDb, openLanding } from '../../shared/landing/landing.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CompactionStep } from '../../shared/ports/compaction.ts';
import type { DaySpan } from '../day-span.ts';
import type { LakeFolder } from '../lake-folder.ts';
import { lakeTables } from '../lake-views.ts';
import { LocalCompaction } from './local-compaction.ts';
import { openPartWriter } from './part-writer.ts';
import { jobsIn, landAgain, recordsOf, type RecordsTools } from './read-again.ts';

/** Which days are made again. */
export interface RebuildDaysOptions {
  readonly clock: Clock;
  readonly span: DaySpan;
  /** Names of raw datasets; all where absent. */
  readonly datasets?: readonly string[];
  /** Called after each event day; what it throws ends the run before anything is switched. */
  readonly onStep?: (dataset: string, soFar: Compacted) => void;
}

/**
 * Reads the records of the compacted rows again, of one dataset after the other.
 *
 * A dataset is switched at its end, in one change: until then queries read its old parts, and a run that dies leaves new ones that do not
 * count. Objects play no part in it, so that rows whose objects have expired are made again, too. Objects that are not compacted yet are left
 * alone, for compaction; a row whose event time is read otherwise now moves to its day.
 *
 * @param folder Opened exclusively.
 * @returns The datasets that have rows of these days; `objects` are the jobs whose records were read again.
 * @throws When a record cannot be read any more: nothing of its dataset is switched.
 */
export async function rebuildDays(
  folder: LakeFolder,
  { clock, span, datasets, onStep }: RebuildDaysOptions,
): Promise<(Compacted & { readonly dataset: string })[]> {
  const again = join(folder.workTemp, 'read-again');
  const limits = { memoryMb: 200, spillFolder: folder.spillTemp };
  const writer = await openPartWriter({ root: folder.path, objects: again }, lakeTables(), limits);
  const landing = await openLanding(limits);
  const connection = await connectDuckDb(limits);
  const compaction = new LocalCompaction(folder, writer, clock);
  const done: (Compacted & { readonly dataset: string })[] = [];
  try {
    await compaction.clean();
    for (const dataset of rawDatasets.filter((name) => datasets?.includes(name) ?? true)) {
      const rebuilt = await rebuildDataset(dataset, span, { compaction, tools: { connection, landing }, again, root: folder.path, onStep });
      if (rebuilt.parts > 0) done.push({ dataset, ...rebuilt });
    }
    return done;
  } finally {
    compaction.close();
    connection.closeSync();
    landing.close();
    writer.close();
    await rm(again, { recursive: true, force: true });
  }
}

interface Place {
  readonly compaction: LocalCompaction;
  readonly tools: RecordsTools;
  readonly again: string;
  readonly root: string;
  readonly onStep: RebuildDaysOptions['onStep'];
}

async function rebuildDataset(dataset: string, span: DaySpan, place: Place): Promise<Compacted> {
  const { compaction, onStep } = place;
  const added: CompactionStep['added'][number][] = [];
  const retired: Part[] = [];
  let soFar: Compacted = { objects: 0, rows: 0, parts: 0 };
  for (const [day, parts] of compaction.partsWithin(dataset, span)) {
    const objects = await recordsAsObjects(dataset, day, parts, place);
    const written: Part[] = [];
    for (const { day: newDay, objects: ofDay } of await compaction.eventDays(dataset, objects)) {
      const part = await compaction.write({ dataset, day: newDay, objects: ofDay, parts: [] });
      written.push(part);
      added.push({ day: newDay, part });
    }
    const rows = written.reduce((sum, part) => sum + part.rows, 0);
    const before = parts.reduce((sum, part) => sum + part.rows, 0);
    if (rows !== before)
      throw new Error(`${dataset} has ${String(before)} rows of ${day}, of which ${String(rows)} were made again: nothing is switched`);
    retired.push(...parts);
    soFar = { objects: soFar.objects + objects.length, rows: soFar.rows + rows, parts: soFar.parts + written.length };
    onStep?.(dataset, soFar);
  }
  if (retired.length > 0) await compaction.commit({ dataset, objects: [], added, retired });
  return soFar;
}

/** The records of parts in files as objects are: one for each job, under its landing date. */
async function recordsAsObjects(
  dataset: string,
  day: EventDay,
  parts: readonly Part[],
  { tools, again, root }: Place,
): Promise<CompactableObject[]> {
  await rm(again, { recursive: true, force: true });
  const objects: CompactableObject[] = [];
  for (const part of parts) {
    const file = join(root, part.name);
    for (const job of await jobsIn(file, tools)) {
      const name = objects.length.toString(16).padStart(32, '0');
      const key = `raw/${dataset}/dt=${job.dt}/hr=00/${name}.parquet`;
      await mkdir(dirname(join(again, key)), { recursive: true });
      const named = `${dataset} of ${day}, landed on ${job.dt},`;
      await landAgain(named, job, await recordsOf(file, job, tools), join(again, key), tools);
      objects.push({ key, bytes: 0 });
    }
  }
  return objects;
}
