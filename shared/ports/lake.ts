/** Objects that are written once, and the inventory of them. */

import type { LakeObject } from '../domain/lake-object.ts';
import type { ObjectMetadata } from '../domain/landing-key.ts';
import type { ObjectDigest } from '../domain/sealed-object.ts';

/** Objects that are written once. Keys are `raw/…` and `quarantine/…`, see domain/landing-key.ts. */
export interface Lake {
  /** The metadata the object was written with; none when the key is free. */
  head(key: string): Promise<ObjectMetadata | undefined>;
  /** Writes the file at the key unless there is an object already; complete or not at all, whatever is killed when. */
  putOnce(key: string, file: string, metadata: ObjectMetadata): Promise<'put' | 'taken'>;
  /** The object as a file that DuckDB can read, in the folder or elsewhere; none when the key is free. */
  get(key: string, folder: string): Promise<string | undefined>;
  /** What the bytes at the key are; none when the key is free. */
  digest(key: string): Promise<ObjectDigest | undefined>;
}

/** The lake as operators see it: what stands in it, and what each object says of itself. No station needs it. */
export interface LakeInventory {
  /** Every object whose key begins with the prefix, in the order of the keys. What is put meanwhile may be missing. */
  objects(prefix: string): AsyncIterable<LakeObject>;
  /** The object's metadata, with what only its Parquet file says (`members`, `created`, `tenant`); none when it has gone. */
  describe(key: string): Promise<ObjectMetadata | undefined>;
}
