/** A worker's own folder. */

/** A folder of a worker's own, gone afterwards. */
export interface Workspace {
  use<T>(work: (folder: string) => Promise<T>): Promise<T>;
  /** SHA-256 of a file's bytes, in lower-case hex. Throws when there is no such file. */
  digest(file: string): Promise<string>;
}
