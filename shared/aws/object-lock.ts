/** What S3 is given of a lock when an object is put. */

import type { ObjectLockMode } from '@aws-sdk/client-s3';
import { heldUntil, lockModeInS3, type ObjectLock } from '../domain/object-lock.ts';
import type { Instant } from '../domain/window.ts';

/** Parameters of a put. */
export interface LockParameters {
  readonly ObjectLockMode?: ObjectLockMode;
  readonly ObjectLockRetainUntilDate?: Date;
}

/** Parameters of the put of one object; none where it is not to be held. */
export function lockParameters(lock: ObjectLock | undefined, key: string, now: Instant): LockParameters {
  const until = heldUntil(lock, key, now);
  if (!lock || until === undefined) return {};
  return { ObjectLockMode: lockModeInS3(lock), ObjectLockRetainUntilDate: new Date(until) };
}
