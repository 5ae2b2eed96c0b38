import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { DeploymentNames } from '../shared/domain/deployment.ts';
import { trailMayEncrypt } from './audit-trail.ts';
import type { Settings } from './settings.ts';

/** The part of the settings that chooses the key. */
export interface EncryptionKeyProps {
  /** A key of the account's own; its policy must allow what docs/deploy.md lists. */
  readonly kmsKeyArn?: string | undefined;
  readonly auditTrail?: Settings['auditTrail'];
  readonly names: DeploymentNames;
}

/** The key of what the deployment stores: table, bucket, queues, logs and alarms. Credentials have one of their own. */
export class EncryptionKey extends Construct {
  readonly key: IKey;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    this.key = props.kmsKeyArn === undefined ? this.create(props) : Key.fromKeyArn(this, 'Own', props.kmsKeyArn);
  }

  private create({ auditTrail, names }: EncryptionKeyProps): Key {
    const key = new Key(this, 'Key', {
      description: 'm365-audit-lake: everything it stores',
      enableKeyRotation: true,
      // Without the key, what is kept cannot be read any more.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const statement of servicesThatEncrypt(Stack.of(this))) key.addToResourcePolicy(statement);
    if (auditTrail) key.addToResourcePolicy(trailMayEncrypt(Stack.of(this), names));
    return key;
  }
}

/** Services that use the key in their own name, each for this account only. */
function servicesThatEncrypt({ account, region, partition }: Stack): PolicyStatement[] {
  const logGroups = `arn:${partition}:logs:${region}:${account}:log-group:*`;
  return [
    new PolicyStatement({
      sid: 'LogGroups',
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    }),
    new PolicyStatement({
      sid: 'AlarmsToTheirTopic',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com'), new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  ];
}
