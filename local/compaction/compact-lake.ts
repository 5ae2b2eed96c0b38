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
import { isCompacted } from './manifest-file.ts';
import { openPartWriter, type PartWriter } from './part-writer.ts';
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

/**
 * @param folder Opened exclusively.
 * @returns The datasets that had something to compact.
 * @throws At the end, where a dataset could not be compacted: the others are.
 */
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
    const failed: unknown[] = [];
    for (const { kind, name } of tables) {
      if (isOver()) break;
      const own = kind === 'raw' && rebuilding ? rebuilding.compaction : compaction;
      const work = async (): Promise<Compacted> => {
        if (isRebuild) await compaction.forget(name);
        const onStep = (soFar: Compacted): void => options.onStep?.(name, soFar);
        return compact(name, { compaction: own, limits: compactionLimits, isOver, onStep });
      };
      const compacted = await work().catch((error: unknown) => {
        failed.push(error);
      });
      if (compacted && compacted.objects > 0) done.push({ dataset: name, ...compacted });
    }
    if (failed.length > 0) throw summaryOf(failed);
    return done;
  } finally {
    rebuilding?.close();
    compaction.close();
    writer.close();
  }
}

function summaryOf(failed: readonly unknown[]): unknown {
  const [first, ...others] = failed;
  if (others.length === 0) return first;
  const because = first instanceof Error ? first.message : String(first);
  return new Error(`${String(failed.length)} datasets could not be compacted; the first: ${because}`, { cause: first });
}

/**
 * From now on a dataset is read from its objects, as if it had never been compacted; rows whose objects have expired stay as they are.
 * Nothing to do where it never was.
 */
export async function forgetParts(folder: LakeFolder, dataset: string, clock: Clock): Promise<void> {
  if (!isCompacted(folder.path)) return;
  const opened = await openCompaction(folder, clock);
  try {
    await opened.compaction.forget(dataset);
  } finally {
    opened.close();
  }
}

/** Compaction with a writer of its own. @param folder Opened exclusively. */
export async function openCompaction(
  folder: LakeFolder,
  clock: Clock,
): Promise<{ readonly compaction: LocalCompaction; readonly writer: PartWriter; close(): void }> {
  const tables = lakeTables().filter(({ kind }) => kind !== 'view');
  const writer = await openPartWriter({ root: folder.path }, tables, { memoryMb, spillFolder: folder.spillTemp });
  try {
    const compaction = new LocalCompaction(folder, writer, clock);
    const close = (): void => {
      compaction.close();
      writer.close();
    };
    return { compaction, writer, close };
  } catch (error) {
    writer.close();
    throw error;
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
