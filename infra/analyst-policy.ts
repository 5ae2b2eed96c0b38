import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { acknowledge, wildcard } from './acknowledge.ts';
import { glueTables } from './glue-tables.ts';
import type { LakePlace } from './lake-place.ts';
import { allow } from './permissions.ts';
import type { ResultsPlace } from './query-workgroup.ts';

/** What {@link AnalystPolicy} opens. */
export interface AnalystPolicyProps {
  readonly key: IKey;
  readonly workgroup: CfnWorkGroup;
  readonly database: string;
  readonly bucket: LakePlace;
  readonly results: ResultsPlace;
}

/**
 * What somebody needs who asks questions and changes nothing: the workgroup, the tables, what landed, the results. A policy without a role: people's
 * roles are made where people are.
 */
export class AnalystPolicy extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, { key, workgroup, database, bucket, results }: AnalystPolicyProps) {
    super(scope, id);
    const tables = glueTables(this, database, ['*']);
    const objects = [bucket.arnForObjects('raw/*'), bucket.arnForObjects('compacted/*'), results.arnForObjects('results/*')];
    const [, , ofResults = ''] = objects;
    this.policy = new ManagedPolicy(this, 'Policy', {
      description: 'Queries of m365-audit-lake: reads what landed, writes results, and opens no credential',
      statements: [
        allow(
          [
            'GetNamedQuery',
            'GetQueryExecution',
            'GetQueryResults',
            'GetWorkGroup',
            'ListNamedQueries',
            'ListQueryExecutions',
            'StartQueryExecution',
            'StopQueryExecution',
          ].map((action) => `athena:${action}`),
          Stack.of(this).formatArn({ service: 'athena', resource: 'workgroup', resourceName: workgroup.name }),
        ),
        allow(['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable', 'glue:GetTables'], ...tables),
        allow(['s3:GetBucketLocation', 's3:ListBucket'], bucket.bucketArn, results.bucketArn),
        allow(['s3:GetObject'], ...objects),
        allow(['s3:AbortMultipartUpload', 's3:PutObject'], ofResults),
        this.useKeyForObjects(key),
      ],
    });
    for (const resource of [...objects, ...tables.filter((arn) => arn.endsWith('*'))])
      acknowledge(this.policy, { [wildcard(this, resource)]: reason });
  }

  /** By S3 alone: the same key opens nothing in another service for who has this policy. */
  private useKeyForObjects(key: IKey): PolicyStatement {
    const { region, urlSuffix } = Stack.of(this);
    return new PolicyStatement({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${region}.${urlSuffix}` } },
    });
  }
}

const reason =
  'Every table of the one database, what landed, and results, which are named when they are written; quarantine/ and manifests/ are not among them.';
