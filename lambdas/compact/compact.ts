/** The station that lays out what landed by event day, so that a query of a day opens few files however old the lake is. */

import { compactionSteps, partsToMerge, type CompactableObject, type CompactionLimits } from '../../shared/domain/compaction.ts';
import type { Compaction, CompactionStep } from '../../shared/ports/compaction.ts';

/** What the station needs. */
export interface CompactDeps {
  readonly compaction: Compaction;
  readonly limits: CompactionLimits;
  /** Asked before each step; what has begun is ended. */
  readonly isOver: () => boolean;
  /** Called after each step. */
  readonly onStep?: (soFar: Compacted) => void;
}

/** What one run did. */
export interface Compacted {
  readonly objects: number;
  /** Rows in the parts that were written, those of earlier parts included. */
  readonly rows: number;
  readonly parts: number;
}

/**
 * Compacts everything of a dataset that has landed by now.
 *
 * A step is taken last, in one change: a run that dies anywhere leaves parts that do not count, and the next run writes them again.
 */
export async function compact(dataset: string, deps: CompactDeps): Promise<Compacted> {
  let soFar: Compacted = { objects: 0, rows: 0, parts: 0 };
  for (const objects of compactionSteps(await deps.compaction.uncompacted(dataset), deps.limits)) {
    if (deps.isOver()) break;
    const step = await stepOf(dataset, objects, deps);
    await deps.compaction.commit(step);
    soFar = {
      objects: soFar.objects + objects.length,
      rows: soFar.rows + step.added.reduce((sum, { part }) => sum + part.rows, 0),
      parts: soFar.parts + step.added.length,
    };
    deps.onStep?.(soFar);
  }
  return soFar;
}

/** Writes a part for each event day that the objects touch. */
async function stepOf(
  dataset: string,
  objects: readonly CompactableObject[],
  { compaction, limits }: CompactDeps,
): Promise<CompactionStep> {
  const added: CompactionStep['added'][number][] = [];
  const retired: CompactionStep['retired'][number][] = [];
  for (const { day, objects: ofDay } of await compaction.eventDays(dataset, objects)) {
    const parts = partsToMerge(await compaction.parts(dataset, day), limits);
    added.push({ day, part: await compaction.write({ dataset, day, objects: ofDay, parts }) });
    retired.push(...parts);
  }
  return { dataset, objects, added, retired };
}
