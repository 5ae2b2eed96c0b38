import { existsSync } from 'node:fs';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { openLedger } from '../../local/ledger.ts';
import { exchange, nothing } from '../contracts/samples.ts';
import { children } from '../helpers/child.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const startChild = children();
const newPath = async (): Promise<string> => join(await makeFolder(), 'some', '.lake');
const exclusive = { exclusive: true };
const forReading = { exclusive: false };

describe('opening a lake folder exclusively', () => {
  test('makes what is missing, for its owner only', async () => {
    const folder = await openLakeFolder(await newPath(), exclusive);
    const made = await readdir(folder.path);
    expect(made).toEqual(expect.arrayContaining(['raw', 'quarantine', 'ledger.sqlite', 'queue.sqlite', 'lake.json']));
    expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
    folder.close();
  });

  test('keeps what is there, and clears what was left half-done', async () => {
    const path = await newPath();
    const first = await openLakeFolder(path, exclusive);
    await writeFile(join(first.path, 'raw', 'kept'), 'x');
    await writeFile(join(first.objectsTemp, 'half'), 'x');
    first.close();

    const second = await openLakeFolder(path, exclusive);
    expect(existsSync(join(second.path, 'raw', 'kept'))).toBe(true);
    expect(await readdir(second.objectsTemp)).toEqual([]);
    second.close();
  });

  test('is refused while another run has it, and what that run writes stays', async () => {
    const path = await newPath();
    const first = await openLakeFolder(path, exclusive);
    await writeFile(join(first.objectsTemp, 'half'), 'x');
    await expect(openLakeFolder(path, exclusive)).rejects.toThrow(`'${path}' is used by another run`);
    expect(await readdir(first.objectsTemp)).toEqual(['half']);
    first.close();
    (await openLakeFolder(path, exclusive)).close();
  });

  test('is refused while another process has it, and possible the moment that one is killed', async () => {
    const path = await newPath();
    const child = startChild(new URL('./hold-lake-folder.ts', import.meta.url), path);
    await child.printed(1);
    await expect(openLakeFolder(path, exclusive)).rejects.toThrow('is used by another run');
    await child.kill();

    const folder = await openLakeFolder(path, exclusive);
    expect(await readdir(folder.objectsTemp)).toEqual([]);
    folder.close();
  });

  test('is refused where something else is', async () => {
    const path = await makeFolder();
    await writeFile(join(path, 'thesis.doc'), 'x');
    await expect(openLakeFolder(path, exclusive)).rejects.toThrow("no lake and not empty (it holds 'thesis.doc')");
    expect(await readdir(path)).toEqual(['thesis.doc']);
  });

  test('goes on where the first run was killed before it had made anything', async () => {
    const path = await makeFolder();
    await mkdir(join(path, 'temp'));
    await writeFile(join(path, 'lock.sqlite'), '');
    (await openLakeFolder(path, exclusive)).close();
  });
});

describe('a lake folder of another version', () => {
  test.each([
    { name: 'a newer format', text: '{"format":2}', says: 'written by a newer version' },
    { name: 'no format', text: '{}', says: 'does not say which format' },
    { name: 'no JSON', text: 'oops', says: 'does not say which format' },
  ])('with $name is refused, and not touched', async ({ text, says }) => {
    const path = await makeFolder();
    await writeFile(join(path, 'lake.json'), text);
    await expect(openLakeFolder(path, exclusive)).rejects.toThrow(says);
    await expect(openLakeFolder(path, forReading)).rejects.toThrow(says);
    expect(await readdir(path)).toEqual(['lake.json']);
  });
});

describe('opening a lake folder for reading', () => {
  test('needs one to be there', async () => {
    const path = await newPath();
    await expect(openLakeFolder(path, forReading)).rejects.toThrow(`there is no lake in '${path}'`);
    expect(existsSync(path)).toBe(false);
  });

  test('is possible while a run has it, and sees what that run wrote', async () => {
    const path = await newPath();
    const folder = await openLakeFolder(path, exclusive);
    const writer = openLedger(folder.ledgerFile);
    await writer.commitCursor(exchange, 0, { watermarks: [7] }, nothing);

    const reader = openLedger((await openLakeFolder(path, forReading)).ledgerFile, { readOnly: true });
    expect(await reader.readCursor(exchange)).toEqual({ version: 1, watermarks: [7] });
    await expect(reader.commitCursor(exchange, 1, { watermarks: [8] }, nothing)).rejects.toThrow(/readonly/);
    reader.close();
    writer.close();
    folder.close();
  });
});
