/** The handler that notifies of findings. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';
import { openEventChannel } from '../../shared/aws/event-channel.ts';
import { openMailChannel } from '../../shared/aws/mail-channel.ts';
import { openOutbox } from '../../shared/aws/outbox.ts';
import { readWebhooks } from '../../shared/aws/webhook-parameters.ts';
import { openWebhook } from '../../shared/channels/webhook.ts';
import { minutes, seconds, type Instant } from '../../shared/domain/window.ts';
import type { Channel } from '../../shared/notifications/channel.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Outbox } from '../../shared/ports/ledger.ts';
import type { Log } from '../../shared/ports/log.ts';
import { lambdaClock } from '../clock.ts';
import { clientSettings } from '../connect.ts';
import { notifyEnvironment, readEnvironment } from '../environment.ts';
import { lambdaLog } from '../log.ts';
import { openMeter, type Meter } from '../meter.ts';
import { notify } from './notify.ts';

/** What the handler works with. */
export interface NotifyHandlerDeps {
  readonly outbox: Outbox;
  /** Read again and again: webhooks come and go while the function is warm. */
  readonly channels: () => Promise<readonly Channel[]>;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

/** How long the invocation may still take, in ms. */
export type RunContext = Pick<Context, 'getRemainingTimeInMillis'>;

/** The last message that was begun may take this long. */
const messageMs = seconds(15);

/** @throws When the ledger fails, or channels cannot be read: nothing is lost, the next run delivers. */
export function makeNotifyHandler(deps: NotifyHandlerDeps): (event: unknown, context: RunContext) => Promise<void> {
  return async (_event, context) => {
    const { outbox, clock, log, meter } = deps;
    const deadline = clock.now() + context.getRemainingTimeInMillis() - messageMs;
    try {
      const { dead } = await notify({ outbox, channels: await deps.channels(), clock, log, deadline });
      meter.undelivered(dead);
    } finally {
      meter.flush();
    }
  };
}

let made: ReturnType<typeof makeNotifyHandler> | undefined;

/** What Lambda calls. */
export async function handler(event: unknown, context: Context): Promise<void> {
  made ??= connectHandler();
  await made(event, context);
}

function connectHandler(): ReturnType<typeof makeNotifyHandler> {
  const environment = readEnvironment(notifyEnvironment, process.env);
  const [clock, log] = [lambdaClock, lambdaLog()];
  const own = [
    openEventChannel(new EventBridgeClient(clientSettings), environment.EVENT_BUS_NAME),
    openMailChannel(new SNSClient(clientSettings), environment.TOPIC_ARN),
  ];
  const ssm = new SSMClient(clientSettings);
  const webhooks = remembered(clock, async () =>
    (await readWebhooks(ssm, environment.WEBHOOKS_PREFIX, log)).map((webhook) => openWebhook(webhook, clock)),
  );
  return makeNotifyHandler({
    outbox: openOutbox(new DynamoDBClient(clientSettings), environment.TABLE_NAME, clock),
    channels: async () => [...own, ...(await webhooks())],
    ...{ clock, log, meter: openMeter() },
  });
}

/** A run a minute need not ask for parameters each time. */
function remembered<T>(clock: Clock, read: () => Promise<T>): () => Promise<T> {
  let known: { readonly value: T; readonly at: Instant } | undefined;
  return async () => {
    if (!known || clock.now() - known.at >= minutes(5)) known = { value: await read(), at: clock.now() };
    return known.value;
  };
}
