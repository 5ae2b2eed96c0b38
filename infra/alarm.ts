/** One CloudWatch alarm, as every alarm of the deployment is made. */

import { Alarm, ComparisonOperator, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { DeploymentMetrics } from './metrics.ts';

/** Where alarms are sent, and where their texts point to. */
export interface AlarmTarget {
  readonly topic: ITopic;
  /** Of the runbook, without an anchor. */
  readonly runbookUrl: string;
  readonly metrics: DeploymentMetrics;
}

/** When an alarm goes off: above or below a threshold, for so many periods of its metric. */
export interface AlarmCondition {
  readonly metric: IMetric;
  readonly above?: number;
  readonly below?: number;
  /** One when absent. */
  readonly periods?: number;
  /** Where there is no data, all is well; or there was some, and that it stopped is the alarm (a new alarm has had none, and is quiet). */
  readonly whenMissing?: 'well' | 'silent';
}

/**
 * Makes an alarm in the scope's stack.
 *
 * @param anchor Of the paragraph in docs/runbook.md that its text links.
 * @param what The first sentence of its text, without the full stop.
 */
export function makeAlarm(scope: Construct, id: string, target: AlarmTarget, anchor: string, what: string, when: AlarmCondition): Alarm {
  const { metric, above, below, periods = 1, whenMissing = 'well' } = when;
  const alarm = new Alarm(scope, id, {
    alarmDescription: `${what}. What to do: ${target.runbookUrl}#${anchor}`,
    metric,
    threshold: above ?? below ?? 0,
    comparisonOperator: below === undefined ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: whenMissing === 'well' ? TreatMissingData.NOT_BREACHING : TreatMissingData.MISSING,
  });
  const action = new SnsAction(target.topic);
  alarm.addAlarmAction(action);
  if (whenMissing === 'silent') alarm.addInsufficientDataAction(action);
  return alarm;
}
