/** Findings as events of EventBridge: for whatever the account's rules send them to. */

import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Channel, SendOutcome } from '../notifications/channel.ts';
import { genericJson, type Message } from '../notifications/message.ts';

/** What rules of EventBridge match: `{"source": ["m365-audit-lake"], "detail-type": ["Finding"]}`. */
const findingEvents = { source: 'm365-audit-lake', detailType: 'Finding' } as const;

/** An event may have 256 KB in all; what the finding has too much of is in the lake. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const mostBytes = 200_000;

/** @param bus Name or ARN. */
export function openEventChannel(client: EventBridgeClient, bus: string): Channel {
  return {
    id: 'eventbridge',
    form: 'each',
    send: async (message) => {
      const entry = { EventBusName: bus, Source: findingEvents.source, DetailType: findingEvents.detailType, Detail: detailOf(message) };
      try {
        const { Entries: [answer] = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }));
        return answer?.ErrorCode === undefined ? { kind: 'taken' } : { kind: 'failed', because: answer.ErrorCode };
      } catch (error) {
        return failed(error);
      }
    },
  };
}

function detailOf(message: Message): string {
  const whole = genericJson(message);
  if (message.kind === 'digest' || Buffer.byteLength(whole) <= mostBytes) return whole;
  const { row } = message.finding;
  const data = { ...row, evidence: {}, record_keys: [], query: null };
  return JSON.stringify({ ...(JSON.parse(whole) as object), data });
}

/** The service's word for it: its message may repeat what was sent. */
export const failed = (error: unknown): SendOutcome => ({ kind: 'failed', because: error instanceof Error ? error.name : 'unknown' });
