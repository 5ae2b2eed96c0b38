import { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/**
 * The key of tenants' credentials, and of nothing else: whoever may decrypt what landed cannot open a client secret with it, whatever else he may
 * read.
 */
export class CredentialsKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: "m365-audit-lake: tenants' credentials",
      enableKeyRotation: true,
      // Without the key, every credential has to be given again.
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
