import type { Clock } from '../ports/clock.ts';
import type { Answer } from '../ports/microsoft.ts';
import type { HttpReply } from './http.ts';
import type { Limits } from './limits.ts';

/**
 * Sends again, after short waits, what failed quickly and for no stated time: 5xx and broken connections.
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
  if (answer.kind !== 'ok') return false;
  const { status, retryAfterMs } = answer.value;
  return status >= 500 && status !== 501 && retryAfterMs === undefined;
}
