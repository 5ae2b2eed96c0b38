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
import { lossRules, silentAfterPeriods, streamPeriod, type LossRule } from './alarm-rules.ts';
import type { JobQueues } from './job-queues.ts';
import { ofDeployment, ofList } from './metrics.ts';
import { streamId } from './schedule-times.ts';
import type { Settings, StreamKind } from './settings.ts';

export interface AlarmsProps {
  readonly settings: Settings;
  readonly key: IKey;
  readonly queues: JobQueues;
  readonly sweep: LambdaFunction;
}

/** What a person must know, by mail: each alarm names its paragraph of the runbook. */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly alarms: Alarm[] = [];
  private readonly runbookUrl: string;

  constructor(scope: Construct, id: string, { settings, key, queues, sweep }: AlarmsProps) {
    super(scope, id);
    this.runbookUrl = settings.runbookUrl;
    this.topic = this.alarmTopic(key, settings.alarmEmail);
    for (const stream of settings.streams) this.watchStream(stream, settings);
    for (const rule of lossRules) this.watchLoss(rule);
    this.watchDeadLetters(queues);
    this.watchSweep(sweep);
  }

  private watchStream(stream: StreamKind, { listEveryMinutes, lagAlarmMinutes }: Settings): void {
    const period = streamPeriod(listEveryMinutes);
    const id = streamId(stream);
    const what = `${stream.logType.id} in ${stream.cloud}`;
    this.alarm(`${id}Silence`, 'silence', `A stream of ${what} had no successful list for 15 minutes, or the list does not run`, {
      // Of several runs in a period the best counts.
      metric: ofList('streamsFailed', stream, 'Minimum', period),
      above: 0,
      periods: silentAfterPeriods(period),
      whenMissing: TreatMissingData.BREACHING,
    });
    this.alarm(`${id}Lag`, 'lag', `A stream of ${what} is more than ${String(lagAlarmMinutes)} minutes behind`, {
      metric: ofList('cursorLag', stream, 'Maximum', period),
      above: 60 * (lagAlarmMinutes + listEveryMinutes),
      periods: 3,
    });
    this.alarm(
      `${id}BrokenTenants`,
      'broken-tenants',
      `The list of ${what} met a tenant whose configuration or credential cannot be used`,
      {
        metric: ofList('tenantsBroken', stream, 'Maximum', period),
        above: 0,
      },
    );
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

interface Condition {
  readonly metric: IMetric;
  readonly above?: number;
  readonly below?: number;
  readonly periods?: number;
  readonly whenMissing?: TreatMissingData;
}

const mailOnly = 'It only sends mail about an alarm, whose state stays in CloudWatch and on the dashboard whether or not the mail arrives.';
