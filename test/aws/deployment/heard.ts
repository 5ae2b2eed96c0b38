/** What the deployment's topic and EventBridge's bus say of findings, collected in a queue. */

import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Emulator } from '../../../tools/aws-emulator.ts';

const name = 'heard';
const arn = `arn:aws:sqs:us-east-1:000000000000:${name}`;

/** What was heard. */
export interface Heard {
  /** Ids of findings, as often as an event of them came. */
  readonly events: string[];
  /** Subjects of mails. */
  readonly mails: string[];
}

/** Subscribes a queue to both. @returns What reads everything that came since, and adds it to what was heard before. */
export async function listen({ endpoint }: Pick<Emulator, 'endpoint'>, sqs: SQSClient, topicArn: string): Promise<() => Promise<Heard>> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: arn }];
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) } }));
  const settings = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  await new SNSClient(settings).send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: arn }));
  const events = new EventBridgeClient(settings);
  const EventPattern = JSON.stringify({ source: ['m365-audit-lake'], 'detail-type': ['Finding'] });
  await events.send(new PutRuleCommand({ Name: 'findings', EventPattern }));
  await events.send(new PutTargetsCommand({ Rule: 'findings', Targets: [{ Id: name, Arn: arn }] }));
  const heard: Heard = { events: [], mails: [] };
  return async () => {
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return heard;
      for (const { Body = '', ReceiptHandle } of Messages) {
        add(heard, JSON.parse(Body) as Parameters<typeof add>[1]);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };
}

function add(heard: Heard, message: { readonly detail?: { readonly id?: string }; readonly Subject?: string }): void {
  if (message.detail?.id !== undefined) heard.events.push(message.detail.id);
  else if (message.Subject !== undefined) heard.mails.push(message.Subject);
}
