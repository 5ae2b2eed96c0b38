import { seconds, type Instant } from '../domain/window.ts';

/**
 * How long Microsoft asks to wait, in ms, from a Retry-After header: seconds or an HTTP date.
 *
 * A date is measured against the answer's own Date header where there is one, so that a wrong clock here does not matter.
 *
 * @returns Undefined for no header or one that cannot be read; 0 for a time that has passed.
 */
export function retryAfterMs(retryAfter: string | undefined, date: string | undefined, now: Instant): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(retryAfter)) return seconds(Number(retryAfter));
  const at = Date.parse(retryAfter);
  const from = date === undefined ? Number.NaN : Date.parse(date);
  if (Number.isNaN(at)) return undefined;
  return Math.max(0, at - (Number.isNaN(from) ? now : from));
}
