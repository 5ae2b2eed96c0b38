import { Duration, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { clouds } from '../shared/clouds.ts';
import { acknowledge } from './acknowledge.ts';

/**
 * The role that federated tenants know the deployment by; every function that asks for tokens takes it on for that.
 *
 * Its ARN is the subject of their federated credentials, which Entra compares letter by letter: so it is one role for all functions (an
 * app takes 20 credentials at most), and its name is fixed, for a generated one would change with a new stack and break the trust silently.
 */
export class FederationRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { partition, account, stackName } = Stack.of(this);
    // The functions' roles are too many for a trust policy to name each.
    const ownRoles = { ArnLike: { 'aws:PrincipalArn': `arn:${partition}:iam::${account}:role/${stackName}-*` } };
    this.role = new Role(this, 'Role', {
      roleName: federationRoleName(this),
      description: 'Proves to Microsoft Entra that m365-audit-lake asks; the subject of federated credentials',
      assumedBy: new AccountRootPrincipal().withConditions(ownRoles),
      maxSessionDuration: Duration.hours(1),
    });
    const policy = new ManagedPolicy(this, 'Policy', { roles: [this.role], statements: [mintTokens()] });
    acknowledge(policy, {
      'AwsSolutions-IAM5[Resource::*]': 'sts:GetWebIdentityToken knows no resources; a condition limits it to Microsoft.',
    });
  }
}

/** Known before the role is made: functions are told it, and allowed to take it on. */
export function federationRoleArn(scope: IConstruct): string {
  return Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: federationRoleName(scope) });
}

/** IAM is global: two regions of an account have a role each. */
function federationRoleName(scope: IConstruct): string {
  return `m365-audit-lake-federation-${Stack.of(scope).region}`;
}

function mintTokens(): PolicyStatement {
  const audiences = [...new Set(clouds.map(({ federationAudience }) => federationAudience))];
  return new PolicyStatement({
    actions: ['sts:GetWebIdentityToken'],
    resources: ['*'],
    conditions: {
      'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': audiences },
      NumericLessThanEquals: { 'sts:DurationSeconds': 300 },
    },
  });
}
