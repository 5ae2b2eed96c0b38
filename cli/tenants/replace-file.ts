import { constants } from 'node:fs';
import { access, open, rename, rm } from 'node:fs/promises';
import { UsageError } from '../../local/exit.ts';

/**
 * Replaces a file whole: written aside, flushed, and renamed over the old one, so that a reader meets the one or the other.
 *
 * The file aside is a lock as well: of two that change the same file at once, one has to try again.
 *
 * @param text Made while the lock is held, so that what it is made of cannot change meanwhile.
 * @param mode Of the new file, such as 0o600.
 */
export async function replaceFile(path: string, text: () => Promise<string>, mode: number): Promise<void> {
  const aside = `${path}.new`;
  const draft = await open(aside, 'wx', mode).catch((error: unknown) => {
    throw new UsageError(refusal(aside, path, (error as NodeJS.ErrnoException).code), { cause: error });
  });
  try {
    await draft.writeFile(await text());
    await draft.sync();
    await draft.close();
    await rename(aside, path);
  } catch (error) {
    await draft.close().catch(() => undefined); // closed already; what happened before counts
    await rm(aside, { force: true });
    throw error;
  }
}

/** Whether there is anything at a path. What cannot be looked at counts as missing. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await access(path, constants.F_OK);
    return true;
  } catch {
    return false;
  }
}

function refusal(aside: string, path: string, code: string | undefined): string {
  if (code === 'EEXIST')
    return `'${path}' is being changed by somebody else ('${aside}' is there): try again; if nobody is, a change was cut off, and that file can be deleted`;
  return `'${aside}' cannot be written (${String(code)}): choose another place for the file, or let yourself write there`;
}
