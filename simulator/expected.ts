import type { GraphLogType } from './log-types/log-type.ts';
import type { Blob, Version, World } from './world.ts';

/** What must be in the lake. */
export interface Expected {
  readonly world: World;
  /** Blobs that must have landed whole, by contentId. */
  readonly blobs: ReadonlyMap<string, Blob>;
  /** Versions that must have landed. */
  readonly versions: readonly { readonly logType: GraphLogType; readonly version: Version }[];
}
