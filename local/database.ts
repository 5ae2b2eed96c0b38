import { DatabaseSync } from 'node:sqlite';

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
 */
export function openDatabase(file: string, schema: string, options: DatabaseOptions = {}): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: options.readOnly ?? false, timeout: busyTimeoutMs });
  if (options.readOnly) return db;
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${options.synchronous ?? 'FULL'};`);
  db.exec(schema);
  return db;
}

/** Runs the work in one transaction that takes the write lock at once; nothing of it stays when it throws. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Runs reads against one state of the file, whatever is written meanwhile. */
export function inSnapshot<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN');
  try {
    return work();
  } finally {
    db.exec('COMMIT');
  }
}
