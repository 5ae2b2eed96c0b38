/** The functions' own metrics, as CloudWatch knows them. */

import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { DeploymentNames } from '../shared/domain/deployment.ts';
import { listMetrics, metricNamespace, requestsMetric, streamMetrics } from '../shared/metric-names.ts';
import type { StreamKind } from './settings.ts';

const ofService = { ...streamMetrics, tenantsBroken: listMetrics.tenantsBroken, undelivered: listMetrics.undelivered };
/** A metric that sums over all tenants and log types, by its key in shared/metric-names.ts. */
export type DeploymentMetric = keyof typeof ofService;

/** The metrics of one deployment: several in an account write into one namespace, each with a `service` of its own. */
export class DeploymentMetrics {
  private readonly service: Readonly<Record<'service', string>>;

  constructor({ base }: DeploymentNames) {
    this.service = { service: base };
  }

  /** Over all tenants and log types. */
  ofDeployment(name: DeploymentMetric, statistic: string, period: Duration): Metric {
    return new Metric({ namespace: metricNamespace, metricName: ofService[name], dimensionsMap: this.service, statistic, period });
  }

  /** Streams that the runs of one list function could not list; no data where there are no such streams. */
  streamsFailed({ logType, cloud }: StreamKind, statistic: string, period: Duration): Metric {
    const dimensionsMap = { ...this.service, logType: logType.id, cloud };
    return new Metric({ namespace: metricNamespace, metricName: listMetrics.streamsFailed, dimensionsMap, statistic, period });
  }

  /** Requests to one API of Microsoft, answered or not. @param api An API id of the cloud table. */
  requestsTo(api: string, period: Duration): Metric {
    const dimensionsMap = { ...this.service, api };
    return new Metric({ namespace: metricNamespace, metricName: requestsMetric, dimensionsMap, statistic: 'Sum', period, label: api });
  }
}
