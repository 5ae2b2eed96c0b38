/** A manifest that a killed process left half written is read as it was before, where it can be mended and where nothing can be written. */

import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Manifest } from '../../local/compaction/manifest.ts';
import { asSomebodyWhoCannotWrite } from '../helpers/without-rights.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const file = 'compacted.sqlite';
let lake: string;

/** One part counts. Then a process is killed in the middle of a write that would have retired it, and that had begun to reach the file. */
beforeEach(async () => {
  const living = join(await makeFolder(), 'living');
  lake = join(await makeFolder(), 'lake');
  for (const folder of [living, lake]) mkdirSync(folder);
  Manifest.openForWriting(living).close();
  const db = new DatabaseSync(join(living, file));
  db.exec(`PRAGMA cache_size = 1; INSERT INTO parts VALUES ('one', 'signins', '2026-11-22', 5, 100, NULL);
    BEGIN; UPDATE parts SET retired_at = 1; INSERT INTO objects (dataset, hour, name)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT 'signins', '2026-11-22T06', 'object-' || i FROM n`);
  for (const name of [file, `${file}-journal`]) copyFileSync(join(living, name), join(lake, name));
  db.exec('ROLLBACK');
  db.close();
});

function parts(): string[] {
  const manifest = Manifest.openForReading(lake);
  try {
    return manifest?.parts('signins').map(({ name }) => name) ?? [];
  } finally {
    manifest?.close();
  }
}

describe('a manifest that was left half written', () => {
  test('is taken back, and read by everybody from then on', () => {
    expect(parts()).toEqual(['one']);
    expect(existsSync(join(lake, `${file}-journal`))).toBe(false);
    expect(parts()).toEqual(['one']);
  });

  test('is read where nothing can be written, and nothing is left beside it or in the folder for temporary files', () => {
    const copies = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('m365-audit-lake-copy-'));
    const before = copies();
    asSomebodyWhoCannotWrite(lake, () => {
      expect(parts()).toEqual(['one']);
    });
    expect(readdirSync(lake).sort()).toEqual([file, `${file}-journal`]);
    expect(copies()).toEqual(before);
  });
});
