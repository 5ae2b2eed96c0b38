import { Duration } from 'aws-cdk-lib';
import { AlarmStatusWidget, Dashboard as CloudWatchDashboard, GraphWidget, type Alarm, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { clouds } from '../shared/clouds.ts';
import type { JobQueues } from './job-queues.ts';
import type { FetchStation } from './fetch-station.ts';
import type { DeploymentMetrics } from './metrics.ts';

/** What the dashboard shows. */
export interface DashboardProps {
  /** By the title of their widget; CloudWatch shows at most 100 in one. */
  readonly alarms: Readonly<Record<string, readonly Alarm[]>>;
  readonly queues: JobQueues;
  readonly fetch: FetchStation;
  readonly metrics: DeploymentMetrics;
}

const period = Duration.minutes(5);

/** The deployment at a glance: what alarms, what landed, how late, what waits, what is lost. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const dashboard = new CloudWatchDashboard(this, 'Dashboard', { defaultInterval: Duration.hours(24) });
    for (const [title, alarms] of Object.entries(props.alarms))
      dashboard.addWidgets(new AlarmStatusWidget({ title, width: 24, height: 6, alarms: [...alarms] }));
    dashboard.addWidgets(...landed(props), ...late(props));
    dashboard.addWidgets(...waiting(props), ...microsoft(props));
    dashboard.addWidgets(...lost(props), ...workers(props.fetch));
  }
}

const graph = (title: string, left: IMetric[], right: IMetric[] = []): GraphWidget => new GraphWidget({ title, width: 12, left, right });

function landed({ metrics }: DashboardProps): GraphWidget[] {
  return [
    graph(
      'Landed: records, bytes',
      [metrics.ofDeployment('recordsLanded', 'Sum', period)],
      [metrics.ofDeployment('bytesLanded', 'Sum', period)],
    ),
  ];
}

function late({ metrics }: DashboardProps): GraphWidget[] {
  return [
    graph('Lag in seconds: of landing, of cursors that are late, and of what was tried in vain for hours', [
      metrics.ofDeployment('landingLag', 'p90', period),
      metrics.ofDeployment('cursorLag', 'Maximum', period),
      metrics.ofDeployment('notLanded', 'Maximum', period),
    ]),
  ];
}

function waiting({ queues }: DashboardProps): GraphWidget[] {
  const jobs = queues.all;
  return [
    graph(
      'Waiting: jobs, dead letters',
      jobs.map(({ queue }) => queue.metricApproximateNumberOfMessagesVisible({ period })),
      [...jobs.map(({ deadLetters }) => deadLetters), queues.failedRuns].map((queue) =>
        queue.metricApproximateNumberOfMessagesVisible({ period }),
      ),
    ),
  ];
}

function microsoft({ metrics }: DashboardProps): GraphWidget[] {
  const apis = [...new Set(clouds.map(({ api }) => api))];
  return [
    graph(
      'Microsoft: requests, and throttled on the right',
      apis.map((api) => metrics.requestsTo(api, period)),
      [metrics.ofDeployment('throttled', 'Sum', period)],
    ),
  ];
}

function lost({ metrics }: DashboardProps): GraphWidget[] {
  const names = ['parked', 'nearExpiry', 'refused', 'tenantsBroken', 'gaps', 'expired', 'quarantined'] as const;
  return [
    graph(
      'Trouble and loss',
      names.map((name) => metrics.ofDeployment(name, 'Sum', period)),
    ),
  ];
}

function workers({ workers: functions }: FetchStation): GraphWidget[] {
  return [
    graph(
      'Workers: duration, errors on the right',
      functions.map((worker) => worker.metricDuration({ period, statistic: 'p90' })),
      functions.map((worker) => worker.metricErrors({ period })),
    ),
  ];
}
