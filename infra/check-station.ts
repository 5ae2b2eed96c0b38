import { Duration } from 'aws-cdk-lib';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { federationRoleArn } from './federation-role.ts';
import { openCredentials, readTenants, tenantFindings } from './permissions.ts';
import { StationFunction, type SharedParts } from './station-function.ts';

/** What {@link CheckStation} is made from. */
export interface CheckStationProps {
  readonly shared: SharedParts;
  readonly code: Code;
}

/** Checks a tenant when a person asks (`lake tenant test --aws`). It reads tenants of every cloud of the deployment and asks Microsoft; no table, no bucket, no queue. */
export class CheckStation extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { shared, code }: CheckStationProps) {
    super(scope, id);
    const { clouds, fedramp, names, simulatorUrl } = shared.settings;
    const station = new StationFunction(this, 'Tenant', {
      shared,
      code,
      handler: 'check.handler',
      description: 'Checks a tenant: credential, permissions, licences and sources',
      environment: {
        TENANTS_PREFIX: names.tenantsPrefix,
        CREDENTIALS_PREFIX: names.credentialsPrefix,
        CLOUDS: clouds.join(','),
        FEDRAMP: String(fedramp),
        FEDERATION_ROLE_ARN: federationRoleArn(this, names),
        ...(simulatorUrl !== undefined && { SIMULATOR_URL: simulatorUrl }),
      },
      // The caller waits four.
      timeout: Duration.minutes(3),
      memoryMb: 512,
      concurrency: 2,
      calledBy: 'people',
      may: [...readTenants(this, names, ...clouds), openCredentials(shared)],
    });
    acknowledge(station.policy, tenantFindings(this, names, ...clouds));
    this.function = station.function;
  }
}
