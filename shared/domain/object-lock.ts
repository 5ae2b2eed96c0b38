/** Object Lock: what lands is kept from everybody, for as many days as a deployment chooses. */

import { days, type Instant } from './window.ts';

/** How S3 holds a version: who has the right to may lift `governance`, nobody may lift `compliance`. */
export const lockModes = ['governance', 'compliance'] as const;

/** What every object under {@link lockedPrefixes} is put with. */
export interface ObjectLock {
  readonly mode: (typeof lockModes)[number];
  /** From when it is put. */
  readonly days: number;
}

/** What is evidence; compacted rows are derived, and Iceberg removes their files. */
export const lockedPrefixes = ['raw/', 'manifests/'] as const;

/** Until when an object that is put now is held; none for one that is no evidence. */
export function heldUntil(lock: ObjectLock | undefined, key: string, now: Instant): Instant | undefined {
  return lock && lockedPrefixes.some((prefix) => key.startsWith(prefix)) ? now + days(lock.days) : undefined;
}

/** S3's word for a mode. */
export const lockModeInS3 = ({ mode }: ObjectLock): 'GOVERNANCE' | 'COMPLIANCE' => (mode === 'governance' ? 'GOVERNANCE' : 'COMPLIANCE');

/** As an environment variable says it. @example 'governance:365' */
export const lockText = ({ mode, days: count }: ObjectLock): string => `${mode}:${String(count)}`;

/** @returns Undefined for what {@link lockText} never says. */
export function readLock(text: string): ObjectLock | undefined {
  const [, word, count] = /^(\w+):([1-9]\d*)$/.exec(text) ?? [];
  const mode = lockModes.find((one) => one === word);
  return mode === undefined ? undefined : { mode, days: Number(count) };
}
