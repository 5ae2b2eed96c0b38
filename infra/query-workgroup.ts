import { Duration } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { DeploymentNames } from '../shared/domain/deployment.ts';
import { safeBucket } from './safe-bucket.ts';
import { SavedQueries } from './saved-queries.ts';

/** What {@link QueryWorkgroup} is made from; `limitGb` is what one query may read. */
export interface QueryWorkgroupProps {
  readonly key: IKey;
  readonly accessLogs: IBucket;
  readonly limitGb: number;
  readonly names: DeploymentNames;
}

/** What others need to know of the bucket of query results. */
export type ResultsPlace = Pick<IBucket, 'bucketArn' | 'arnForObjects' | 's3UrlForObject'>;

/** Where people query: an Athena workgroup with a limit, encrypted results, and queries to start from. */
export class QueryWorkgroup extends Construct {
  readonly workgroup: CfnWorkGroup;
  readonly results: ResultsPlace;

  constructor(scope: Construct, id: string, { key, accessLogs, limitGb, names }: QueryWorkgroupProps) {
    super(scope, id);
    const results = this.resultsBucket(key, accessLogs);
    this.results = results;
    this.workgroup = new CfnWorkGroup(this, 'Workgroup', {
      // Athena knows workgroups by their names only.
      name: names.workgroup,
      description: 'Queries over the datasets of m365-audit-lake',
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: limitGb * 2 ** 30,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: results.s3UrlForObject('results/'),
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn },
        },
      },
    });
    new SavedQueries(this, 'Saved', { workgroup: this.workgroup, database: names.database });
  }

  /** Results are copies: they go after a month. */
  private resultsBucket(key: IKey, accessLogs: IBucket): Bucket {
    const everything = {
      id: 'all',
      expiration: Duration.days(30),
      noncurrentVersionExpiration: Duration.days(1),
      abortIncompleteMultipartUploadAfter: Duration.days(1),
    };
    const logs = { bucket: accessLogs, prefix: 'query-results/' };
    return safeBucket(this, 'Results', { key, lifecycleRules: [everything], logs, reasons: { notReplicated, notLocked } });
  }
}

const notReplicated = 'Query results are copies of what is in the lake; running the query again gives them back.';
const notLocked = 'Query results are copies, and go after a month.';
