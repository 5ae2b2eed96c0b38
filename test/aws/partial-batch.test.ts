/** What a worker relies on: of a batch, only the messages that it names come again. */

import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import { apiOf } from './deployment/api.ts';
import { emulated, makeQueue } from './emulated.ts';
import { zipOf } from './zip-of.ts';

const { clients, emulator } = emulated();

/** A worker that fails the messages marked for it, and no other. */
const worker = `export const handler = async ({ Records }) => ({
  batchItemFailures: Records.filter(({ body }) => body.startsWith('bad')).map(({ messageId }) => ({ itemIdentifier: messageId })),
});`;

test('of a batch, the messages that failed come again until they are dead letters; the others are done with', async () => {
  const { sqs } = clients();
  const deadLetters = await makeQueue(sqs, 'standard');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await arnOf(deadLetters), maxReceiveCount: 2 });
  const queue = await makeQueue(sqs, 'standard', { RedrivePolicy, VisibilityTimeout: '1' });
  const Entries = ['good 1', 'bad 1', 'good 2', 'bad 2'].map((MessageBody, index) => ({ Id: String(index), MessageBody }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: queue, Entries }));
  await feed(await arnOf(queue));

  const dead: string[] = [];
  for (let wait = 0; dead.length < 2 && wait < 20; wait += 1) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: deadLetters, WaitTimeSeconds: 1, VisibilityTimeout: 60 }),
    );
    dead.push(...Messages.map(({ Body = '' }) => Body));
  }
  expect(dead.sort()).toEqual(['bad 1', 'bad 2']);
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: [...names] }));
  expect(Attributes).toEqual({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' });
}, 60_000);

async function arnOf(QueueUrl: string): Promise<string> {
  const { Attributes } = await clients().sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  return String(Attributes?.QueueArn);
}

/** Makes the worker, and lets the queue feed it as the stack does. */
async function feed(EventSourceArn: string): Promise<void> {
  const api = apiOf(emulator());
  const FunctionName = 'worker';
  await api.post('lambda', '/2015-03-31/functions', {
    FunctionName,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: 'arn:aws:iam::000000000000:role/worker',
    Code: { ZipFile: zipOf({ 'index.mjs': worker }).toString('base64') },
  });
  const FunctionResponseTypes = ['ReportBatchItemFailures'];
  await api.post('lambda', '/2015-03-31/event-source-mappings/', { FunctionName, EventSourceArn, BatchSize: 10, FunctionResponseTypes });
}
