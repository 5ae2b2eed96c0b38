import { longestRetryAfterMs } from '../domain/retry.ts';
import { seconds, type Instant } from '../domain/window.ts';
import { instantOf } from './instant-of.ts';

/**
 * How long Microsoft asks to wait, in ms, from a Retry-After header: seconds or an HTTP date; of several, such as `30,120`, the longest.
 *
 * A date is measured against the answer's own Date header where there is one, so that a wrong clock here does not matter.
 *
 * @returns Undefined for no header or one that cannot be read; 0 for a time that has passed; at most {@link longestRetryAfterMs}.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMs(retryAfter: string | undefined, date: string | undefined, now: Instant): number | undefined {
  if (retryAfter === undefined) return undefined;
  const wait = secondsOf(retryAfter) ?? untilDate(retryAfter, date, now);
  return wait === undefined ? undefined : Math.min(Math.max(0, wait), longestRetryAfterMs);
}

/** A proxy joins two headers of one name by a comma. */
function secondsOf(text: string): number | undefined {
  const parts = text
    .slice(0, 200)
    .split(',')
    .map((part) => part.trim());
  if (!parts.every((part) => /^\d+(?:\.\d+)?$/.test(part))) return undefined;
  return seconds(Math.max(...parts.map(Number)));
}

function untilDate(text: string, date: string | undefined, now: Instant): number | undefined {
  const at = /^[a-z]{3}/i.test(text.trim()) || /^\d{4}-/.test(text.trim()) ? instantOf(text) : undefined;
  return at === undefined ? undefined : at - (instantOf(date ?? '') ?? now);
}
