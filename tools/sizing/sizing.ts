/** What a deployment of a size needs: from its tenants, users and events to objects, settings, quotas and money. */

import { normalizedDatasets } from '../../shared/datasets/index.ts';
import { logTypes } from '../../shared/log-types/index.ts';
import { prices } from '../cost/prices.ts';

/** How big a deployment is. */
export interface Size {
  readonly tenants: number;
  /** Of each tenant. */
  readonly users: number;
  /** Events of a user a day, of all log types together. */
  readonly events: number;
}

/** What was measured: USD of `npm run cost`, bytes of `npm run bench`. */
export interface Measured {
  readonly usdOfDeployment: number;
  readonly usdOfTenant: number;
  readonly usdOfMillion: number;
  /** Jobs that these million came in. */
  readonly jobsOfMillion: number;
  /** Of them, what Lambda and DynamoDB take. */
  readonly lambdaUsdOfMillion: number;
  readonly dynamodbUsdOfMillion: number;
  /** Raw and normalized Parquet of an event. */
  readonly bytesOfEvent: number;
}

/** What such a deployment needs. Numbers are a day's, USD a month's. */
export interface Sizing {
  readonly events: number;
  /** Raw and normalized objects, at most. */
  readonly objects: number;
  readonly gb: number;
  /** Workers that are busy on average, at most, of 1 GB of memory. */
  readonly workers: number;
  /** The setting, for hours with several times the average. */
  readonly fetchConcurrency: number;
  /** Functions of the deployment that may run at once. */
  readonly concurrency: number;
  readonly parameters: number;
  readonly writeUnitsASecond: number;
  /** Days of everything that a query may read before `queryLimitGb` stops it. */
  readonly daysWithinLimit: number;
  /** Where jobs are as full as the bill's. */
  readonly usdLanding: number;
  /** Where every log type of every tenant has something to land every five minutes. */
  readonly usdLandingAtMost: number;
  readonly usdStorageOfYear: number;
  /** Of one query that reads every byte of a day. */
  readonly usdOfDay: number;
}

/** List prices of us-east-1 that landing has no part in. @see https://aws.amazon.com/s3/pricing/ https://aws.amazon.com/athena/pricing/ */
const storageUsdOfGbMonth = 0.023;
const scannedUsdOfTb = 5;
/** Athena's least charge for a query, in bytes. */
const leastScanned = 10e6;
const queryLimitGb = 100;
const listsADay = 288;
const usualConcurrency = 10;
/** The busiest hour for the average one. */
const peak = 5;
/** Configuration and credential. */
const parametersOfTenant = 2;
const queues = 2;
const otherFunctions = 2;
const listed = logTypes.filter(({ id }) => id !== 'alerts-legacy').length;

/** @param size Whole numbers of at least 1. */
export function sizing({ tenants, users, events: ofUser }: Size, measured: Measured): Sizing {
  const events = tenants * users * ofUser;
  const rawObjects = tenants * listed * Math.min(listsADay, users * ofUser);
  const gb = (events * measured.bytesOfEvent) / 1e9;
  const gbSeconds = measured.lambdaUsdOfMillion / prices.lambdaGbSecond.usd;
  // A job costs about the same whatever is in it: what many small ones take is that of as many full ones.
  const millions = events / 1e6;
  const millionsAtMost = Math.max(millions, rawObjects / measured.jobsOfMillion);
  const workers = millionsAtMost * (gbSeconds / 86_400);
  const fetchConcurrency = Math.max(usualConcurrency, Math.ceil(workers * peak));
  const writeUnits = millionsAtMost * (measured.dynamodbUsdOfMillion / prices.dynamodbWrite.usd);
  const standing = measured.usdOfDeployment + tenants * measured.usdOfTenant;
  return {
    events,
    objects: rawObjects * (1 + normalizedDatasets.length),
    gb,
    workers,
    fetchConcurrency,
    concurrency: queues * fetchConcurrency + listed + otherFunctions,
    parameters: tenants * parametersOfTenant,
    writeUnitsASecond: (writeUnits / 86_400) * peak,
    daysWithinLimit: Math.floor(queryLimitGb / gb),
    usdLanding: standing + 30 * millions * measured.usdOfMillion,
    usdLandingAtMost: standing + 30 * millionsAtMost * measured.usdOfMillion,
    usdStorageOfYear: gb * 365 * storageUsdOfGbMonth,
    usdOfDay: (Math.max(leastScanned, gb * 1e9) / 1e12) * scannedUsdOfTb,
  };
}
