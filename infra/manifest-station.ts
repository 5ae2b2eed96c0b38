import { Duration, NestedStack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import { lockText } from '../shared/domain/object-lock.ts';
import { acknowledge, wildcard } from './acknowledge.ts';
import { makeAlarm, type AlarmTarget } from './alarm.ts';
import { mayHold } from './evidence-policy.ts';
import type { JobQueues } from './job-queues.ts';
import type { LakePlace } from './lake-place.ts';
import type { LedgerTable } from './ledger-table.ts';
import { allow, sendTo, useKey } from './permissions.ts';
import { Schedules } from './schedules.ts';
import { StationFunction, type SharedParts } from './station-function.ts';

/** What {@link ManifestStation} reads, writes and calls. */
export interface ManifestStationProps {
  readonly shared: SharedParts;
  /** Of the light bundle. */
  readonly codeFolder: string;
  readonly ledger: LedgerTable;
  readonly queues: JobQueues;
  readonly bucket: LakePlace;
  readonly alarmTarget: AlarmTarget;
}

const period = Duration.hours(1);

/** Makes the manifests of hours that are over, every hour. */
export class ManifestStation extends NestedStack {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: ManifestStationProps) {
    super(scope, id, { suppressTemplateIndentation: true });
    const { shared, ledger, queues, bucket, alarmTarget } = props;
    const { objectLock } = shared.settings;
    const [raw, manifests] = [bucket.arnForObjects('raw/*'), bucket.arnForObjects('manifests/*')];
    const station = new StationFunction(this, 'Manifest', {
      shared,
      code: Code.fromAsset(props.codeFolder),
      handler: 'manifest.handler',
      description: 'Chains manifests of what has landed',
      environment: {
        TABLE_NAME: ledger.table.tableName,
        BUCKET_NAME: bucket.bucketName,
        ...(objectLock && { OBJECT_LOCK: lockText(objectLock) }),
      },
      timeout: Duration.minutes(14),
      memoryMb: 512,
      concurrency: 1,
      failedRuns: { queue: queues.failedRuns, after: period },
      may: [
        allow(['s3:ListBucket'], bucket.bucketArn),
        allow(['s3:GetObject'], raw, manifests),
        allow(['s3:PutObject'], manifests),
        ...mayHold(objectLock, manifests),
        ...keepChains(ledger),
        sendTo(queues.failedRuns),
        useKey(shared.key, ['dynamodb', 's3', 'sqs']),
      ],
    });
    for (const resource of [raw, manifests]) acknowledge(station.policy, { [wildcard(this, resource)]: wildcardReason });
    new Schedules(this, 'Schedules', {
      runs: [{ id: 'Manifest', description: 'Makes manifests', schedule: ScheduleExpression.rate(period), function: station.function }],
    });
    this.alarms = [
      makeAlarm(this, 'Failing', alarmTarget, 'manifests', 'Manifests cannot be made: somebody may have touched the chain', {
        metric: station.function.metricErrors({ period: Duration.hours(3), statistic: 'Sum' }),
        above: 1,
      }),
    ];
  }
}

/** Of the ledger's table the chains' own items alone are written. */
function keepChains({ table, dueIndexArn }: LedgerTable): PolicyStatement[] {
  const own = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['evidence#*'] } };
  return [
    allow(['dynamodb:Query'], dueIndexArn),
    allow(['dynamodb:BatchGetItem'], table.tableArn),
    new PolicyStatement({
      actions: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      resources: [table.tableArn],
      conditions: own,
    }),
  ];
}

const wildcardReason = 'Objects of raw/ and manifests/ are named when they are written.';
