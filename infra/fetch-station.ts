import { Duration, Size } from 'aws-cdk-lib';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { lockText } from '../shared/domain/object-lock.ts';
import { acknowledge, wildcard } from './acknowledge.ts';
import { mayHold } from './evidence-policy.ts';
import { federationRoleArn } from './federation-role.ts';
import type { JobQueue, JobQueues } from './job-queues.ts';
import type { LakePlace } from './lake-place.ts';
import type { LedgerTable } from './ledger-table.ts';
import { allow, openCredentials, readTenants, sendTo, tenantsArn, tenantsReason, useKey } from './permissions.ts';
import type { ScheduledRun } from './schedules.ts';
import type { SightingsTable } from './sightings-table.ts';
import { StationFunction, type SharedParts } from './station-function.ts';

/** What {@link FetchStation} reads, writes and calls. */
export interface FetchStationProps {
  readonly shared: SharedParts;
  readonly code: Code;
  readonly ledger: LedgerTable;
  readonly queues: JobQueues;
  readonly bucket: LakePlace;
  /** Absent where no rules are evaluated. */
  readonly sightings?: SightingsTable | undefined;
}

/** The fetch worker on its two queues: the same code twice, for content jobs may take longer than a tenant's next window may wait. */
export class FetchStation extends Construct {
  readonly content: LambdaFunction;
  readonly windows: LambdaFunction;
  /** Where rules are evaluated, what looks for what is absent, every hour. */
  readonly absences: ScheduledRun;

  constructor(scope: Construct, id: string, props: FetchStationProps) {
    super(scope, id);
    this.content = this.worker('Content', props.queues.content, props);
    this.windows = this.worker('Windows', props.queues.windows, props);
    const description = 'Looks for what is absent';
    this.absences = { id: 'Absences', description, schedule: ScheduleExpression.rate(Duration.hours(1)), function: this.windows };
  }

  private worker(id: string, jobs: JobQueue, props: FetchStationProps): LambdaFunction {
    const { settings } = props.shared;
    const station = new StationFunction(this, id, {
      shared: props.shared,
      code: props.code,
      handler: 'fetch.handler',
      description: `Fetches and lands ${id.toLowerCase()} jobs`,
      environment: environmentOf(jobs, props),
      timeout: jobs.workerTimeout,
      memoryMb: settings.fetchMemoryMb,
      // The blobs of a job as JSON, its Parquet, and what DuckDB spills.
      ephemeralStorage: Size.gibibytes(2),
      concurrency: settings.fetchConcurrency,
      may: this.permissions(jobs, props),
    });
    // One job at a time: a batch would share the worker's memory and its time.
    const source = new SqsEventSource(jobs.queue, {
      batchSize: 1,
      reportBatchItemFailures: true,
      maxConcurrency: settings.fetchConcurrency,
    });
    station.function.addEventSource(source);
    acknowledge(station.function, { 'Serverless-LambdaEventSourceMappingDestination': queueHasItsOwn });
    acknowledge(station.policy, findings(this, props));
    return station.function;
  }

  private permissions({ queue, deadLetters }: JobQueue, { shared, ledger, bucket, sightings }: FetchStationProps): PolicyStatement[] {
    return [
      allow(['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'], queue.queueArn),
      // Child jobs and halves of a window; a message that is not ours.
      sendTo(queue, deadLetters),
      allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'], ledger.table.tableArn),
      allow(['s3:PutObject'], bucket.arnForObjects('raw/*'), bucket.arnForObjects('quarantine/*')),
      ...mayHold(shared.settings.objectLock, bucket.arnForObjects('raw/*')),
      allow(['s3:GetObject'], bucket.arnForObjects('raw/*')),
      // Without it, S3 answers 403 and not 404 for a key that is free, and nobody could distinguish a free key from a forbidden one.
      allow(['s3:ListBucket'], bucket.bucketArn),
      ...(sightings
        ? [
            allow(['dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem', 'dynamodb:Query'], sightings.table.tableArn),
            // For absences: whether a stream is complete, and the rules in force.
            allow(['dynamodb:Query'], ledger.dueIndexArn),
            allow(['s3:GetObject'], bucket.arnForObjects('rules/*'), bucket.arnForObjects('indicators/index.bin')),
          ]
        : []),
      ...readTenants(this, shared.settings.names),
      useKey(shared.key, ['dynamodb', 's3', 'sqs']),
      ...openCredentials(shared),
    ];
  }
}

function environmentOf(
  { deadLetters }: JobQueue,
  { shared, ledger, queues, bucket, sightings }: FetchStationProps,
): Record<string, string> {
  const { fedramp, names, objectLock, ocsf, simulatorUrl, tenantMetrics } = shared.settings;
  return {
    TABLE_NAME: ledger.table.tableName,
    CONTENT_QUEUE_URL: queues.content.queue.queueUrl,
    WINDOW_QUEUE_URL: queues.windows.queue.queueUrl,
    DEAD_LETTER_QUEUE_URL: deadLetters.queueUrl,
    BUCKET_NAME: bucket.bucketName,
    TENANTS_PREFIX: names.tenantsPrefix,
    FEDRAMP: String(fedramp),
    FEDERATION_ROLE_ARN: federationRoleArn(ledger, names),
    TENANT_METRICS: String(tenantMetrics),
    OCSF: String(ocsf),
    ...(objectLock && { OBJECT_LOCK: lockText(objectLock) }),
    ...(sightings && { SIGHTINGS_TABLE_NAME: sightings.table.tableName }),
    ...(simulatorUrl !== undefined && { SIMULATOR_URL: simulatorUrl }),
  };
}

function findings(scope: Construct, { shared, bucket, sightings }: FetchStationProps): Readonly<Record<string, string>> {
  return {
    [wildcard(scope, `${tenantsArn(scope, shared.settings.names)}/*`)]: tenantsReason,
    [wildcard(scope, bucket.arnForObjects('raw/*'))]: 'Jobs make the keys of objects; it reads and writes under raw/ and never deletes.',
    ...(sightings && {
      [wildcard(scope, bucket.arnForObjects('rules/*'))]: 'Sets of rules are named by what is in them; it reads and never writes them.',
    }),
    [wildcard(scope, bucket.arnForObjects('quarantine/*'))]: 'Jobs make the keys of objects; it only writes under quarantine/.',
  };
}

const queueHasItsOwn =
  'Lambda knows no on-failure destination for SQS; a message that fails five times goes to the dead-letter queue of its queue.';
