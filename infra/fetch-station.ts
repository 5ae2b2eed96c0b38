import { Duration, Size } from 'aws-cdk-lib';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { cloudById, homesOf, type CloudId, type HomeId } from '../shared/clouds.ts';
import { lockText } from '../shared/domain/object-lock.ts';
import { acknowledge, wildcard } from './acknowledge.ts';
import { mayHold } from './evidence-policy.ts';
import { federationRoleArn } from './federation-role.ts';
import { queueUrls, type JobQueue, type JobQueues } from './job-queues.ts';
import type { LakePlace } from './lake-place.ts';
import type { LedgerTable } from './ledger-table.ts';
import { allow, openCredentials, readTenants, sendTo, tenantFindings, useKey } from './permissions.ts';
import { inPascalCase } from './schedule-times.ts';
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

/** The fetch worker on the queue of each cloud: the same code each time, and no other cloud's tenants. */
export class FetchStation extends Construct {
  /** In the order of the queues. */
  readonly workers: readonly LambdaFunction[];
  /** Where rules are evaluated, what looks for what is absent, every hour: one worker for each home of tenants. */
  readonly absences: readonly ScheduledRun[];

  constructor(scope: Construct, id: string, props: FetchStationProps) {
    super(scope, id);
    const workers = props.queues.all.map((jobs) => ({ cloud: jobs.cloud, worker: this.worker(jobs, props) }));
    this.workers = workers.map(({ worker }) => worker);
    this.absences = absenceRuns(workers);
  }

  private worker(jobs: JobQueue, props: FetchStationProps): LambdaFunction {
    const { settings } = props.shared;
    const station = new StationFunction(this, jobs.id, {
      shared: props.shared,
      code: props.code,
      handler: 'fetch.handler',
      description: `Fetches and lands jobs of ${jobs.cloud}`,
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
    acknowledge(station.policy, findings(this, jobs, props));
    return station.function;
  }

  private permissions(
    { cloud, queue, deadLetters }: JobQueue,
    { shared, ledger, bucket, sightings }: FetchStationProps,
  ): PolicyStatement[] {
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
      ...readTenants(this, shared.settings.names, cloud),
      useKey(shared.key, ['dynamodb', 's3', 'sqs']),
      openCredentials(shared),
    ];
  }
}

/** A tenant's worker of Graph sees all of it; where Graph is not collected, that of Management Activity. */
function absenceRuns(workers: readonly { readonly cloud: CloudId; readonly worker: LambdaFunction }[]): ScheduledRun[] {
  const seen = new Set<HomeId>();
  const isGraph = ({ cloud }: { readonly cloud: CloudId }): boolean => cloudById(cloud).api === 'graph';
  return [...workers.filter(isGraph), ...workers.filter((one) => !isGraph(one))].flatMap(({ cloud, worker }) => {
    const own = homesOf(cloud);
    if (own.every((home) => seen.has(home))) return [];
    for (const home of own) seen.add(home);
    const id = cloud === 'global' ? 'Absences' : `Absences${inPascalCase(cloud)}`;
    const description = `Looks for what is absent in tenants of ${cloud}`;
    return [{ id, description, schedule: ScheduleExpression.rate(Duration.hours(1)), function: worker }];
  });
}

function environmentOf(jobs: JobQueue, { shared, ledger, bucket, sightings }: FetchStationProps): Record<string, string> {
  const { fedramp, names, objectLock, ocsf, simulatorUrl, tenantMetrics } = shared.settings;
  return {
    TABLE_NAME: ledger.table.tableName,
    QUEUE_URLS: queueUrls(jobs),
    DEAD_LETTER_QUEUE_URL: jobs.deadLetters.queueUrl,
    BUCKET_NAME: bucket.bucketName,
    TENANTS_PREFIX: names.tenantsPrefix,
    CREDENTIALS_PREFIX: names.credentialsPrefix,
    CLOUDS: jobs.cloud,
    FEDRAMP: String(fedramp),
    FEDERATION_ROLE_ARN: federationRoleArn(ledger, names),
    TENANT_METRICS: String(tenantMetrics),
    OCSF: String(ocsf),
    ...(objectLock && { OBJECT_LOCK: lockText(objectLock) }),
    ...(sightings && { SIGHTINGS_TABLE_NAME: sightings.table.tableName }),
    ...(simulatorUrl !== undefined && { SIMULATOR_URL: simulatorUrl }),
  };
}

function findings(
  scope: Construct,
  { cloud }: JobQueue,
  { shared, bucket, sightings }: FetchStationProps,
): Readonly<Record<string, string>> {
  return {
    ...tenantFindings(scope, shared.settings.names, cloud),
    [wildcard(scope, bucket.arnForObjects('raw/*'))]: 'Jobs make the keys of objects; it reads and writes under raw/ and never deletes.',
    ...(sightings && {
      [wildcard(scope, bucket.arnForObjects('rules/*'))]: 'Sets of rules are named by what is in them; it reads and never writes them.',
    }),
    [wildcard(scope, bucket.arnForObjects('quarantine/*'))]: 'Jobs make the keys of objects; it only writes under quarantine/.',
  };
}

const queueHasItsOwn =
  'Lambda knows no on-failure destination for SQS; a message that fails five times goes to the dead-letter queue of its queue.';
