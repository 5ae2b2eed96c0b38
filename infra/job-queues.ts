import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { cloudById, type CloudId } from '../shared/clouds.ts';
import { acknowledge } from './acknowledge.ts';
import { inPascalCase } from './schedule-times.ts';

/** What the queues are encrypted with, and of which clouds there is one. */
export interface JobQueuesProps {
  readonly key: IKey;
  readonly clouds: readonly CloudId[];
}

/** The queue of one cloud's fetch jobs, how long its worker may take, and where messages go that never work. */
export interface JobQueue {
  readonly cloud: CloudId;
  /** Part of construct ids. */
  readonly id: string;
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly workerTimeout: Duration;
}

/**
 * A queue for each cloud, so that each has workers of its own, which read no other's tenants. Content jobs in any order, the tenant as fair-queue group.
 * Window jobs in a FIFO queue, the tenant as message group: the reporting APIs allow one tenant five requests in ten seconds, so one worker a tenant is as
 * fast as any number.
 *
 * The ledger holds the truth: a message that is lost here is sent again by the sweep.
 */
export class JobQueues extends Construct {
  /** In the order of the cloud table. */
  readonly all: readonly JobQueue[];
  /** Where scheduled runs go that failed. */
  readonly failedRuns: Queue;

  constructor(scope: Construct, id: string, props: JobQueuesProps) {
    super(scope, id);
    this.all = props.clouds.map((cloud) => this.jobQueue(cloud, props));
    this.failedRuns = this.deadLetterQueue('FailedRuns', props);
    acknowledge(this.failedRuns, { 'AwsSolutions-SQS3': lastStop });
  }

  /** @throws For a cloud that is not collected. */
  of(cloud: CloudId): JobQueue {
    const found = this.all.find((one) => one.cloud === cloud);
    if (!found) throw new Error(`there is no queue of cloud '${cloud}'`);
    return found;
  }

  private jobQueue(cloud: CloudId, props: JobQueuesProps): JobQueue {
    const { api } = cloudById(cloud);
    const id = queueId(cloud);
    const kind: QueueProps = api === 'graph' ? { fifo: true } : {};
    const { worker, visibility } = times[api];
    const deadLetters = this.deadLetterQueue(`${id}DeadLetters`, props, kind);
    const queue = new Queue(this, id, {
      ...kind,
      ...encryptedWith(props.key),
      visibilityTimeout: visibility,
      // Content blobs expire after seven days; a job kept longer than that has nothing left to fetch.
      retentionPeriod: Duration.days(7),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
    });
    return { cloud, id, queue, deadLetters, workerTimeout: worker };
  }

  private deadLetterQueue(id: string, props: JobQueuesProps, kind: QueueProps = {}): Queue {
    const queue = new Queue(this, id, { ...kind, ...encryptedWith(props.key), retentionPeriod: Duration.days(14) });
    acknowledge(queue, { 'Serverless-SQSRedrivePolicy': lastStop });
    return queue;
  }
}

const times = {
  // Six times the worker's timeout, so that a throttled batch is not delivered twice at once.
  'management-activity': { worker: Duration.minutes(5), visibility: Duration.minutes(30) },
  // Just above the worker's timeout: a dead worker blocks its tenant for this long.
  graph: { worker: Duration.seconds(60), visibility: Duration.seconds(70) },
} as const;

/** The usual cloud of an API has the id that the one queue of the API had before each cloud had its own. */
function queueId(cloud: CloudId): string {
  const id = cloudById(cloud).api === 'graph' ? 'Windows' : 'Content';
  return cloud === 'enterprise' || cloud === 'global' ? id : `${id}${inPascalCase(cloud)}`;
}

/** For the environment of functions, see lambdas/environment.ts. */
export const queueUrls = (...queues: readonly JobQueue[]): string =>
  queues.map(({ cloud, queue }) => `${cloud}=${queue.queueUrl}`).join(' ');

const encryptedWith = (key: IKey): QueueProps => ({
  encryption: QueueEncryption.KMS,
  encryptionMasterKey: key,
  // A data key for an hour: a twelfth of the calls to KMS.
  dataKeyReuse: Duration.hours(1),
  enforceSSL: true,
});

const lastStop = 'It is a dead-letter queue itself: what is here is looked at by a person, the ledger holds what is still to be done.';
