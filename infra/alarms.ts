import { Duration, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { lossRules, runPeriod, type LossRule } from './alarm-rules.ts';
import { AlarmsOver } from './alarms-over.ts';
import { makeAlarm, type AlarmCondition, type AlarmTarget } from './alarm.ts';
import type { JobQueues } from './job-queues.ts';
import { DeploymentMetrics } from './metrics.ts';
import type { Settings } from './settings.ts';

/** What the alarms watch. */
export interface AlarmsProps {
  readonly settings: Settings;
  readonly key: IKey;
  readonly queues: JobQueues;
  readonly sweep: LambdaFunction;
}

/** The topic of all alarms, and those that are about the whole deployment; each list function has its own beside it. */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly target: AlarmTarget;
  readonly alarms: Alarm[] = [];

  constructor(scope: Construct, id: string, { settings, key, queues, sweep }: AlarmsProps) {
    super(scope, id);
    this.topic = this.alarmTopic(key, settings.alarmEmail);
    this.target = { topic: this.topic, runbookUrl: settings.runbookUrl, metrics: new DeploymentMetrics(settings.names) };
    this.watchLag(settings);
    for (const rule of lossRules) this.watchLoss(rule);
    this.watchDeadLetters(queues);
    this.watchSweep(sweep);
    new AlarmsOver(this, 'Over', { topic: this.topic });
  }

  private watchLag({ listEveryMinutes, lagAlarmMinutes }: Settings): void {
    this.alarm('Lag', 'lag', `A stream is more than ${String(lagAlarmMinutes)} minutes late`, {
      metric: this.target.metrics.ofDeployment('cursorLag', 'Maximum', runPeriod(listEveryMinutes)),
      above: 60 * (lagAlarmMinutes + listEveryMinutes),
      periods: 3,
    });
  }

  private watchLoss({ id, anchor, what, metric, period }: LossRule): void {
    this.alarm(id, anchor, what, { metric: this.target.metrics.ofDeployment(metric, 'Sum', period), above: 0 });
  }

  private watchDeadLetters({ all, failedRuns }: JobQueues): void {
    const ofJobs = all.map(({ id, cloud, deadLetters }) => ({ id, queue: deadLetters, what: `A job of ${cloud} failed for good` }));
    for (const { id, queue, what } of [...ofJobs, { id: 'FailedRuns', queue: failedRuns, what: 'A scheduled run failed' }]) {
      const metric = queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: 'Maximum' });
      this.alarm(`${id}DeadLetters`, 'dead-letters', `${what} and waits in a dead-letter queue`, { metric, above: 0 });
    }
  }

  private watchSweep(sweep: LambdaFunction): void {
    this.alarm('SweepSilence', 'sweep-silence', 'The sweep has not run for 15 minutes: jobs that wait are not sent again', {
      metric: sweep.metricInvocations({ period: Duration.minutes(15), statistic: 'Sum' }),
      below: 1,
      whenMissing: 'silent',
    });
  }

  private alarm(id: string, anchor: string, what: string, when: AlarmCondition): void {
    this.alarms.push(makeAlarm(this, id, this.target, anchor, what, when));
  }

  private alarmTopic(key: IKey, email: string | undefined): Topic {
    const topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    if (email !== undefined) acknowledge(topic.addSubscription(new EmailSubscription(email)), { 'Serverless-SNSRedrivePolicy': mailOnly });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com'), new ServicePrincipal('events.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    return topic;
  }
}

const mailOnly = 'It only sends mail about an alarm, whose state stays in CloudWatch and on the dashboard whether or not the mail arrives.';
