import { randomUUID } from 'node:crypto';
import { constants, createReadStream, existsSync } from 'node:fs';
import { copyFile, link, mkdir, readdir, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { checkKey } from '../shared/domain/lake-key.ts';
import type { ObjectMetadata } from '../shared/domain/landing-key.ts';
import type { ObjectDigest } from '../shared/domain/sealed-object.ts';
import { digestOfStream } from '../shared/file-digest.ts';
import type { LakeObject } from '../shared/domain/lake-object.ts';
import type { Lake, LakeInventory } from '../shared/ports/lake.ts';
import { answer } from './answer.ts';
import { flush, makeFlushedFolder } from './flush.ts';
import { readFooter, type ReadFooter } from './parquet-footer.ts';

/** Where the lake's files lie. */
export interface LakePlace {
  /** The folder that keys are names in. */
  readonly root: string;
  /** A folder of the same filesystem for what is not complete yet. */
  readonly temp: string;
  readonly readFooter?: ReadFooter;
}

/**
 * The lake on one machine: plain files, each written once.
 *
 * The metadata of a `raw/` object is what its Parquet file says of itself, so that file and metadata cannot come apart: the landing
 * step writes the very same pairs into the file. An object of `quarantine/` or `manifests/` has no metadata.
 */
export class LocalLake implements Lake, LakeInventory {
  private readonly place: LakePlace;

  constructor(place: LakePlace) {
    this.place = place;
  }

  async head(key: string): Promise<ObjectMetadata | undefined> {
    const file = this.fileOf(key);
    if (!existsSync(file)) return undefined;
    if (!key.endsWith('.parquet')) return {};
    const { rows, metadata } = await (this.place.readFooter ?? readFooter)(file);
    // As they landed, as the ledger counts them: what was erased since is noted beside.
    return { ...metadata, rows: String(rows + Number(metadata.erased ?? 0)) };
  }

  /**
   * The object appears at its key by one `link`, which fails where a name is taken: of any number of writers one wins, and whoever
   * is killed before it leaves nothing but a file in the temp folder.
   */
  async putOnce(key: string, file: string): Promise<'put' | 'taken'> {
    const target = this.fileOf(key);
    const copy = join(this.place.temp, `put-${randomUUID()}`);
    try {
      await copyFile(file, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      await flush(copy);
      await makeFlushedFolder(dirname(target));
      const outcome = await linkOnce(copy, target);
      if (key.startsWith('raw/')) await moveTimeOfChange(dirname(dirname(target)));
      return outcome;
    } finally {
      await unlink(copy).catch(ignoreMissing);
    }
  }

  /** The object's own file: it never changes, so that no copy is needed. */
  get(key: string): Promise<string | undefined> {
    return answer(() => {
      const file = this.fileOf(key);
      return existsSync(file) ? file : undefined;
    });
  }

  async digest(key: string): Promise<ObjectDigest | undefined> {
    const file = this.fileOf(key);
    return existsSync(file) ? digestOfStream(createReadStream(file)) : undefined;
  }

  /** The keys that begin with the prefix, in the order of their names. */
  async list(prefix: string): Promise<readonly string[]> {
    const { root } = this.place;
    const folders = ['raw', 'quarantine', 'manifests'].map((name) => join(root, name)).filter((folder) => existsSync(folder));
    const entries = await Promise.all(folders.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })));
    const files = entries.flat().filter((entry) => entry.isFile());
    const keys = files.map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
    return keys.filter((key) => key.startsWith(prefix)).sort();
  }

  async *objects(prefix: string): AsyncGenerator<LakeObject> {
    for (const key of await this.list(prefix)) {
      const { size, mtimeMs } = await stat(this.fileOf(key));
      yield { key, putAt: Math.floor(mtimeMs), bytes: size };
    }
  }

  /** A file's metadata says everything already. */
  describe(key: string): Promise<ObjectMetadata | undefined> {
    return this.head(key);
  }

  private fileOf(key: string): string {
    return join(this.place.root, checkKey(key));
  }
}

/** Either way the name is on disk before this returns: who finds it taken goes on to write in the ledger that it is there. */
async function linkOnce(from: string, to: string): Promise<'put' | 'taken'> {
  const outcome = await link(from, to).then(() => 'put' as const, takenWhereItExists);
  await flush(dirname(to));
  return outcome;
}

function takenWhereItExists(error: unknown): 'taken' {
  if (codeOf(error) === 'EEXIST') return 'taken';
  throw error;
}

/**
 * The folder of the landing date, which the link into that of the hour leaves as it was: so who reads can see by one look that nothing of the
 * date is new. A kill before it hides the object from queries until the job is finished or the lake is next compacted.
 */
async function moveTimeOfChange(folder: string): Promise<void> {
  const name = join(folder, `landed-${randomUUID()}`);
  await mkdir(name);
  await rmdir(name);
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
