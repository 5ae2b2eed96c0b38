/** What functions may do, as statements without a wildcard action. */

import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { DeploymentNames } from '../shared/domain/deployment.ts';
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

/**
 * To read tenants' credentials, and webhooks with their secrets. Those that were stored before they had a key of their own are under the deployment's: functions open them as before,
 * until each is given again.
 */
export function openCredentials({ key, credentialsKey }: { readonly key: IKey; readonly credentialsKey: IKey }): PolicyStatement[] {
  const { region, urlSuffix } = Stack.of(credentialsKey);
  return [credentialsKey, key].map(
    ({ keyArn }) =>
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `ssm.${region}.${urlSuffix}` } },
      }),
  );
}

/** Tenants' configurations and credentials, and the role that federated ones know: people add tenants after the deployment, so their names are not known here. */
export function readTenants(scope: IConstruct, names: DeploymentNames): PolicyStatement[] {
  const path = tenantsArn(scope, names);
  return [
    allow(['ssm:GetParameters', 'ssm:GetParametersByPath'], path, `${path}/*`),
    allow(['sts:AssumeRole'], federationRoleArn(scope, names)),
  ];
}

/** Of the folder of the tenants' parameters. */
export function tenantsArn(scope: IConstruct, { tenantsPrefix }: DeploymentNames): string {
  return Stack.of(scope).formatArn({ service: 'ssm', resource: 'parameter', resourceName: tenantsPrefix.slice(1) });
}

/** Why the resource of {@link readTenants} ends in an asterisk. */
export const tenantsReason = 'Tenants are added after the deployment, each as two parameters below this path, which holds nothing else.';

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
