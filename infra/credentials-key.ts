import { RemovalPolicy } from 'aws-cdk-lib';
import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** The part of the settings that chooses the key. */
export interface CredentialsKeyProps {
  /** Of a stack that was destroyed. */
  readonly credentialsKeyArn?: string | undefined;
}

/**
 * The key of tenants' credentials, and of nothing else: whoever may decrypt what landed cannot open a client secret with it, whatever else he may
 * read.
 */
export class CredentialsKey extends Construct {
  readonly key: IKey;

  constructor(scope: Construct, id: string, { credentialsKeyArn }: CredentialsKeyProps) {
    super(scope, id);
    this.key = credentialsKeyArn === undefined ? this.create() : Key.fromKeyArn(this, 'Own', credentialsKeyArn);
  }

  private create(): Key {
    return new Key(this, 'Key', {
      description: "m365-audit-lake: tenants' credentials",
      enableKeyRotation: true,
      // Without the key, every credential has to be given again.
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
