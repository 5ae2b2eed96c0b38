import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, type CfnBucket, type IBucket, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { allAgain } from '../shared/domain/compacted-table.ts';
import { isHeld, isWrittenOnce, takesAway } from './evidence-policy.ts';
import type { LakePlace } from './lake-place.ts';
import { safeBucket } from './safe-bucket.ts';
import type { Settings } from './settings.ts';

/** What {@link LakeBucket} is made from; with `bucketName` nothing is made. */
export interface LakeBucketProps {
  readonly key: IKey;
  readonly accessLogs: IBucket;
  readonly retention: Settings['retention'];
  /** An existing bucket; its policy, encryption and lifecycle stay its owner's, see docs/deploy.md. */
  readonly bucketName?: string | undefined;
  readonly objectLock?: Settings['objectLock'];
  readonly evidenceAdminRole?: string | undefined;
  /** EventBridge gets an event for every object, for whoever subscribes. */
  readonly hasEvents: boolean;
}

/** Where everything lands: `raw/<dataset>/dt=…/hr=…/` and `quarantine/<dataset>/dt=…/hr=…/`. */
export class LakeBucket extends Construct {
  readonly bucket: LakePlace;

  constructor(scope: Construct, id: string, props: LakeBucketProps) {
    super(scope, id);
    this.bucket = props.bucketName === undefined ? this.create(props) : Bucket.fromBucketName(this, 'Existing', props.bucketName);
  }

  private create({ key, accessLogs, retention, objectLock, evidenceAdminRole, hasEvents }: LakeBucketProps): Bucket {
    const bucket = safeBucket(this, 'Bucket', {
      key,
      ...(objectLock && { objectLockEnabled: true }),
      lifecycleRules: lifecycle(retention),
      logs: { bucket: accessLogs, prefix: 'lake/' },
      reasons: { notReplicated: replication, notLocked },
    });
    bucket.addToResourcePolicy(isWrittenOnce(bucket));
    if (objectLock) bucket.addToResourcePolicy(isHeld(bucket));
    if (evidenceAdminRole !== undefined)
      for (const statement of takesAway(bucket, evidenceAdminRole)) bucket.addToResourcePolicy(statement);
    if (hasEvents) sendEventsToEventBridge(bucket);
    return bucket;
  }
}

/** The bucket's own property: CDK's `eventBridgeEnabled` would add a function that sets it. */
function sendEventsToEventBridge(bucket: Bucket): void {
  (bucket.node.defaultChild as CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
}

function lifecycle({ rawDays, quarantineDays }: Settings['retention']): LifecycleRule[] {
  // What a person deleted by mistake can be had back for this long.
  const noncurrentVersionExpiration = Duration.days(30);
  const quarantine = { id: 'quarantine', prefix: 'quarantine/', expiration: Duration.days(quarantineDays), noncurrentVersionExpiration };
  const raw = { id: 'raw', prefix: 'raw/', noncurrentVersionExpiration };
  return [
    { id: 'unfinished uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
    quarantine,
    // Of compacted tables the current objects are the tables' own: VACUUM removes what no snapshot has, and only what it removed goes for good.
    { id: 'manifests', prefix: 'manifests/', noncurrentVersionExpiration },
    { id: 'compacted', prefix: 'compacted/', noncurrentVersionExpiration, expiredObjectDeleteMarker: true },
    { id: 'made again', prefix: allAgain, expiration: Duration.days(7), noncurrentVersionExpiration: Duration.days(1) },
    rawDays === undefined ? raw : { ...raw, expiration: Duration.days(rawDays) },
  ];
}

const replication =
  'Replication doubles the cost of storage and needs a second region that the deployer has to choose; objects are never replaced, versions keep what is deleted, and Microsoft serves the last seven days again. Add a replication rule to the bucket where a second region is required.';
const notLocked =
  'A default of the bucket would hold what Iceberg and erasures remove as well. The setting objectLock has evidence held object by object instead, where the owner decides so: nobody takes it back. Without it, objects are written once, versions keep what is deleted, and chained manifests show what was touched.';
