/** Opens the AWS adapters. One client a service and process: invocations share connections, tokens and caches. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { openJobs } from '../shared/aws/jobs.ts';
import { openLedger } from '../shared/aws/ledger.ts';
import { openTenants, type TenantsPlace } from '../shared/aws/tenants.ts';
import { homesOf } from '../shared/clouds.ts';
import { seconds } from '../shared/domain/window.ts';
import { connectMicrosoft } from '../shared/microsoft/connect.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Jobs } from '../shared/ports/jobs.ts';
import type { Ledger } from '../shared/ports/ledger.ts';
import type { Log } from '../shared/ports/log.ts';
import type { Microsoft } from '../shared/ports/microsoft.ts';
import type { Tenants } from '../shared/ports/tenants.ts';
import { lambdaClock } from './clock.ts';
import type { FetchEnvironment, ListEnvironment, SweepEnvironment } from './environment.ts';
import { federation } from './federation.ts';
import { lambdaLog } from './log.ts';

/** What every function that works on the ledger calls. */
export interface StoreAdapters {
  readonly ledger: Ledger;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly log: Log;
}

/** The stores, tenants and Microsoft: what list and fetch call. */
export interface TenantAdapters extends StoreAdapters {
  readonly tenants: Tenants;
  readonly microsoft: Microsoft;
}

/** A request that hangs is given up and sent again, long before the function's time is over. */
export const clientSettings = {
  maxAttempts: 5,
  requestHandler: { connectionTimeout: seconds(3), requestTimeout: seconds(20), throwOnRequestTimeout: true },
};

/** What reads parameters paces and repeats itself, by the clock it is given; retries of the client's own would only add to the load. */
export const parameterStoreSettings = { ...clientSettings, maxAttempts: 1 };

/** Of clients of S3; an endpoint that is configured has no names of buckets in its host. */
export const objectStoreSettings = () => ({ ...clientSettings, forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined });

/** Differs between the processes that run functions at the same time. */
export const sandbox = (): string => process.env.AWS_LAMBDA_LOG_STREAM_NAME ?? String(process.pid);

/** Ledger and queues: all that the sweep needs. */
export function connectStores(environment: SweepEnvironment): StoreAdapters & { readonly sqs: SQSClient } {
  const [clock, log] = [lambdaClock, lambdaLog()];
  // With an endpoint that is configured, a queue's URL names its queue and not where to go.
  const sqs = new SQSClient({ ...clientSettings, useQueueUrlAsEndpoint: false });
  return {
    ledger: openLedger(new DynamoDBClient(clientSettings), environment.TABLE_NAME, clock),
    jobs: openJobs(sqs, environment.QUEUE_URLS, clock, log),
    clock,
    log,
    sqs,
  };
}

/** Stores, tenants and Microsoft. */
export function connectTenants(environment: ListEnvironment | FetchEnvironment): TenantAdapters & { readonly sqs: SQSClient } {
  const stores = connectStores(environment);
  const { clock, log } = stores;
  const tenants = openTenants({
    client: new SSMClient(parameterStoreSettings),
    salt: sandbox(),
    ...placesOfTenants(environment),
    deployment: { isFedramp: environment.FEDRAMP },
    assertion: federation(environment, clientSettings, clock),
    clock,
  });
  const { SIMULATOR_URL: baseUrl } = environment;
  const microsoft = connectMicrosoft({ tenants, clock, log, ...(baseUrl !== undefined && { hostOverride: { baseUrl } }) });
  return { ...stores, tenants, microsoft };
}

/** Where a function reads tenants, and which. */
export function placesOfTenants(
  environment: Pick<ListEnvironment, 'TENANTS_PREFIX' | 'CREDENTIALS_PREFIX' | 'CLOUDS'>,
): Pick<TenantsPlace, 'prefix' | 'credentialsPrefix' | 'homes'> {
  const { TENANTS_PREFIX: prefix, CREDENTIALS_PREFIX: credentialsPrefix, CLOUDS: clouds } = environment;
  return { prefix, credentialsPrefix, homes: homesOf(...clouds) };
}
