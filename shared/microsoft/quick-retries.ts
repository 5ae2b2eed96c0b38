import type { Clock } from '../ports/clock.ts';
import type { Answer } from '../ports/microsoft.ts';
import { factsOf } from './body-ends.ts';
import type { HttpReply } from './http.ts';
import type { Limits } from './limits.ts';
import { brackets } from './wrong-body.ts';

/**
 * Sends again, after short waits, what failed quickly and for no stated time: 5xx, broken connections, and bodies that came damaged.
 *
 * Never after a timeout (time is what a worker has least of), a Retry-After, or a throttle.
 */
export async function withQuickRetries(
  clock: Clock,
  limits: Pick<Limits, 'quickRetriesMs'>,
  send: () => Promise<Answer<HttpReply>>,
): Promise<Answer<HttpReply>> {
  let answer = await send();
  for (const waitMs of limits.quickRetriesMs) {
    if (!mayPassSoon(answer)) return answer;
    await clock.sleep(waitMs);
    answer = await send();
  }
  return answer;
}

function mayPassSoon(answer: Answer<HttpReply>): boolean {
  if (answer.kind === 'unavailable') return answer.cause.code !== 'timeout';
  // Damaged or cut short. A body that is too large is so the next time as well.
  if (answer.kind === 'malformed') return answer.cause.code === 'gzip';
  if (answer.kind !== 'ok') return false;
  const { status, retryAfterMs } = answer.value;
  return status === 200 ? isCutShort(answer.value) : status >= 500 && status !== 501 && retryAfterMs === undefined;
}

/** Begins like JSON and does not end like it, or has nothing in it. What is no JSON at all, such as a web page, lasts longer. */
function isCutShort({ body, file }: HttpReply): boolean {
  const { firstByte, lastByte } = file ?? factsOf(body);
  if (firstByte === undefined) return true;
  return Object.values(brackets).some(([begin, end]) => firstByte === begin && lastByte !== end);
}
