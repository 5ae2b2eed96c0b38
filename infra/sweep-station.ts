import { Duration } from 'aws-cdk-lib';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { queueUrls, type JobQueues } from './job-queues.ts';
import type { LedgerTable } from './ledger-table.ts';
import { allow, sendTo, useKey } from './permissions.ts';
import type { ScheduledRun } from './schedules.ts';
import { lightMemoryMb, StationFunction, type SharedParts } from './station-function.ts';

/** What {@link SweepStation} reads, writes and calls. */
export interface SweepStationProps {
  readonly shared: SharedParts;
  readonly code: Code;
  readonly ledger: LedgerTable;
  readonly queues: JobQueues;
}

const period = Duration.minutes(5);

/** Sends due jobs again, every five minutes. It has no credential of any tenant, and no bucket. */
export class SweepStation extends Construct {
  readonly function: LambdaFunction;
  readonly run: ScheduledRun;

  constructor(scope: Construct, id: string, { shared, code, ledger, queues }: SweepStationProps) {
    super(scope, id);
    const station = new StationFunction(this, 'Sweep', {
      shared,
      code,
      handler: 'sweep.handler',
      description: 'Sends due fetch jobs again',
      environment: {
        TABLE_NAME: ledger.table.tableName,
        QUEUE_URLS: queueUrls(...queues.all),
      },
      timeout: Duration.minutes(4),
      memoryMb: lightMemoryMb,
      concurrency: 1,
      failedRuns: { queue: queues.failedRuns, after: period },
      may: [
        allow(['dynamodb:Query'], ledger.dueIndexArn),
        allow(['dynamodb:BatchGetItem', 'dynamodb:UpdateItem'], ledger.table.tableArn),
        sendTo(...queues.all.map(({ queue }) => queue)),
        useKey(shared.key, ['dynamodb', 'sqs']),
      ],
    });
    this.function = station.function;
    this.run = { id: 'Sweep', description: 'Sends due jobs again', schedule: ScheduleExpression.rate(period), function: this.function };
  }
}
