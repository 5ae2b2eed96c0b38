import { Duration } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { safeBucket } from './safe-bucket.ts';

/** What {@link AccessLogs} is made from: the days that S3 keeps the logs. */
export interface AccessLogsProps {
  readonly days: number;
}

/** Who read and wrote the buckets. */
export class AccessLogs extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string, props: AccessLogsProps) {
    super(scope, id);
    const bucket = safeBucket(this, 'Bucket', {
      lifecycleRules: [{ id: 'all', expiration: Duration.days(props.days), noncurrentVersionExpiration: Duration.days(1) }],
      reasons: { notReplicated, notLocked },
    });
    for (const pack of ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'])
      acknowledge(bucket, { [`${pack}-S3DefaultEncryptionKMS`]: deliveredEncrypted });
    // Under exactOptionalPropertyTypes the class does not fit its own interface; CDK is compiled without it.
    this.bucket = bucket as IBucket;
  }
}

const deliveredEncrypted = 'S3 delivers server access logs only to buckets whose default encryption is SSE-S3.';
const notReplicated = 'Access logs are kept for the time the logs are kept; a copy in a second region has no use without the lake there.';
const notLocked = 'S3 delivers server access logs only to buckets without a default retention of Object Lock.';
