import { Duration } from 'aws-cdk-lib';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge, wildcard } from './acknowledge.ts';
import { federationRoleArn } from './federation-role.ts';
import type { JobQueues } from './job-queues.ts';
import type { LedgerTable } from './ledger-table.ts';
import { allow, readTenants, sendTo, tenantsArn, tenantsPrefix, tenantsReason, useKey } from './permissions.ts';
import { scheduleOf, streamId } from './schedule-times.ts';
import type { ScheduledRun } from './schedules.ts';
import type { StreamKind } from './settings.ts';
import { lightMemoryMb, StationFunction, type SharedParts } from './station-function.ts';

/** What {@link ListStations} read, write and call. */
export interface ListStationsProps {
  readonly shared: SharedParts;
  readonly code: Code;
  readonly ledger: LedgerTable;
  readonly queues: JobQueues;
}

/** One list function, for the schedules and alarms. */
export interface ListStation {
  readonly stream: StreamKind;
  readonly function: LambdaFunction;
  readonly run: ScheduledRun;
}

/** One list function for every enabled log type in every cloud that offers it. */
export class ListStations extends Construct {
  readonly stations: readonly ListStation[];

  constructor(scope: Construct, id: string, props: ListStationsProps) {
    super(scope, id);
    const { streams, listEveryMinutes } = props.shared.settings;
    this.stations = streams.map((stream) => {
      const list = this.listFunction(stream, props);
      const description = `Lists ${stream.logType.id} in ${stream.cloud}`;
      return {
        stream,
        function: list,
        run: { id: streamId(stream), description, schedule: scheduleOf(stream, listEveryMinutes), function: list },
      };
    });
  }

  private listFunction(stream: StreamKind, { shared, code, ledger, queues }: ListStationsProps): LambdaFunction {
    const { logType, cloud } = stream;
    const { queue } = logType.source.kind === 'content' ? queues.content : queues.windows;
    const { settings, key } = shared;
    const station = new StationFunction(this, streamId(stream), {
      shared,
      code,
      handler: 'list.handler',
      description: `Lists ${logType.title} in ${cloud}`,
      environment: {
        TABLE_NAME: ledger.table.tableName,
        CONTENT_QUEUE_URL: queues.content.queue.queueUrl,
        WINDOW_QUEUE_URL: queues.windows.queue.queueUrl,
        TENANTS_PREFIX: tenantsPrefix,
        LOG_TYPE: logType.id,
        CLOUD: cloud,
        FEDRAMP: String(settings.fedramp),
        FEDERATION_ROLE_ARN: federationRoleArn(this),
        ...(settings.simulatorUrl !== undefined && { SIMULATOR_URL: settings.simulatorUrl }),
      },
      timeout: Duration.minutes(5),
      memoryMb: lightMemoryMb,
      // Two runs of one stream at once do no harm and no good.
      concurrency: 1,
      failedRuns: { queue: queues.failedRuns, after: Duration.minutes(settings.listEveryMinutes) },
      may: [
        allow(['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], ledger.table.tableArn),
        sendTo(queue),
        ...readTenants(this),
        useKey(key, ['dynamodb', 'sqs', 'ssm']),
      ],
    });
    acknowledge(station.policy, { [wildcard(this, `${tenantsArn(this)}/*`)]: tenantsReason });
    return station.function;
  }
}
