import type { ObjectMetadata } from './landing-key.ts';
import type { Instant } from './window.ts';

/** An object of the lake, as a listing shows it. */
export interface LakeObject {
  readonly key: string;
  readonly putAt: Instant;
  readonly bytes: number;
}

/** An object with what it says of itself. */
export interface DescribedObject extends LakeObject {
  readonly metadata: ObjectMetadata;
}
