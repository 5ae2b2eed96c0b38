import { Duration } from 'aws-cdk-lib';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge, wildcard } from './acknowledge.ts';
import { federationRoleArn } from './federation-role.ts';
import { readTenants, tenantsArn, tenantsPrefix, tenantsReason, useKey } from './permissions.ts';
import { StationFunction, type Ground } from './station-function.ts';

export interface CheckStationProps {
  readonly ground: Ground;
  readonly code: Code;
}

/** Checks a tenant when a person asks (`lake tenant test --aws`). It reads tenants and asks Microsoft; no table, no bucket, no queue. */
export class CheckStation extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { ground, code }: CheckStationProps) {
    super(scope, id);
    const { fedramp, simulatorUrl } = ground.settings;
    const station = new StationFunction(this, 'Tenant', {
      ground,
      code,
      handler: 'check.handler',
      description: 'Checks a tenant: credential, permissions, licences and sources',
      environment: {
        TENANTS_PREFIX: tenantsPrefix,
        FEDRAMP: String(fedramp),
        FEDERATION_ROLE_ARN: federationRoleArn(this),
        ...(simulatorUrl !== undefined && { SIMULATOR_URL: simulatorUrl }),
      },
      // The caller waits four.
      timeout: Duration.minutes(3),
      memoryMb: 512,
      concurrency: 2,
      calledBy: 'people',
      may: [...readTenants(this), useKey(ground.key, ['ssm'])],
    });
    acknowledge(station.policy, { [wildcard(this, `${tenantsArn(this)}/*`)]: tenantsReason });
    this.function = station.function;
  }
}
