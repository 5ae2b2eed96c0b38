/** Alarms as data: the metric, the period and the text. */

import { Duration } from 'aws-cdk-lib';
import type { DeploymentMetric } from './metrics.ts';

/** One of a kind in a deployment: something is lost, or soon will be, or a person is needed. */
export interface LossRule {
  readonly id: string;
  /** Of the paragraph in docs/runbook.md. */
  readonly anchor: string;
  readonly what: string;
  readonly metric: DeploymentMetric;
  readonly period: Duration;
}

/** One alarm each; `id` becomes a construct id, so a deployed one never changes. */
export const lossRules: readonly LossRule[] = [
  {
    id: 'Gaps',
    anchor: 'gaps',
    what: 'A span of a stream could not be collected any more and has a gap row in the ledger',
    metric: 'gaps',
    period: Duration.minutes(5),
  },
  {
    id: 'Expired',
    anchor: 'expired',
    what: 'Microsoft deleted content blobs before they landed; each has a loss row in the ledger',
    metric: 'expired',
    period: Duration.minutes(5),
  },
  {
    id: 'Quarantined',
    anchor: 'quarantined',
    what: 'Content blobs stayed unreadable; their bytes are under quarantine/ in the lake',
    metric: 'quarantined',
    period: Duration.minutes(5),
  },
  {
    id: 'NearExpiry',
    anchor: 'near-expiry',
    what: 'What Microsoft stops serving within a day has not landed',
    metric: 'nearExpiry',
    period: Duration.minutes(15),
  },
  {
    id: 'NotLanded',
    anchor: 'not-landed',
    what: 'What Microsoft published hours ago has been tried again and again and has not landed; the log says why',
    metric: 'notLanded',
    // A park lasts half an hour at most where it is not for something that is unreadable.
    period: Duration.hours(1),
  },
  {
    id: 'Refused',
    anchor: 'refused',
    what: 'Microsoft refused a credential, a consent, a permission or a licence',
    metric: 'refused',
    period: Duration.minutes(15),
  },
  {
    id: 'BrokenTenants',
    anchor: 'broken-tenants',
    what: 'A tenant has a configuration or a credential that cannot be used, or was disabled or removed while jobs of it wait; it is not collected',
    metric: 'tenantsBroken',
    period: Duration.minutes(15),
  },
  {
    id: 'UndeliveredFindings',
    anchor: 'undelivered-findings',
    what: 'A receiver of findings has not taken some for three days; they are in the lake',
    metric: 'undelivered',
    period: Duration.minutes(15),
  },
];

/** A list function that runs every so many minutes ran in each such period. */
export const runPeriod = (listEveryMinutes: number): Duration => Duration.minutes(Math.max(5, listEveryMinutes));

/** 15 minutes; where lists are rarer, two of them. */
export const silentAfterPeriods = (period: Duration): number => Math.max(2, Math.ceil(15 / period.toMinutes()));
