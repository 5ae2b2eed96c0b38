/** The receiving half of SQS, which in a deployment is Lambda's: content in batches, windows one at a time. */

import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Delivery, JobKind, JobQueue } from '../../local/jobs.ts';
import { parseQueuedJob } from '../../shared/aws/queued-job.ts';
import type { Instant } from '../../shared/domain/window.ts';
import type { Jobs, QueuedJob } from '../../shared/ports/jobs.ts';

/** In real time a message stays hidden for longer than any test; when it comes again is decided by the time that is given. */
const hiddenSeconds = 3_600;

export class SqsQueue implements JobQueue {
  private readonly client: SQSClient;
  private readonly urls: Readonly<Record<JobKind, string>>;
  private readonly jobs: Jobs;
  private readonly inFlight = new Map<string, { readonly kind: JobKind; readonly visibleAt: Instant }>();

  constructor(client: SQSClient, { enterprise, global }: Readonly<Record<'enterprise' | 'global', string>>, jobs: Jobs) {
    this.client = client;
    this.urls = { content: enterprise, window: global };
    this.jobs = jobs;
  }

  send(jobs: readonly QueuedJob[]): Promise<void> {
    return this.jobs.send(jobs);
  }

  async receive(kind: JobKind, limit: number, visibilityMs: number, now: Instant): Promise<readonly Delivery[]> {
    await this.releaseOverdue(now);
    const deliveries: Delivery[] = [];
    while (deliveries.length < limit) {
      const messages = await this.receiveSome(kind, Math.min(kind === 'window' ? 1 : 10, limit - deliveries.length));
      if (messages.length === 0) break;
      deliveries.push(...messages.map((message) => this.deliver(kind, message, now + visibilityMs)));
    }
    return deliveries;
  }

  async ack(receipt: string): Promise<void> {
    const { kind } = this.known(receipt);
    await this.client.send(new DeleteMessageCommand({ QueueUrl: this.urls[kind], ReceiptHandle: receipt })).catch(nothingForOldReceipts);
  }

  async release(receipt: string): Promise<void> {
    const { kind } = this.known(receipt);
    const change = new ChangeMessageVisibilityCommand({ QueueUrl: this.urls[kind], ReceiptHandle: receipt, VisibilityTimeout: 0 });
    await this.client.send(change).catch(nothingForOldReceipts);
  }

  private async releaseOverdue(now: Instant): Promise<void> {
    for (const [receipt, { visibleAt }] of this.inFlight) {
      if (visibleAt > now) continue;
      await this.release(receipt);
      this.inFlight.set(receipt, { ...this.known(receipt), visibleAt: Infinity });
    }
  }

  private async receiveSome(kind: JobKind, count: number): Promise<Message[]> {
    const receive = new ReceiveMessageCommand({
      QueueUrl: this.urls[kind],
      MaxNumberOfMessages: count,
      VisibilityTimeout: hiddenSeconds,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    return (await this.client.send(receive)).Messages ?? [];
  }

  private deliver(kind: JobKind, { Body = '', ReceiptHandle = '', Attributes }: Message, visibleAt: Instant): Delivery {
    const parsed = parseQueuedJob(Body);
    if (parsed.kind === 'foreign') throw new Error(parsed.reason);
    this.inFlight.set(ReceiptHandle, { kind, visibleAt });
    return { queued: parsed.queued, receipt: ReceiptHandle, deliveries: Number(Attributes?.ApproximateReceiveCount) };
  }

  private known(receipt: string): { readonly kind: JobKind; readonly visibleAt: Instant } {
    const delivered = this.inFlight.get(receipt);
    if (!delivered) throw new Error('nothing was delivered under this receipt');
    return delivered;
  }
}

/** Observed 2026-11-22, MiniStack 1.5.33: it refuses an old receipt, where AWS answers as if it had done what was asked. */
function nothingForOldReceipts(error: unknown): void {
  if (!(error instanceof ReceiptHandleIsInvalid)) throw error;
}
