import { Duration, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { clouds } from '../shared/clouds.ts';
import type { DeploymentNames } from '../shared/domain/deployment.ts';
import { acknowledge } from './acknowledge.ts';

/**
 * The role that federated tenants know the deployment by; every function that asks for tokens takes it on for that.
 *
 * Its ARN is the subject of their federated credentials, which Entra compares letter by letter: so it is one role for all functions (an
 * app takes 20 credentials at most), and its name is fixed, for a generated one would change with a new stack and break the trust silently.
 */
export class FederationRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, names: DeploymentNames) {
    super(scope, id);
    const { partition, account } = Stack.of(this);
    // The functions' roles are too many for a trust policy to name each; nothing else lies below their path.
    const ownRoles = { ArnLike: { 'aws:PrincipalArn': `arn:${partition}:iam::${account}:role${functionRolePath(this, names)}*` } };
    this.role = new Role(this, 'Role', {
      roleName: federationRoleName(this, names),
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

/** Known before the role is made: functions get its name, and may assume it. */
export function federationRoleArn(scope: IConstruct, names: DeploymentNames): string {
  return Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: federationRoleName(scope, names) });
}

/** IAM is global: two regions of an account have a role each. */
function federationRoleName(scope: IConstruct, { base }: DeploymentNames): string {
  return `${base}-federation-${Stack.of(scope).region}`;
}

/** The path of the roles of all functions of a deployment, and of no other role. */
export function functionRolePath(scope: IConstruct, { base }: DeploymentNames): string {
  return `/${base}/${Stack.of(scope).region}/`;
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
