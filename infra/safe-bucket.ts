import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership, type BucketProps, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** What differs between the buckets of a deployment. */
export interface SafeBucketProps extends Pick<BucketProps, 'lifecycleRules' | 'objectLockEnabled'> {
  /** With the keys of S3 where absent: server access logs are delivered to no other bucket. */
  readonly key?: IKey;
  /** Who read and wrote it; absent of the bucket that they are delivered to. */
  readonly logs?: { readonly bucket: IBucket; readonly prefix: string };
  /** Why there is no replica, and no default retention of Object Lock. */
  readonly reasons: { readonly notReplicated: string; readonly notLocked: string };
}

/** A bucket as every bucket of the deployment is: for nobody in public, its owner's, encrypted, over TLS 1.2, with versions, and kept when the stack goes. */
export function safeBucket(scope: Construct, id: string, { key, logs, reasons, ...own }: SafeBucketProps): Bucket {
  const bucket = new Bucket(scope, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    ...(key
      ? { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }
      : { encryption: BucketEncryption.S3_MANAGED }),
    versioned: true,
    ...own,
    ...(logs && { serverAccessLogsBucket: logs.bucket, serverAccessLogsPrefix: logs.prefix }),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  // What protects the objects stays as long as they do.
  bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
  for (const pack of ['NIST.800.53.R4', 'NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'])
    acknowledge(bucket, { [`${pack}-S3BucketReplicationEnabled`]: reasons.notReplicated });
  acknowledge(bucket, { 'NIST.800.53.R4-S3BucketDefaultLockEnabled': reasons.notLocked });
  return bucket;
}
