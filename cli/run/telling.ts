/** Tells of findings while a run goes on. */

import { minutes, seconds } from '../../shared/domain/window.ts';
import type { Channel } from '../../shared/notifications/channel.ts';
import { notify } from '../../lambdas/notify/notify.ts';
import type { Adapters } from '../../local/connect.ts';

/** What is told of lies in the ledger of the run's lake. */
type TellingAdapters = Pick<Adapters, 'ledger' | 'clock' | 'log'>;

/** One pass over what is due. */
export function tell({ ledger, clock, log }: TellingAdapters, channels: readonly Channel[]): ReturnType<typeof notify> {
  return notify({ outbox: ledger, channels, clock, log, deadline: clock.now() + minutes(5) });
}

/** Until nothing more is taken: what a receiver does not take now is told by the next run. */
export async function tellAllNow(adapters: TellingAdapters, channels: readonly Channel[]): Promise<void> {
  while ((await tell(adapters, channels)).messages > 0);
}

/** Between two passes of a run that goes on. */
export const tellEveryMs = seconds(5);
