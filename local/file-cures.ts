/** What to do when a file or folder cannot be read or written. */

const mayNot = 'this user may not do that there: give it the right to, or use another folder';
const full = 'the disk is full: free some space; nothing is lost, and the same command goes on from there';

/** By the code of the operating system. @see https://nodejs.org/api/errors.html#common-system-errors */
const cures: Readonly<Record<string, string>> = {
  EACCES: mayNot,
  EPERM: mayNot,
  EROFS: 'the disk is mounted for reading only: mount it for writing, or use another folder',
  ENOSPC: full,
  EDQUOT: full,
  EMFILE: "too many files are open: raise the limit of this user ('ulimit -n 4096') and run the same command again",
  ENFILE: 'too many files are open on this machine: end what opened them, and run the same command again',
};

/** The cure for an error of a file, or for what caused it; undefined for any other error. */
export function fileCure(error: unknown): string | undefined {
  for (let one = error; one instanceof Error; one = one.cause) {
    if ('code' in one && typeof one.code === 'string' && Object.hasOwn(cures, one.code)) return cures[one.code];
  }
  return undefined;
}
