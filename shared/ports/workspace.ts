/** A worker's own folder. */

/** A folder of a worker's own, gone afterwards. */
export interface Workspace {
  use<T>(work: (folder: string) => Promise<T>): Promise<T>;
}
