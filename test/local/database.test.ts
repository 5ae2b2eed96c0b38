import { copyFileSync, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { inTransaction, openDatabase, StoreFailed } from '../../local/database.ts';
import { openLedger } from '../../local/ledger.ts';
import { jobRef } from '../../shared/domain/fetch-job.ts';
import { blobs, due } from '../contracts/samples.ts';
import { asSomebodyWhoCannotWrite } from '../helpers/without-rights.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();

/** What the work throws. */
function failureOf(work: () => unknown): StoreFailed {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreFailed) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

describe('a store that fails names its file, SQLite’s reason and the cure', () => {
  test('when its file is no database', async () => {
    const file = join(await makeFolder(), 'ledger.sqlite');
    await writeFile(file, 'half a page of something else '.repeat(200));
    for (const readOnly of [true, false]) {
      const { message, code } = failureOf(() => openLedger(file, { readOnly }));
      expect(code).toBe('SQLITE_NOTADB');
      expect(message).toContain(`'${file}': file is not a database (SQLITE_NOTADB)`);
      expect(message).toContain("run 'lake reconcile --rebuild'");
    }
  });

  test('when the disk is full, and nothing of the write stays', async () => {
    const file = join(await makeFolder(), 'small.sqlite');
    const db = openDatabase(file, 'CREATE TABLE IF NOT EXISTS lines (line TEXT)');
    db.exec('PRAGMA max_page_count = 4');
    const { message, code } = failureOf(() => {
      inTransaction(db, () => {
        for (let line = 0; line < 100; line += 1) db.prepare('INSERT INTO lines VALUES (?)').run('x'.repeat(1_000));
      });
    });
    expect(code).toBe('SQLITE_FULL');
    expect(message).toContain('the disk is full: free some space');
    expect(message).toContain(file);
    expect(db.prepare('SELECT count(*) AS n FROM lines').get()).toEqual({ n: 0 });
    db.close();
  });

  test('when it is not there, or too many files are open', async () => {
    const file = join(await makeFolder(), 'nowhere', 'ledger.sqlite');
    expect(failureOf(() => openDatabase(file, '', { readOnly: true })).message).toContain('ulimit -n');
  });
});

test('a ledger whose folder can only be read is read as it stands', async () => {
  const file = join(await makeFolder(), 'ledger.sqlite');
  const ledger = openLedger(file);
  await ledger.createJob(blobs('a'), due);
  ledger.close();
  const reader = openLedger(file, { readOnly: true });
  expect((await reader.readJob(jobRef(blobs('a'))))?.state.state).toBe('pending');
  await expect(reader.createJob(blobs('b'), due)).rejects.toThrow('it cannot be written');
  reader.close();
});

test('writes that a killed process left in the log of a ledger are read where nothing can be written', async () => {
  const [living, folder] = [await makeFolder(), join(await makeFolder(), 'lake')];
  mkdirSync(folder);
  const ledger = openLedger(join(living, 'ledger.sqlite'));
  await ledger.createJob(blobs('a'), due);
  for (const name of ['ledger.sqlite', 'ledger.sqlite-wal']) copyFileSync(join(living, name), join(folder, name));
  ledger.close();
  let left: ReturnType<typeof openLedger> | undefined;
  asSomebodyWhoCannotWrite(folder, () => {
    left = openLedger(join(folder, 'ledger.sqlite'), { readOnly: true });
  });
  expect(await left?.readJob(jobRef(blobs('a')))).toMatchObject({ state: { state: 'pending' } });
  await expect(left?.createJob(blobs('b'), due)).rejects.toThrow('it cannot be written');
  left?.close();
});

test('a ledger of an earlier version gets the columns that it lacks', async () => {
  const file = join(await makeFolder(), 'ledger.sqlite');
  const ledger = openLedger(file);
  await ledger.createJob(blobs('a'), due);
  ledger.close();
  const old = openDatabase(file, '');
  old.exec('ALTER TABLE jobs DROP COLUMN because');
  old.close();
  const read = openLedger(file);
  expect(await read.parkJob(jobRef(blobs('a')), 1, { dueAt: due, parks: 1, malformed: [0], because: 'HTTP 503' })).toBe(true);
  expect((await read.readJob(jobRef(blobs('a'))))?.state.because).toBe('HTTP 503');
  read.close();
});

test('every write is flushed to the disk before it is answered, unless the file may forget its last ones in a power cut', async () => {
  const folder = await makeFolder();
  const flushes = (options: Parameters<typeof openDatabase>[2]): unknown => {
    const db = openDatabase(join(folder, `${options?.synchronous ?? 'default'}.sqlite`), 'CREATE TABLE IF NOT EXISTS t (x)', options);
    const { synchronous } = db.prepare('PRAGMA synchronous').get() ?? {};
    db.close();
    return synchronous;
  };
  // 2 is FULL, 1 NORMAL.
  expect([flushes({}), flushes({ synchronous: 'FULL' }), flushes({ synchronous: 'NORMAL' })]).toEqual([2, 2, 1]);
});
