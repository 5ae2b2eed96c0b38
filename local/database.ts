import { chmodSync, copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/** How a SQLite file is opened. */
export interface DatabaseOptions {
  /** Opens an existing file for reading only. */
  readonly readOnly?: boolean;
  /** `FULL` survives a power cut; `NORMAL` survives any end of the process, and may forget the last writes in a power cut. */
  readonly synchronous?: 'FULL' | 'NORMAL';
}

/** How long a statement waits for another process' write before it throws, in ms. */
const busyTimeoutMs = 10_000;

/**
 * Opens a SQLite file with a write-ahead log, so that readers in other processes never wait for the writer.
 *
 * @param schema Statements that make the tables, each harmless where the table is there already; not run when opened for reading.
 * @throws StoreFailed with the file and the cure.
 */
export function openDatabase(file: string, schema: string, options: DatabaseOptions = {}): DatabaseSync {
  try {
    if (options.readOnly) return openForReading(file);
    const db = new DatabaseSync(file, { timeout: busyTimeoutMs });
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${options.synchronous ?? 'FULL'};`);
    db.exec(schema);
    return db;
  } catch (error) {
    throw storeFailed(file, error);
  }
}

/**
 * Readers of a write-ahead log share a file beside it. Where none can be made, on a disk that is mounted for reading only, nobody writes
 * either: the file is read as it stands, or, where a process that was killed has left writes in the log, a copy with these.
 */
function openForReading(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs });
  try {
    db.exec('SELECT count(*) FROM sqlite_schema');
    return db;
  } catch (error) {
    db.close();
    const code = codeOf(error);
    if (code !== codes.cannotOpen && code !== codes.readOnly) throw error;
    if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) return openCopy(file, '-wal');
    const immutableUrl = pathToFileURL(file);
    immutableUrl.searchParams.set('immutable', '1');
    return new DatabaseSync(immutableUrl, { readOnly: true, timeout: busyTimeoutMs });
  }
}

/**
 * Opens a copy of a file of which nothing can be written, with what SQLite keeps beside it (`-journal`, `-wal`). The copy has no name any more
 * once it is open.
 */
export function openCopy(file: string, beside: string): DatabaseSync {
  const folder = mkdtempSync(join(tmpdir(), 'm365-audit-lake-copy-'));
  try {
    const copy = join(folder, basename(file));
    for (const end of ['', beside]) {
      copyFileSync(file + end, copy + end);
      chmodSync(copy + end, 0o600);
    }
    const db = new DatabaseSync(copy, { timeout: busyTimeoutMs });
    db.exec('SELECT count(*) FROM sqlite_schema; PRAGMA query_only = ON');
    return db;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the work in one transaction that takes the write lock at once; nothing of it stays when it throws. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  try {
    db.exec('BEGIN IMMEDIATE');
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw storeFailed(db.location() ?? 'a database in memory', error);
  }
}

/** Runs reads against one state of the file, whatever is written meanwhile. */
export function inSnapshot<T>(db: DatabaseSync, work: () => T): T {
  try {
    db.exec('BEGIN');
    return work();
  } catch (error) {
    throw storeFailed(db.location() ?? 'a database in memory', error);
  } finally {
    if (db.isTransaction) db.exec('COMMIT');
  }
}

/** A file could not be read or written: which, why, and what to do about it. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed';
  /** SQLite's word for it, such as `SQLITE_FULL`. */
  readonly code: string;

  constructor(message: string, code: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Primary result codes of SQLite. @see https://www.sqlite.org/rescode.html */
const codes = { busy: 5, readOnly: 8, inputOutput: 10, corrupt: 11, full: 13, cannotOpen: 14, notDatabase: 26 } as const;

const damaged =
  "it is damaged: move it away with the files beside it that are named like it, and run 'lake reconcile --rebuild', which makes it again from the lake";
const cures: Readonly<Record<number, readonly [code: string, cure: string]>> = {
  [codes.busy]: ['SQLITE_BUSY', 'another process holds it: stop that one'],
  [codes.readOnly]: ['SQLITE_READONLY', 'it cannot be written: give this user the right to write to it and to its folder'],
  [codes.inputOutput]: ['SQLITE_IOERR', 'the disk failed: look at it, and at the limits of this user, and run the same command again'],
  [codes.corrupt]: ['SQLITE_CORRUPT', damaged],
  [codes.full]: ['SQLITE_FULL', 'the disk is full: free some space; nothing is lost, and what failed is tried again'],
  [codes.cannotOpen]: [
    'SQLITE_CANTOPEN',
    "it cannot be opened: see that it is there and may be read, and raise the limit of open files ('ulimit -n') where many are open",
  ],
  [codes.notDatabase]: ['SQLITE_NOTADB', damaged],
};

/** The error with the file and the cure, where SQLite raised it; any other error as it is. */
export function storeFailed(file: string, error: unknown): unknown {
  const code = codeOf(error);
  const known = code === undefined || error instanceof StoreFailed ? undefined : cures[code];
  if (!known) return error;
  const [name, cure] = known;
  return new StoreFailed(`'${file}': ${(error as Error).message} (${name}); ${cure}`, name, error);
}

/** A process was killed while it wrote, and who opens the file for reading alone cannot take that back (SQLITE_READONLY_ROLLBACK). */
export const isHalfWritten = (error: unknown): boolean => errcodeOf(error) === (codes.readOnly | (3 << 8));

/** The file, its folder or its disk cannot be written by this user. */
export function isUnwritable(error: unknown): boolean {
  const code = codeOf(error);
  return code === codes.readOnly || code === codes.cannotOpen;
}

/** The primary code; SQLite's extended ones have more in their higher bits. */
function codeOf(error: unknown): number | undefined {
  const code = errcodeOf(error);
  return code === undefined ? undefined : code & 0xff;
}

function errcodeOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;
}
