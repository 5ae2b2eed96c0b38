import { createHash } from 'node:crypto';
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import type { QueueUrls } from '../domain/deployment.ts';
import { streamKey } from '../domain/stream.ts';
import type { Clock } from '../ports/clock.ts';
import type { Jobs, QueuedJob } from '../ports/jobs.ts';
import type { Log } from '../ports/log.ts';
import { backOff } from './backoff.ts';
import { jobGroupOf, jobKindOf } from './job-group.ts';
import { queuedJobToBody } from './queued-job.ts';

/**
 * The queues of fetch jobs on SQS, one for each cloud. Of Management Activity: standard, any order, tenants served fairly; a job may be delivered more than
 * once. Of Graph: FIFO, a group's jobs one at a time in the order of sending; a job with the same due time is sent once within five minutes.
 *
 * A job of a cloud without a queue is reported and stays in the ledger, pending: its cloud was taken out of the deployment.
 *
 * @param client Made with `useQueueUrlAsEndpoint: false`, so that an endpoint that is configured is used.
 */
export function openJobs(client: SQSClient, queues: QueueUrls, clock: Clock, log: Log): Jobs {
  return {
    send: async (jobs) => {
      for (const [cloud, ofCloud] of Map.groupBy(jobs, ({ ref }) => ref.stream.cloud)) {
        const url = queues[cloud];
        if (url === undefined) log.error('jobs have no queue', { cloud, count: ofCloud.length, reason: noQueue, cure: noQueueCure });
        else
          for (let from = 0; from < ofCloud.length; from += batchSize)
            await sendBatch(client, url, ofCloud.slice(from, from + batchSize), clock);
      }
    },
  };
}

const noQueue = 'their cloud is not among the clouds that this function sends to';
const noQueueCure = 'put the cloud into the setting clouds again until they are done';

/** SQS takes no more messages at once. */
const batchSize = 10;
/** Of one batch. What is not sent then is sent by the sweep, for the job is due in the ledger. */
const sendAttempts = 4;

/** Sends what failed again: one throttled message does not fail its neighbours. */
async function sendBatch(client: SQSClient, QueueUrl: string, jobs: readonly QueuedJob[], clock: Clock): Promise<void> {
  let left = jobs.map((job, index) => entryOf(job, String(index)));
  for (let attempt = 0; ; attempt += 1) {
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries: left }));
    if (Failed.length === 0) return;
    if (attempt + 1 === sendAttempts || Failed.some(({ SenderFault }) => SenderFault)) {
      throw new Error(
        `${String(Failed.length)} of ${String(jobs.length)} messages were refused by SQS (${String(Failed[0]?.Code)}); the sweep sends their jobs again`,
      );
    }
    left = left.filter(({ Id }) => Failed.some((failed) => failed.Id === Id));
    await backOff(clock, attempt, String(left[0]?.MessageBody));
  }
}

function entryOf(job: QueuedJob, id: string): SendMessageBatchRequestEntry {
  const entry = { Id: id, MessageBody: queuedJobToBody(job), MessageGroupId: jobGroupOf(job) };
  return jobKindOf(job.ref) === 'content' ? entry : { ...entry, MessageDeduplicationId: deduplicationId(job) };
}

/** With the due time in it: a job that the sweep sends again within five minutes is not swallowed. */
function deduplicationId({ ref, dueAt }: QueuedJob): string {
  return createHash('sha256')
    .update([streamKey(ref.stream), ref.key, String(dueAt)].join('\n'))
    .digest('hex');
}
