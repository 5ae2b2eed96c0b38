import { Duration, Stack } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { DeploymentNames } from '../shared/domain/deployment.ts';
import { acknowledge } from './acknowledge.ts';
import type { LakePlace } from './lake-place.ts';
import { safeBucket } from './safe-bucket.ts';
import type { Settings } from './settings.ts';

/** What {@link AuditTrail} watches, and with what. */
export interface AuditTrailProps {
  readonly key: IKey;
  readonly bucket: LakePlace;
  readonly accessLogs: IBucket;
  readonly names: DeploymentNames;
  readonly records: NonNullable<Settings['auditTrail']>;
}

/** Twelve months, and the day that is under way. */
const keptDays = 366;

/** CloudTrail's record of who put, deleted and, if that is asked for, read objects of the lake, in a bucket of its own. */
export class AuditTrail extends Construct {
  constructor(scope: Construct, id: string, { key, bucket, accessLogs, names, records }: AuditTrailProps) {
    super(scope, id);
    const logs = safeBucket(this, 'Logs', {
      key,
      lifecycleRules: [{ id: 'all', expiration: Duration.days(keptDays), noncurrentVersionExpiration: Duration.days(30) }],
      logs: { bucket: accessLogs, prefix: 'trail/' },
      reasons: { notReplicated, notLocked },
    });
    const trailName = `${names.base}-evidence`;
    const trail = Stack.of(this).formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: trailName });
    for (const statement of deliveries(logs, trail)) logs.addToResourcePolicy(statement);
    const objects = [
      { field: 'eventCategory', equalTo: ['Data'] },
      { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
      { field: 'resources.ARN', startsWith: [bucket.arnForObjects('')] },
      ...(records === 'writes' ? [{ field: 'readOnly', equalTo: ['false'] }] : []),
    ];
    const made = new CfnTrail(this, 'Trail', {
      trailName,
      isLogging: true,
      s3BucketName: logs.bucketName,
      kmsKeyId: key.keyArn,
      enableLogFileValidation: true,
      isMultiRegionTrail: false,
      includeGlobalServiceEvents: false,
      advancedEventSelectors: [{ name: 'Objects of the lake', fieldSelectors: objects }],
    });
    // CloudTrail looks whether it may deliver when it is made.
    if (logs.policy) made.node.addDependency(logs.policy);
    for (const pack of ['NIST.800.53.R4', 'NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'])
      acknowledge(made, { [`${pack}-CloudTrailCloudWatchLogsEnabled`]: inBucket });
  }
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html */
function deliveries(logs: Bucket, trail: string): PolicyStatement[] {
  const principals = [new ServicePrincipal('cloudtrail.amazonaws.com')];
  const ofTrail = { 'aws:SourceArn': trail };
  const { account } = Stack.of(logs);
  return [
    new PolicyStatement({
      sid: 'TrailLooksAtTheBucket',
      principals,
      actions: ['s3:GetBucketAcl'],
      resources: [logs.bucketArn],
      conditions: { StringEquals: ofTrail },
    }),
    new PolicyStatement({
      sid: 'TrailDelivers',
      principals,
      actions: ['s3:PutObject'],
      resources: [logs.arnForObjects(`AWSLogs/${account}/*`)],
      conditions: { StringEquals: { ...ofTrail, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    }),
  ];
}

/** What the key's policy has to allow CloudTrail. */
export function trailMayEncrypt({ partition, region, account }: Stack, { base }: DeploymentNames): PolicyStatement {
  return new PolicyStatement({
    sid: 'TrailOfTheLake',
    principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
    actions: ['kms:GenerateDataKey*', 'kms:Decrypt', 'kms:DescribeKey'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceArn': `arn:${partition}:cloudtrail:${region}:${account}:trail/${base}-evidence` } },
  });
}

const inBucket =
  'Its files lie in a bucket that keeps them for twelve months and are validated by digests of their own; CloudWatch Logs would take 0.50 USD a gigabyte for a second copy.';
const notReplicated = 'Records of access are kept for twelve months beside the lake that they are about; a copy has no use without it.';
const notLocked =
  'CloudTrail chains digests of its files, which shows what is missing; a hold on them is for the owner to decide, for nobody takes it back.';
