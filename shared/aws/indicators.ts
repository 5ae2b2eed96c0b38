/** The indicators of a deployment, as its workers look values up in them. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openIndex, type IndexBytes } from '../detections/indicator-lists/open-index.ts';
import { noIndicators, type IndicatorIndex } from '../detections/indicators.ts';
import { minutes, type Instant } from '../domain/window.ts';
import type { Clock } from '../ports/clock.ts';
import { getIndex, tooLarge, type IndicatorPlace } from './indicator-objects.ts';

/** What people import counts from then on. */
const lookAgainMs = minutes(5);

/** Opens a file's bytes. */
export type OpenFile = (path: string) => (IndexBytes & { close(): void }) | undefined;

/**
 * The indicators in force: the bucket is asked every five minutes whether its index is another one, and only then is it fetched. An index
 * that cannot be used fails the rules that look values up, and no other.
 *
 * @param folder Where a copy of the index is kept; nobody else writes there.
 * @throws When S3 fails.
 */
export function openIndicators(
  place: IndicatorPlace,
  folder: string,
  clock: Pick<Clock, 'now'>,
  openFile: OpenFile,
): () => Promise<IndicatorIndex> {
  let known: Known = { index: noIndicators, close: () => undefined };
  let checkedAt: Instant | undefined;
  let running: Promise<void> | undefined;
  let copies = 0;
  const look = async (): Promise<void> => {
    const now = clock.now();
    const file = join(folder, `indicators-${String((copies += 1))}.bin`);
    const next = await read(place, { file, openFile }, known.version);
    checkedAt = now;
    if (!next) return;
    known.close();
    known = next;
  };
  return async () => {
    const now = clock.now();
    if (checkedAt === undefined || now - checkedAt >= lookAgainMs || now < checkedAt)
      await (running ??= look().finally(() => (running = undefined)));
    return known.index;
  };
}

interface Known {
  readonly index: IndicatorIndex;
  readonly version?: string;
  close(): void;
}

/** The index that is there; undefined where it is the known one. Its file is gone from the folder at once, and from the disk when it is closed. */
async function read(
  place: IndicatorPlace,
  { file, openFile }: { file: string; openFile: OpenFile },
  version?: string,
): Promise<Known | undefined> {
  const got = await getIndex(place, file, version);
  if (got.kind === 'same') return undefined;
  if (got.kind === 'none') return { index: noIndicators, close: () => undefined };
  if (got.kind === 'too-large') return broken(got.version, tooLarge(got.bytes));
  const bytes = openFile(file);
  await rm(file, { force: true });
  if (!bytes) return broken(got.version, 'the copy of the index is gone from the disk');
  try {
    return {
      index: openIndex(bytes),
      version: got.version,
      close: () => {
        bytes.close();
      },
    };
  } catch (error) {
    bytes.close();
    return broken(got.version, `the index of indicators ${error instanceof Error ? error.message : String(error)}`);
  }
}

function broken(version: string, why: string): Known {
  const find = (): never => {
    throw new Error(why);
  };
  return { index: { find }, version, close: () => undefined };
}
