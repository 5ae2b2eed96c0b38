import { Duration, NestedStack, Stack } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import { acknowledge, wildcard } from './acknowledge.ts';
import { makeAlarm, type AlarmTarget } from './alarm.ts';
import { makeAgainTables, type AgainTablesProps } from './datasets.ts';
import { glueTables } from './glue-tables.ts';
import type { JobQueues } from './job-queues.ts';
import type { LakePlace } from './lake-place.ts';
import type { LedgerTable } from './ledger-table.ts';
import type { ResultsPlace } from './query-workgroup.ts';
import { allow, listTenants, sendTo, tenantListFindings, useKey } from './permissions.ts';
import { Schedules } from './schedules.ts';
import { lightMemoryMb, StationFunction, type SharedParts } from './station-function.ts';

/** What {@link CompactionStation} reads, writes and calls. */
export interface CompactionStationProps {
  readonly shared: SharedParts;
  /** Of the light bundle: an asset belongs to one stack, so a nested stack makes its own of the folder. */
  readonly codeFolder: string;
  readonly ledger: LedgerTable;
  readonly queues: JobQueues;
  readonly bucket: LakePlace;
  /** Of query results: Athena writes what a statement says of itself. */
  readonly results: ResultsPlace;
  readonly alarmTarget: AlarmTarget;
  readonly datasets: AgainTablesProps;
  /** What the tables belong to. */
  readonly database: CfnDatabase;
}

const period = Duration.hours(1);

/** Merges landed hours into Iceberg tables by Athena, looking every hour what is due, in a workgroup of its own. */
export class CompactionStation extends NestedStack {
  readonly alarms: readonly Alarm[];
  readonly functionName: string;

  constructor(scope: Construct, id: string, props: CompactionStationProps) {
    super(scope, id, { suppressTemplateIndentation: true });
    makeAgainTables(this, props.datasets);
    this.node.addDependency(props.database);
    const workgroup = this.workgroup(props);
    const { function: compact, policy } = this.station(workgroup, props);
    for (const resource of wildcardsOf(this, props)) acknowledge(policy, { [wildcard(this, resource)]: wildcardReason });
    acknowledge(policy, tenantListFindings(this, props.shared.settings.names));
    new Schedules(this, 'Schedules', {
      runs: [
        {
          id: 'Compact',
          description: 'Merges landed hours',
          schedule: ScheduleExpression.rate(period),
          function: compact,
        },
      ],
    });
    this.functionName = compact.functionName;
    this.alarms = watch(this, props.alarmTarget, compact);
  }

  /** Apart from people's: their limit of bytes would stop a merge, and their bill shows what people ask. */
  private workgroup({ shared, results }: CompactionStationProps): CfnWorkGroup {
    return new CfnWorkGroup(this, 'Workgroup', {
      name: `${shared.settings.names.workgroup}-compaction`,
      description: 'Statements by which m365-audit-lake compacts its datasets',
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: false,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: results.s3UrlForObject('compaction/'),
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: shared.key.keyArn },
        },
      },
    });
  }

  private station(workgroup: CfnWorkGroup, props: CompactionStationProps): StationFunction {
    const { shared, ledger, queues, bucket } = props;
    const { names, ocsf, compactEveryHours, compactedBy, retention } = shared.settings;
    return new StationFunction(this, 'Compact', {
      shared,
      code: Code.fromAsset(props.codeFolder),
      handler: 'compact.handler',
      description: 'Merges landed hours into Iceberg tables',
      environment: {
        TABLE_NAME: ledger.table.tableName,
        BUCKET_NAME: bucket.bucketName,
        DATABASE_NAME: names.database,
        WORKGROUP_NAME: workgroup.name,
        COMPACT_EVERY_HOURS: String(compactEveryHours),
        COMPACTED_BY: compactedBy,
        ...(retention.compactedDays !== undefined && { COMPACTED_DAYS: String(retention.compactedDays) }),
        TENANTS_PREFIX: names.tenantsPrefix,
        OCSF: String(ocsf),
      },
      timeout: Duration.minutes(14),
      memoryMb: lightMemoryMb,
      concurrency: 1,
      failedRuns: { queue: queues.failedRuns, after: period },
      may: [
        ...readAndWriteTables(this, props),
        ...runStatements(this, workgroup, props),
        ...keepState(props),
        listTenants(this, shared.settings.names),
        sendTo(queues.failedRuns),
      ],
    });
  }
}

/** Names of the tables over landed objects; views have others. A list of all views would outgrow what IAM takes of a policy. */
export const landedTables = ['*_raw', '*_landed'];

/** Athena reads and writes in the caller's name: landed objects are read, compacted ones and views read, written and removed. */
function readAndWriteTables(scope: Construct, { bucket, shared }: CompactionStationProps): PolicyStatement[] {
  const { database } = shared.settings.names;
  const all = glueTables(scope, database, ['*']);
  return [
    allow(['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], bucket.bucketArn),
    allow(['s3:GetObject'], bucket.arnForObjects('raw/*'), bucket.arnForObjects('compacted/*')),
    allow(
      ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
      bucket.arnForObjects('compacted/*'),
    ),
    allow(['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable', 'glue:GetTables'], ...all),
    allow(['glue:CreateTable', 'glue:UpdateTable'], ...glueTables(scope, database, ['*_compacted'])),
    allow(['glue:UpdateTable'], ...all),
    deny(['glue:UpdateTable'], ...landedTables.map((name) => tableArn(scope, database, name))),
  ];
}

const tableArn = (scope: Construct, database: string, name: string): string =>
  Stack.of(scope).formatArn({ service: 'glue', resource: 'table', resourceName: `${database}/${name}` });

const deny = (actions: string[], ...resources: string[]): PolicyStatement =>
  new PolicyStatement({ effect: Effect.DENY, actions, resources });

function runStatements(scope: Construct, workgroup: CfnWorkGroup, { results, shared }: CompactionStationProps): PolicyStatement[] {
  const arn = Stack.of(scope).formatArn({ service: 'athena', resource: 'workgroup', resourceName: workgroup.name });
  return [
    allow(['athena:GetQueryExecution', 'athena:GetQueryResults', 'athena:StartQueryExecution'], arn),
    allow(['s3:GetBucketLocation'], results.bucketArn),
    allow(['s3:GetObject', 's3:PutObject'], results.arnForObjects('compaction/*')),
    useKey(shared.key, ['dynamodb', 's3', 'sqs']),
  ];
}

/** Of the ledger's table its own items alone are written. */
function keepState({ ledger }: CompactionStationProps): PolicyStatement[] {
  const own = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['compaction#*'] } };
  return [
    allow(['dynamodb:Query'], ledger.dueIndexArn),
    allow(['dynamodb:BatchGetItem'], ledger.table.tableArn),
    new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [ledger.table.tableArn], conditions: own }),
  ];
}

function wildcardsOf(scope: Construct, { bucket, results, shared }: CompactionStationProps): string[] {
  const table = (name: string): string => tableArn(scope, shared.settings.names.database, name);
  const objects = [bucket.arnForObjects('raw/*'), bucket.arnForObjects('compacted/*'), results.arnForObjects('compaction/*')];
  return [...objects, table('*'), table('*_compacted')];
}

/** A run that fails is in the dead-letter queue of scheduled runs, which has an alarm. */
function watch(scope: Construct, target: AlarmTarget, compact: LambdaFunction): Alarm[] {
  return [
    makeAlarm(scope, 'Silence', target, 'compaction', 'Compaction has not run for two hours: queries get slower', {
      metric: compact.metricInvocations({ period: Duration.hours(2), statistic: 'Sum' }),
      below: 1,
      whenMissing: 'silent',
    }),
  ];
}

const wildcardReason =
  'Objects of raw/ and compacted/ and results of statements are named when they are written; Athena looks up tables of the one database and writes those of compaction.';
