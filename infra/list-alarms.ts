import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { runPeriod, silentAfterPeriods } from './alarm-rules.ts';
import { makeAlarm, type AlarmTarget } from './alarm.ts';
import { streamId } from './schedule-times.ts';
import type { StreamKind } from './settings.ts';

/**
 * Two alarms of a list function, of metrics that cost nothing where all is well: Lambda's own counts runs, ours is written only by a
 * run that failed to list a stream.
 */
export function watchList(
  scope: Construct,
  target: AlarmTarget,
  stream: StreamKind,
  list: LambdaFunction,
  listEveryMinutes: number,
): Alarm[] {
  const [id, what] = [streamId(stream), `${stream.logType.id} in ${stream.cloud}`];
  const period = runPeriod(listEveryMinutes);
  // As long as one run takes to come round: every run of the time has to have failed.
  const every = Duration.minutes(listEveryMinutes);
  return [
    makeAlarm(scope, `${id}Silence`, target, 'silence', `The list of ${what} has not run for ${minutesOf(period)} minutes`, {
      metric: list.metricInvocations({ period, statistic: 'Sum' }),
      below: 1,
      periods: silentAfterPeriods(period),
      whenMissing: 'silent',
    }),
    makeAlarm(scope, `${id}Failing`, target, 'silence', `A stream of ${what} had no successful list for ${minutesOf(every)} minutes`, {
      metric: target.metrics.streamsFailed(stream, 'Minimum', every),
      above: 0,
      periods: silentAfterPeriods(every),
    }),
  ];
}

const minutesOf = (period: Duration): string => String(period.toMinutes() * silentAfterPeriods(period));
