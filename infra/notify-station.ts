import { Duration, NestedStack, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { acknowledge, wildcard } from './acknowledge.ts';
import { makeAlarm, type AlarmTarget } from './alarm.ts';
import type { JobQueues } from './job-queues.ts';
import type { LedgerTable } from './ledger-table.ts';
import { allow, openCredentials, useKey } from './permissions.ts';
import { Schedules } from './schedules.ts';
import { lightMemoryMb, StationFunction, type SharedParts } from './station-function.ts';

/** What {@link NotifyStation} reads and notifies. */
export interface NotifyStationProps {
  readonly shared: SharedParts;
  /** Of the light bundle: an asset belongs to one stack, so a nested stack makes its own of the folder. */
  readonly codeFolder: string;
  readonly ledger: LedgerTable;
  readonly queues: JobQueues;
  readonly alarmTarget: AlarmTarget;
}

const period = Duration.minutes(1);

/** Notifies of findings every minute: events of EventBridge, mails of a topic, webhooks of Parameter Store. */
export class NotifyStation extends NestedStack {
  readonly alarms: readonly Alarm[];
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: NotifyStationProps) {
    super(scope, id, { suppressTemplateIndentation: true });
    const { shared, codeFolder, ledger, queues, alarmTarget } = props;
    const { names, findingsEmail } = shared.settings;
    this.topic = new Topic(this, 'Topic', { masterKey: shared.key, enforceSSL: true });
    if (findingsEmail !== undefined)
      acknowledge(this.topic.addSubscription(new EmailSubscription(findingsEmail)), { 'Serverless-SNSRedrivePolicy': mailOnly });
    const bus = Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' });
    const webhooks = Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: names.webhooksPrefix.slice(1) });
    const station = new StationFunction(this, 'Notify', {
      shared,
      code: Code.fromAsset(codeFolder),
      handler: 'notify.handler',
      description: 'Notifies of findings',
      environment: { TABLE_NAME: ledger.table.tableName, TOPIC_ARN: this.topic.topicArn, WEBHOOKS_PREFIX: names.webhooksPrefix },
      timeout: Duration.minutes(2),
      memoryMb: lightMemoryMb,
      // Two at once would send the same twice.
      concurrency: 1,
      failedRuns: { queue: queues.failedRuns, after: period },
      may: [
        allow(['dynamodb:Query'], ledger.dueIndexArn),
        outboxOf(ledger),
        allow(['sns:Publish'], this.topic.topicArn),
        allow(['events:PutEvents'], bus),
        allow(['ssm:GetParametersByPath'], webhooks, `${webhooks}/*`),
        useKey(shared.key, ['dynamodb', 'sns', 'sqs']),
        openCredentials(shared),
      ],
    });
    acknowledge(station.policy, { [wildcard(this, `${webhooks}/*`)]: webhooksReason });
    const description = 'Notifies of findings';
    new Schedules(this, 'Schedules', {
      runs: [{ id: 'Notify', description, schedule: ScheduleExpression.rate(period), function: station.function }],
    });
    this.alarms = [watch(this, alarmTarget, station.function)];
  }
}

/** Of the ledger's table the items of the outbox alone. */
function outboxOf({ table }: LedgerTable): PolicyStatement {
  return new PolicyStatement({
    actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    resources: [table.tableArn],
    conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['notices'] } },
  });
}

/** Errors are a metric of Lambda's own, which costs nothing. */
function watch(scope: Construct, target: AlarmTarget, notify: LambdaFunction): Alarm {
  return makeAlarm(scope, 'Failing', target, 'undelivered-findings', 'Nobody is notified of findings: the function that notifies fails', {
    metric: notify.metricErrors({ period: Duration.minutes(15), statistic: 'Sum' }),
    above: 5,
  });
}

const webhooksReason = 'Webhooks are added after the deployment, each as a parameter below this path, which holds nothing else.';
const mailOnly = 'It only sends mail about a finding, which lies in the lake whether or not the mail arrives.';
