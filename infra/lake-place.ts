import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** What the others need to know of the lake's bucket, whoever made it. */
export type LakePlace = Pick<IBucket, 'bucketName' | 'bucketArn' | 'arnForObjects'>;
