/** Findings as mails of SNS. */

import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Channel } from '../notifications/channel.ts';
import { mailBody, mailSubject } from '../notifications/mail.ts';
import { failed } from './event-channel.ts';

/** @param topicArn People subscribe to it by mail. */
export function openMailChannel(client: SNSClient, topicArn: string): Channel {
  return {
    id: 'sns',
    form: 'digest',
    send: async (message) => {
      try {
        await client.send(new PublishCommand({ TopicArn: topicArn, Subject: mailSubject(message), Message: mailBody(message) }));
        return { kind: 'taken' };
      } catch (error) {
        return failed(error);
      }
    },
  };
}
