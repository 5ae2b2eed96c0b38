import { createHash } from 'node:crypto';
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import { streamKey } from '../domain/stream.ts';
import type { Clock } from '../ports/clock.ts';
import type { Jobs, QueuedJob } from '../ports/jobs.ts';
import { backOff } from './backoff.ts';
import { jobGroupOf, jobKindOf, type JobKind } from './job-group.ts';
import { queuedJobToBody } from './queued-job.ts';

/** URLs of the two queues. */
export interface Queues {
  /** Standard: any order, tenants served fairly. */
  readonly contentQueueUrl: string;
  /** FIFO: a group's jobs one at a time, in the order of sending. */
  readonly windowQueueUrl: string;
}

/**
 * The queue of fetch jobs on SQS. Content jobs may be delivered more than once; a window job with the same due time is sent once
 * within five minutes.
 *
 * @param client Made with `useQueueUrlAsEndpoint: false`, so that an endpoint that is configured is used.
 */
export function openJobs(client: SQSClient, queues: Queues, clock: Clock): Jobs {
  return {
    send: async (jobs) => {
      for (const kind of ['content', 'window'] as const) {
        const ofKind = jobs.filter(({ ref }) => jobKindOf(ref) === kind);
        for (let from = 0; from < ofKind.length; from += batchSize)
          await sendBatch(client, queues, kind, ofKind.slice(from, from + batchSize), clock);
      }
    },
  };
}

/** SQS takes no more messages at once. */
const batchSize = 10;
/** Of one batch. What is not sent then is sent by the sweep, for the job is due in the ledger. */
const sendAttempts = 4;

/** Sends what failed again: one throttled message does not fail its neighbours. */
async function sendBatch(client: SQSClient, queues: Queues, kind: JobKind, jobs: readonly QueuedJob[], clock: Clock): Promise<void> {
  const QueueUrl = kind === 'content' ? queues.contentQueueUrl : queues.windowQueueUrl;
  let left = jobs.map((job, index) => entryOf(job, kind, String(index)));
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

function entryOf(job: QueuedJob, kind: JobKind, id: string): SendMessageBatchRequestEntry {
  const entry = { Id: id, MessageBody: queuedJobToBody(job), MessageGroupId: jobGroupOf(job) };
  return kind === 'content' ? entry : { ...entry, MessageDeduplicationId: deduplicationId(job) };
}

/** With the due time in it: a job that the sweep sends again within five minutes is not swallowed. */
function deduplicationId({ ref, dueAt }: QueuedJob): string {
  return createHash('sha256')
    .update([streamKey(ref.stream), ref.key, String(dueAt)].join('\n'))
    .digest('hex');
}
