/** SQLite files without what was ever deleted from them. */

import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { storeFailed } from '../database.ts';

/**
 * Writes a SQLite file anew. Its pages keep the bytes of rows that were deleted or replaced at any time before; afterwards they are in no page of the
 * file and of its log any more. Takes as much room again while it runs. Nothing else may have the file open.
 */
export function writeAnew(file: string): void {
  if (!existsSync(file)) return;
  const db = new DatabaseSync(file);
  try {
    db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
  } catch (error) {
    throw storeFailed(file, error);
  } finally {
    db.close();
  }
}
