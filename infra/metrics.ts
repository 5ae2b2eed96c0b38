/** The functions' own metrics, as CloudWatch knows them. */

import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { listMetrics, metricNamespace, metricService, requestsMetric, streamMetrics } from '../shared/metric-names.ts';
import type { StreamKind } from './settings.ts';

const service = { service: metricService };

/** Over all tenants and log types. */
export function ofDeployment(name: keyof typeof streamMetrics, statistic: string, period: Duration): Metric {
  return new Metric({ namespace: metricNamespace, metricName: streamMetrics[name], dimensionsMap: service, statistic, period });
}

/** Of one list function. */
export function ofList(name: keyof typeof listMetrics, { logType, cloud }: StreamKind, statistic: string, period: Duration): Metric {
  const dimensionsMap = { ...service, logType: logType.id, cloud };
  return new Metric({ namespace: metricNamespace, metricName: listMetrics[name], dimensionsMap, statistic, period });
}

export function requestsTo(api: string, period: Duration): Metric {
  const dimensionsMap = { ...service, api };
  return new Metric({ namespace: metricNamespace, metricName: requestsMetric, dimensionsMap, statistic: 'Sum', period, label: api });
}
