/** Counts kept during an invocation, and written as metrics at its end. */

import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { landedMetrics, listMetrics, metricNamespace, requestsMetric, streamMetrics, troubleMetrics } from '../shared/metric-names.ts';
import { serviceName } from './environment.ts';

type StreamMetric = keyof typeof streamMetrics;

/** A metric is written only where it is not zero: CloudWatch charges by the hour of a metric, not by its values. */
export interface Meter {
  /** Adds to a stream's count, or keeps the worst of its lags. */
  count(of: { readonly tenant: string; readonly logType: string }, metric: StreamMetric, value: number): void;
  /** Streams that a run of a list function could not list. */
  streamsFailed(of: { readonly logType: string; readonly cloud: string }, streams: number): void;
  tenantsBroken(tenants: number): void;
  /** Findings that a receiver did not take for days. */
  undelivered(findings: number): void;
  request(api: string): void;
  /** Writes everything and forgets it. */
  flush(): void;
}

/** How a meter counts, and where it writes. */
export interface MeterOptions {
  /** What landed becomes a metric of every tenant and log type too, beside the metric of the deployment. */
  readonly isPerTenant?: boolean;
  /** Writes to stdout, where CloudWatch reads metrics out of the log. */
  readonly metrics?: Metrics;
}

/**
 * A meter that writes in the embedded metric format.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html
 */
export function openMeter({ isPerTenant = false, metrics = newMetrics() }: MeterOptions = {}): Meter {
  return new EmfMeter(metrics, isPerTenant);
}

const newMetrics = (): Metrics => new Metrics({ namespace: metricNamespace, serviceName: serviceName() });

type Dimensions = Readonly<Record<string, string>>;

/** One line of the log: the values of what has the same dimensions. */
interface Entry {
  /** Sets of dimensions beside the one every metric has. */
  readonly sets: readonly Dimensions[];
  /** In the line, and no dimension. */
  readonly beside: Dimensions;
  readonly values: Map<string, number>;
}

const lags: readonly string[] = [streamMetrics.landingLag, streamMetrics.cursorLag, streamMetrics.notLanded];

class EmfMeter implements Meter {
  private readonly metrics: Metrics;
  private readonly isPerTenant: boolean;
  private entries = new Map<string, Entry>();

  constructor(metrics: Metrics, isPerTenant: boolean) {
    this.metrics = metrics;
    this.isPerTenant = isPerTenant;
  }

  count({ tenant, logType }: { readonly tenant: string; readonly logType: string }, metric: StreamMetric, value: number): void {
    const isDimension = metric in troubleMetrics || this.isPerTenant;
    const of = { tenant, logType };
    this.add(streamMetrics[metric], value, isDimension ? { sets: [{}, of], beside: {} } : { sets: [{}], beside: of });
  }

  streamsFailed({ logType, cloud }: { readonly logType: string; readonly cloud: string }, streams: number): void {
    this.add(listMetrics.streamsFailed, streams, { sets: [{ logType, cloud }], beside: {} });
  }

  tenantsBroken(tenants: number): void {
    this.add(listMetrics.tenantsBroken, tenants, { sets: [{}], beside: {} });
  }

  undelivered(findings: number): void {
    this.add(listMetrics.undelivered, findings, { sets: [{}], beside: {} });
  }

  request(api: string): void {
    this.add(requestsMetric, 1, { sets: [{ api }], beside: {} });
  }

  flush(): void {
    const { entries } = this;
    this.entries = new Map();
    for (const { sets, values, beside } of entries.values()) {
      for (const set of sets) this.metrics.addDimensions(set);
      for (const [name, value] of Object.entries(beside)) this.metrics.addMetadata(name, value);
      for (const [name, value] of values) this.metrics.addMetric(name, unitOf(name), value);
      this.metrics.publishStoredMetrics();
    }
  }

  private add(name: string, value: number, of: Pick<Entry, 'sets' | 'beside'>): void {
    if (value === 0) return;
    const key = JSON.stringify(of);
    const { values, ...rest } = this.entries.get(key) ?? { ...of, values: new Map<string, number>() };
    const before = values.get(name) ?? 0;
    values.set(name, lags.includes(name) ? Math.max(before, value) : before + value);
    this.entries.set(key, { values, ...rest });
  }
}

function unitOf(name: string): (typeof MetricUnit)[keyof typeof MetricUnit] {
  if (name === landedMetrics.bytesLanded) return MetricUnit.Bytes;
  return lags.includes(name) ? MetricUnit.Seconds : MetricUnit.Count;
}
