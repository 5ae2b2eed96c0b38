/** What is on disk once it is answered: a machine that loses its power has every object that the ledger calls landed. */

import { existsSync, fstatSync, statSync } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { LocalLake } from '../../local/lake.ts';
import { openLedger } from '../../local/ledger.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { blobs } from '../contracts/samples.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();

/** A file or folder that the disk was waited for, and whether the path in question was there by then. */
interface Flush {
  readonly inode: number;
  readonly wasThere: boolean;
}

let flushes: Flush[];
let watched: string;
let restore: () => void;

/** Every file handle of this process notes when it is flushed. */
beforeEach(async () => {
  const folder = await makeFolder();
  [flushes, watched] = [[], join(folder, 'nothing')];
  const handle = await open(folder, 'r');
  const prototype = Object.getPrototypeOf(handle) as Pick<FileHandle, 'sync'>;
  await handle.close();
  const { sync } = prototype;
  prototype.sync = function (this: FileHandle) {
    flushes.push({ inode: fstatSync(this.fd).ino, wasThere: existsSync(watched) });
    return sync.call(this);
  };
  restore = () => {
    prototype.sync = sync;
  };
});

afterEach(() => {
  restore();
});

const flushesOf = (path: string): boolean[] => {
  const inode = statSync(path).ino;
  return flushes.filter((one) => one.inode === inode).map(({ wasThere }) => wasThere);
};

async function openLake(): Promise<{ readonly root: string; readonly file: string; readonly lake: LocalLake }> {
  const root = await makeFolder();
  const [temp, file] = [join(root, 'temp'), join(root, 'temp', 'file')];
  await mkdir(temp);
  await writeFile(file, 'an object');
  return { root, file, lake: new LocalLake({ root, temp }) };
}

describe('an object of the lake', () => {
  const key = landingKey('msft_o365_exchange_online_raw', blobs('a'));

  test('is on disk before it has its name, and its name before the put is answered', async () => {
    const { root, file, lake } = await openLake();
    watched = join(root, key);
    await lake.putOnce(key, file);
    expect(flushesOf(watched)).toEqual([false]);
    expect(flushesOf(dirname(watched))).toContain(true);
  });

  test('has every folder above it on disk, where the put has made them', async () => {
    const { root, file, lake } = await openLake();
    await lake.putOnce(key, file);
    const made = ['', 'raw', 'raw/msft_o365_exchange_online_raw', dirname(key)];
    expect(made.filter((folder) => flushesOf(join(root, folder)).length > 0)).toEqual(made);
  });

  test('that was put by another is on disk, with its name, before the loser is answered', async () => {
    const { root, file, lake } = await openLake();
    await lake.putOnce(key, file);
    flushes = [];
    expect(await lake.putOnce(key, file)).toBe('taken');
    expect(flushesOf(dirname(join(root, key)))).toHaveLength(1);
  });
});

test('what a lake folder is, is on disk before it has its name: an empty one would be refused for ever', async () => {
  const path = join(await makeFolder(), 'lake');
  watched = join(path, 'lake.json');
  (await openLakeFolder(path, { exclusive: true })).close();
  expect(flushesOf(watched)).toEqual([false]);
  expect(flushesOf(path)).toContain(true);
});

test('the ledger is written through to the disk with each transaction', async () => {
  const ledger = openLedger(join(await makeFolder(), 'ledger.sqlite'));
  const db = Reflect.get(ledger, 'db') as DatabaseSync;
  // 2 is FULL. @see https://www.sqlite.org/pragma.html#pragma_synchronous
  expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  ledger.close();
});
