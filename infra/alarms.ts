import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { lossRules, runPeriod, silentAfterPeriods, type LossRule } from './alarm-rules.ts';
import type { JobQueues } from './job-queues.ts';
import type { ListStation } from './list-stations.ts';
import { ofDeployment, streamsFailed } from './metrics.ts';
import { streamId } from './schedule-times.ts';
import type { Settings } from './settings.ts';

/** What the alarms watch. */
export interface AlarmsProps {
  readonly settings: Settings;
  readonly key: IKey;
  readonly queues: JobQueues;
  readonly lists: readonly ListStation[];
  readonly sweep: LambdaFunction;
}

/** What a person must know, by mail: each alarm names its paragraph of the runbook. */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly alarms: Alarm[] = [];
  private readonly runbookUrl: string;

  constructor(scope: Construct, id: string, { settings, key, queues, lists, sweep }: AlarmsProps) {
    super(scope, id);
    this.runbookUrl = settings.runbookUrl;
    this.topic = this.alarmTopic(key, settings.alarmEmail);
    for (const list of lists) this.watchList(list, settings);
    this.watchLag(settings);
    for (const rule of lossRules) this.watchLoss(rule);
    this.watchDeadLetters(queues);
    this.watchSweep(sweep);
  }

  /**
   * Two alarms, of metrics that cost nothing where all is well: Lambda's own counts runs, ours is written only by a run that failed to
   * list a stream.
   */
  private watchList({ stream, function: list }: ListStation, { listEveryMinutes }: Settings): void {
    const [id, what] = [streamId(stream), `${stream.logType.id} in ${stream.cloud}`];
    const period = runPeriod(listEveryMinutes);
    this.alarm(`${id}Silence`, 'silence', `The list of ${what} has not run for ${minutesOf(period)} minutes`, {
      metric: list.metricInvocations({ period, statistic: 'Sum' }),
      below: 1,
      periods: silentAfterPeriods(period),
      whenMissing: TreatMissingData.BREACHING,
    });
    // As long as one run takes to come round: every run of the time has to have failed.
    const every = Duration.minutes(listEveryMinutes);
    this.alarm(`${id}Failing`, 'silence', `A stream of ${what} had no successful list for ${minutesOf(every)} minutes`, {
      metric: streamsFailed(stream, 'Minimum', every),
      above: 0,
      periods: silentAfterPeriods(every),
    });
  }

  private watchLag({ listEveryMinutes, lagAlarmMinutes }: Settings): void {
    this.alarm('Lag', 'lag', `A stream is more than ${String(lagAlarmMinutes)} minutes late`, {
      metric: ofDeployment('cursorLag', 'Maximum', runPeriod(listEveryMinutes)),
      above: 60 * (lagAlarmMinutes + listEveryMinutes),
      periods: 3,
    });
  }

  private watchLoss({ id, anchor, what, metric, period }: LossRule): void {
    this.alarm(id, anchor, what, { metric: ofDeployment(metric, 'Sum', period), above: 0 });
  }

  private watchDeadLetters({ content, windows, failedRuns }: JobQueues): void {
    const queues = { Content: content.deadLetters, Windows: windows.deadLetters, FailedRuns: failedRuns };
    for (const [name, queue] of Object.entries(queues)) {
      const metric = queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: 'Maximum' });
      const what = name === 'FailedRuns' ? 'A scheduled run failed' : `A message about ${name.toLowerCase()} failed for good`;
      this.alarm(`${name}DeadLetters`, 'dead-letters', `${what} and waits in a dead-letter queue`, { metric, above: 0 });
    }
  }

  private watchSweep(sweep: LambdaFunction): void {
    this.alarm('SweepSilence', 'sweep-silence', 'The sweep has not run for 15 minutes: jobs that wait are not sent again', {
      metric: sweep.metricInvocations({ period: Duration.minutes(15), statistic: 'Sum' }),
      below: 1,
      whenMissing: TreatMissingData.BREACHING,
    });
  }

  private alarm(id: string, anchor: string, what: string, { metric, above, below, periods = 1, whenMissing }: Condition): void {
    const alarm = new Alarm(this, id, {
      alarmDescription: `${what}. What to do: ${this.runbookUrl}#${anchor}`,
      metric,
      threshold: above ?? below ?? 0,
      comparisonOperator: below === undefined ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: whenMissing ?? TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    this.alarms.push(alarm);
  }

  private alarmTopic(key: IKey, email: string | undefined): Topic {
    const topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    if (email !== undefined) acknowledge(topic.addSubscription(new EmailSubscription(email)), { 'Serverless-SNSRedrivePolicy': mailOnly });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    return topic;
  }
}

const minutesOf = (period: Duration): string => String(period.toMinutes() * silentAfterPeriods(period));

interface Condition {
  readonly metric: IMetric;
  readonly above?: number;
  readonly below?: number;
  readonly periods?: number;
  readonly whenMissing?: TreatMissingData;
}

const mailOnly = 'It only sends mail about an alarm, whose state stays in CloudWatch and on the dashboard whether or not the mail arrives.';
