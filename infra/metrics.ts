/** The functions' own metrics, as CloudWatch knows them. */

import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { listMetrics, metricNamespace, metricService, requestsMetric, streamMetrics } from '../shared/metric-names.ts';
import type { StreamKind } from './settings.ts';

const service = { service: metricService };

const ofService = { ...streamMetrics, tenantsBroken: listMetrics.tenantsBroken };
/** A metric that sums over all tenants and log types, by its key in shared/metric-names.ts. */
export type DeploymentMetric = keyof typeof ofService;

/** Over all tenants and log types. */
export function ofDeployment(name: DeploymentMetric, statistic: string, period: Duration): Metric {
  return new Metric({ namespace: metricNamespace, metricName: ofService[name], dimensionsMap: service, statistic, period });
}

/** Streams that the runs of one list function could not list; no data where there are no such streams. */
export function streamsFailed({ logType, cloud }: StreamKind, statistic: string, period: Duration): Metric {
  const dimensionsMap = { ...service, logType: logType.id, cloud };
  return new Metric({ namespace: metricNamespace, metricName: listMetrics.streamsFailed, dimensionsMap, statistic, period });
}

/** Requests to one API of Microsoft, answered or not. @param api An API id of the cloud table. */
export function requestsTo(api: string, period: Duration): Metric {
  const dimensionsMap = { ...service, api };
  return new Metric({ namespace: metricNamespace, metricName: requestsMetric, dimensionsMap, statistic: 'Sum', period, label: api });
}
