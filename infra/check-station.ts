import { Duration } from 'aws-cdk-lib';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge, wildcard } from './acknowledge.ts';
import { federationRoleArn } from './federation-role.ts';
import { openCredentials, readTenants, tenantsArn, tenantsReason } from './permissions.ts';
import { StationFunction, type SharedParts } from './station-function.ts';

/** What {@link CheckStation} is made from. */
export interface CheckStationProps {
  readonly shared: SharedParts;
  readonly code: Code;
}

/** Checks a tenant when a person asks (`lake tenant test --aws`). It reads tenants and asks Microsoft; no table, no bucket, no queue. */
export class CheckStation extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { shared, code }: CheckStationProps) {
    super(scope, id);
    const { fedramp, names, simulatorUrl } = shared.settings;
    const station = new StationFunction(this, 'Tenant', {
      shared,
      code,
      handler: 'check.handler',
      description: 'Checks a tenant: credential, permissions, licences and sources',
      environment: {
        TENANTS_PREFIX: names.tenantsPrefix,
        FEDRAMP: String(fedramp),
        FEDERATION_ROLE_ARN: federationRoleArn(this, names),
        ...(simulatorUrl !== undefined && { SIMULATOR_URL: simulatorUrl }),
      },
      // The caller waits four.
      timeout: Duration.minutes(3),
      memoryMb: 512,
      concurrency: 2,
      calledBy: 'people',
      may: [...readTenants(this, names), ...openCredentials(shared)],
    });
    acknowledge(station.policy, { [wildcard(this, `${tenantsArn(this, names)}/*`)]: tenantsReason });
    this.function = station.function;
  }
}
