import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { DeploymentNames } from '../shared/domain/deployment.ts';
import { acknowledge, wildcard } from './acknowledge.ts';
import type { LedgerTable } from './ledger-table.ts';
import { allow } from './permissions.ts';

/** What {@link OperatorPolicy} opens. */
export interface OperatorPolicyProps {
  readonly names: DeploymentNames;
  readonly ledger: LedgerTable;
  readonly key: IKey;
  readonly credentialsKey: IKey;
  readonly check: LambdaFunction;
}

/**
 * What somebody needs who adds, tests and changes tenants and looks at the status: credentials are written and never read. A policy without a role: people's
 * roles are made where people are.
 */
export class OperatorPolicy extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, { names, ledger, key, credentialsKey, check }: OperatorPolicyProps) {
    super(scope, id);
    const [tenants, credentials] = [this.parameter(names.tenantsPrefix), this.parameter(names.credentialsPrefix)];
    this.policy = new ManagedPolicy(this, 'Policy', {
      description: 'Tenants of m365-audit-lake and its status: writes credentials and reads none',
      statements: [
        allow(['ssm:GetParameter'], this.parameter(names.parameter)),
        allow(['ssm:GetParameters', 'ssm:GetParametersByPath'], tenants, `${tenants}/*`),
        allow(['ssm:DeleteParameters', 'ssm:PutParameter'], `${tenants}/*`, `${credentials}/*`),
        // Whether there is a credential: of its tags, of which it has none.
        allow(['ssm:ListTagsForResource'], `${credentials}/*`),
        this.useKey(credentialsKey, ['kms:Encrypt', 'kms:GenerateDataKey'], 'ssm'),
        allow(['lambda:InvokeFunction'], check.functionArn),
        allow(['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'], ledger.table.tableArn, ledger.dueIndexArn),
        notesWhoDidWhat(ledger),
        this.useKey(key, ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'], 'dynamodb'),
      ],
    });
    for (const resource of [`${tenants}/*`, `${credentials}/*`]) acknowledge(this.policy, { [wildcard(this, resource)]: reason });
  }

  private parameter(path: string): string {
    return Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: path.slice(1) });
  }

  private useKey({ keyArn }: IKey, actions: string[], service: string): PolicyStatement {
    const { region, urlSuffix } = Stack.of(this);
    const conditions = { StringEquals: { 'kms:ViaService': `${service}.${region}.${urlSuffix}` } };
    return new PolicyStatement({ actions, resources: [keyArn], conditions });
  }
}

/** Of the ledger's table rows of who changed a tenant alone, and none that is there already changes by it: the commands put each under a condition. */
function notesWhoDidWhat({ table }: LedgerTable): PolicyStatement {
  const conditions = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['audit#tenants'] } };
  return new PolicyStatement({ actions: ['dynamodb:PutItem'], resources: [table.tableArn], conditions });
}

const reason =
  'Tenants are added after the deployment, each as a parameter below these paths; credentials are written, and no action here reads one.';
