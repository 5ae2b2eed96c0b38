import { Duration, NestedStack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Code, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { acknowledge, wildcard } from './acknowledge.ts';
import type { AlarmTarget } from './alarm.ts';
import { federationRoleArn } from './federation-role.ts';
import { queueUrls, type JobQueues } from './job-queues.ts';
import type { LakePlace } from './lake-place.ts';
import type { LedgerTable } from './ledger-table.ts';
import { watchList } from './list-alarms.ts';
import { allow, openCredentials, readTenants, sendTo, tenantFindings, useKey } from './permissions.ts';
import { scheduleOf, streamId } from './schedule-times.ts';
import { Schedules } from './schedules.ts';
import type { StreamKind } from './settings.ts';
import { lightMemoryMb, StationFunction, type SharedParts } from './station-function.ts';

/** What the list functions of one cloud read, write and call. */
export interface ListStationsProps {
  readonly shared: SharedParts;
  /** Of the light bundle: an asset belongs to one stack, so each nested stack makes its own of the folder. */
  readonly codeFolder: string;
  readonly ledger: LedgerTable;
  readonly queues: JobQueues;
  readonly bucket: LakePlace;
  readonly alarmTarget: AlarmTarget;
  /** All of one cloud. */
  readonly streams: readonly StreamKind[];
}

/**
 * The list functions of one cloud, one for each enabled log type that it offers, with their schedules and alarms.
 *
 * A nested stack: CloudFormation takes 500 resources in one template, and each list is eight of them.
 */
export class ListStations extends NestedStack {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: ListStationsProps) {
    super(scope, id, { suppressTemplateIndentation: true });
    const { listEveryMinutes } = props.shared.settings;
    const code = Code.fromAsset(props.codeFolder);
    const lists = props.streams.map((stream) => ({ stream, list: this.listFunction(stream, code, props) }));
    const runs = lists.map(({ stream, list }) => ({
      id: streamId(stream),
      description: `Lists ${stream.logType.id} in ${stream.cloud}`,
      schedule: scheduleOf(stream, listEveryMinutes),
      function: list,
    }));
    new Schedules(this, 'Schedules', { runs });
    this.alarms = lists.flatMap(({ stream, list }) => watchList(this, props.alarmTarget, stream, list, listEveryMinutes));
  }

  private listFunction(stream: StreamKind, code: Code, { shared, ledger, queues, bucket }: ListStationsProps): LambdaFunction {
    const { logType, cloud } = stream;
    const jobs = queues.of(cloud);
    const { settings, key } = shared;
    const station = new StationFunction(this, streamId(stream), {
      shared,
      code,
      handler: 'list.handler',
      description: `Lists ${logType.title} in ${cloud}`,
      environment: {
        TABLE_NAME: ledger.table.tableName,
        QUEUE_URLS: queueUrls(jobs),
        TENANTS_PREFIX: settings.names.tenantsPrefix,
        CREDENTIALS_PREFIX: settings.names.credentialsPrefix,
        CLOUDS: cloud,
        LOG_TYPE: logType.id,
        CLOUD: cloud,
        BUCKET_NAME: bucket.bucketName,
        FEDRAMP: String(settings.fedramp),
        DETECTIONS: String(settings.detections),
        FEDERATION_ROLE_ARN: federationRoleArn(this, settings.names),
        ...(settings.simulatorUrl !== undefined && { SIMULATOR_URL: settings.simulatorUrl }),
      },
      timeout: Duration.minutes(5),
      memoryMb: lightMemoryMb,
      // Two runs of one stream at once do no harm and no good.
      concurrency: 1,
      failedRuns: { queue: queues.failedRuns, after: Duration.minutes(settings.listEveryMinutes) },
      may: [
        allow(['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], ledger.table.tableArn),
        // Whether there is a lake already, and the ledger that belongs to it.
        allow(['dynamodb:Scan'], ledger.table.tableArn),
        allow(['s3:ListBucket'], bucket.bucketArn),
        // The rules in force are stored before a job names them.
        ...(settings.detections ? [allow(['s3:GetObject', 's3:PutObject'], bucket.arnForObjects('rules/*'))] : []),
        sendTo(jobs.queue),
        ...readTenants(this, settings.names, cloud),
        useKey(key, ['dynamodb', ...(settings.detections ? (['s3'] as const) : []), 'sqs']),
        openCredentials(shared),
      ],
    });
    acknowledge(station.policy, {
      ...tenantFindings(this, settings.names, cloud),
      ...(settings.detections && { [wildcard(this, bucket.arnForObjects('rules/*'))]: rulesReason }),
    });
    return station.function;
  }
}

const rulesReason = 'Sets of rules are named by what is in them; it reads what people have added, and writes sets that are new.';
