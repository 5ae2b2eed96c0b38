/** What functions may do, as statements without a wildcard action. */

import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { DeploymentNames } from '../shared/domain/deployment.ts';
import { homesOf, type CloudId } from '../shared/clouds.ts';
import { wildcard } from './acknowledge.ts';
import { federationRoleArn } from './federation-role.ts';

/** A statement that allows these actions on these resources, without a condition. */
export const allow = (actions: string[], ...resources: string[]): PolicyStatement => new PolicyStatement({ actions, resources });

/** Allows sending to these queues. Batches are the same action to IAM. */
export function sendTo(...queues: IQueue[]): PolicyStatement {
  return allow(['sqs:SendMessage'], ...queues.map(({ queueArn }) => queueArn));
}

/** What stands in table, queues and bucket is encrypted with the one key; the services use it in the caller's name. */
export function useKey(key: IKey, services: readonly ('dynamodb' | 'sqs' | 's3' | 'sns')[]): PolicyStatement {
  const { region, urlSuffix } = Stack.of(key);
  return new PolicyStatement({
    actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${region}.${urlSuffix}`) } },
  });
}

/** To open tenants' credentials, and webhooks with their secrets: by Parameter Store alone. */
export function openCredentials({ credentialsKey }: { readonly credentialsKey: IKey }): PolicyStatement {
  const { region, urlSuffix } = Stack.of(credentialsKey);
  return new PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [credentialsKey.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `ssm.${region}.${urlSuffix}` } },
  });
}

/**
 * Configurations and credentials of the tenants of these clouds and no others, and the role that federated ones know: people add tenants after the deployment, so
 * their names are not known here.
 */
export function readTenants(scope: IConstruct, names: DeploymentNames, ...clouds: readonly CloudId[]): PolicyStatement[] {
  const paths = tenantPaths(scope, names, ...clouds);
  return [
    allow(['ssm:GetParameters', 'ssm:GetParametersByPath'], ...paths.flatMap((path) => [path, `${path}/*`])),
    allow(['sts:AssumeRole'], federationRoleArn(scope, names)),
  ];
}

/** To list the configurations of all tenants, of every home: they hold no secret. */
export function listTenants(scope: IConstruct, names: DeploymentNames): PolicyStatement {
  const path = configsPath(scope, names);
  return allow(['ssm:GetParametersByPath'], path, `${path}/*`);
}

/** Why a resource of {@link listTenants} ends in an asterisk. */
export const tenantListFindings = (scope: IConstruct, names: DeploymentNames): Record<string, string> => ({
  [wildcard(scope, `${configsPath(scope, names)}/*`)]: tenantsReason,
});

const configsPath = (scope: IConstruct, { tenantsPrefix }: DeploymentNames): string =>
  Stack.of(scope).formatArn({ service: 'ssm', resource: 'parameter', resourceName: tenantsPrefix.slice(1) });

/** Of the folders with these clouds' tenants: configurations and credentials of each home. */
function tenantPaths(scope: IConstruct, { tenantsPrefix, credentialsPrefix }: DeploymentNames, ...clouds: readonly CloudId[]): string[] {
  const folders = homesOf(...clouds).flatMap((home) => [`${tenantsPrefix}/${home}`, `${credentialsPrefix}/${home}`]);
  return folders.map((folder) => Stack.of(scope).formatArn({ service: 'ssm', resource: 'parameter', resourceName: folder.slice(1) }));
}

/** Why the resources of {@link readTenants} end in an asterisk. */
export const tenantFindings = (scope: IConstruct, names: DeploymentNames, ...clouds: readonly CloudId[]): Record<string, string> =>
  Object.fromEntries(tenantPaths(scope, names, ...clouds).map((path) => [wildcard(scope, `${path}/*`), tenantsReason]));

const tenantsReason = 'Tenants are added after the deployment, each as a parameter below these paths, which hold nothing else.';

/** Actions of Lambda itself for a function in a VPC; EC2 knows no resources for them. */
export const useNetworkInterfaces = (): PolicyStatement =>
  allow(
    [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ],
    '*',
  );

/** Traces have no resources to name. */
export const writeTraces = (): PolicyStatement => allow(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], '*');
