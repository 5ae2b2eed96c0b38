import { Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { AlarmTarget } from './alarm.ts';

/**
 * Says on the alarms' topic when an alarm is over.
 *
 * An alarm's own OK action would also go off when it is made: that is the change from "no data yet" to well, fifty times a deployment.
 * A rule can tell the two apart, by the reason that CloudWatch gives for the state before.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export class AlarmsOver extends Construct {
  constructor(scope: Construct, id: string, { topic }: Pick<AlarmTarget, 'topic'>) {
    super(scope, id);
    const { partition, region, account, stackName } = Stack.of(this);
    const rule = new CfnRule(this, 'Rule', {
      description: 'An alarm of m365-audit-lake is over',
      eventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        // Names of alarms begin with the stack's, also in nested stacks.
        resources: [{ prefix: `arn:${partition}:cloudwatch:${region}:${account}:alarm:${stackName}-` }],
        detail: {
          state: { value: ['OK'] },
          previousState: { value: ['ALARM', 'INSUFFICIENT_DATA'], reason: [{ 'anything-but': { prefix: newAlarm } }] },
        },
      },
      targets: [{ id: 'Topic', arn: topic.topicArn, inputTransformer: { inputPathsMap: paths, inputTemplate: text } }],
    });
    acknowledge(rule, { 'Serverless-EventBusDLQ': courtesy });
  }
}

/** The reason of the state that an alarm is made with. */
const newAlarm = 'Unchecked: Initial alarm creation';
const paths = { what: '$.detail.configuration.description', alarm: '$.detail.alarmName', since: '$.detail.previousState.timestamp' };
const courtesy =
  'That an alarm is over stays in CloudWatch and on the dashboard; a message about it that is lost loses nothing, and the alarm itself does not come this way.';
const text = '"Over, after it began at <since>: <what> (<alarm>)"';
