/** A disk that is full when a file is begun. */

import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ParquetFile } from '../../../shared/landing/parquet/file.ts';

/** Takes no byte, as a full disk does. @see https://man7.org/linux/man-pages/man4/full.4.html */
const full = '/dev/full';

/** How many files of this process are open there. */
function openThere(): number {
  const openFiles = readdirSync('/proc/self/fd').flatMap((one) => {
    const link = `/proc/self/fd/${one}`;
    return existsSync(link) ? [readlinkSync(link)] : [];
  });
  return openFiles.filter((path) => path === full).length;
}

const whereItIs = existsSync(full) ? test : test.skip;

whereItIs('a file that cannot take its first bytes is not left open', async () => {
  await expect(ParquetFile.create(full, [])).rejects.toThrow('ENOSPC');
  expect(openThere()).toBe(0);
});
