/** Compacts every dataset of a lake folder. */

import { compact, type Compacted } from '../../lambdas/compact/compact.ts';
import { compactionLimits } from '../../shared/domain/compaction.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { LakeFolder } from '../lake-folder.ts';
import { lakeTables } from '../lake-views.ts';
import { LocalCompaction } from './local-compaction.ts';
import { openPartWriter } from './part-writer.ts';

/** What was done for one dataset. */
export interface CompactedDataset extends Compacted {
  readonly dataset: string;
}

/** How a lake is compacted. */
export interface CompactLakeOptions {
  readonly clock: Clock;
  /** Names of datasets; all where absent. */
  readonly datasets?: readonly string[];
  /** Makes the parts again from the objects; until they are there, queries read the objects. */
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
  const writer = await openPartWriter(folder.path, tables, { memoryMb, spillFolder: folder.spillTemp });
  const compaction = new LocalCompaction(folder, writer, clock);
  try {
    await compaction.clean();
    const done: CompactedDataset[] = [];
    for (const { name } of tables) {
      if (isOver()) break;
      if (isRebuild) compaction.forget(name);
      const onStep = (soFar: Compacted): void => options.onStep?.(name, soFar);
      const compacted = await compact(name, { compaction, limits: compactionLimits, isOver, onStep });
      if (compacted.objects > 0) done.push({ dataset: name, ...compacted });
    }
    return done;
  } finally {
    compaction.close();
    writer.close();
  }
}
