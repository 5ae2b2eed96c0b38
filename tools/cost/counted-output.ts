/** The bytes that functions write to their logs: lines and metrics. */

import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { lambdaLog } from '../../lambdas/log.ts';
import { openMeter, type Meter } from '../../lambdas/meter.ts';
import type { Log } from '../../shared/ports/log.ts';
import { metricNamespace, metricService } from '../../shared/metric-names.ts';

/** What CloudWatch adds to the bytes of each event. */
const bytesBesideLine = 26;

/** A log and a meter whose bytes are counted, as CloudWatch charges them. */
export class CountedOutput {
  bytes = 0;
  readonly log: Log;
  readonly meter: Meter;
  /** Each set of dimensions that a metric was written with is a metric that is paid. */
  readonly metrics = new Set<string>();

  constructor() {
    const logger = new Logger({ serviceName: metricService });
    const metrics = new Metrics({ namespace: metricNamespace, serviceName: metricService });
    const write = (line: string): void => {
      this.bytes += Buffer.byteLength(line) + bytesBesideLine;
      if (line.includes('"_aws"')) for (const metric of metricsOf(JSON.parse(line) as EmfLine)) this.metrics.add(metric);
    };
    // Powertools writes to the console that it holds; there is no way to hand it one.
    const lines = { log: write, info: write, warn: write, error: write, debug: write };
    for (const writer of [logger, metrics]) Object.assign(writer, { console: { ...console, ...lines } });
    this.log = lambdaLog(logger);
    this.meter = openMeter({ metrics });
  }
}

interface EmfLine extends Readonly<Record<string, unknown>> {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
}

function metricsOf(line: EmfLine): string[] {
  return line._aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics: written }) =>
    Dimensions.flatMap((names) => written.map(({ Name }) => JSON.stringify([Name, ...names.map((name) => line[name])]))),
  );
}
