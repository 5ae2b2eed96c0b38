import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../local/clock.ts';
import { openJobs } from '../../shared/aws/jobs.ts';
import { jobRef } from '../../shared/domain/fetch-job.ts';
import { days } from '../../shared/domain/window.ts';
import { jobsContract } from '../contracts/jobs-contract.ts';
import { blobs, due, pass } from '../contracts/samples.ts';
import { FakeLog } from '../fakes/fake-log.ts';
import { emulated, makeQueue } from './emulated.ts';
import { SqsQueue } from './sqs-queue.ts';

const { clients } = emulated();

async function makeQueues() {
  const { sqs } = clients();
  return { enterprise: await makeQueue(sqs, 'standard'), global: await makeQueue(sqs, 'fifo') };
}

describe('the queues in SQS', () => {
  // A standard queue takes every message it is sent, and its fairness begins when a tenant has dozens of jobs with workers.
  const promises = { isContentSentOnce: false, isInTurns: false };
  jobsContract(async () => {
    const queues = await makeQueues();
    return new SqsQueue(clients().sqs, queues, openJobs(clients().sqs, queues, systemClock, new FakeLog()));
  }, promises);
});

describe('messages', () => {
  const groupsIn = async (QueueUrl: string): Promise<(string | undefined)[]> => {
    const groups: (string | undefined)[] = [];
    for (;;) {
      const { Messages = [] } = await clients().sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['MessageGroupId'] }),
      );
      if (Messages.length === 0) return groups.sort();
      groups.push(...Messages.map(({ Attributes }) => Attributes?.MessageGroupId));
    }
  };

  test('content jobs carry their tenant as the fair queue’s group; 25 of them are three batches', async () => {
    const queues = await makeQueues();
    const jobs = Array.from({ length: 25 }, (_, index) => ({ ref: jobRef(blobs(`blob-${String(index)}`)), dueAt: due }));
    await openJobs(clients().sqs, queues, systemClock, new FakeLog()).send(jobs);
    const { cloud, tenantId } = blobs('a').stream;
    expect(await groupsIn(queues.enterprise)).toEqual(Array(25).fill(`${cloud}#${tenantId}`));
  });

  test('backfill waits in a group of its own, beside the live windows', async () => {
    const queues = await makeQueues();
    const window = pass(0, '06:00', '06:05');
    const sent = [due, due + days(3)].map((dueAt) => ({ ref: jobRef(window), dueAt }));
    await openJobs(clients().sqs, queues, systemClock, new FakeLog()).send(sent);
    const group = `${window.stream.cloud}#${window.stream.tenantId}#reporting`;
    expect(await groupsIn(queues.global)).toEqual([group, `${group}#backfill`]);
  });
});
