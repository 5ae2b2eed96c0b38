/** Counts kept during an invocation, and written as metrics at its end. */

import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { listMetrics, metricNamespace, metricService, requestsMetric, streamMetrics } from '../shared/metric-names.ts';

/** What a count belongs to. */
type Dimensions = Readonly<Record<string, string>>;

type StreamMetric = keyof typeof streamMetrics;
type ListMetric = keyof typeof listMetrics;

export interface Meter {
  /** Adds to a stream's count, or keeps the worst of its lags. Zero says nothing. */
  count(of: { readonly tenant: string; readonly logType: string }, metric: StreamMetric, value: number): void;
  /** What a run of a list function came to, zero included: that it is there says that the function ran. */
  list(
    of: { readonly logType: string; readonly cloud: string },
    values: Readonly<Partial<Record<ListMetric, number>>>,
    worstTenant?: string,
  ): void;
  request(api: string): void;
  /** Writes everything and forgets it. */
  flush(): void;
}

/** @param metrics Writes to stdout, where CloudWatch reads metrics out of the log. */
export function openMeter(metrics = new Metrics({ namespace: metricNamespace, serviceName: metricService })): Meter {
  return new EmfMeter(metrics);
}

interface Entry {
  /** Sets of dimensions beside the one every metric has. */
  readonly sets: readonly Dimensions[];
  readonly values: Map<string, number>;
  readonly beside: Readonly<Record<string, string>>;
}

class EmfMeter implements Meter {
  private readonly metrics: Metrics;
  private entries = new Map<string, Entry>();

  constructor(metrics: Metrics) {
    this.metrics = metrics;
  }

  count({ tenant, logType }: { readonly tenant: string; readonly logType: string }, metric: StreamMetric, value: number): void {
    if (value === 0) return;
    const { values } = this.entry([{}, { tenant, logType }]);
    const name = streamMetrics[metric];
    const before = values.get(name) ?? 0;
    values.set(name, metric === 'landingLag' ? Math.max(before, value) : before + value);
  }

  list(
    { logType, cloud }: { readonly logType: string; readonly cloud: string },
    found: Readonly<Partial<Record<ListMetric, number>>>,
    worstTenant?: string,
  ): void {
    const { values } = this.entry([{ logType, cloud }], worstTenant === undefined ? {} : { worstTenant });
    for (const [metric, value] of Object.entries(found) as [ListMetric, number][]) values.set(listMetrics[metric], value);
  }

  request(api: string): void {
    const { values } = this.entry([{ api }]);
    values.set(requestsMetric, (values.get(requestsMetric) ?? 0) + 1);
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

  private entry(sets: readonly Dimensions[], beside: Readonly<Record<string, string>> = {}): Entry {
    const key = JSON.stringify(sets);
    const entry = this.entries.get(key) ?? { sets, values: new Map<string, number>(), beside };
    this.entries.set(key, entry);
    return entry;
  }
}

function unitOf(name: string): (typeof MetricUnit)[keyof typeof MetricUnit] {
  if (name === streamMetrics.bytesLanded) return MetricUnit.Bytes;
  return name === streamMetrics.landingLag || name === listMetrics.cursorLag ? MetricUnit.Seconds : MetricUnit.Count;
}
