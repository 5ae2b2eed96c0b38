import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** What {@link AccessLogs} is made from: the days that S3 keeps the logs. */
export interface AccessLogsProps {
  readonly days: number;
}

/** Who read and wrote the buckets. */
export class AccessLogs extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string, props: AccessLogsProps) {
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      encryption: BucketEncryption.S3_MANAGED,
      versioned: true,
      lifecycleRules: [{ id: 'all', expiration: Duration.days(props.days), noncurrentVersionExpiration: Duration.days(1) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(bucket, {
      'NIST.800.53.R5-S3DefaultEncryptionKMS': deliveredEncrypted,
      'HIPAA.Security-S3DefaultEncryptionKMS': deliveredEncrypted,
      'PCI.DSS.321-S3DefaultEncryptionKMS': deliveredEncrypted,
      'NIST.800.53.R5-S3BucketReplicationEnabled': notReplicated,
      'HIPAA.Security-S3BucketReplicationEnabled': notReplicated,
      'NIST.800.53.R4-S3BucketReplicationEnabled': notReplicated,
      'PCI.DSS.321-S3BucketReplicationEnabled': notReplicated,
      'NIST.800.53.R4-S3BucketDefaultLockEnabled': notLocked,
    });
    // Under exactOptionalPropertyTypes the class does not fit its own interface; CDK is compiled without it.
    this.bucket = bucket as IBucket;
  }
}

const deliveredEncrypted = 'S3 delivers server access logs only to buckets whose default encryption is SSE-S3.';
const notReplicated = 'Access logs are kept for the time the logs are kept; a copy in a second region has no use without the lake there.';
const notLocked = 'S3 delivers server access logs only to buckets without a default retention of Object Lock.';
