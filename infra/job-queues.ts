import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** What the queues are encrypted with. */
export interface JobQueuesProps {
  readonly key: IKey;
}

/** One queue of fetch jobs, how long its worker may take, and where messages go that never work. */
export interface JobQueue {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly workerTimeout: Duration;
}

/**
 * Content jobs in any order, the tenant as fair-queue group. Window jobs in a FIFO queue, the tenant as message group: the
 * reporting APIs allow one tenant five requests in ten seconds, so one worker a tenant is as fast as any number.
 *
 * The ledger holds the truth: a message that is lost here is sent again by the sweep.
 */
export class JobQueues extends Construct {
  readonly content: JobQueue;
  readonly windows: JobQueue;
  /** Where scheduled runs go that failed. */
  readonly failedRuns: Queue;

  constructor(scope: Construct, id: string, props: JobQueuesProps) {
    super(scope, id);
    const contentTimeout = Duration.minutes(5);
    // Six times the worker's timeout, so that a throttled batch is not delivered twice at once.
    this.content = this.jobQueue('Content', contentTimeout, Duration.seconds(6 * contentTimeout.toSeconds()), props);
    const windowTimeout = Duration.seconds(60);
    // Just above the worker's timeout: a dead worker blocks its tenant for this long.
    this.windows = this.jobQueue('Windows', windowTimeout, windowTimeout.plus(Duration.seconds(10)), props, { fifo: true });
    this.failedRuns = this.deadLetterQueue('FailedRuns', props);
    acknowledge(this.failedRuns, { 'AwsSolutions-SQS3': lastStop });
  }

  private jobQueue(
    id: string,
    workerTimeout: Duration,
    visibilityTimeout: Duration,
    props: JobQueuesProps,
    kind: QueueProps = {},
  ): JobQueue {
    const deadLetters = this.deadLetterQueue(`${id}DeadLetters`, props, kind);
    const queue = new Queue(this, id, {
      ...kind,
      ...encryptedWith(props.key),
      visibilityTimeout,
      // Content blobs expire after seven days; a job kept longer than that has nothing left to fetch.
      retentionPeriod: Duration.days(7),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
    });
    return { queue, deadLetters, workerTimeout };
  }

  private deadLetterQueue(id: string, props: JobQueuesProps, kind: QueueProps = {}): Queue {
    const queue = new Queue(this, id, { ...kind, ...encryptedWith(props.key), retentionPeriod: Duration.days(14) });
    acknowledge(queue, { 'Serverless-SQSRedrivePolicy': lastStop });
    return queue;
  }
}

const encryptedWith = (key: IKey): QueueProps => ({
  encryption: QueueEncryption.KMS,
  encryptionMasterKey: key,
  // A data key for an hour: a twelfth of the calls to KMS.
  dataKeyReuse: Duration.hours(1),
  enforceSSL: true,
});

const lastStop = 'It is a dead-letter queue itself: what is here is looked at by a person, the ledger holds what is still to be done.';
