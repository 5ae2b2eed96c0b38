/** Notifies of findings while a run goes on. */

import { minutes, seconds } from '../../shared/domain/window.ts';
import type { Channel } from '../../shared/notifications/channel.ts';
import { notify } from '../../lambdas/notify/notify.ts';
import type { Adapters } from '../../local/connect.ts';

/** The outbox is in the ledger of the run's lake. */
type NotifyingAdapters = Pick<Adapters, 'ledger' | 'clock' | 'log'>;

/** One pass over what is due. */
export function notifyDue({ ledger, clock, log }: NotifyingAdapters, channels: readonly Channel[]): ReturnType<typeof notify> {
  return notify({ outbox: ledger, channels, clock, log, deadline: clock.now() + minutes(5) });
}

/** Until nothing more is taken: what a receiver does not take now is sent by the next run. */
export async function notifyAllNow(adapters: NotifyingAdapters, channels: readonly Channel[]): Promise<void> {
  while ((await notifyDue(adapters, channels)).messages > 0);
}

/** Between two passes of a run that goes on. */
export const notifyEveryMs = seconds(5);
