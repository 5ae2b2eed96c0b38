/** Statements about the bucket's evidence: what may be put, and who alone may take it away. */

import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { lockedPrefixes, lockModeInS3, type ObjectLock } from '../shared/domain/object-lock.ts';
import type { LakePlace } from './lake-place.ts';

const evidenceIn = (bucket: LakePlace): string[] => lockedPrefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`));

const denyEverybody = (sid: string, actions: string[], resources: string[], conditions: Record<string, Record<string, unknown>>) =>
  new PolicyStatement({ sid, effect: Effect.DENY, principals: [new AnyPrincipal()], actions, resources, conditions });

/** What makes an object. Parts of a multipart upload do not, and can say nothing of the object; what completes it does. */
const creates = { Bool: { 's3:ObjectCreationOperation': 'true' } };

/**
 * Every write of evidence says If-None-Match, so that no object is ever replaced.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
export const isWrittenOnce = (bucket: LakePlace): PolicyStatement =>
  denyEverybody('RawIsWrittenOnce', ['s3:PutObject'], evidenceIn(bucket), { Null: { 's3:if-none-match': 'true' }, ...creates });

/** Every write of evidence says how it is held: the bucket's own default would hold what Iceberg has to remove, too. */
export const isHeld = (bucket: LakePlace): PolicyStatement =>
  denyEverybody('RawIsHeld', ['s3:PutObject'], evidenceIn(bucket), { Null: { 's3:object-lock-mode': 'true' }, ...creates });

/**
 * What takes evidence away, or the rules that keep it, is one role's alone. The bucket's own lifecycle is S3's, and asks no policy.
 *
 * @param role ARN.
 */
export function takesAway(bucket: LakePlace, role: string): PolicyStatement[] {
  const others = { ArnNotEquals: { 'aws:PrincipalArn': role } };
  const removing = ['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion'];
  const changing = [
    's3:DeleteBucket',
    's3:DeleteBucketPolicy',
    's3:PutBucketObjectLockConfiguration',
    's3:PutBucketPolicy',
    's3:PutBucketVersioning',
    's3:PutLifecycleConfiguration',
  ];
  return [
    denyEverybody('OneRoleRemovesEvidence', removing, evidenceIn(bucket), others),
    denyEverybody('OneRoleChangesRules', changing, [bucket.bucketArn], others),
  ];
}

/** The right to put objects that are held: so long and no longer, for nobody takes a longer hold back. */
export function mayHold(lock: ObjectLock | undefined, ...resources: string[]): PolicyStatement[] {
  if (!lock) return [];
  const conditions = {
    StringEquals: { 's3:object-lock-mode': lockModeInS3(lock) },
    NumericLessThanEquals: { 's3:object-lock-remaining-retention-days': lock.days },
  };
  return [new PolicyStatement({ actions: ['s3:PutObjectRetention'], resources, conditions })];
}
