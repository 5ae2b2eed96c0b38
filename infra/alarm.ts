/** One CloudWatch alarm, as every alarm of the deployment is made. */

import { Alarm, ComparisonOperator, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** Where alarms are sent, and where their texts point to. */
export interface AlarmTarget {
  readonly topic: ITopic;
  /** Of the runbook, without an anchor. */
  readonly runbookUrl: string;
}

/** When an alarm goes off: above or below a threshold, for so many periods of its metric. */
export interface AlarmCondition {
  readonly metric: IMetric;
  readonly above?: number;
  readonly below?: number;
  /** One when absent. */
  readonly periods?: number;
  /** All is well where there is no data, when absent. */
  readonly whenMissing?: TreatMissingData;
}

/**
 * Makes an alarm in the scope's stack.
 *
 * @param anchor Of the paragraph in docs/runbook.md that its text links.
 * @param what The first sentence of its text, without the full stop.
 */
export function makeAlarm(scope: Construct, id: string, target: AlarmTarget, anchor: string, what: string, when: AlarmCondition): Alarm {
  const { metric, above, below, periods = 1, whenMissing = TreatMissingData.NOT_BREACHING } = when;
  const alarm = new Alarm(scope, id, {
    alarmDescription: `${what}. What to do: ${target.runbookUrl}#${anchor}`,
    metric,
    threshold: above ?? below ?? 0,
    comparisonOperator: below === undefined ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: whenMissing,
  });
  alarm.addAlarmAction(new SnsAction(target.topic));
  return alarm;
}
