/** Microsoft, asked again after what passes: a comparison shares what Microsoft allows with a collector that is at work. */

import { askAgainIn } from '../../shared/domain/retry.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Answer, Microsoft, Refusal } from '../../shared/ports/microsoft.ts';

/** What a comparison asks; a window that has too many pages is an answer. */
export type Asked = Pick<Microsoft, 'identify' | 'listBlobs' | 'fetchWindow'>;

type AnyAnswer = Answer<unknown> | { readonly kind: 'too-many-pages' };

/** @param onWait Is called with the milliseconds until Microsoft is asked again. */
export function patientMicrosoft<M extends Asked>(microsoft: M, clock: Pick<Clock, 'sleep'>, onWait: (waitMs: number) => void): M {
  const patiently = async <T extends AnyAnswer>(ask: () => Promise<T>): Promise<T> => {
    for (let waits = 0; ; waits += 1) {
      const answer = await ask();
      const waitMs = isRetryable(answer) ? askAgainIn(answer.retryAfterMs, waits) : undefined;
      if (waitMs === undefined) return answer;
      onWait(waitMs);
      await clock.sleep(waitMs);
    }
  };
  return {
    ...microsoft,
    identify: (...of) => patiently(() => microsoft.identify(...of)),
    listBlobs: (...of) => patiently(() => microsoft.listBlobs(...of)),
    fetchWindow: (...of) => patiently(() => microsoft.fetchWindow(...of)),
  };
}

type Busy = Extract<Refusal, { readonly kind: 'throttled' | 'unavailable' }>;

/** An outage without a Retry-After has been tried again by the client already. */
function isRetryable(answer: AnyAnswer): answer is Busy {
  return answer.kind === 'throttled' || (answer.kind === 'unavailable' && answer.retryAfterMs !== undefined);
}
