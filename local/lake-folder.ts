import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openDatabase, storeFailed, StoreFailed } from './database.ts';
import { flush } from './flush.ts';
import { queueSchema } from './jobs.ts';
import { ledgerSchema } from './ledger/schema.ts';

/** Where one machine keeps everything: objects, ledger, queue, and what is not complete yet. */
export interface LakeFolder {
  /** Absolute. `raw/` and `quarantine/` are in here. */
  readonly path: string;
  readonly ledgerFile: string;
  readonly queueFile: string;
  /** What stateful rules remember. */
  readonly sightingsFile: string;
  /** Objects on their way to their key. */
  readonly objectsTemp: string;
  /** Base of the workspaces. */
  readonly workTemp: string;
  /** For DuckDB, when memory does not do. */
  readonly spillTemp: string;
  /** Lets the next run have the folder. */
  close(): void;
}

/** Raised when an older version of this program could not use the folder any more. */
const format = 1;
const names = {
  format: 'lake.json',
  lock: 'lock.sqlite',
  ledger: 'ledger.sqlite',
  queue: 'queue.sqlite',
  sightings: 'sightings.sqlite',
  temp: 'temp',
} as const;

/**
 * Opens a lake folder.
 *
 * With `exclusive` it is made when it is missing, held against every other exclusive run until `close` or the end of this process,
 * however it ends, and cleared of what killed runs left half-done. Without, it is only read, and anybody may.
 *
 * @throws When the folder is used by another run, is from a newer version, is something else, or (to be read) is not there.
 */
export async function openLakeFolder(path: string, options: { readonly exclusive: boolean }): Promise<LakeFolder> {
  const folder = resolve(path);
  await checkFormat(folder, options.exclusive);
  if (!options.exclusive) return describe(folder, () => undefined);

  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = lock(folder);
  try {
    await initialize(folder);
  } catch (error) {
    unlock();
    throw error;
  }
  return describe(folder, unlock);
}

function describe(path: string, close: () => void): LakeFolder {
  const temp = join(path, names.temp);
  return {
    path,
    ledgerFile: join(path, names.ledger),
    queueFile: join(path, names.queue),
    sightingsFile: join(path, names.sightings),
    objectsTemp: join(temp, 'objects'),
    workTemp: join(temp, 'work'),
    spillTemp: join(temp, 'spill'),
    close,
  };
}

async function checkFormat(folder: string, mayBeNew: boolean): Promise<void> {
  const file = join(folder, names.format);
  if (!existsSync(file)) {
    if (!mayBeNew) throw new Error(`there is no lake in '${folder}': name the folder of one, or start one there first`);
    return checkEmpty(folder);
  }
  const found = await readFormat(file);
  if (found === format) return;
  if (found > format)
    throw new Error(
      `the lake in '${folder}' has format ${String(found)}, written by a newer version; this one knows ${String(format)}: update it`,
    );
  throw new Error(
    `'${file}' does not say which format the lake has; it should be {"format":${String(format)}}: restore the file, or use another folder`,
  );
}

/** 0 for what is no format at all. */
async function readFormat(file: string): Promise<number> {
  const text = await readFile(file, 'utf8');
  try {
    const { format: found } = JSON.parse(text) as { format?: unknown };
    return typeof found === 'number' ? found : 0;
  } catch {
    return 0;
  }
}

/** A new lake never moves into a folder that holds something else; what a run leaves that was killed in its first moments is fine. */
async function checkEmpty(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  // Tenants may be added before the first run.
  const own = [names.lock, names.temp, 'tenants.json', 'tenants-audit.jsonl', 'credentials'];
  const other = (await readdir(folder)).find((name) => !own.some((prefix) => name.startsWith(prefix)));
  if (other) throw new Error(`'${folder}' is no lake and not empty (it holds '${other}'): use a new folder`);
}

/** Locks that are held. A database that nobody refers to is closed when memory is cleared, and its lock would go with it. */
const held = new Set<DatabaseSync>();

/**
 * The operating system holds this lock for the process and lets go when the process ends, even by kill -9 or a power cut; so there is
 * no number of a dead process to find in a file.
 */
function lock(folder: string): () => void {
  const db = exclusive(folder, join(folder, names.lock));
  held.add(db);
  return () => {
    if (held.delete(db)) db.close();
  };
}

function exclusive(folder: string, file: string): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db?.close();
    const failed = storeFailed(file, error);
    if (failed instanceof StoreFailed && failed.code !== 'SQLITE_BUSY') throw failed;
    throw new Error(`the lake in '${folder}' is used by another run: stop that one, or use another folder`, { cause: error });
  }
}

async function initialize(folder: string): Promise<void> {
  const { ledgerFile, queueFile, objectsTemp, workTemp, spillTemp } = describe(folder, () => undefined);
  await rm(join(folder, names.temp), { recursive: true, force: true });
  await mkdir(join(folder, names.temp), { mode: 0o700 });
  await writeFormat(folder);
  const folders = [objectsTemp, workTemp, spillTemp, join(folder, 'raw'), join(folder, 'quarantine')];
  await Promise.all(folders.map((one) => mkdir(one, { recursive: true, mode: 0o700 })));
  openDatabase(ledgerFile, ledgerSchema).close();
  openDatabase(queueFile, queueSchema).close();
}

/** First of all: a folder that says what it is can be initialized again, whenever the first run was killed. */
async function writeFormat(folder: string): Promise<void> {
  const file = join(folder, names.format);
  if (existsSync(file)) return;
  const draft = join(folder, names.temp, names.format);
  await writeFile(draft, `${JSON.stringify({ format })}\n`);
  await flush(draft);
  await rename(draft, file);
  await flush(folder);
}
