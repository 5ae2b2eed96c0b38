/** The parts of a deployment that `lake compact --aws` works on. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { CompactEvent } from '../../lambdas/compact/handler.ts';
import { BadAnswer, UsageError } from '../../local/exit.ts';
import { askMergeAgain } from '../../shared/aws/compaction/change-state.ts';
import { loadState } from '../../shared/aws/compaction/state-item.ts';
import type { Deployment } from '../../shared/domain/deployment.ts';
import { minutes, seconds } from '../../shared/domain/window.ts';
import type { DeployedCompaction } from './compact-deployment.ts';

/** Longer than the function may take. */
const requestTimeout = minutes(15);

/** @throws UsageError where the deployment does not compact. */
export function connectCompaction({ tableName, compactFunction }: Deployment): DeployedCompaction & { close(): void } {
  if (compactFunction === undefined)
    throw new UsageError(
      "this deployment does not compact (setting 'compaction' is false), or is of an earlier version: run npx cdk deploy",
    );
  const dynamodb = new DynamoDBClient({});
  const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  // Sent once: a run that was cut off goes on all the same.
  const lambda = new LambdaClient({ maxAttempts: 1, requestHandler: { connectionTimeout: seconds(5), requestTimeout } });
  return {
    state: (dataset) => loadState(documents, tableName, dataset),
    run: (event) => invoke(lambda, compactFunction, event),
    mergeAgain: (dataset, hours) => askMergeAgain(documents, tableName, dataset, hours),
    close: () => {
      dynamodb.destroy();
      lambda.destroy();
    },
  };
}

/** One run at a time: the schedule's comes first. */
async function invoke(client: LambdaClient, FunctionName: string, event: CompactEvent): Promise<'ended' | 'busy'> {
  try {
    const answer = await client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) }));
    if (answer.FunctionError === undefined) return 'ended';
    throw new BadAnswer(`the compact function ${FunctionName} failed: ${Buffer.from(answer.Payload ?? []).toString('utf8')}`);
  } catch (error) {
    if (error instanceof TooManyRequestsException) return 'busy';
    if (error instanceof BadAnswer) throw error;
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    if (name === 'TimeoutError') return 'busy';
    throw new UsageError(
      `the compact function ${FunctionName} cannot be called (${name}: ${message}); the caller needs lambda:InvokeFunction on it`,
      { cause: error },
    );
  }
}
