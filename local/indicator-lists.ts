/** The lists of indicators of a lake folder: a file each, and one index over all of them. */

import { createReadStream, statSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { entryLine, entryOfLine, type IndicatorEntry } from '../shared/detections/indicator-lists/entry.ts';
import { IndexBuilder, type IndexHead } from '../shared/detections/indicator-lists/index-builder.ts';
import { openIndex, readIndexHead } from '../shared/detections/indicator-lists/open-index.ts';
import { noIndicators, type IndicatorIndex } from '../shared/detections/indicators.ts';
import { openIndexFile } from '../shared/landing/index-file.ts';

/** Where a lake folder keeps them. */
const indicatorFolder = (lake: string): string => join(lake, 'indicators');
/** The index over all lists. */
export const indexFileOf = (lake: string): string => join(indicatorFolder(lake), 'index.bin');
const listEnd = '.ndjson';
/** The file of one list. */
export const listFileOf = (lake: string, name: string): string => join(indicatorFolder(lake), `${name}${listEnd}`);

/** An empty place for lists: what was there is gone. */
export async function prepareLists(lake: string): Promise<void> {
  await rm(indicatorFolder(lake), { recursive: true, force: true });
  await mkdir(indicatorFolder(lake), { recursive: true, mode: 0o700 });
}

/** What a list may be called: it becomes the name of a file. */
export const listNamePattern = /^[A-Za-z0-9][\w.-]{0,63}$/;

/**
 * Writes a list, whole, in the place of one of its name, and makes the index again.
 *
 * @param entries What it holds; written as they come, so that a large list needs no memory.
 */
export async function writeIndicatorList(lake: string, name: string, entries: AsyncIterable<IndicatorEntry>): Promise<IndexHead> {
  await mkdir(indicatorFolder(lake), { recursive: true, mode: 0o700 });
  await replaceFile(listFileOf(lake, name), async (write) => {
    for await (const entry of entries) await write(Buffer.from(`${entryLine(entry)}\n`));
  });
  return rebuildIndex(lake);
}

/** Removes a list. @returns Whether there was one. */
export async function removeIndicatorList(lake: string, name: string): Promise<boolean> {
  const file = listFileOf(lake, name);
  if (!(await stat(file).catch(() => undefined))) return false;
  await rm(file);
  await rebuildIndex(lake);
  return true;
}

/** How many indicators each list has. @throws Error where the index was cut off. */
export function indicatorLists(lake: string): Readonly<Record<string, number>> {
  const file = openIndexFile(indexFileOf(lake));
  if (!file) return {};
  try {
    return readIndexHead(file).sources;
  } finally {
    file.close();
  }
}

/**
 * The indicators of a lake folder, until `close`. A list that is imported meanwhile counts from the next record on.
 *
 * @throws Error where the index was cut off, at once or when a value is looked up.
 */
export function openIndicators(lake: string): IndicatorIndex & { close(): void } {
  let current = openCurrent(lake);
  return {
    find: (type, text, time) => {
      // Asked once in a while: a look at the file for each value would cost more than looking it up.
      if (++current.asked % askedBetweenLooks === 0 && stampOf(lake) !== current.stamp) {
        current.close();
        current = openCurrent(lake);
      }
      return current.find(type, text, time);
    },
    close: () => {
      current.close();
    },
  };
}

const askedBetweenLooks = 256;

function openCurrent(lake: string): IndicatorIndex & { readonly stamp: string; asked: number; close(): void } {
  const stamp = stampOf(lake);
  const file = openIndexFile(indexFileOf(lake));
  if (!file) return { ...noIndicators, stamp, asked: 0, close: () => undefined };
  try {
    const index = openIndex(file);
    return {
      find: (type, text, time) => index.find(type, text, time),
      stamp,
      asked: 0,
      close: () => {
        file.close();
      },
    };
  } catch (error) {
    file.close();
    throw new Error(`${indexFileOf(lake)} ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** What distinguishes one index from the next, which takes its place as a whole. */
function stampOf(lake: string): string {
  const { ino, mtimeMs } = statSync(indexFileOf(lake), { throwIfNoEntry: false }) ?? {};
  return `${String(ino)} ${String(mtimeMs)}`;
}

/** Two that write at once make the index one after the other: each looks again whether the lists are those that it read. */
export async function rebuildIndex(lake: string): Promise<IndexHead> {
  for (;;) {
    const before = await listedFiles(lake);
    const head = await writeIndex(
      lake,
      before.map(({ path }) => path),
    );
    if (JSON.stringify(await listedFiles(lake)) === JSON.stringify(before)) return head;
  }
}

async function writeIndex(lake: string, lists: readonly string[]): Promise<IndexHead> {
  const builder = new IndexBuilder();
  await replaceFile(indexFileOf(lake), async (write) => {
    await write(builder.begin());
    for (const list of lists) {
      for await (const line of createInterface({ input: createReadStream(list), crlfDelay: Infinity })) {
        const bytes = builder.add(entryOfLine(line));
        if (bytes) await write(bytes);
      }
    }
    for (const bytes of builder.end()) await write(bytes);
  });
  const file = openIndexFile(indexFileOf(lake));
  if (!file) throw new Error(`${indexFileOf(lake)} was removed while it was made; import the list again`);
  try {
    return readIndexHead(file);
  } finally {
    file.close();
  }
}

async function listedFiles(lake: string) {
  const names = (await readdir(indicatorFolder(lake))).filter((name) => name.endsWith(listEnd));
  const lists = names.map((name) => name.slice(0, -listEnd.length)).sort();
  return Promise.all(
    lists.map(async (list) => {
      const path = join(indicatorFolder(lake), `${list}${listEnd}`);
      const { size, mtimeMs, ino } = await stat(path);
      return { path, size, mtimeMs, ino };
    }),
  );
}

const buffered = 1 << 20;

/** Writes beside it and takes its place at the end: whoever reads meanwhile has the old one. */
async function replaceFile(path: string, fill: (write: (bytes: Buffer) => Promise<void>) => Promise<void>): Promise<void> {
  const beside = `${path}.${String(process.pid)}.new`;
  const file = await open(beside, 'w', 0o600);
  try {
    let waiting: Buffer[] = [];
    let size = 0;
    const flush = async (): Promise<void> => {
      await file.writeFile(Buffer.concat(waiting));
      [waiting, size] = [[], 0];
    };
    await fill(async (bytes) => {
      waiting.push(bytes);
      size += bytes.length;
      if (size > buffered) await flush();
    });
    await flush();
    await file.sync();
    await file.close();
    await rename(beside, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(beside, { force: true });
    throw error;
  }
}
