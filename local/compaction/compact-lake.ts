/** Compacts every dataset of a lake folder. */

import { join } from 'node:path';
import { compact, type Compacted } from '../../lambdas/compact/compact.ts';
import { compactionLimits } from '../../shared/domain/compaction.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { LakeFolder } from '../lake-folder.ts';
import { lakeTables, type LakeTable } from '../lake-views.ts';
import { connectDuckDb, openLanding } from '../../shared/landing/landing.ts';
import type { Compaction } from '../../shared/ports/compaction.ts';
import { LocalCompaction } from './local-compaction.ts';
import { openPartWriter } from './part-writer.ts';
import { readingAgain } from './read-again.ts';

/** What was done for one dataset. */
export interface CompactedDataset extends Compacted {
  readonly dataset: string;
}

/** How a lake is compacted. */
export interface CompactLakeOptions {
  readonly clock: Clock;
  /** Names of datasets; all where absent. */
  readonly datasets?: readonly string[];
  /**
   * Makes the parts again: of raw datasets from the records' JSON text with the columns of today, of normalized ones from their objects.
   * Until a part is there, queries read the objects.
   */
  readonly isRebuild?: boolean;
  /** Asked before each step; what has begun is ended. */
  readonly isOver?: () => boolean;
  /** Called after each step with the dataset that is at work. */
  readonly onStep?: (dataset: string, soFar: Compacted) => void;
}

/** What sorting a day may hold in memory before it spills, in MB. */
const memoryMb = 200;

/** @param folder Opened exclusively. @returns The datasets that had something to compact. */
export async function compactLake(folder: LakeFolder, options: CompactLakeOptions): Promise<CompactedDataset[]> {
  const { clock, isOver = () => false, isRebuild = false } = options;
  const tables = lakeTables().filter(({ kind, name }) => kind !== 'view' && (options.datasets?.includes(name) ?? true));
  const limits = { memoryMb, spillFolder: folder.spillTemp };
  const writer = await openPartWriter({ root: folder.path }, tables, limits);
  const compaction = new LocalCompaction(folder, writer, clock);
  const rebuilding = isRebuild ? await openRebuilding(folder, tables, clock) : undefined;
  try {
    await compaction.clean();
    const done: CompactedDataset[] = [];
    for (const { kind, name } of tables) {
      if (isOver()) break;
      if (isRebuild) compaction.forget(name);
      const onStep = (soFar: Compacted): void => options.onStep?.(name, soFar);
      const compacted = await compact(name, {
        compaction: kind === 'raw' && rebuilding ? rebuilding.compaction : compaction,
        limits: compactionLimits,
        isOver,
        onStep,
      });
      if (compacted.objects > 0) done.push({ dataset: name, ...compacted });
    }
    return done;
  } finally {
    rebuilding?.close();
    compaction.close();
    writer.close();
  }
}

async function openRebuilding(
  folder: LakeFolder,
  tables: readonly LakeTable[],
  clock: Clock,
): Promise<{ readonly compaction: Compaction; close(): void }> {
  const again = join(folder.workTemp, 'read-again');
  const limits = { memoryMb, spillFolder: folder.spillTemp };
  const writer = await openPartWriter({ root: folder.path, objects: again }, tables, limits);
  const landing = await openLanding(limits);
  const connection = await connectDuckDb(limits);
  const local = new LocalCompaction(folder, writer, clock);
  return {
    compaction: readingAgain(local, { root: folder.path, again, connection, landing }),
    close: () => {
      local.close();
      connection.closeSync();
      landing.close();
      writer.close();
    },
  };
}
